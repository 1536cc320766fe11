"""The report of a scenario: three maps, and where its figures are found again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from circle import scenario
from circle.i18n import t
from circle.report.content.assemble import build
from circle.report.content.elements import Choice, Map, Report, Table
from circle.scenario import PlanFile
from circle.store import opened, scenarios
from circle.study import Study
from tests import small

if TYPE_CHECKING:
    from circle.model import District

pytestmark = pytest.mark.usefixtures("store_file")
LON, LAT = (float(small.facilities()[name].iloc[1]) for name in ("lon", "lat"))
PLAN = PlanFile.model_validate(
    {
        "name": "新市场",
        "edits": [
            {"edit": "add_facility", "id": "new", "kind": "market", "name": "新", "lon": LON}
            | {"lat": LAT}
        ],
    }
)


@pytest.fixture
def base() -> District:
    plain = small.district()
    empty = ("capacity", "capacity_unit", "hours", "source", "position_basis", "opened", "services")
    heritage = plain.heritage.assign(inside=True, batch="", built="", grade="", uri="")
    facilities = plain.facilities.assign(**dict.fromkeys(empty, ""))
    return replace(plain, facilities=facilities, heritage=heritage)


def made(base: District) -> Report:
    after = scenario.resolved(base, scenario.plan_of(PLAN))
    return build(Study(after), Choice(kinds=("market",)), {}, preview=True)


def notes(report: Report) -> dict[str, str]:
    blocks = [block for section in report.sections for block in section.blocks]
    return {block.id: block.note for block in blocks if isinstance(block, Table | Map)}


def test_it_says_that_no_page_has_its_figures_until_it_is_kept(base: District) -> None:
    report = made(base)
    told = notes(report)
    maps = [f"scenario-{name}market" for name in ("before-", "after-", "")]
    assert [shown.id for shown in report.maps if shown.id.startswith("scenario-")] == maps
    unkept = t("report.scenario_unkept", data=report.imprint.data_hash[:12])
    assert all(note.endswith(unkept) for note in told.values())
    number = scenarios.save(opened(), base, PLAN, by="王丽").head.id
    found = t("report.found_at", address="")
    told = notes(made(base))
    for name in ("edits", "scenario", "indicators", "coverage-market", *maps):
        address = told[name].rpartition(found)[2]
        assert address.startswith("/whatif?kind=market")
        assert f"scenario={number}" in address
        assert f"data={base.base_id[:12]}" in address


def test_before_and_after_show_what_is_there(base: District) -> None:
    maps = {shown.id: shown for shown in made(base).maps}
    before, after, won = (maps[f"scenario-{name}market"] for name in ("before-", "after-", ""))
    assert (len(before.places), len(after.places)) == (1, 2)
    assert before.alt != after.alt
    assert won.graded is not None
    assert set(won.graded.step.tolist()) == {0, 2}
    assert before.detail
    assert not won.detail
