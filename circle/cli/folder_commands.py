"""Commands on folders and files: build, check, export-graphml, import-graphml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle.cli.arguments import FAULT, OK, emit, print_to_stderr
from circle.config import settings
from circle.load import build, check, finding_text, provenance, read_district

if TYPE_CHECKING:
    import argparse


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("build", help="tables of facts → district folder")
    parser.add_argument("facts", type=Path, metavar="FACTS_DIR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.set_defaults(run=_build)

    parser = commands.add_parser("check", help="validate a district folder")
    parser.add_argument("folder", type=Path, metavar="DISTRICT")
    parser.set_defaults(run=_check)

    parser = commands.add_parser("export-graphml", help="the streets as a GraphML file of OSMnx")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--district", type=Path, metavar="DIR")
    parser.set_defaults(run=_export)

    parser = commands.add_parser("import-graphml", help="GraphML of OSMnx → tables of facts")
    parser.add_argument("graphml", type=Path, metavar="GRAPHML")
    parser.add_argument("facts", type=Path, metavar="FACTS_DIR")
    parser.set_defaults(run=_import)


def _build(options: argparse.Namespace) -> int:
    district = build(options.facts, options.out)
    emit({"district": str(options.out), "content_hash": district.base_id})
    return OK


def _check(options: argparse.Namespace) -> int:
    findings = check(options.folder)
    if findings:
        print_to_stderr(*(finding_text(finding) for finding in findings))
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
