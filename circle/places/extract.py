"""A part of a district as a district of its own: some of its areas.

Its residents are those of the areas; streets and facilities around them stay, for they
serve them all the same.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from circle.geo.shapes import points
from circle.model import Text
from circle.model.district import no_figures
from circle.network.graph import segment_lines
from circle.places.facilities import area_named, positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle.model import District


def of_areas(district: District, names: Sequence[str]) -> District:
    """Return what a district is within some of its areas; itself where none is named.

    Parameters
    ----------
    district
        The district.
    names
        Ids or names of its areas.

    Returns
    -------
    District
        One object for each choice: its outline and areas are those chosen, only their
        residents are inside, and `District.part_of` names the scenario it is taken of.

    Raises
    ------
    UnknownNameError
        For an area that is not there.
    """
    ids = frozenset(area_named(district, name).id for name in names)
    if not ids:
        return district
    key = (district.scenario_id, ids)
    return district.kept.get("extract", key, lambda: _extract(district, ids))


def _extract(district: District, ids: frozenset[str]) -> District:
    areas = tuple(area for area in district.areas if area.id in ids)
    ground = shapely.union_all([area.polygon for area in areas])
    ground = shapely.intersection(ground, district.boundary)
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    boundary = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    demand = district.demand
    identity = json.dumps([district.scenario_id, sorted(ids)])
    return replace(
        district,
        name=_name(district, [area.name for area in areas]),
        boundary=boundary,
        areas=areas,
        levels={
            level: tuple(unit for unit in units if unit.polygon.intersects(boundary))
            for level, units in district.levels.items()
            if level != "area"
        },
        demand=demand.assign(inside=demand["inside"].astype(bool) & demand["area"].isin(ids)),
        facilities=_inside(district.facilities, boundary),
        heritage=_inside(district.heritage, boundary),
        never_widened=_roads(district, boundary),
        doorways=_within(district.doorways, boundary),
        elevator_projects=_within(district.elevator_projects, boundary),
        gates=_within(district.gates, boundary),
        lanes=_within(district.lanes, boundary),
        figures=no_figures(),
        scenario_id=hashlib.sha256(identity.encode()).hexdigest(),
        part_of=district.scenario_id,
    )


def _name(district: District, areas: Sequence[Text]) -> Text:
    return Text(
        f"{district.name.zh} · {'、'.join(area.zh for area in areas)}",
        f"{district.name.en} · {', '.join(area.en for area in areas)}",
    )


def _inside(table: pd.DataFrame, boundary: shapely.Geometry) -> pd.DataFrame:
    within = shapely.intersects(points(positions(table)), boundary)
    return table.assign(inside=table["inside"].astype(bool) & within)


def _within(table: pd.DataFrame | None, boundary: shapely.Geometry) -> pd.DataFrame | None:
    if table is None:
        return None
    return table[shapely.intersects(points(positions(table)), boundary)].reset_index(drop=True)


def _roads(district: District, boundary: shapely.Geometry) -> pd.DataFrame:
    """Return the roads never to be widened that run through the ground."""
    lines = segment_lines(district.network)
    here = np.flatnonzero(shapely.intersects(lines, boundary))
    names = {
        name for row in here for name in str(district.network.segment_name[row] or "").split(";")
    }
    return district.never_widened[district.never_widened["name"].isin(names)]
