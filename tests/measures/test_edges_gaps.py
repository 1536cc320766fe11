"""Gap zones at their edges: what is left out, what comes first, what touches."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.affinity import translate

from circle.demand import residents_of
from circle.measures.gaps import cause_of, frontages, gaps
from circle.model import Cause, Coverage, District, Gap, Rule
from circle.network.speeds import impedance
from circle.words.wording import gap_name
from tests import small
from tests.asking import coverage, coverage_by
from tests.oracle import network_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shapely import Polygon

WEST, SOUTH = small.WEST, small.SOUTH
DISTRICT = small.district()


def in_minutes(
    district: District, kind: str, minutes: float, *, unverified: bool = False
) -> Coverage:
    walk = impedance(district.network, district.profiles["adult"])
    return coverage(district, walk, kind, minutes, unverified=unverified)


def in_metres(
    district: District, kind: str, metres: float, *, unverified: bool = False
) -> Coverage:
    walk = impedance(district.network, district.profiles["adult"])
    requirement = small.requirement(kind, metres=metres, judged_by=Rule.METRES)
    answer = coverage_by(district, walk, requirement, unverified=unverified)
    assert isinstance(answer, Coverage)
    return answer


def zones(district: District, answer: Coverage) -> tuple[Gap, ...]:
    return gaps(district, answer)


def living(district: District, *at: tuple[float, float], **columns: Any) -> District:
    """Return the district with ten residents at each place, metres from the south-west."""
    east, north = np.array(at, float).T
    rows = small.demand().iloc[[0] * len(at)].reset_index(drop=True)
    rows = rows.assign(x=WEST + east, y=SOUTH + north, cell=range(len(at)), **columns)
    return replace(district, demand=small.with_places(rows))


def markets(district: District, *east: float) -> District:
    """Return the district with no facility but markets on the southern edge."""
    rows = small.facilities().iloc[[0] * len(east)].reset_index(drop=True)
    rows = rows.assign(id=[f"m{n}" for n in range(len(east))], x=WEST + np.array(east))
    return replace(district, facilities=small.with_places(rows))


# ---- the straight line ----


@pytest.mark.parametrize(("judged", "limit"), [(in_minutes, 0.5), (in_metres, 30.0)])
def test_the_straight_line_is_to_a_place_that_counts(
    judged: Callable[..., Coverage], limit: float
) -> None:
    """The sure canteen is at 1,200 m, the guessed one at 900 m; nobody is near enough."""
    (zone,) = zones(DISTRICT, judged(DISTRICT, "canteen", limit))
    assert zone.residents == 100
    assert zone.straight_m == pytest.approx(1200 - 500)
    assert zone.detour == pytest.approx(1.0)
    (zone,) = zones(DISTRICT, judged(DISTRICT, "canteen", limit, unverified=True))
    assert zone.straight_m == pytest.approx((sum(range(50, 900, 100)) + 50) / 10)


@pytest.mark.parametrize(("limit", "cause"), [(99.999, Cause.NO_FACILITY), (100.0, Cause.DETOUR)])
def test_a_place_as_near_as_the_limit_is_no_missing_place(limit: float, cause: Cause) -> None:
    """400 m up, 100 m across, 400 m down: 900 m to walk, 100 m straight across."""
    network = network_of(
        [(WEST, SOUTH), (WEST, SOUTH + 400), (WEST + 100, SOUTH + 400), (WEST + 100, SOUTH)],
        [(0, 1, 400.0), (1, 2, 100.0), (2, 3, 400.0)],
    )
    around = shapely.box(WEST - 50, SOUTH - 50, WEST + 150, SOUTH + 450)
    bend = replace(DISTRICT, network=network, boundary=around)
    bend = living(bend, (100, 0), segment=2, fraction=1.0)
    (zone,) = zones(bend, in_metres(bend, "market", limit))
    assert (zone.straight_m, zone.cause) == (100.0, cause)


def test_a_place_beside_the_outline_belongs_to_its_zone() -> None:
    """The drawing is cut at the outline; who is in a zone is not asked of it."""
    south = shapely.box(WEST - 50, SOUTH + 2, WEST + 1050, SOUTH + 450)
    cut = replace(DISTRICT, boundary=south)
    found = zones(cut, in_minutes(cut, "canteen", 0.5))
    rows = np.concatenate([zone.rows for zone in found])
    assert sorted(rows) == list(np.flatnonzero(residents_of(cut).inside))
    people = residents_of(cut).people[:, 0]
    assert [people[zone.rows].sum() for zone in found] == [zone.residents for zone in found]
    points = shapely.points(cut.demand[["x", "y"]].to_numpy())
    assert not any(shapely.intersects(points, zone.geometry).any() for zone in found)


def test_a_walk_a_little_too_long_is_no_detour() -> None:
    """A street grid at right angles has a mean of 4 / π."""
    assert cause_of(0.4, 1.27) is Cause.JUST_BEYOND
    assert cause_of(0.4, 1.28) is Cause.DETOUR
    assert cause_of(0.5, 1.0) is Cause.NO_FACILITY


def test_metres_are_missed_in_metres() -> None:
    (zone,) = zones(DISTRICT, in_metres(DISTRICT, "market", 600.0))
    assert zone.metres_beyond == pytest.approx((50 + 150 + 250 + 350) / 4)
    (zone,) = zones(DISTRICT, in_minutes(DISTRICT, "market", 10))
    assert zone.metres_beyond is None


def test_zones_of_the_same_street_are_told_apart() -> None:
    """Two ends of one street, both without a canteen near."""
    lanes = islands()
    names = np.array(["甲路"] * 3, object)
    street = replace(lanes, network=replace(lanes.network, segment_name=names))
    found = zones(street, in_minutes(street, "market", 3))
    assert {zone.streets for zone in found} == {("甲路",)}
    assert {zone.side for zone in found} == {"e", "w"}
    assert len({gap_name(zone) for zone in found}) == len(found) == 3


# ---- the order ----


def islands() -> District:
    """Return two lanes that lead nowhere at either end of a street with two markets.

    ::

        10         10      1,000      10         30 residents
        0 -- 100   200 M------------M 800   900 -- 1,000 m
    """
    at = [0, 100, 200, 800, 900, 1000]
    network = network_of(
        [(WEST + x, SOUTH) for x in at], [(0, 1, 100.0), (2, 3, 600.0), (4, 5, 100.0)]
    )
    district = markets(replace(DISTRICT, network=network), 200, 800)
    places = [(x, 0.0) for x in (50, 250, 500, 750, 950)]
    return living(
        district,
        *places,
        segment=[0, 1, 1, 1, 2],
        fraction=[0.5, 50 / 600, 0.5, 550 / 600, 0.5],
        residents=[10.0, 10.0, 1000.0, 10.0, 30.0],
    )


def test_without_any_way_counts_as_the_longest_walk() -> None:
    """Three minutes are 180 m: the 1,000 residents at 300 m lack 2,000 resident-minutes."""
    district = islands()
    answer = zones(district, in_minutes(district, "market", 3))
    assert [(zone.rank, zone.residents) for zone in answer] == [(1, 1000), (2, 30), (3, 10)]
    assert [zone.minutes_beyond for zone in answer] == [pytest.approx(2.0), math.inf, math.inf]
    assert [zone.residents_without_way for zone in answer] == [0, 30, 10]


def test_a_few_without_any_way_do_not_rule_a_zone() -> None:
    """One zone: 1,000 residents at 300 m from the market, 2 on a lane that leads nowhere."""
    at = [0, 100, 500, 900]
    network = network_of(
        [(WEST + x, SOUTH) for x in at], [(0, 1, 100.0), (1, 2, 400.0), (3, 3, 10.0)]
    )
    district = markets(replace(DISTRICT, network=network), 0)
    places = [(50.0, 0.0), (300.0, 0.0), (900.0, 0.0)]
    district = living(
        district,
        *places,
        segment=[0, 1, 2],
        fraction=[0.5, 0.5, 0.0],
        residents=[10.0, 1000.0, 2.0],
    )
    (zone,) = zones(district, in_minutes(district, "market", 3))
    assert (zone.residents, zone.residents_without_way) == (1002, 2)
    assert zone.minutes_beyond == pytest.approx(2.0)
    assert zone.detour == pytest.approx(1.0)
    assert zone.nearest == 0


# ---- what touches ----


def parted(
    ground: Sequence[Polygon], *at: tuple[float, float], lacking: Sequence[int]
) -> list[int]:
    """Return how many residents each zone has, where the places `lacking` are out of reach."""
    boundary = translate(shapely.MultiPolygon(ground), WEST, SOUTH)
    district = living(replace(DISTRICT, boundary=boundary), *at)
    answer = in_minutes(district, "market", 15)
    seconds = np.where(np.isin(np.arange(len(at)), lacking), 1200.0, 60.0)
    return [int(zone.residents) for zone in zones(district, replace(answer, seconds=seconds))]


FOUR = (25.0, 25.0), (75.0, 25.0), (25.0, 75.0), (75.0, 75.0)


@pytest.mark.parametrize(
    ("lacking", "residents"), [((0, 3), [10, 10]), ((1, 2), [10, 10]), ((0, 1), [20])]
)
def test_cells_that_touch_at_a_corner_are_two_zones(
    lacking: Sequence[int], residents: list[int]
) -> None:
    """Four quarters of a square: neighbours share an edge of 50 m, the others a corner."""
    assert parted([shapely.box(0, 0, 100, 100)], *FOUR, lacking=lacking) == residents


@pytest.mark.parametrize(("gap_m", "residents"), [(0.0, [20]), (4e-7, [20]), (4e-6, [10, 10])])
def test_pieces_within_the_rounding_are_one_zone(gap_m: float, residents: list[int]) -> None:
    """A slit along the edge that two cells share, narrower or wider than a rounding."""
    halves = [shapely.box(0, 0, 50 - gap_m / 2, 100), shapely.box(50 + gap_m / 2, 0, 100, 100)]
    ground = halves if gap_m else [shapely.box(0, 0, 100, 100)]
    assert parted(ground, (25, 50), (75, 50), lacking=(0, 1)) == residents


def test_a_doorway_of_a_centimetre_joins() -> None:
    """Two halves, one higher than the other, that share one centimetre of their edge."""
    corners = [(0, 0), (50, 0), (50, 50), (100, 50), (100, 100), (50, 100), (50, 50.01), (0, 50.01)]
    ground = [shapely.Polygon(corners)]
    assert parted(ground, (25, 50.005), (75, 50.005), lacking=(0, 1)) == [20]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=25))
@settings(max_examples=30, deadline=None)
def test_cells_touch_where_their_ground_does(at: list[tuple[int, int]]) -> None:
    """Edges found by their ends, held against the ground of every pair; some share a place."""
    district = living(DISTRICT, *((50.0 * east, 6.25 * north - 25) for east, north in at))
    frontage = frontages(district)
    bare = np.where(shapely.is_empty(frontage.cells), frontage.points, frontage.cells)
    pieces = shapely.get_parts(bare)
    touching = {(int(one), int(other)) for one, other in frontage.touching.T}
    for one, other in itertools.combinations(range(len(pieces)), 2):
        shared = shapely.intersection(shapely.buffer(pieces[one], 1e-6), pieces[other])
        assert ((one, other) in touching) == (shapely.length(shared) > 1e-4)


def test_a_wide_zone_is_cut_and_named_by_its_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of reach are the places at 650 to 950 m."""
    answer = in_minutes(DISTRICT, "market", 10)
    monkeypatch.setattr("circle.measures.gaps.MOST_ACROSS_M", 300.0)
    (whole,) = gaps(DISTRICT, answer)
    assert (sorted(whole.rows), len(whole.streets)) == ([6, 7, 8, 9], 2)
    monkeypatch.setattr("circle.measures.gaps.MOST_ACROSS_M", 299.0)
    far, near = gaps(DISTRICT, answer)
    assert (sorted(far.rows), sorted(near.rows)) == ([8, 9], [6, 7])
    assert far.streets == near.streets == ()
    assert far.residents + near.residents == whole.residents
    assert gap_name(far) != gap_name(near)
    monkeypatch.setattr("circle.measures.gaps.MOST_ACROSS_M", 99.0)
    assert [list(zone.rows) for zone in gaps(DISTRICT, answer)] == [[9], [8], [7], [6]]


@given(st.sets(st.integers(0, 49), min_size=10, max_size=45))
@settings(max_examples=40, deadline=None)
def test_parts_of_a_cut_zone_are_joined(lacking: set[int]) -> None:
    """Of a chessboard of ten by five places some are out of reach."""
    places = [(100.0 * east + 50, 12.5 * north - 25) for east in range(10) for north in range(5)]
    district = living(DISTRICT, *places)
    out = np.isin(np.arange(len(places)), sorted(lacking))
    answer = in_minutes(district, "market", 15)
    answer = replace(answer, seconds=np.where(out, 1200.0, 60.0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("circle.measures.gaps.MOST_ACROSS_M", 250.0)
        parts = gaps(district, answer)
    assert sorted(row for zone in parts for row in zone.rows) == sorted(lacking)
    graph: nx.Graph[int] = nx.Graph(frontages(district).touching.T.tolist())
    for zone in parts:
        assert np.ptp(district.demand["x"].iloc[zone.rows]) <= 250
        assert nx.is_connected(graph.subgraph(zone.rows.tolist()))
