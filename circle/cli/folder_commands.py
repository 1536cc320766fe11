"""Commands on folders and files: build, check, export-graphml, import-graphml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle.cli import arguments as cli
from circle.config import settings
from circle.files import readable
from circle.geo.datum import DATUMS
from circle.i18n import t
from circle.load import build, check, finding_text, provenance, read_district
from circle.quality import quality
from circle.words import data_tables

if TYPE_CHECKING:
    import argparse


def add_to(commands: cli.Commands) -> None:
    """Add these commands to the parser."""
    parser = cli.add_command(commands, "build", "tables of facts → district folder", _build)
    parser.add_argument("facts", type=Path, metavar="FACTS_DIR")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    text = "of the coordinates of facilities; without it they are compared with their addresses"
    parser.add_argument("--datum", choices=DATUMS, help=text)
    parser = cli.add_command(commands, "check", "validate a district folder", _check)
    parser.add_argument("folder", type=Path, metavar="DISTRICT")
    text = "the streets as a GraphML file of OSMnx"
    parser = cli.add_command(commands, "export-graphml", text, _export, "--district")
    parser.add_argument("out", type=Path, metavar="OUT")
    text = "GraphML of OSMnx → tables of facts"
    parser = cli.add_command(commands, "import-graphml", text, _import)
    parser.add_argument("graphml", type=Path, metavar="GRAPHML")
    parser.add_argument("facts", type=Path, metavar="FACTS_DIR")


def _build(options: argparse.Namespace) -> int:
    district = build(options.facts, options.out, options.datum)
    cli.emit({"district": readable(options.out), "content_hash": district.base_id})
    return cli.OK


def _check(options: argparse.Namespace) -> int:
    findings = check(options.folder)
    if findings:
        cli.print_to_stderr(*(finding_text(finding) for finding in findings))
        return cli.FAULT
    district = read_district(options.folder)
    print(provenance(district).to_string(index=False))
    panel = quality(district)
    of_pieces = [row for row in panel.checks if row.unit == "pieces"]
    print("\n".join(data_tables.what(row) for row in of_pieces))
    if len(panel.apart):
        print(data_tables.apart(district, panel).to_string(index=False))
    if len(panel.flaws):
        print(data_tables.flaws(panel).to_string(index=False))
    return cli.OK


def _export(options: argparse.Namespace) -> int:
    from circle.network.graphml import write_graphml  # noqa: PLC0415 - osmnx takes a second

    district = read_district(options.district or settings().district)
    write_graphml(district.network, options.out)
    cli.emit({"file": readable(options.out), "segments": len(district.network.segment_length_m)})
    return cli.OK


def _import(options: argparse.Namespace) -> int:
    from circle.network.graphml import facts_from_graphml  # noqa: PLC0415 - osmnx takes a second
    from circle.network.on_foot import REASONS  # noqa: PLC0415 - only here

    streets = facts_from_graphml(options.graphml, options.facts)
    if streets.assumed:
        cli.print_to_stderr(t("import.wgs84", file=options.graphml.name))
    if streets.left_out:
        cli.print_to_stderr(t("import.left_out", count=sum(streets.left_out.values())))
        reasons = [reason for reason in REASONS if reason in streets.left_out]
        cli.print_to_stderr(
            *(t(f"import.{reason}", count=streets.left_out[reason]) for reason in reasons)
        )
    left_out = {"left_out": dict(streets.left_out)} if streets.left_out else {}
    cli.emit(
        {"facts": readable(options.facts), "junctions": streets.junctions}
        | {"segments": streets.segments, **left_out}
    )
    return cli.OK
