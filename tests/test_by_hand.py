"""Figures of the product, computed a second time from the district's files alone.

Only pandas, shapely, pyproj and networkx: nothing of the product but where its files
are and, at the end, its answers.
"""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from circle.cli import OK, main
from circle.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Hashable

HOME = ROOT / "data" / "tianping"
SPEED_M_S, SECONDS_PER_STEP = 0.92, 0.935
"""Of older adults in profiles.csv; the file is held against them below."""
LIMIT_S = 15 * 60
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)


@dataclass(frozen=True)
class Answer:
    """Each row of demand.csv: seconds to the nearest canteen, and its id."""

    demand: pd.DataFrame
    seconds: np.ndarray
    nearest: np.ndarray


def metres(lon: Any, lat: Any) -> np.ndarray:
    return np.column_stack(TO_METRES.transform(np.asarray(lon), np.asarray(lat)))


@cache
def streets() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the segments, their lines in metres and the seconds along each."""
    table = pd.read_csv(HOME / "segments.csv")
    lines = np.array(
        [shapely.transform(line, _in_metres) for line in shapely.from_wkt(table["shape"])], object
    )
    seconds = (table["length_m"] / SPEED_M_S).to_numpy(float, copy=True)
    counted = table["steps"].to_numpy() > 0
    seconds[counted] = table["steps"].to_numpy()[counted] * SECONDS_PER_STEP
    return table, lines, seconds


def points_at(xy: np.ndarray) -> np.ndarray:
    return np.array([shapely.Point(place) for place in xy], object)


def _in_metres(lonlat: np.ndarray) -> np.ndarray:
    return metres(lonlat[:, 0], lonlat[:, 1])


def canteens() -> pd.DataFrame:
    table = pd.read_csv(HOME / "facilities.csv")
    return table[table["kind"].eq("canteen") & table["verified"].eq(1)].reset_index(drop=True)


@cache
def walked() -> Answer:
    """Put canteens and residents into the streets as junctions, and search from each canteen."""
    table, lines, seconds = streets()
    demand, places = pd.read_csv(HOME / "demand.csv"), canteens()
    stops: dict[int, list[tuple[float, Hashable]]] = {}
    for row, (segment, fraction) in enumerate(
        zip(demand["segment"], demand["fraction"], strict=True)
    ):
        stops.setdefault(int(segment), []).append((float(fraction), ("home", row)))
    off_m = {}
    for row, xy in enumerate(points_at(metres(places["lon"], places["lat"]))):
        segment = int(np.argmin(shapely.distance(lines, xy)))
        along = float(shapely.line_locate_point(lines[segment], xy, normalized=True))
        off_m[row] = float(shapely.distance(lines[segment], xy))
        stops.setdefault(segment, []).append((along, ("canteen", row)))
    graph: nx.MultiGraph[Hashable] = nx.MultiGraph()
    ends = table[["from_id", "to_id"]].itertuples(index=False)
    for row, (one, other) in enumerate(ends):
        inner = sorted(stops.get(row, []), key=lambda stop: stop[0])
        chain: list[tuple[float, Hashable]] = [(0.0, one), *inner, (1.0, other)]
        for (a, left), (b, right) in itertools.pairwise(chain):
            graph.add_edge(left, right, s=(b - a) * seconds[row])
    return _nearest(graph, demand, places, off_m)


def _nearest(
    graph: nx.MultiGraph[Hashable],
    demand: pd.DataFrame,
    places: pd.DataFrame,
    off_m: dict[int, float],
) -> Answer:
    away = np.full((len(demand), len(places)), math.inf)
    for place in range(len(places)):
        found = nx.single_source_dijkstra_path_length(graph, ("canteen", place), weight="s")
        for row in range(len(demand)):
            walk = found.get(("home", row), math.inf)
            away[row, place] = walk + (off_m[place] + demand["off_m"].iloc[row]) / SPEED_M_S
    return Answer(demand, away.min(axis=1), places["id"].to_numpy()[away.argmin(axis=1)])


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json", "--profile", "older_adult", "--district", str(HOME)]) == OK
    return json.loads(capsys.readouterr().out)


def test_the_pace_is_that_of_the_file() -> None:
    profile = pd.read_csv(HOME / "profiles.csv").set_index("id").loc["older_adult"]
    assert (profile["speed_m_s"], profile["seconds_per_step"]) == (SPEED_M_S, SECONDS_PER_STEP)
    assert (profile["signal_wait_s"], profile["steps_allowed"]) == (0, 1)


def test_a_coverage_rate_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    answer = walked()
    found = told(capsys, "coverage", "--kinds", "canteen")["kinds"]["canteen"]
    inside = answer.demand["inside"].eq(1)
    within = inside & (answer.seconds <= LIMIT_S)
    residents = answer.demand["residents"]
    assert found["residents"] == pytest.approx(residents[inside].sum(), abs=0.006)
    assert found["covered"] == pytest.approx(residents[within].sum(), abs=0.006)
    rate = residents[within].sum() / residents[inside].sum()
    assert found["rate"] == pytest.approx(rate, abs=0.00006)
    assert 0.2 < rate < 0.6


def _zones(answer: Answer) -> list[np.ndarray]:
    """Return the rows of each zone: those out of reach whose cells share an edge."""
    xy = metres(answer.demand["lon"], answer.demand["lat"])
    whole = shapely.from_geojson((HOME / "boundary.geojson").read_text(encoding="utf-8"))
    boundary = shapely.transform(shapely.get_parts(whole)[0], _in_metres)
    points = points_at(xy)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(list(points)), extend_to=boundary)
    )
    out = np.flatnonzero(answer.demand["inside"].eq(1) & (answer.seconds > LIMIT_S))
    tree = shapely.STRtree(cells)
    point, cell = tree.query(points[out], predicate="within")
    own = shapely.intersection(cells[cell], boundary)
    joined = shapely.get_parts(shapely.union_all(own))
    zone = shapely.STRtree(joined).nearest(points[out[point]])
    return [out[point[zone == one]] for one in np.unique(zone)]


def test_the_worst_zone_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    answer = walked()
    found = told(capsys, "gaps", "--kind", "canteen", "--minutes", "15")
    zones = _zones(answer)
    assert len(zones) == found["zones_in_all"] + found["zones_of_few"]["zones"]
    beyond = answer.seconds / 60 - LIMIT_S / 60
    residents = answer.demand["residents"].to_numpy()
    rows = max(zones, key=lambda own: float((residents[own] * beyond[own]).sum()))
    worst = found["zones"][0]
    older = answer.demand[["age_60_64", "age_65_plus"]].sum(axis=1).to_numpy()
    assert worst["residents"] == pytest.approx(residents[rows].sum(), abs=0.006)
    assert worst["residents_60_plus"] == pytest.approx(older[rows].sum(), abs=0.006)
    mean = float(np.average(beyond[rows], weights=residents[rows]))
    assert worst["minutes_beyond"] == pytest.approx(mean, abs=0.006)
    most = pd.Series(residents[rows]).groupby(answer.nearest[rows]).sum().idxmax()
    assert worst["nearest"]["id"] == most
    (names, _, _) = streets()
    street = names["name"].to_numpy()[answer.demand["segment"].to_numpy()[rows]]
    by_street = pd.Series(residents[rows]).groupby(street).sum().sort_values(ascending=False)
    assert worst["streets"] == by_street.index[:3].tolist()
