"""Commands on folders and files: build, check, export-graphml, import-graphml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.cli import arguments as cli
from circle.config import settings
from circle.demand import residents_unknown
from circle.errors import InputError
from circle.files import readable
from circle.i18n import t
from circle.load import build, check, finding_text, read_district
from circle.quality import quality
from circle.words import data_tables

if TYPE_CHECKING:
    import argparse


_OF_AN_EXTRACT = ("boundary", "population", "name", "kinds", "ferries", "indoors")


def build_folder(options: argparse.Namespace) -> int:
    """Build a district folder of facts, or of an extract."""
    if options.osm is not None:
        return _build_osm(options)
    lacking = [f"--{name}" for name in _OF_AN_EXTRACT if getattr(options, name)]
    if len(options.folders) != 2 or lacking:  # noqa: PLR2004 - the facts, and where to
        raise InputError("build_either", lacking=f"{', '.join(lacking)}: --osm?" if lacking else "")
    facts, out = options.folders
    district = build(facts, out, options.datum)
    cli.emit({"district": readable(out), "content_hash": district.base_id})
    return cli.OK


def _build_osm(options: argparse.Namespace) -> int:
    from circle.osm import Request, build_from_osm  # noqa: PLC0415 - only here
    from circle.osm.build import LEFT_OUT  # noqa: PLC0415

    if len(options.folders) != 1 or not options.boundary or options.datum:
        lacking = "" if options.boundary else "--boundary?"
        raise InputError("build_either", lacking=lacking)
    (out,) = options.folders
    asked = {name: getattr(options, name) for name in _OF_AN_EXTRACT}
    built = build_from_osm(Request(osm=options.osm, **asked), out, _progress)
    if built.ways:
        cli.print_to_stderr(t("import.left_out", count=sum(built.ways.values())))
        _print_counts(built.ways)
        cli.print_to_stderr(t("import.listed", file=readable(out / LEFT_OUT)))
    if built.places:
        cli.print_to_stderr(t("import.places"))
        _print_counts(built.places)
    if options.population is None:
        cli.print_to_stderr(t("import.lacks_residents"))
    district = built.district
    people = float(district.demand["residents"].sum())
    cli.emit(
        {"district": readable(out), "content_hash": district.base_id}
        | {"junctions": len(district.network.node_id)}
        | {"segments": len(district.network.segment_length_m)}
        | {"facilities": district.facilities.groupby("kind").size().to_dict()}
        | {"residents": None if residents_unknown(district) else cli.rounded(people, 1)}
        | {"left_out": {"ways": built.ways, "places": built.places}}
    )
    return cli.OK


def _progress(what: str, count: int) -> None:
    cli.print_to_stderr(t(f"import.{what}", count=count))


def _print_counts(left_out: dict[str, int]) -> None:
    counted = sorted(left_out.items(), key=lambda item: -item[1])
    cli.print_to_stderr(*(t(f"import.{reason}", count=count) for reason, count in counted))


def check_folder(options: argparse.Namespace) -> int:
    """Print what is wrong with a folder, or what it holds."""
    findings = check(options.folder)
    if findings:
        cli.print_to_stderr(*(finding_text(finding) for finding in findings))
        return cli.FAULT
    district = read_district(options.folder)
    print(data_tables.sources(district).to_string(index=False))
    panel = quality(district)
    of_pieces = [row for row in panel.checks if row.unit == "pieces"]
    print("\n".join(data_tables.what(row) for row in of_pieces))
    if len(panel.apart):
        print(data_tables.apart(district, panel).to_string(index=False))
    if len(panel.flaws):
        print(data_tables.flaws(panel).to_string(index=False))
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

    streets = facts_from_graphml(options.graphml, options.facts)
    if streets.assumed:
        cli.print_to_stderr(t("import.wgs84", file=options.graphml.name))
    if streets.left_out:
        cli.print_to_stderr(t("import.left_out", count=sum(streets.left_out.values())))
        _print_counts(dict(streets.left_out))
        if {"access", "cycleway"} & streets.left_out.keys():
            cli.print_to_stderr(t("import.osmnx_foot"))
    left_out = {"left_out": dict(streets.left_out)} if streets.left_out else {}
    cli.emit(
        {"facts": readable(options.facts), "junctions": streets.junctions}
        | {"segments": streets.segments, **left_out}
    )
    return cli.OK
