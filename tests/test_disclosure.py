"""Nothing of fewer than ten residents is told, nor comes back by subtraction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.measures.disclosure import CELL_M, FEWEST, STEP, TOLD, Count, Rate, Shown, coarse
from circle.measures.suppression import count_of
from tests.towns import EVERYBODY, SENIORS, WITHIN, Door, Name, Reader, Town

FEW, WITHHELD = Count(Shown.FEW), Count(Shown.WITHHELD)


def value(number: int) -> Count:
    return Count(Shown.VALUE, number)


@pytest.mark.parametrize(
    ("people", "told"),
    [
        (0.0, value(0)), (0.01, FEW), (9.99, FEW), (10.0, value(10)), (14.99, value(10)),
        (15.0, value(20)), (13_482.2, value(13_480)),
    ],
)  # fmt: skip
def test_a_count_is_rounded_or_kept_back(people: float, told: Count) -> None:
    assert count_of(people) == told


def town(*uncovered: float, seniors: float = 0.25, living: float = 500.0) -> Town:
    """Return a town with an area for each count, all of it in one zone at one door."""
    zones = [[Door(f"a{n}", people, people * seniors)] for n, people in enumerate(uncovered)]
    within = dict.fromkeys((f"a{n}" for n in range(len(uncovered))), (living, living * seniors))
    return Town(within, {"market": [zone for zone in zones if zone[0].residents]})


def lines(of: Town, group: str = EVERYBODY) -> list[Count]:
    """Return what is published of who is out of reach, the whole first."""
    return [row.uncovered for row in of.publish()["market"].shares[group]]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        # 1,020 - 120 - 900 = 0, and each may be off by five: nothing closer than "fewer than ten"
        ([4, 120, 900], [value(1020), FEW, value(120), value(900)]),
        # 1,040 - 120 - 900 = 20, off by 15 at most: the few would be five at least
        ([9.9, 124.9, 904.9], [value(1040), FEW, WITHHELD, value(900)]),
        # nothing else to keep back but the total: 20 would make both nine
        ([9, 9, 0], [WITHHELD, FEW, FEW, value(0)]),
        ([5, 0, 0], [FEW, FEW, value(0), value(0)]),
        ([0, 0], [value(0), value(0), value(0)]),
        ([30, 40], [value(70), value(30), value(40)]),
        # 25 to 35 in all, less 15 to 25: the few are none at the least, as everybody knows
        ([9, 24], [value(30), FEW, value(20)]),
        # 10 to 15 in all, less ten at least: the few would be five at most; ten go first
        ([1, 10], [WITHHELD, FEW, WITHHELD]),
        # ten are no few: nothing is to be kept back
        ([10, 24.9, 24.9], [value(60), value(10), value(20), value(20)]),
    ],
)
def test_a_line(cells: list[float], told: list[Count]) -> None:
    assert lines(town(*cells, seniors=0.0)) == told


def test_zones_do_not_undo_what_the_areas_withhold() -> None:
    small = town(9.9, 24.9, 24.9, seniors=0.0)
    told = small.publish()["market"]
    assert [row.uncovered for row in told.shares[EVERYBODY]].count(WITHHELD) == 1
    assert [zone.residents for zone in told.zones] == [value(20), WITHHELD]
    least, most = Reader(small, "market", told).extremes({("out", "a0", EVERYBODY): 1.0})
    assert least == 0
    assert most >= FEWEST


def test_a_zone_that_leaves_a_few_beside_it_is_not_told() -> None:
    """Fourteen in all, and ten in the zone: four would live somewhere else in the area."""
    zones = {"market": [[Door("a", 10.0, 0.0)], [Door("a", 4.0, 0.0)]]}
    beside = Town({"a": (500.0, 0.0), "b": (500.0, 0.0)}, zones).publish()["market"]
    assert beside.zones == ()
    assert beside.shares[EVERYBODY][1].uncovered == value(10)


doors = st.builds(
    Door,
    st.sampled_from("abc"),
    st.sampled_from([0.3, 4.0, 9.9, 10.0, 14.9, 15.0, 24.9, 40.0, 300.0]),
    st.just(0.0),
).flatmap(
    lambda door: st.sampled_from([0.0, 0.3, 0.9, 1.0]).map(
        lambda share: door._replace(seniors=door.residents * share)
    )
)
zones = st.lists(st.lists(doors, min_size=1, max_size=3), max_size=3)
living = st.sampled_from([(0.0, 0.0), (3.0, 1.0), (12.0, 4.0), (500.0, 150.0)])
towns = st.builds(
    Town,
    st.fixed_dictionaries(dict.fromkeys("abc", living)),
    st.fixed_dictionaries({"market": zones, "canteen": zones}),
    st.sampled_from([CELL_M, CELL_M / 4]),
)


@settings(max_examples=40, deadline=None)
@given(towns)
def test_no_few_is_known_more_closely_than_as_a_few(of: Town) -> None:
    """Neither a count, nor who is not 60 yet, within reach, or out of reach beside the zones."""
    for kind, told in of.publish().items():
        reader = Reader(of, kind, told)
        for aim, people in _few(of, kind, reader):
            least, most = reader.extremes(aim)
            assert least <= 1e-6, (aim, people)
            assert most >= FEWEST - 1e-6, (aim, people)


def _few(of: Town, kind: str, reader: Reader) -> list[tuple[dict[Name, float], float]]:
    """Return the sums that are a few, with how many they are."""
    areas = list(of.within)
    live = {area: np.array(of.living(area)) for area in areas}
    out = {area: np.array(of.out(kind, area)) for area in areas}
    live[""], out[""] = (np.sum(list(of_area.values()), axis=0) for of_area in (live, out))
    sums: list[tuple[dict[Name, float], float]] = []
    for area in ["", *areas]:
        for n, group in enumerate(TOLD):
            sums += [
                ({("live", area, group): 1.0}, live[area][n]),
                ({("out", area, group): 1.0}, out[area][n]),
                (
                    {("live", area, group): 1.0, ("out", area, group): -1.0},
                    live[area][n] - out[area][n],
                ),
            ]
        for what, people in (("live", live[area]), ("out", out[area])):
            sums.append(
                ({(what, area, EVERYBODY): 1.0, (what, area, SENIORS): -1.0}, people[0] - people[1])
            )
    for number, zone in enumerate(reader.listed):
        seniors = sum(door.seniors for door in zone)
        sums.append(({(number, "", SENIORS): 1.0}, seniors))
        rest = sum(door.residents for door in zone) - seniors
        sums.append(({(number, "", EVERYBODY): 1.0, (number, "", SENIORS): -1.0}, rest))
    for area in areas:
        for group in TOLD:
            names: list[Name] = [(number, area, group) for number in range(len(reader.listed))]
            parts = {name: -1.0 for name in names if name in reader.bounds}
            sums.append(({("out", area, group): 1.0, **parts}, reader.beside(area, group)))
    return [(aim, people) for aim, people in sums if 1e-9 < people < FEWEST]


@given(towns)
@settings(max_examples=10, deadline=None)
def test_what_is_told_is_rounded(of: Town) -> None:
    for kind, told in of.publish().items():
        for n, group in enumerate(TOLD):
            for row in told.shares[group][1:]:
                people = of.out(kind, row.area)[n]
                if row.uncovered.shown is Shown.VALUE:
                    assert row.uncovered.value % STEP == 0
                    assert abs(row.uncovered.value - people) <= STEP / 2


def test_rates_are_made_of_what_is_published() -> None:
    within = {"a": (1000.0, 0.0), "b": (395.0, 0.0), "c": (803.0, 0.0)}
    of = Town(within, {"market": [[Door("a", 4.0, 0.0)], [Door("b", 128.0, 0.0)]]})
    whole, a, b, c = of.publish()["market"].shares[EVERYBODY]
    assert (whole.area, whole.residents, whole.uncovered) == ("", value(2330), value(130))
    assert whole.rate == Rate(1 - 130 / 2330, 1 - 130 / 2330)
    assert (a.residents, a.uncovered) == (value(1000), FEW)
    assert a.rate == Rate(1 - 10 / 995, 1.0)
    assert not a.rate.exact
    assert (b.uncovered, b.rate) == (value(130), Rate(1 - 130 / 520, 1 - 130 / 520))
    assert (c.uncovered, c.rate) == (value(0), Rate(1.0, 1.0))


def test_an_area_of_a_few_says_nothing_at_all() -> None:
    within = {"few": (4.0, 0.0), "all": (7.0, 0.0), "b": (395.0, 0.0)}
    of = Town(within, {"market": [[Door("few", 3.0, 0.0)], [Door("b", 128.0, 0.0)]]})
    _, few, none, _ = of.publish()["market"].shares[EVERYBODY]
    assert (few.residents, few.uncovered, few.rate) == (FEW, FEW, None)
    assert (none.residents, none.uncovered, none.rate) == (FEW, FEW, None)


@pytest.mark.parametrize(
    ("everybody", "seniors", "told"),
    [
        (12.0, 11.0, (WITHHELD, WITHHELD)),  # the rest would be fewer than five
        (24.0, 21.0, (value(20), value(20))),  # from none to ten: no closer than a few
        (12.0, 4.0, (value(10), FEW)),
        (7.0, 0.0, (FEW, FEW)),  # of a few not even that it is none
        (12.0, 0.0, (value(10), value(0))),
        (400.0, 120.0, (value(400), value(120))),
    ],
)
def test_the_rest_of_a_part_is_no_few(
    everybody: float, seniors: float, told: tuple[Count, Count]
) -> None:
    within = {"a": (600.0, 300.0), "b": (900.0, 300.0)}
    of = Town(within, {"market": [[Door("a", everybody, seniors)], [Door("b", 300.0, 100.0)]]})
    assert (lines(of)[1], lines(of, SENIORS)[1]) == told


def test_what_is_withheld_has_no_rate() -> None:
    told = town(9.9, 124.9, 904.9, seniors=0.0, living=485.1).publish()["market"]
    _, a, b, _ = told.shares[EVERYBODY]
    assert (b.uncovered, b.rate) == (WITHHELD, None)
    assert a.rate == Rate(1 - 10 / 495, 1.0)


# ---- places ----


def test_places_are_squares_with_enough_residents() -> None:
    xy = np.array([[5.0, 5], [140, 140], [400, 400], [990, 990]])
    shape = coarse(xy, np.array([6.0, 5, 9, 12]), shapely.box(0, 0, 1000, 1000))
    first, last = sorted(shape.geoms, key=lambda part: part.bounds)
    assert first.equals(shapely.box(0, 0, CELL_M, CELL_M))
    assert last.equals(shapely.box(900, 900, 1000, 1000))
    assert coarse(np.zeros((0, 2)), np.zeros(0), WITHIN).is_empty


def test_zones_of_a_few_are_not_told_and_leave_no_trace() -> None:
    zones = [[Door("a", 21.0, 7.0)], [Door("a", 9.0, 3.0)], [Door("a", 40.0, 13.0)]]
    told = Town({"a": (900.0, 300.0)}, {"market": zones}).publish()["market"].zones
    assert [zone.rank for zone in told] == [1, 2]
    assert [zone.residents for zone in told] == [value(40), value(20)]
    assert [zone.seniors for zone in told] == [value(10), FEW]
    assert all(zone.shape.area == CELL_M**2 for zone in told)


def test_the_order_of_zones_tells_no_more_than_their_counts() -> None:
    zones = [[Door("a", 24.0, 0.0)], [Door("a", 16.0, 0.0)], [Door("a", 22.0, 0.0)]]
    of = Town({"a": (900.0, 0.0)}, {"market": zones})
    turned = replace(of, zones={"market": zones[::-1]})
    assert [zone.residents for zone in of.publish()["market"].zones] == [value(20)] * 3
    assert [zone.gap.rank for zone in turned.publish()["market"].zones] == [1, 2, 3]
