"""The commands and their options; what a command needs is loaded when it is run."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle.cli.answers import refuse
from circle.geo.datum import DATUMS
from circle.i18n import LANGUAGES
from circle.model import LEVEL_FILES
from circle.report.content.choices import ANNEXES, Crs

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name

_WALKER = ("--profile", "--district")
"""The options of every command about walking: who, and in which district."""
_COVERAGE = ("--minutes", "--standard", "--unverified", "--json", *_WALKER)
_SHARED: dict[str, dict[str, Any]] = {
    "--district": {"type": Path, "metavar": "DIR"},
    "--profile": {"help": "default: the older adult, where there is one"},
    "--minutes": {"help": "default 15"},
    "--standard": {"metavar": "SET", "help": "judge by a standard instead of minutes"},
    "--unverified": {"choices": ("include", "exclude"), "default": "exclude"},
    "--json": {"action": "store_true"},
}
STATED = ("title", "period", "issuer", "version", "map-number")
"""Options of the report that are printed on its cover as they are."""


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    whole = argparse.ArgumentParser(prog="python -m circle", description=description)
    whole.add_argument("--lang", choices=LANGUAGES, help="language of messages")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _add_folders(commands)
    _add_walks(commands)
    _add_measures(commands)
    _add_registers(commands)
    _add_report(commands)
    return whole


def _add(
    commands: Commands, name: str, text: str, run: str, *shared: str
) -> argparse.ArgumentParser:
    """Add a command, run by a function of a module here, with options it shares with others."""
    module, _, function = run.partition(".")

    def load_and_run(options: argparse.Namespace) -> int:
        refuse(options)
        code: int = getattr(import_module(f"circle.cli.{module}"), function)(options)
        return code

    command = commands.add_parser(name, help=text)
    for option in shared:
        command.add_argument(option, **_SHARED[option])
    command.set_defaults(run=load_and_run)
    return command


def _add_folders(commands: Commands) -> None:
    text = "tables of facts → district folder"
    command = _add(commands, "build", text, "folder_commands.build_folder")
    command.add_argument("facts", type=Path, metavar="FACTS_DIR")
    command.add_argument("out", type=Path, metavar="OUT_DIR")
    text = "of the coordinates of facilities; without it they are compared with their addresses"
    command.add_argument("--datum", choices=DATUMS, help=text)
    text = "validate a district folder"
    command = _add(commands, "check", text, "folder_commands.check_folder")
    command.add_argument("folder", type=Path, metavar="DISTRICT")
    text = "the streets as a GraphML file of OSMnx"
    command = _add(commands, "export-graphml", text, "folder_commands.export", "--district")
    command.add_argument("out", type=Path, metavar="OUT")
    text = "GraphML of OSMnx → tables of facts"
    command = _add(commands, "import-graphml", text, "folder_commands.import_")
    command.add_argument("graphml", type=Path, metavar="GRAPHML")
    command.add_argument("facts", type=Path, metavar="FACTS_DIR")


def _add_walks(commands: Commands) -> None:
    text = "the ground within walking limits, as GeoJSON"
    command = _add(commands, "isochrone", text, "isochrone_command.isochrone", *_WALKER)
    command.add_argument("--at", required=True, metavar="LON,LAT")
    command.add_argument("--minutes", default="5,10,15")
    text = "the walk from one place to another"
    command = _add(commands, "time", text, "time_command.time", *_WALKER)
    command.add_argument("--from", required=True, metavar="LON,LAT")
    command.add_argument("--to", required=True, metavar="LON,LAT")


def _add_measures(commands: Commands) -> None:
    text = "the share of residents within reach"
    command = _add(commands, "coverage", text, "coverage_command.coverage", *_COVERAGE)
    command.add_argument("--kinds", help="default: all services; with a standard all it asks for")
    command.add_argument("--area", metavar="NAME", help="a unit of the level")
    levels = "|".join(LEVEL_FILES)
    command.add_argument("--level", default="area", metavar=levels, help="units of by_area")
    text = "zones out of reach, worst first, and why"
    command = _add(commands, "gaps", text, "gaps_command.gaps", *_COVERAGE)
    command.add_argument("--kind", required=True, help="with a standard also one of its services")
    command.add_argument("--top", default="10", metavar="N", help="how many zones are told")
    command.add_argument("--geojson", action="store_true")
    text = "services together, and how evenly they are near"
    command = _add(commands, "score", text, "score_command.score", "--json", *_WALKER)
    command.add_argument("--standard", metavar="SET", help="default: the first, else 15 minutes")


def _add_registers(commands: Commands) -> None:
    text = "write down that the list of a kind is complete"
    confirm = _add(commands, "confirm", text, "register_commands.confirm", "--district")
    confirm.add_argument("--as-of", required=True, metavar="YYYY-MM-DD")
    confirm.add_argument("--basis", required=True, metavar="TEXT")
    text = "take such a confirmation back"
    withdraw = _add(commands, "withdraw", text, "register_commands.withdraw", "--district")
    withdraw.add_argument("--basis", default="", metavar="TEXT", help="why")
    for command in (confirm, withdraw):
        command.add_argument("--kind", required=True, metavar="KIND")
        command.add_argument("--by", required=True, metavar="NAME")


def _add_report(commands: Commands) -> None:
    shared = ("--minutes", "--standard", "--unverified", "--district")
    text = "the coverage report as files, with a manifest"
    command = _add(commands, "report", text, "report_command.report", *shared)
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--formats", metavar="LIST", help="docx,pdf,xlsx,gpkg,geojson,shp,csv,…")
    command.add_argument("--lang", choices=LANGUAGES, dest="edition", help="language of the report")
    command.add_argument("--crs", choices=[crs.value for crs in Crs])
    command.add_argument("--kinds", metavar="LIST", help="default all services")
    command.add_argument("--profiles", metavar="LIST", help="the first is the one of the maps")
    command.add_argument("--areas", metavar="LIST", help="tables and gaps of these areas alone")
    help_ = "in Word and PDF: all, or " + ",".join(ANNEXES)
    command.add_argument("--annexes", metavar="LIST", help=help_)
    command.add_argument("--paper", choices=("a4", "a3"), default="a4", help="of the maps")
    command.add_argument("--portrait", action="store_true", help="maps on standing sheets")
    for name in STATED:
        command.add_argument(f"--{name}", default="", help="on the cover")
