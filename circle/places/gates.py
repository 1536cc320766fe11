"""Gates that are open by their hours, and which of them a walk passes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.shapes import points
from circle.hours.opening_hours import week
from circle.i18n import t
from circle.model import derived
from circle.network.edits import Act, Outcome
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from circle.model import District, Path

_ON_IT_M = 0.5
"""A walk that comes this near to a gate's place on the street, and goes on, passes it."""


def passed(district: District, walk: Path) -> list[str]:
    """Return a sentence for each gate with hours that a walk passes, in the order of the way."""
    gates = _gates(district)
    if gates.empty or len(walk.xy) < 2:  # noqa: PLR2004 - a walk of one place goes nowhere
        return []
    way = shapely.LineString(walk.xy)
    spots = _on_street(district)
    along = shapely.line_locate_point(way, spots)
    inner = (along > _ON_IT_M) & (along < way.length - _ON_IT_M)
    near = (shapely.distance(way, spots) <= _ON_IT_M) & inner
    order = [int(row) for row in np.argsort(along) if near[row]]
    return [_sentence(district, gates.iloc[row]["name"], gates.iloc[row]["hours"]) for row in order]


def _gates(district: District) -> pd.DataFrame:
    edits = district.street_edits
    fits = edits["act"].eq(Act.GATE.value) & edits["outcome"].eq(Outcome.FITS.value)
    return edits[fits]


@derived
def _on_street(district: District) -> NDArray[np.object_]:
    """Return the place of each gate on its street."""
    lines = segment_lines(district.network)
    places = points(_gates(district)[["x", "y"]].to_numpy(np.float64))
    nearest = lines[shapely.STRtree(lines).nearest(places)]
    spots: NDArray[np.object_] = shapely.line_interpolate_point(
        nearest, shapely.line_locate_point(nearest, places)
    )
    return spots


def _sentence(district: District, name: str, hours: str) -> str:
    told = week(hours, datetime.now(UTC), district.time_zone)
    said = t("unit.semicolon").join(told) or hours
    return t("directions.gate", name=name or t("directions.a_gate"), hours=said)
