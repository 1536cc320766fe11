"""What if: edits by clicking and by menu, undone, removed, kept as a file; hostile files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from circle.errors import DataError
from circle.i18n import t
from circle.identity import Identity
from circle.scenario.reading import parse_plan
from circle.store import Store, scenarios
from circle.web import memo, whatif_plan
from tests.app.reading import answer, drawn, failed, figures, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]
    Work = whatif_plan.Work

AT = "121.440000,31.205000"


def work_of(app: AppTest) -> Work:
    kept: Work = app.session_state["whatif:work"]
    return kept


def test_a_facility_is_added_undone_taken_again_and_removed(open_page: Opener) -> None:
    app = open_page("whatif", kind="market", point=AT, edit="add_facility")
    assert not failed(app)
    assert answer(app).startswith("还没有改动")
    assert figures(app) == ["0 个百分点", "0", "0", "0"]
    app.text_input(key="whatif:add_facility:reason").input("<b>asked for</b>")
    app.button(key=f"FormSubmitter:whatif-add_facility-{t('whatif.add')}").click().run()
    assert not failed(app)
    (edit,) = work_of(app).plan.edits
    assert (edit.edit, edit.reason) == ("add_facility", "<b>asked for</b>")
    said, won = answer(app), figures(app)
    assert "变为" in said
    assert won[0].startswith("+")
    assert drawn(app)["lettered"]["letter"] in {"1", "+"}
    app.button(key="whatif:undo").click().run()
    assert answer(app).startswith("还没有改动")
    app.button(key="whatif:redo").click().run()
    assert (answer(app), figures(app)) == (said, won)
    app.button(key="edit-0").click().run()
    assert not work_of(app).plan.edits
    assert "asked for" not in text(app)


def test_an_edit_that_does_not_fit_is_told_and_not_taken(open_page: Opener) -> None:
    app = open_page("whatif", kind="market", point="0,0", edit="add_facility")
    app.button(key=f"FormSubmitter:whatif-add_facility-{t('whatif.add')}").click().run()
    assert not failed(app)
    assert len(app.warning) == 1
    assert not work_of(app).plan.edits


def test_edits_that_no_longer_fit_are_listed(open_page: Opener) -> None:
    app = open_page("whatif", kind="market")
    gone = {"name": "旧", "edits": [{"edit": "close_facility", "id": "gone"}]}
    app.session_state["whatif:work"] = whatif_plan.Work(
        parse_plan(json.dumps(gone).encode(), "old.json")
    )
    app.run()
    assert answer(app) == t("whatif.faulty")
    assert "gone" in app.warning[0].value
    app.button(key="edit-0").click().run()
    assert answer(app) != t("whatif.faulty")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[" * 100_000, b'{"name": "a"}', b"null"])
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(DataError):
        parse_plan(content, "a.json")


def test_it_is_for_planners_and_stewards() -> None:
    roles = ("public", "official", "planner", "steward")
    assert [Identity(role).may_open("whatif") for role in roles] == [False, False, True, True]


def test_a_saved_one_is_opened_by_its_link(open_page: Opener, store_file: Path) -> None:
    closed = {"name": "关一处", "edits": [{"edit": "close_facility", "id": "wuzhong-market"}]}
    plan = parse_plan(json.dumps(closed).encode(), "saved.json")
    saved = scenarios.save(Store(str(store_file)), memo.as_built(), plan, by="李明")
    app = open_page("whatif", kind="market", scenario=str(saved.head.id))
    assert not failed(app)
    assert work_of(app).plan.edits == plan.edits
    assert answer(app) != t("whatif.faulty")
    assert "关一处" in text(app)
