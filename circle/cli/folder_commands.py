"""Commands on folders and files: build, check, export-graphml, import-graphml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.cli import arguments as cli
from circle.config import settings
from circle.files import readable
from circle.i18n import t
from circle.load import build, check, finding_text, provenance, read_district
from circle.quality import quality
from circle.words import data_tables

if TYPE_CHECKING:
    import argparse


def build_folder(options: argparse.Namespace) -> int:
    """Build a district folder of facts."""
    district = build(options.facts, options.out, options.datum)
    cli.emit({"district": readable(options.out), "content_hash": district.base_id})
    return cli.OK


def check_folder(options: argparse.Namespace) -> int:
    """Print what is wrong with a folder, or what it holds."""
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
    return cli.OK


def export(options: argparse.Namespace) -> int:
    """Write the streets as GraphML."""
    from circle.network.graphml import write_graphml  # noqa: PLC0415 - osmnx takes a second

    district = read_district(options.district or settings().district)
    write_graphml(district.network, options.out)
    cli.emit({"file": readable(options.out), "segments": len(district.network.segment_length_m)})
    return cli.OK


def import_(options: argparse.Namespace) -> int:
    """Write tables of facts of GraphML."""
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
