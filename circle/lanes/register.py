"""The lanes under renewal (一弄一策): each row of the register with the ground it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.geo.crs import to_metric
from circle.model import Text
from circle.model.lanes import LaneState, Step, state_of
from circle.network.graph import segment_lines, street_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely import Geometry

    from circle.model import District

EXTENT_M = 60.0
"""The radius of a lane of which nothing but a position is known."""
BESIDE_M = 30.0
"""How far to both sides of its streets a lane reaches."""


@dataclass(frozen=True, eq=False)
class Lane:
    """A lane or street under renewal.

    Attributes
    ----------
    streets
        Names of its streets.
    state
        None where not stated.
    dates
        By `Step`, those that are stated.
    x, y
        Its position, metres.
    ground
        Metres: its outline, else a band along its streets, else a circle.
    basis
        Which of these: ``outline``, ``streets`` or ``circle``.
    """

    id: str
    name: Text
    streets: tuple[str, ...]
    address: str
    state: LaneState | None
    dates: Mapping[Step, str]
    works: Text
    units: Text
    source: Text
    lon: float
    lat: float
    x: float
    y: float
    accuracy_m: float
    ground: Geometry
    basis: str

    def holds(self, address: str) -> bool:
        """Return whether an address is of this lane: it begins with its name."""
        names = {self.name.zh, self.address, *self.streets} - {""}
        return any(address.startswith(name) and not _cut_short(name, address) for name in names)


def _cut_short(name: str, address: str) -> bool:
    """Return whether a name ends within a number of the address that begins with it."""
    return name[-1].isdigit() and address[len(name) :][:1].isdigit()


def lanes_of(district: District) -> tuple[Lane, ...]:
    """Return the lanes of a district in the register's order; none where it has no register."""
    if district.lanes is None:
        return ()
    return tuple(_lane(district, row) for row in district.lanes.to_dict("records"))


def _text(row: Mapping[Any, Any], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _both(row: Mapping[Any, Any], chinese: str, english: str) -> Text:
    zh, en = _text(row, chinese), _text(row, english)
    return Text(zh or en, en or zh)


def _lane(district: District, row: Mapping[Any, Any]) -> Lane:
    name, address = _both(row, "name", "name_en"), _text(row, "address")
    streets = tuple(street_names(_text(row, "streets")))
    ground, basis = _ground(district, row, {*streets} or {name.zh})
    return Lane(
        id=_text(row, "id"),
        name=name,
        streets=streets,
        address=address,
        state=state_of(_text(row, "state")),
        dates={step: _text(row, step) for step in Step if _text(row, step)},
        works=_both(row, "works", "works_en"),
        units=_both(row, "units", "units_en"),
        source=_both(row, "source_zh", "source"),
        lon=float(row["lon"]),
        lat=float(row["lat"]),
        x=float(row["x"]),
        y=float(row["y"]),
        accuracy_m=float(row["position_accuracy_m"]),
        ground=ground,
        basis=basis,
    )


def _ground(district: District, row: Mapping[Any, Any], names: set[str]) -> tuple[Geometry, str]:
    outline = _text(row, "outline")
    if outline:
        degrees = shapely.from_wkt(outline)
        crs = district.crs
        metres = shapely.transform(degrees, lambda xy: to_metric(xy[:, 0], xy[:, 1], crs))
        return metres, "outline"
    network = district.network
    here = [not names.isdisjoint(street_names(each)) for each in network.segment_name]
    lines = segment_lines(network)[np.array(here, np.bool_)]
    band = shapely.intersection(
        shapely.union_all(shapely.buffer(lines, BESIDE_M)), district.boundary
    )
    if not shapely.is_empty(band):
        return band, "streets"
    extent = float(row.get("extent_m", np.nan))
    radius = EXTENT_M if np.isnan(extent) else extent
    return shapely.Point(float(row["x"]), float(row["y"])).buffer(radius), "circle"
