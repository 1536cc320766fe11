"""Edits of streets and of residents → the network and the demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_metric
from circle.geo.shapes import points
from circle.load.population import place_areas, place_units
from circle.model import AGE_GROUPS, RESIDENT_COLUMNS, Finding
from circle.network import edits as by_hand
from circle.network.picking import lines_of
from circle.network.snap import MAX_OFF_STREET_M
from circle.scenario.edits import (
    AddLink,
    AddResidents,
    MoveResidents,
    OpenGate,
    SetSteps,
    ShutGate,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District, Floats
    from circle.scenario.edits import Edit

FAR_KM = 3.0
"""An edit farther beyond the boundary than this touches nobody of the district."""
_AGES_APART = 0.5
_UNFIT = {
    by_hand.Outcome.OFF_STREET: "scenario_off_street",
    by_hand.Outcome.SAME_PLACE: "scenario_same_place",
    by_hand.Outcome.TOO_LONG: "scenario_too_long",
    by_hand.Outcome.AT_JUNCTION: "scenario_at_junction",
    by_hand.Outcome.NO_GATE: "scenario_no_gate",
}


def far_away(district: District, lon: float, lat: float) -> dict[str, str]:
    """Return what a finding says of a place far beyond the boundary; nothing of any other."""
    x, y = to_metric(np.array([lon]), np.array([lat]), district.crs)[0]
    km = float(district.boundary.distance(shapely.Point(x, y))) / 1000
    if km <= FAR_KM:
        return {}
    return {"lon": f"{lon:g}", "lat": f"{lat:g}", "km": f"{km:.1f}", "most": f"{FAR_KM:g}"}


def streets(
    district: District, edits: Sequence[tuple[int, Edit]], file: str
) -> tuple[dict[str, Any], list[Finding]]:
    """Return network and demand with edits of streets, and which edits do not fit."""
    by_number = [(number, _street_edit(district, number, edit)) for number, edit in edits]
    laid = by_hand.edited(district.network, [edit for _, edit in by_number])
    faults = [
        Finding(file, _UNFIT[outcome], number, "lon", (("most", f"{by_hand.MOST_OFF_M:g}"),))
        for (number, _), outcome in zip(by_number, laid.outcomes, strict=True)
        if outcome is not by_hand.Outcome.FITS
    ]
    demand = district.demand
    segment, fraction = laid.place(
        demand["segment"].to_numpy(np.int32), demand["fraction"].to_numpy(np.float64)
    )
    return {
        "network": laid.network,
        "demand": demand.assign(segment=segment, fraction=fraction),
    }, faults


def _street_edit(district: District, number: int, edit: Edit) -> by_hand.StreetEdit:
    def metres(lon: float, lat: float) -> tuple[float, float]:
        x, y = to_metric(np.array([lon]), np.array([lat]), district.crs)[0]
        return float(x), float(y)

    name = str(number)
    match edit:
        case AddLink():
            here, there = metres(edit.lon, edit.lat), metres(edit.lon_to, edit.lat_to)
            link = by_hand.Act.LINK
            return by_hand.StreetEdit(name, link, here, there, edit.steps, edit.name)
        case ShutGate():
            return by_hand.StreetEdit(name, by_hand.Act.GATE_SHUT, metres(edit.lon, edit.lat))
        case OpenGate():
            return by_hand.StreetEdit(name, by_hand.Act.GATE_OPENED, metres(edit.lon, edit.lat))
        case SetSteps():
            place = metres(edit.lon, edit.lat)
            return by_hand.StreetEdit(name, by_hand.Act.STEPS, place, steps=edit.steps)
    raise TypeError(edit)


def residents(
    district: District, edits: Sequence[tuple[int, Edit]], file: str
) -> tuple[dict[str, Any], list[Finding]]:
    """Return the demand with edits of residents, and which edits do not fit."""
    work = replace(district)
    faults: list[Finding] = []
    demand = district.demand
    for number, edit in edits:
        match edit:
            case AddResidents():
                people, fault = _stated(edit)
                if fault is None:
                    demand, fault = _with(work, demand, (edit.lon, edit.lat), people)
            case MoveResidents():
                demand, fault = _moved(work, demand, edit)
            case _:
                raise TypeError(edit)
        if fault is not None:
            faults.append(Finding(file, fault, number, "lon"))
    return {"demand": demand}, faults


def _stated(edit: AddResidents) -> tuple[dict[str, float], str | None]:
    ages = [getattr(edit, name) for name in AGE_GROUPS]
    known = [age for age in ages if age is not None]
    if known and len(known) < len(ages):
        return {}, "scenario_ages"
    if known and abs(sum(known) - edit.residents) > _AGES_APART:
        return {}, "scenario_ages_sum"
    counts = ages if known else [np.nan] * len(ages)
    return {"residents": edit.residents} | dict(zip(AGE_GROUPS, counts, strict=True)), None


def _with(
    district: District, demand: pd.DataFrame, lonlat: tuple[float, float], people: dict[str, float]
) -> tuple[pd.DataFrame, str | None]:
    """Return the demand with one more point, at home there, on the nearest street."""
    xy = to_metric(np.array([lonlat[0]]), np.array([lonlat[1]]), district.crs)
    lines, tree = lines_of(district.network)
    (place,) = points(xy)
    nearest = int(tree.nearest(place))
    off_m = float(shapely.distance(lines[nearest], place))
    if off_m > MAX_OFF_STREET_M:
        return demand, "scenario_off_street"
    inside = bool(district.boundary.covers(place))
    row = {
        "cell": min(0, int(demand["cell"].min())) - 1 if len(demand) else -1,
        "inside": inside,
        "segment": nearest,
        "fraction": float(shapely.line_locate_point(lines[nearest], place, normalized=True)),
        "off_m": off_m,
        "lon": lonlat[0],
        "lat": lonlat[1],
        "x": float(xy[0, 0]),
        "y": float(xy[0, 1]),
        **people,
        **_units(district, xy, inside=inside),
    }
    table = pd.concat([demand, pd.DataFrame([row])[demand.columns]], ignore_index=True)
    return table.astype(demand.dtypes.to_dict()), None


def _units(district: District, xy: Floats, *, inside: bool) -> dict[str, str]:
    units = {
        level: [(unit.id, unit.polygon) for unit in of_level]
        for level, of_level in district.levels.items()
    }
    area = str(place_areas(xy, units["area"])[0]) if inside else ""
    return {"area": area} | {
        level: str(place_units(xy, np.array([inside]), of_level)[0])
        for level, of_level in units.items()
        if level != "area" and level in district.demand
    }


def _moved(
    district: District, demand: pd.DataFrame, edit: MoveResidents
) -> tuple[pd.DataFrame, str | None]:
    """Return the demand with a share of those around a point gone from there, to another."""
    here = to_metric(np.array([edit.lon]), np.array([edit.lat]), district.crs)[0]
    away = np.hypot(*(demand[["x", "y"]].to_numpy(np.float64) - here).T)
    around = away <= edit.radius_m
    columns = list(RESIDENT_COLUMNS)
    leaving = demand.loc[around, columns] * edit.share
    if leaving["residents"].sum() <= 0:
        return demand, "scenario_nobody"
    rest = demand.copy()
    rest.loc[around, columns] = demand.loc[around, columns] - leaving
    people = {name: float(leaving[name].sum(skipna=False)) for name in columns}
    return _with(district, rest, (edit.lon_to, edit.lat_to), people)
