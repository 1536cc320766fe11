"""Findings on the data, where a figure is exactly at its bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from circle.quality import Check, Severity, far_places, quality
from tests import small
from tests.oracle import network_of

if TYPE_CHECKING:
    from circle.model import District

DISTRICT = small.district()
NOTE, OK, PROBLEM = Severity.NOTE, Severity.OK, Severity.PROBLEM


def check_of(district: District, *keys: str) -> Check:
    """Return the one check that has one of these keys."""
    (check,) = [check for check in quality(district).checks if check.key in keys]
    return check


def names_far_off(district: District) -> list[str]:
    return far_places(district)["name"].tolist()


def off_the_street(metres: float) -> District:
    """Return the small district with the market so far off the street."""
    north = small.SOUTH + np.array([metres, 0.0, 0.0])
    return replace(DISTRICT, facilities=DISTRICT.facilities.assign(y=north))


@pytest.mark.parametrize(
    ("metres", "key", "severity"),
    [
        (50.0, "near_facilities", OK),
        (50.001, "far_facilities", NOTE),
        (250.0, "far_facilities", NOTE),  # still put on the network
        (250.001, "far_facilities", PROBLEM),
    ],
)
def test_a_place_far_from_the_street(metres: float, key: str, severity: Severity) -> None:
    district = off_the_street(metres)
    check = check_of(district, "near_facilities", "far_facilities")
    assert (check.key, check.severity) == (key, severity)
    assert names_far_off(district) == (["甲市场"] if key == "far_facilities" else [])


@pytest.mark.parametrize(("chord_m", "severity"), [(99.0, NOTE), (100.0, PROBLEM)])
def test_a_tenth_drawn_as_chords_is_a_problem(chord_m: float, severity: Severity) -> None:
    xy = [(small.WEST + x, small.SOUTH) for x in (0, chord_m, 1000)]
    network = network_of(xy, [(0, 1, chord_m), (1, 2, 1000 - chord_m)])
    kinds = np.array(["chord", "straight"], object)
    demand = DISTRICT.demand.assign(segment=1, fraction=0.5)
    network = replace(network, segment_shape_kind=kinds)
    check = check_of(replace(DISTRICT, network=network, demand=demand), "chords")
    assert (check.ours, check.severity) == (chord_m / 10, severity)


@pytest.mark.parametrize(
    ("drawn_m", "length_m", "key"),
    [
        (400.0, 398.0, "lengths_fit"),  # half of a hundredth
        (400.0, 397.99, "lengths_short"),
        (100.0, 99.0, "lengths_fit"),  # one metre
        (100.0, 98.99, "lengths_short"),
    ],
)
def test_a_length_just_below_the_drawn_line(drawn_m: float, length_m: float, key: str) -> None:
    xy = [(small.WEST + x, small.SOUTH) for x in (0, drawn_m)]
    network = network_of(xy, [(0, 1, length_m)])
    demand = DISTRICT.demand.assign(segment=0)
    district = replace(DISTRICT, network=network, demand=demand)
    assert check_of(district, "lengths_fit", "lengths_short").key == key


@pytest.mark.parametrize(
    ("more", "key", "severity"),
    [
        (0.75, "ages_add_up", OK),
        (1.0, "ages_differ", NOTE),
        (99.0, "ages_differ", NOTE),
        (100.0, "ages_differ", PROBLEM),  # a hundredth of 10,000
        (-100.0, "ages_differ", PROBLEM),
    ],
)
def test_ages_that_do_not_add_up(more: float, key: str, severity: Severity) -> None:
    """Ten places of 1,000 residents inside; the first has some more or fewer by its ages."""
    ages = np.full(len(DISTRICT.demand), 996.0)  # the other groups are 4
    ages[0] += more
    district = replace(DISTRICT, demand=DISTRICT.demand.assign(residents=1000.0, age_15_59=ages))
    check = check_of(district, "ages_add_up", "ages_differ")
    assert (check.key, check.severity) == (key, severity)


@pytest.mark.parametrize(
    ("stalls", "key", "severity"),
    [
        ("99", "published_same", OK),
        ("98", "published_differs", NOTE),
        ("95", "published_differs", NOTE),
        ("94", "published_differs", PROBLEM),
    ],
)
def test_against_a_published_hundred(stalls: str, key: str, severity: Severity) -> None:
    figures = pd.DataFrame(
        [("market_stalls", 100.0, "", "")], columns=["key", "value", "meaning", "seed"]
    )
    table = DISTRICT.facilities.assign(capacity=stalls, capacity_unit=["stalls", "", ""])
    district = replace(DISTRICT, figures=figures, facilities=table)
    check = check_of(district, "published_same", "published_differs")
    assert (check.key, check.severity) == (key, severity)
