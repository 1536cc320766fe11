"""The command links: where a passage would save most, to be looked at on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from circle.cli import arguments as cli
from circle.cli.gates_command import assumed, told, walkers_of
from circle.errors import DataError
from circle.files import shown
from circle.geo.geojson import as_geojson
from circle.lanes.links import LinkRule, missing_links
from circle.load.outlines import in_metres, read_outlines
from circle.load.text_tables import read_bytes
from circle.words import passages as words

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from shapely import Geometry

    from circle.lanes.links import MissingLink, MissingLinks
    from circle.load.outlines import Outline
    from circle.model import District


def links(options: argparse.Namespace) -> int:
    """Print the candidates, the one that saves most first."""
    study = cli.study_of(options)
    district = study.district
    rule = LinkRule(*(cli.number_of(text) for text in (options.most, options.ratio, options.extra)))
    barriers = [] if options.barriers is None else barriers_of(options.barriers, district.crs)
    answer = missing_links(
        study, walkers_of(options), rule, cli.top_of(options), barriers, progress=told
    )
    if options.geojson:
        cli.emit({"type": "FeatureCollection", "features": _features(district, answer)})
    elif options.json:
        rows = [_link(rank, each) for rank, each in enumerate(answer.links, start=1)]
        cli.emit({**_about(district, answer), "links": rows})
    else:
        lines = [words.links_sentence(answer)]
        if answer.links:
            lines.append(words.links_table(answer.links).to_string(index=False))
        print("\n".join([*lines, *words.links_notes(district, answer)]))
    return cli.OK


def barriers_of(path: Path, crs: str) -> list[Geometry]:
    """Read buildings and water from a GeoJSON file of polygons in degrees.

    Raises
    ------
    DataError
        With all findings, when it cannot be read.
    """
    data, findings = read_bytes(path)
    outlines: list[Outline] = []
    if not findings:
        outlines, findings = read_outlines(data, path.name)
    if findings:
        raise DataError("barriers_faulty", findings, file=shown(path), count=len(findings))
    return [in_metres(outline.polygon, crs) for outline in outlines]


def _about(district: District, answer: MissingLinks) -> dict[str, Any]:
    rule = answer.rule
    return {
        "district": district.id,
        **assumed(answer.who),
        "services": list(answer.kinds),
        "services_without_answer": list(answer.left_out),
        "candidates": True,
        "barriers_known": answer.barriers,
        "most_m": rule.most_m,
        "least_detour": rule.ratio,
        "least_extra_m": rule.extra_m,
        "pairs_weighed": answer.weighed,
    }


def _link(rank: int, link: MissingLink) -> dict[str, Any]:
    return {
        "rank": rank,
        "at": list(link.begin),
        "to": list(link.finish),
        "streets": list(link.streets),
        "air_m": cli.rounded(link.air_m, 1),
        "walk_m": cli.rounded(link.walk_m, 1),
        "detour": cli.rounded(link.detour, 2),
        "resident_minutes_a_day": cli.rounded(link.minutes, 2),
        "residents": cli.rounded(link.residents, 2),
        "residents_60_plus": cli.rounded(link.older, 2),
        "most_minutes_one_walk": cli.rounded(link.most_minutes, 2),
        "by_service": {kind: cli.rounded(value, 2) for kind, value in link.by_kind.items()},
    }


def _features(district: District, answer: MissingLinks) -> list[dict[str, Any]]:
    common = _about(district, answer)
    return [
        {
            "type": "Feature",
            "properties": {**_link(rank, link), **common},
            "geometry": as_geojson(shapely.LineString(link.xy), district.crs),
        }
        for rank, link in enumerate(answer.links, start=1)
    ]
