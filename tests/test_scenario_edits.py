"""The answer to an edit is, bit for bit, that of a computation of everything anew.

``make edits`` asks for 10,000 random edits of the embedded district.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from circle import scenario
from circle.config import ROOT
from circle.errors import DataError
from circle.geo.crs import to_lonlat
from circle.load import read_district
from circle.measures.coverage import coverage
from circle.measures.gaps import frontages, gaps
from circle.model import Coverage, Question
from circle.network.speeds import impedance
from circle.scenario import PlanFile
from circle.study import Study

if TYPE_CHECKING:
    from circle.model import District, Gap

EDITS = int(os.environ.get("CIRCLE_EDITS", "60"))
ANEW = 15
"""Every so many edits the partition of the ground is made anew too, which takes longest."""
SHARES = (*[0.19] * 3, *[0.125] * 3, *[0.0275] * 2)
"""How often an edit is of a facility, of a street, of residents."""


@cache
def base() -> District:
    return read_district(ROOT / "data" / "tianping")


def at_random(random: np.random.Generator, number: int) -> list[dict[str, Any]]:
    """Return one to three edits of a district, some at the very place of a facility."""
    district = base()
    west, south, east, north = district.boundary.bounds
    places = district.facilities

    def point(ending: str = "") -> dict[str, float]:
        if random.random() < 0.2:
            lon, lat = places[["lon", "lat"]].to_numpy()[random.integers(len(places))]
        else:
            xy = np.array([[random.uniform(west, east), random.uniform(south, north)]])
            lon, lat = to_lonlat(xy, district.crs)[0]
        return {f"lon{ending}": float(lon), f"lat{ending}": float(lat)}

    edits: list[dict[str, Any]] = []
    kinds = [kind.id for kind in district.kinds.values() if kind.service]
    for _ in range(random.integers(1, 4)):
        known = {"id": str(random.choice(places["id"]))}
        kind = str(random.choice(kinds))
        new = {"id": f"n{number}-{len(edits)}", "kind": kind, "name": "新"}
        some = {"radius_m": float(random.integers(1, 300)), "share": float(random.uniform(0.01, 1))}
        made: dict[str, dict[str, Any]] = {
            "add_facility": new | point(),
            "move_facility": known | point(),
            "close_facility": known,
            "add_link": point() | point("_to"),
            "shut_gate": point(),
            "set_steps": point() | {"steps": int(random.integers(-1, 30))},
            "add_residents": point() | {"residents": float(random.integers(0, 900))},
            "move_residents": point() | point("_to") | some,
        }
        what = str(random.choice(list(made), p=SHARES))
        edits.append({"edit": what} | made[what])
    return edits


def equal(answer: Any, full: Any) -> bool:
    """Compare two answers to the last bit."""
    if isinstance(full, Coverage):
        pd.testing.assert_frame_equal(answer.table, full.table, check_exact=True)
        names = ("seconds", "metres", "soonest", "closest")
        return all(np.array_equal(getattr(answer, name), getattr(full, name)) for name in names)
    return type(answer) is type(full) and bool(answer.reason == full.reason)


def same_zones(some: tuple[Gap, ...], others: tuple[Gap, ...]) -> bool:
    told = ("rank", "streets", "residents", "minutes_beyond", "nearest", "detour", "side")
    return len(some) == len(others) and all(
        np.array_equal(zone.rows, other.rows)
        and all(str(getattr(zone, name)) == str(getattr(other, name)) for name in told)
        for zone, other in zip(some, others, strict=True)
    )


def test_an_edit_s_answer_is_that_of_a_full_computation() -> None:
    random = np.random.default_rng(20261128)
    profiles, kinds = list(base().profiles), [k.id for k in base().kinds.values() if k.service]
    answered = 0
    for number in range(EDITS * 3):
        edits = at_random(random, number)
        plan = scenario.plan_of(PlanFile.model_validate({"name": "x", "edits": edits}))
        kind, profile = str(random.choice(kinds)), str(random.choice(profiles))
        question = Question.by_minutes(kind, profile, 15.0, unverified=bool(random.random() < 0.5))
        try:
            after = scenario.resolved(base(), plan)
        except DataError:
            continue
        answer = Study(after).coverage(question)
        streets = replace(after.network)  # nothing kept
        anew = replace(after, network=streets)
        full = coverage(anew, impedance(streets, anew.profiles[profile]), question)
        assert equal(answer, full), edits
        if isinstance(answer, Coverage) and isinstance(full, Coverage):
            if answered % ANEW and not plan.moves_homes:
                anew.kept.homes = base().kept
            assert same_zones(Study(after).gaps(question), gaps(anew, full)), edits
        answered += 1
        if answered == EDITS:
            return
    pytest.fail(f"{answered} edits fit")


def test_the_ground_is_parted_once_for_all_edits_of_streets() -> None:
    at = {"lon": float(base().demand["lon"].iloc[0]), "lat": float(base().demand["lat"].iloc[0])}
    plan = PlanFile.model_validate({"name": "x", "edits": [{"edit": "set_steps", "steps": 9} | at]})
    after = scenario.resolved(base(), scenario.plan_of(plan))
    assert frontages(after) is frontages(base())
    assert after.kept is not base().kept
