"""What is lost when one closes: by hand, and as the scenario that closes it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from circle import scenario
from circle.model import CAP_MINUTES, Coverage, NoData, Question
from circle.scenario import PlanFile
from circle.study import Study
from tests import small
from tests.siting.test_district import QUESTIONS, town

if TYPE_CHECKING:
    from circle.model import District


def test_by_hand() -> None:
    study = Study(town_with_two_markets())
    table = study.closing(Question.by_minutes("market", "adult", 5.0))
    assert table is not None
    second, first = table.to_dict("records")  # as many lost: by their ids
    # m2 at 1,000 m: doors at 750 to 950 m within 300 m, and nearest from 550 m on
    assert (first["id"], first["lost"], first["nearest"]) == ("m2", 30, 50)
    assert first["lost_60_plus"] == 9
    assert first["share"] == 0.5
    assert first["minutes_now"] == pytest.approx(np.mean([450, 350, 250, 150, 50]) / 60)
    assert first["minutes_then"] == pytest.approx(np.mean([550, 650, 750, 850, 950]) / 60)
    assert first["resident_minutes"] == pytest.approx(50 * 500 / 60)
    assert (second["id"], second["lost"], second["no_other"]) == ("m1", 30, 0)


def town_with_two_markets() -> District:
    plain = town()
    second = plain.facilities.iloc[[0]].assign(id="m2", x=small.WEST + 1000.0)
    table = small.with_places(pd.concat([plain.facilities, second], ignore_index=True))
    demand = plain.demand.assign(off_m=0.0)
    return replace(plain, facilities=table, demand=demand)


@pytest.mark.parametrize("question", QUESTIONS)
def test_as_the_scenario_says(question: Question) -> None:
    study = Study(town_with_two_markets())
    table = study.closing(question)
    before = study.coverage(question)
    if isinstance(before, NoData):
        assert table is None
        return
    assert table is not None
    assert len(table) == before.facilities_counted
    for row in table.to_dict("records"):
        edit = {"edit": "close_facility", "id": row["id"]}
        plan = scenario.plan_of(PlanFile.model_validate({"name": "关", "edits": [edit]}))
        after = Study(scenario.resolved(study.district, plan)).coverage(question)
        if isinstance(after, Coverage):
            assert covered(before) - row["lost"] == covered(after)
            extra = np.minimum(after.seconds, CAP_MINUTES * 60) - before.seconds
            assert row["resident_minutes"] == pytest.approx(10 * extra[:10].sum() / 60)
        else:
            assert row["lost"] == covered(before)
            assert row["no_other"] == 100


def covered(answer: Coverage) -> float:
    whole = answer.table.query("area == '' and group == 'residents'")
    return float(whole["covered"].iloc[0])
