"""Saved scenarios: kept, opened by link, copied, compared; without the page around them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from circle.i18n import t
from circle.scenario import PlanFile
from circle.store import Store, scenarios
from circle.web import memo
from tests.app.reading import asked, failed, html, text

if TYPE_CHECKING:
    from pathlib import Path

    from circle.store.scenarios import Saved


def part() -> None:
    import streamlit as st  # noqa: PLC0415 - a script of its own

    from circle.model import Question  # noqa: PLC0415
    from circle.scenario import PlanFile  # noqa: PLC0415
    from circle.web import memo, state, whatif_saved  # noqa: PLC0415

    state.enter("whatif")
    gate = {"edit": "close_facility", "id": "wuzhong-market"}
    empty = PlanFile.model_validate({"name": "方案", "edits": [gate]})
    st.session_state.setdefault("plan", empty)
    district = memo.study().district
    whatif_saved.from_address(district, lambda plan: st.session_state.update(plan=plan))
    question = Question.by_minutes("market", "adult", 15.0)
    whatif_saved.show(district, st.session_state["plan"], question, "residents")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(part, default_timeout=60)


@pytest.fixture
def store(store_file: Path) -> Store:
    return Store(str(store_file))


def kept(store: Store, name: str, author: str, *edits: dict[str, str]) -> Saved:
    plan = PlanFile.model_validate({"name": name, "edits": edits})
    return scenarios.save(store, memo.as_built(), plan, by=author)


CLOSED = {"edit": "close_facility", "id": "wuzhong-market"}
GONE = {"edit": "close_facility", "id": "no-such-place"}


def test_one_is_kept_opened_changed_and_removed(app: AppTest, store: Store) -> None:
    app.run()
    assert t("saved.none_yet") in text(app)
    app.text_input(key="whatif:author").input("王丽").run()
    app.button(key="whatif-save").click().run()
    assert not failed(app)
    (head,) = scenarios.listed(store, "tianping")
    assert (head.author, head.edits) == ("王丽", 1)
    assert asked(app, "scenario") == str(head.id)
    app.button(key="whatif-change").click().run()
    assert scenarios.get(store, "tianping", head.id).head.version == 2
    app.button(key="whatif-remove").click().run()
    assert not failed(app)
    assert scenarios.listed(store, "tianping") == ()


def test_a_link_opens_somebody_else_s_to_be_read_and_copied(app: AppTest, store: Store) -> None:
    saved = kept(store, "<b>甲</b>案", "李明", CLOSED, GONE)
    app.query_params["scenario"] = str(saved.head.id)
    app.run()
    assert not failed(app)
    assert app.session_state["plan"].edits == saved.plan.edits
    assert t("saved.read_only") in text(app)
    assert "<b>甲" not in html(app)
    assert not [button for button in app.button if button.key in {"whatif-change", "whatif-remove"}]
    app.text_input(key="whatif:author").input("王丽").run()
    app.button(key="whatif-save").click().run()
    assert {head.author for head in scenarios.listed(store, "tianping")} == {"李明", "王丽"}


@pytest.mark.parametrize("number", ["7", "0", "-1", "1e3", "９", "9" * 40, "<script>"])
def test_a_number_that_there_is_not_leaves_what_is_worked_on(app: AppTest, number: str) -> None:
    app.query_params["scenario"] = number
    app.query_params["compare"] = f"{number},8"
    app.run()
    assert not app.exception
    assert app.session_state["plan"].name == "方案"


def test_up_to_four_stand_side_by_side_and_one_that_does_not_fit_says_so(
    app: AppTest, store: Store
) -> None:
    fits, unfit = kept(store, "甲", "李明", CLOSED), kept(store, "乙", "李明", GONE)
    app.query_params["compare"] = f"{fits.head.id},{unfit.head.id}"
    app.run()
    assert not failed(app)
    (table,) = (frame.value for frame in app.dataframe)
    assert list(table) == [t("saved.col_figure"), t("saved.now"), "甲 (李明)", "乙 (李明)"]
    rate = table.iloc[0].tolist()
    assert rate[1] != rate[2]
    assert set(table["乙 (李明)"]) == {t("unit.dash")}
    assert t("saved.unfit", names="乙 (李明)") in text(app)


def test_edits_that_no_longer_fit_are_listed(
    app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = kept(store, "乙", "李明", CLOSED, GONE)
    older = replace(saved.head, base="0" * 64)
    monkeypatch.setattr(scenarios, "_head", lambda _row: older)
    app.query_params["scenario"] = str(saved.head.id)
    app.run()
    assert not failed(app)
    assert t("saved.other_base") in text(app)
    assert "no-such-place" in text(app)
