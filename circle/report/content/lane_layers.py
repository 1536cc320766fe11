"""Lanes under renewal, gates and missing links as layers for geographic information systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.shapes import points
from circle.i18n import t
from circle.lanes.register import lanes_of
from circle.maps.colours import SPOT
from circle.model.lanes import Step
from circle.report.content.elements import Look
from circle.report.content.gis_layers import layer_of
from circle.report.content.lane_chapter import asked
from circle.report.tabular.values import finite_or_none
from circle.words import passages
from circle.words.lanes import state_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle.lanes.gates import GatePrice
    from circle.lanes.links import MissingLink
    from circle.model import District
    from circle.report.content.answers import Answers
    from circle.report.content.elements import Layer

_OWN = ("works", "units", *Step, "ground", "rm_day", "rm_now", "longest", "air_m", "walk_m")
"""Columns that no other layer has."""
_LOOKS = {"lanes": Look.OUTLINE, "gates": Look.PLAIN, "missing_links": Look.LINKS}


def layers(answers: Answers) -> Iterator[Layer]:
    """Give those layers that have anything on them; see `lane_chapter.asked`."""
    district, passed = answers.district, asked(answers)
    lanes = lanes_of(district)
    if lanes:
        rows: list[dict[str, object]] = [
            {
                "id": lane.id,
                "name_zh": lane.name.zh,
                "name_en": lane.name.en,
                "state": state_text(lane.state),
                **{step.value: lane.dates.get(step, "") for step in Step},
                "works": str(lane.works),
                "units": str(lane.units),
                "ground": lane.basis,
                "source": str(lane.source),
            }
            for lane in lanes
        ]
        yield _layer("lanes", rows, [lane.ground for lane in lanes], district)
    if passed is None:
        return
    gates, links = passed
    if gates.prices:
        xy = np.array([(each.gate.x, each.gate.y) for each in gates.prices])
        yield _layer("gates", [_gate(each) for each in gates.prices], list(points(xy)), district)
    if links.links:
        rows = [_link(rank, each) for rank, each in enumerate(links.links, start=1)]
        lines = [shapely.LineString(each.xy) for each in links.links]
        yield _layer("missing_links", rows, lines, district)


def _gate(price: GatePrice) -> dict[str, object]:
    return {
        "id": price.gate.id,
        "name": passages.gate_name(price.gate),
        "state": passages.gate_hours(price.gate),
        "rm_day": finite_or_none(price.minutes, 1),
        "rm_now": finite_or_none(price.now, 1),
        "longest": finite_or_none(price.most_minutes, 2),
        "residents": round(price.residents, 1),
        "res_60": round(price.older, 1),
    }


def _link(rank: int, link: MissingLink) -> dict[str, object]:
    return {
        "number": rank,
        "name": passages.link_name(link),
        "air_m": round(link.air_m, 1),
        "walk_m": finite_or_none(link.walk_m, 1),
        "rm_day": finite_or_none(link.minutes, 1),
        "longest": finite_or_none(link.most_minutes, 2),
        "residents": round(link.residents, 1),
        "res_60": round(link.older, 1),
    }


def _layer(
    name: str, rows: list[dict[str, object]], shapes: Sequence[shapely.Geometry], district: District
) -> Layer:
    meant = {column: t(f"layers.lane_column.{column}") for column in _OWN if column in rows[0]}
    legend = {"": (SPOT, t(f"layers.{name}"))}
    return layer_of(name, rows, shapes, district, look=_LOOKS[name], meant=meant, legend=legend)
