"""Streets mended by hand: on a street of 300 m with a lane of 100 m beside it."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from circle.network.edits import Act, Outcome, StreetEdit, edited
from circle.network.graph import build_network, segment_lines
from circle.network.snap import snap
from circle.network.speeds import impedance
from circle.reach.travel import many_to_many, reach_from, times_at
from tests.oracle import network_of, seconds_between, walker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import WalkNetwork

STREETS = network_of(
    [(0, 0), (300, 0), (100, 60), (200, 60)],
    [(0, 1, 300.0), (2, 3, 100.0)],
    names=["甲路", "乙弄"],
)
"""The lane is joined to nothing."""


def metres(network: WalkNetwork, start: tuple[float, float], end: tuple[float, float]) -> float:
    walk = impedance(network, walker())
    begin, finish = (snap(walk, np.array([xy], float)) for xy in (start, end))
    return float(times_at(reach_from(walk, begin, 7200.0), finish)[0])


def laid(
    streets: WalkNetwork, edits: Sequence[StreetEdit]
) -> tuple[WalkNetwork, tuple[Outcome, ...]]:
    both = edited(streets, edits)
    return both.network, both.outcomes


def test_places_stand_where_they_stood() -> None:
    edits = [
        StreetEdit("a", Act.LINK, (100, 0), (100, 60)),
        StreetEdit("g", Act.GATE_SHUT, (150, 0)),
    ]
    both = edited(STREETS, edits)
    segment, fraction = np.array([0, 0, 0, 1, -1], np.int32), np.array([0.1, 0.4, 1.0, 0.5, 0.0])
    now, share = both.place(segment, fraction)
    before, after = segment_lines(STREETS), segment_lines(both.network)
    for i in range(4):
        then = before[segment[i]].interpolate(fraction[i], normalized=True)
        assert after[now[i]].interpolate(share[i], normalized=True).distance(then) < 1e-6
    assert (now[4], share[4]) == (-1, 0.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31))
@example(279)  # a place beside a cut, with both pieces equally near but for a hair
def test_streets_laid_over_others_are_those_built_anew(seed: int) -> None:
    random = np.random.default_rng(seed)
    side = 4
    xy = [(100.0 * x, 100.0 * y) for y in range(side) for x in range(side)]
    ends = [(i, i + 1, 100.0) for i in range(side**2 - 1) if (i + 1) % side]
    ends += [(i, i + side, 100.0) for i in range(side**2 - side)]
    grid = network_of(xy, ends)
    edits = [
        StreetEdit(
            str(number),
            act,
            tuple(random.uniform(0, 300, 2)),
            tuple(random.uniform(0, 300, 2)) if act is Act.LINK else None,
            steps=int(random.integers(-1, 9)),
        )
        for number, act in enumerate(
            [
                (Act.LINK, Act.GATE_SHUT, Act.STEPS)[i]
                for i in random.integers(0, 3, random.integers(1, 6))
            ]
        )
    ]
    laid = edited(grid, edits).network
    nodes = laid.segment_nodes
    built = build_network(
        {"id": laid.node_id, "x": laid.node_xy[:, 0], "y": laid.node_xy[:, 1]}
        | {"signal": laid.node_signal},
        {"from_id": laid.node_id[nodes[:, 0]], "to_id": laid.node_id[nodes[:, 1]]}
        | {"length_m": laid.segment_length_m, "steps": laid.segment_steps}
        | {"class": laid.segment_class, "name": laid.segment_name}
        | {"shape_kind": laid.segment_shape_kind},
        segment_lines(laid),
        laid.crs,
    )
    around = [
        {
            int(network.node_id[node]): sorted(
                zip(
                    network.node_id[network.adjacency_node[first:last]].tolist(),
                    network.adjacency_segment[first:last].tolist(),
                    strict=True,
                )
            )
            for node, (first, last) in enumerate(pairwise(network.adjacency_start.tolist()))
        }
        for network in (laid, built)
    ]
    assert around[0] == around[1]
    np.testing.assert_array_equal(laid.shape_xy, built.shape_xy)
    np.testing.assert_array_equal(laid.shape_start, built.shape_start)
    places = np.concatenate(
        [random.uniform(-20, 320, (30, 2)), laid.node_xy, [edit.xy for edit in edits]]
    )
    near = [
        snap(impedance(network, replace(walker(), steps_allowed=allowed)), places)
        for network in (laid, built)
        for allowed in (True, False)
    ]
    for one, other in zip(near[:2], near[2:], strict=True):
        np.testing.assert_array_equal(one.segment, other.segment)
        np.testing.assert_array_equal(one.fraction, other.fraction)
        np.testing.assert_array_equal(one.off_m, other.off_m)


def test_a_link_joins_two_streets_along_their_way() -> None:
    link = StreetEdit("a", Act.LINK, (100, 3), (100, 60), name="新通道")
    streets, (outcome,) = laid(STREETS, [link])
    assert outcome is Outcome.FITS
    assert math.isinf(metres(STREETS, (0, 0), (200, 60)))
    assert metres(streets, (0, 0), (200, 60)) == pytest.approx(100 + 60 + 100)
    assert streets.segment_length_m.tolist() == pytest.approx([100, 100, 200, 60])
    assert streets.segment_name.tolist() == ["甲路", "乙弄", "甲路", "新通道"]
    assert sorted(streets.node_id.tolist()) == [-1, 100, 101, 102, 103]


def test_a_shut_gate_is_reached_from_both_sides_and_passed_from_none() -> None:
    streets, (outcome,) = laid(STREETS, [StreetEdit("g", Act.GATE_SHUT, (150, 0))])
    assert outcome is Outcome.FITS
    assert metres(streets, (0, 0), (149, 0)) == pytest.approx(149)
    assert metres(streets, (300, 0), (151, 0)) == pytest.approx(149)
    assert math.isinf(metres(streets, (0, 0), (300, 0)))


def test_steps_are_those_of_the_piece_they_are_on() -> None:
    edits = [
        StreetEdit("s", Act.STEPS, (250, 0), steps=20),
        StreetEdit("l", Act.LINK, (100, 0), (100, 60)),
    ]
    streets, outcomes = laid(STREETS, edits)
    assert set(outcomes) == {Outcome.FITS}
    assert streets.segment_steps.tolist() == [-1, -1, 20, -1]
    assert streets.segment_class.tolist()[2] == "steps"


def test_counted_steps_are_shared_out_whole() -> None:
    stair = network_of([(0, 0), (90, 0), (0, 50)], [(0, 1, 90.0), (0, 2, 50.0)], steps=[10, -1])
    streets, _ = laid(stair, [StreetEdit("g", Act.GATE_SHUT, (x, 0)) for x in (30, 60)][:1])
    assert streets.segment_steps.tolist() == [3, -1, 7]


def test_the_order_of_edits_does_not_matter() -> None:
    edits = [
        StreetEdit("a", Act.LINK, (100, 0), (100, 60)),
        StreetEdit("b", Act.LINK, (200, 0), (200, 60)),
        StreetEdit("g", Act.GATE_SHUT, (150, 0)),
    ]
    there, back = edited(STREETS, edits).network, edited(STREETS, edits[::-1]).network
    assert metres(there, (0, 0), (300, 0)) == metres(back, (0, 0), (300, 0)) == 420


@pytest.mark.parametrize(
    ("edit", "outcome"),
    [
        (StreetEdit("x", Act.LINK, (100, 300), (100, 60)), Outcome.OFF_STREET),
        (StreetEdit("x", Act.LINK, (100, 0)), Outcome.OFF_STREET),
        (StreetEdit("x", Act.LINK, (100, 0), (100.5, 0)), Outcome.SAME_PLACE),
        (StreetEdit("x", Act.GATE_SHUT, (0.2, 0)), Outcome.AT_JUNCTION),
        (StreetEdit("x", Act.STEPS, (0, 900)), Outcome.OFF_STREET),
    ],
)
def test_what_does_not_fit_changes_nothing_and_says_so(edit: StreetEdit, outcome: Outcome) -> None:
    streets, told = laid(STREETS, [edit])
    assert told == (outcome,)
    assert streets is STREETS


def test_two_links_may_end_at_one_spot_and_a_gate_there_parts_the_street() -> None:
    edits = [
        StreetEdit("a", Act.LINK, (150, 0), (100, 60)),
        StreetEdit("b", Act.LINK, (150, 0), (200, 60)),
        StreetEdit("g", Act.GATE_SHUT, (150, 0)),
    ]
    streets, outcomes = laid(STREETS, edits)
    assert set(outcomes) == {Outcome.FITS}
    assert len(streets.node_id) == 6  # two of the spot, one at each side of the gate
    assert math.isinf(metres(streets, (0, 0), (300, 0)))


def test_times_are_those_of_networkx_and_a_link_never_worsens_one() -> None:
    random = np.random.default_rng(7)
    xy = [(float(x), float(y)) for x in range(0, 500, 100) for y in range(0, 500, 100)]
    ways = [
        (a, b, float(np.hypot(xy[a][0] - xy[b][0], xy[a][1] - xy[b][1])))
        for a in range(25)
        for b in (a + 1, a + 5)
        if b < 25 and (b != a + 1 or b % 5) and random.random() < 0.7
    ]
    streets = network_of(xy, ways)
    walk = walker(1.25)
    corners = np.array(xy)
    for _ in range(20):
        ends = random.uniform(0, 400, (2, 2))
        edits = [
            StreetEdit("l", Act.LINK, tuple(ends[0]), tuple(ends[1])),
            StreetEdit("g", Act.GATE_SHUT, tuple(random.uniform(0, 400, 2))),
        ]
        times = []
        for laid_over in ([], edits[:1], edits[1:]):
            network, _ = laid(streets, laid_over)
            pace = impedance(network, walk)
            points = snap(pace, corners, 1.0)
            seconds = many_to_many(pace, points, points)
            assert np.allclose(seconds, seconds_between(network, walk, points, points), atol=0.1)
            times.append(seconds)
        joined, plain, shut = times[1], times[0], times[2]
        assert (joined <= plain + 0.01).all()  # a cut segment is rounded twice
        assert (shut >= plain - 0.01).all()
