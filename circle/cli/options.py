"""The commands and their options; what a command needs is loaded when it is run."""

from __future__ import annotations

import argparse
import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle.cli.answers import refuse
from circle.geo.datum import DATUMS
from circle.i18n import LANGUAGES
from circle.model import LEVEL_FILES
from circle.report.content.choices import ANNEXES, Crs, Wishes
from circle.wishes.nouns import AGES, State

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name

_NEGATIVE = re.compile(r"-[0-9.]+(,-?[0-9.]+)*$")
_WALKER = ("--profile", "--district")
"""The options of every command about walking: who, and in which district."""
_COVERAGE = ("--minutes", "--standard", "--unverified", "--json", "--scenario", *_WALKER)
_SHARED: dict[str, dict[str, Any]] = {
    "--district": {"type": Path, "metavar": "DIR"},
    "--profile": {"help": "default: the older adult, where there is one"},
    "--minutes": {"help": "default 15"},
    "--standard": {"metavar": "SET", "help": "judge by a standard instead of minutes"},
    "--unverified": {"choices": ("include", "exclude"), "default": "exclude"},
    "--json": {"action": "store_true"},
    "--scenario": {"type": Path, "metavar": "FILE", "help": "edits laid over the district (JSON)"},
    "--by": {"metavar": "NAME", "help": "who does it; default: the account this runs under"},
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
    _add_scenario(commands)
    _add_lifts(commands)
    _add_lanes(commands)
    _add_siting(commands)
    _add_plan(commands)
    _add_registers(commands)
    _add_versions(commands)
    _add_refresh(commands)
    _add_edit(commands)
    _add_intake(commands)
    _add_report(commands)
    _add_store(commands)
    _add_wishes(commands)
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
    command._negative_number_matcher = _NEGATIVE  # noqa: SLF001 - a western longitude is no option
    command.set_defaults(run=load_and_run)
    return command


def _add_folders(commands: Commands) -> None:
    text = "tables of facts → district folder"
    command = _add(commands, "build", text, "folder_commands.build_folder")
    command.usage = (
        "%(prog)s FACTS_DIR OUT_DIR [--datum DATUM]\n"
        "       %(prog)s --osm FILE.osm[.pbf] --boundary FILE|NAME|ID [--population FILE] "
        "[--name NAME] [--kinds FILE] [--ferries] [--indoors] OUT_DIR"
    )
    command.add_argument("folders", type=Path, nargs="+", metavar="FACTS_DIR OUT_DIR")
    command.add_argument("--osm", type=Path, metavar="FILE", help="extract of OpenStreetMap")
    text = "file of one polygon, or name or id of a relation in the extract"
    command.add_argument("--boundary", metavar="FILE|NAME|ID", help=text)
    text = "residents: GeoTIFF, or a table or file of points, cells or polygons"
    command.add_argument("--population", type=Path, metavar="FILE", help=text)
    command.add_argument("--name", default="", help="of the district; default: the boundary's")
    text = "which tags make which kind; default: circle/load/osm_tags.toml"
    command.add_argument("--kinds", type=Path, metavar="FILE", help=text)
    command.add_argument("--ferries", action="store_true", help="walk onto ferries")
    command.add_argument("--indoors", action="store_true", help="walk along corridors indoors")
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
    command = _add(commands, "score", text, "score_command.score", "--json", "--scenario", *_WALKER)
    command.add_argument("--standard", metavar="SET", help="default: the first, else 15 minutes")


def _add_scenario(commands: Commands) -> None:
    text = "does a scenario's file fit a district; the format of such files"
    command = _add(commands, "scenario", text, "scenario_command.check", "--district")
    command.add_argument("scenario", type=Path, nargs="?", metavar="FILE")
    text = "print the JSON Schema of such files instead"
    command.add_argument("--schema", action="store_true", help=text)


def _add_lifts(commands: Commands) -> None:
    text = "lifts: the programme, who is reached from the flat, where one is worth most"
    command = _add(commands, "lifts", text, "lifts_command.lifts", "--json", *_WALKER)
    for option in ("--minutes", "--unverified"):
        command.add_argument(option, **_SHARED[option])
    command.add_argument("--kind", help="default: the district's first")
    command.add_argument("--rank", action="store_true", help="each doorway without a lift")
    command.add_argument("--top", default="20", metavar="N", help="how many of them are told")
    text = "of a made-up register, called so, to look at"
    command.add_argument("--example", action="store_true", help=text)
    command.set_defaults(standard=None)


def _add_lanes(commands: Commands) -> None:
    text = "gates: what each costs while it is shut, by hour"
    gates = _add(commands, "gates", text, "gates_command.gates", "--json", *_WALKER)
    text = "where a passage would save most: candidates for a look on the ground"
    links = _add(commands, "links", text, "links_command.links", "--json", *_WALKER)
    for command in (gates, links):
        command.add_argument("--unverified", **_SHARED["--unverified"])
        text = "of each resident a day, one way; default: by age, as vertical.toml states outings"
        command.add_argument("--walks", metavar="N", help=text)
        text = "between which they are, evenly; default 6-22"
        command.add_argument("--walk-hours", default="6-22", metavar="H-H", help=text)
    links.add_argument("--top", default="10", metavar="N", help="how many are told")
    links.add_argument("--geojson", action="store_true")
    text = "between the ends in the air, at most; default 60"
    links.add_argument("--most", default="60", metavar="M", help=text)
    text = "so many times as far on foot, at least; default 3"
    links.add_argument("--ratio", default="3", metavar="R", help=text)
    text = "and so many metres more; default 150"
    links.add_argument("--extra", default="150", metavar="M", help=text)
    text = "buildings and water that none crosses: GeoJSON of polygons"
    links.add_argument("--barriers", type=Path, metavar="FILE", help=text)


def _add_siting(commands: Commands) -> None:
    text = "where to put the next facilities; what is lost if one closes; who is served by what"
    command = _add(commands, "site", text, "site_command.site", *_COVERAGE)
    command.add_argument("--kind", required=True, help="with a standard also one of its services")
    command.add_argument("--count", metavar="N", help="new sites; default 1, of fewest no limit")
    objectives = ("coverage", "fewest", "walking", "worst")
    command.add_argument("--objective", choices=objectives, default="coverage")
    text = "register of candidate rooms; default: the district's own, else its frontage"
    command.add_argument("--candidates", type=Path, metavar="FILE", help=text)
    command.add_argument("--datum", default="", help="of the register's coordinates")
    text = "take frontage instead, a candidate every so many metres"
    command.add_argument("--frontage", metavar="M", help=text)
    command.add_argument("--group", default="residents", help="whose residents count")
    text = "of fewest: the share of residents to be covered, default 1"
    command.add_argument("--share", default="1", metavar="S", help=text)
    ids = "ID,ID,…"
    command.add_argument("--may-close", default="", metavar=ids, help="facilities that may close")
    command.add_argument("--must", default="", metavar=ids, help="candidates that must open")
    command.add_argument("--must-not", default="", metavar=ids, help="candidates that must not")
    command.add_argument("--spacing", default="0", metavar="M", help="between sites, straight")
    command.add_argument(
        "--floor-area", default="0", metavar="M2", help="the least; standard: its own"
    )
    command.add_argument("--budget", metavar="SUM", help="in the unit of the column cost")
    command.add_argument("--waive", default="", metavar="LIST", help="protected,never_widened")
    text = "seats limit how many a site serves (column capacity)"
    command.add_argument("--seats", action="store_true", help=text)
    command.add_argument("--time-limit", default="60", metavar="S", help="of the exact search")
    command.add_argument("--explain", action="store_true", help="why; solves many times more")
    text = "write the plan as a scenario"
    command.add_argument("--scenario-out", type=Path, metavar="FILE", help=text)
    text = "what is lost when each facility closes, instead of a plan"
    command.add_argument("--if-closed", action="store_true", help=text)
    text = "who is served by which seats and deliveries, instead of a plan"
    command.add_argument("--allocate", action="store_true", help=text)
    command.add_argument("--uptake", default="1", metavar="S", help="share of residents who come")


def _add_plan(commands: Commands) -> None:
    text = "lifts, gates, links and rooms for one budget: who is served door to door"
    command = _add(commands, "plan", text, "plan_command.plan", "--json", *_WALKER)
    for option in ("--minutes", "--unverified", "--scenario"):
        command.add_argument(option, **_SHARED[option])
    command.add_argument("--kind", help="default: the district's first")
    command.add_argument("--group", default="residents_60_plus", help="whose residents count")
    command.add_argument("--budget", metavar="SUM", help="in the currency of the costs")
    text = "most (default): most served for the budget; 98%%: the least money for that share"
    command.add_argument("--goal", default="most", metavar="GOAL", help=text)
    text = (
        "what measures cost, each with its source (TOML); without it: what is missing, a template"
    )
    command.add_argument("--costs", type=Path, metavar="FILE", help=text)
    text = (
        "gates, links, facilities that could be: a scenario's file, each edit a measure by itself"
    )
    command.add_argument("--edits", type=Path, metavar="FILE", help=text)
    ids = "ID,ID,…"
    command.add_argument("--must", default="", metavar=ids, help="measures that must be taken")
    command.add_argument("--must-not", default="", metavar=ids, help="measures that must not")
    text = "protected: what is new on protected plots may be taken too"
    command.add_argument("--waive", default="", metavar="LIST", help=text)
    command.add_argument("--time-limit", default="60", metavar="S", help="of each exact search")
    text = "of a made-up register, called so, to look at"
    command.add_argument("--example", action="store_true", help=text)
    command.set_defaults(standard=None)


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
    shared = ("--minutes", "--standard", "--unverified", "--scenario", "--district")
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
    text = "wishes told of, where there are any; for the public: published"
    command.add_argument("--wishes", choices=list(Wishes), default=Wishes.ALL, help=text)
    command.add_argument("--paper", choices=("a4", "a3"), default="a4", help="of the maps")
    command.add_argument("--portrait", action="store_true", help="maps on standing sheets")
    for name in STATED:
        command.add_argument(f"--{name}", default="", help="on the cover")


def _add_versions(commands: Commands) -> None:
    text = "list the versions of a district folder"
    _add(commands, "history", text, "history_command.history", "--district")
    text = "what differs between two versions, or a version and now"
    command = _add(commands, "compare", text, "history_command.compare", "--district")
    command.add_argument("before", type=int, metavar="VERSION")
    command.add_argument("after", type=int, nargs="?", metavar="VERSION", help="default: now")
    text = "put a version of a district folder back in its place"
    command = _add(commands, "restore", text, "history_command.restore", "--district", "--by")
    command.add_argument("number", type=int, metavar="VERSION")
    command.add_argument("--reason", required=True, metavar="TEXT")


def _add_edit(commands: Commands) -> None:
    text = "streets mended by hand: list, link, gate-shut, gate, steps, undo"
    command = _add(commands, "edit", text, "edit_command.edit", "--district", "--by")
    text = "list; link LON,LAT LON,LAT; gate-shut, gate or steps LON,LAT; undo ID"
    command.add_argument("action", metavar="ACTION", help=text)
    command.add_argument("where", nargs="*", metavar="LON,LAT|ID")
    command.add_argument("--hours", default="", help="of a gate: Mo-Su 06:00-22:00")
    command.add_argument("--steps", type=int, help="of a stair; 0 not counted, -1 no stair")
    command.add_argument("--name", default="", metavar="TEXT", help="of a link or a gate")
    command.add_argument("--reason", default="", metavar="TEXT", help="why")


def _add_refresh(commands: Commands) -> None:
    text = "the streets as mapped today, compared with those of a district folder"
    command = _add(commands, "refresh", text, "refresh_command.refresh", "--by")
    command.add_argument("folder", type=Path, metavar="DISTRICT")
    text = "Overpass interpreter; default: the setting overpass"
    command.add_argument("--server", default="", metavar="URL", help=text)
    command.add_argument("--reason", default="", metavar="TEXT", help="why")
    command.add_argument("--yes", action="store_true", help="put them in place")


def _add_intake(commands: Commands) -> None:
    layers = "facilities, heritage, areas, …: an unknown one is told with all there are"
    text = "bring a register into a district folder: whole or not at all"
    shared = ("--district", "--json", "--by")
    command = _add(commands, "import", text, "intake_command.import_", *shared)
    command.add_argument("layer", metavar="LAYER", help=layers)
    command.add_argument("file", type=Path, metavar="FILE")
    text = "of its coordinates: wgs84, cgcs2000, gcj02, bd09 or EPSG:number"
    command.add_argument("--datum", default="", help=text)
    text = "keep the datum as declared though known places speak against it"
    command.add_argument("--trust-datum", action="store_true", help=text)
    command.add_argument("--kind", default="", help="of facilities whose rows state none")
    text = "which column is which"
    command.add_argument("--columns", default="", metavar="名称=name,…", help=text)
    command.add_argument("--sheet", default="", metavar="NAME", help="sheet or layer of the file")
    command.add_argument("--source", default="", metavar="TEXT", help="of rows that state none")
    text = "the positions are verified, where a row does not say"
    command.add_argument("--verified", action="store_true", help=text)
    text = "the file is the whole list (of the kind): what it lacks is removed"
    command.add_argument("--replace", action="store_true", help=text)
    command.add_argument("--dry-run", action="store_true", help="only show what would change")
    text = "take the good rows, and write the bad ones into a file to mend"
    command.add_argument("--accept-good", action="store_true", help=text)
    command.add_argument("--reason", default="", metavar="TEXT", help="why")
    text = "that file (.csv, .xlsx; .geojson for polygons)"
    command.add_argument("--bad-rows", type=Path, metavar="FILE", help=text)
    text = "write a layer as a file that can be imported again"
    command = _add(commands, "export", text, "intake_command.export", "--district")
    command.add_argument("layer", metavar="LAYER", help=layers)
    command.add_argument("out", type=Path, metavar="OUT", help=".csv, .xlsx or .geojson")
    text = "a workbook to fill in, with an example and what each column means"
    command = _add(commands, "template", text, "intake_command.template")
    command.add_argument("layer", metavar="LAYER", help=layers)
    command.add_argument("out", type=Path, metavar="OUT.xlsx")
    text = "where an address is, offline"
    command = _add(commands, "geocode", text, "intake_command.geocode", "--district")
    command.add_argument("address", nargs="?", metavar="ADDRESS")
    text = "how far off it is, by leaving known addresses out"
    command.add_argument("--measure", action="store_true", help=text)


def _add_store(commands: Commands) -> None:
    group = commands.add_parser("store", help="the store: upgrade, backup, restore")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    text = "bring the store to this program's version"
    upgrade = _add(actions, "upgrade", text, "store_command.upgrade")
    text = "write all that it holds to a file; others may write meanwhile"
    backup = _add(actions, "backup", text, "store_command.backup")
    text = "put what such a file holds into an empty store"
    restore = _add(actions, "restore", text, "store_command.restore")
    for command in (backup, restore):
        command.add_argument("file", type=Path, metavar="FILE")
    for command in (upgrade, backup, restore):
        command.add_argument("--url", help="path or address of the store; default: the setting")
    group = commands.add_parser("audit", help="who did what when: verify, export")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    text = "check the chain of the store's audit, or of a file of it"
    verify = _add(actions, "verify", text, "store_command.verify")
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE")
    text = "a head that a report prints; it must be in the chain"
    verify.add_argument("--head", action="append", default=[], metavar="NUMBER-HASH", help=text)
    export = _add(actions, "export", "write the audit to a file", "store_command.export")
    export.add_argument("file", type=Path, metavar="FILE")


def _add_wishes(commands: Commands) -> None:
    group = commands.add_parser("wishes", help="wishes: add, list, export")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    add = _add(actions, "add", "write a wish down", "wishes_command.add", "--district")
    add.add_argument("--text", required=True, help="without names and numbers")
    add.add_argument("--kind", required=True, help="a kind of the district, or other")
    add.add_argument("--at", metavar="LON,LAT", help="default: the whole district")
    add.add_argument("--age", default="", choices=AGES, metavar="GROUP", help=", ".join(AGES[1:]))
    add.add_argument("--by", required=True, metavar="NAME")
    text = "a key of your own: sent twice, it is one wish"
    add.add_argument("--submission", metavar="KEY", help=text)
    text = "the wishes, newest first"
    listed = _add(actions, "list", text, "wishes_command.list_", "--district")
    listed.add_argument("--state", choices=[state.value for state in State])
    listed.add_argument("--kind", default="")
    text = "wishes as Open311 names them"
    export = _add(actions, "export", text, "wishes_command.export", "--district")
    export.add_argument("--format", choices=("csv", "geojson"), default="csv")
    export.add_argument("--published", action="store_true", help="only what the public sees")
