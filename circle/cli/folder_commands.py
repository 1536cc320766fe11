"""Commands on folders and files: build, check, export-graphml, import-graphml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle.cli.arguments import FAULT, OK, emit, say_lines
from circle.config import settings
from circle.load import build, check, provenance, read_district, say

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the parser."""
    one = commands.add_parser("build", help="tables of facts → district folder")
    one.add_argument("facts", type=Path, metavar="FACTS_DIR")
    one.add_argument("out", type=Path, metavar="OUT_DIR")
    one.set_defaults(run=_build)

    one = commands.add_parser("check", help="validate a district folder")
    one.add_argument("folder", type=Path, metavar="DISTRICT")
    one.set_defaults(run=_check)

    one = commands.add_parser("export-graphml", help="the streets as a GraphML file of OSMnx")
    one.add_argument("out", type=Path, metavar="OUT")
    one.add_argument("--district", type=Path, metavar="DIR")
    one.set_defaults(run=_export)

    one = commands.add_parser("import-graphml", help="GraphML of OSMnx → tables of facts")
    one.add_argument("graphml", type=Path, metavar="GRAPHML")
    one.add_argument("facts", type=Path, metavar="FACTS_DIR")
    one.set_defaults(run=_import)


def _build(options: argparse.Namespace) -> int:
    made = build(options.facts, options.out)
    emit({"district": str(options.out), "content_hash": made.base_id})
    return OK


def _check(options: argparse.Namespace) -> int:
    findings = check(options.folder)
    if findings:
        say_lines(*(say(finding) for finding in findings))
        return FAULT
    print(provenance(read_district(options.folder)).to_string(index=False))
    return OK


def _export(options: argparse.Namespace) -> int:
    from circle.network.graphml import write_graphml  # noqa: PLC0415 - osmnx takes a second

    district = read_district(options.district or settings().district)
    write_graphml(district.network, options.out)
    emit({"file": str(options.out), "segments": len(district.network.segment_length_m)})
    return OK


def _import(options: argparse.Namespace) -> int:
    from circle.network.graphml import facts_from_graphml  # noqa: PLC0415 - osmnx takes a second

    junctions, segments = facts_from_graphml(options.graphml, options.facts)
    emit({"facts": str(options.facts), "junctions": junctions, "segments": segments})
    return OK
