"""Lifts and lanes: what is published, a register of one's own, the made-up one, the public."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from circle.cli import OK, main
from circle.i18n import t
from circle.web.lifts_page import PARTS
from circle.web.sign_in import LOCAL_ROLE
from tests.app.reading import answer, asked, drawn, failed, figures, text
from tests.conftest import place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]


def test_without_a_register_it_tells_what_was_published_and_what_is_missing(
    open_page: Opener,
) -> None:
    app = open_page("lifts")
    assert not failed(app)
    assert figures(app) == ["303", "56", "136", "3", "6"]
    assert t("lifts.no_register") in text(app)
    assert t("lifts.example") not in text(app)
    (projects, numbers) = (frame.value for frame in app.dataframe)
    assert list(projects[t("lifts.column.doorways")]) == ["6", "3"]
    assert "假定" in set(numbers[t("lifts.column.status")])
    assert len(drawn(app)["spots"]["places"]) == 2


@pytest.mark.parametrize("part", PARTS)
def test_the_made_up_register_is_called_so_and_held_against_nothing(
    open_page: Opener, part: str
) -> None:
    app = open_page("lifts", example=1, part=part, kind="market")
    assert not failed(app)
    assert app.warning[0].value == t("lifts.example")
    assert "303" not in text(app)
    assert t("lifts.projects") not in text(app)
    frames = [frame.value for frame in app.dataframe]
    for frame in frames:
        if t("lifts.column.doorway") in frame:
            assert frame[t("lifts.column.doorway")].str.contains("编造").all()
    if part == "map":
        places = drawn(app)["spots"]["places"]
        assert all("编造" in each["label"] for each in places)


def test_what_the_address_says_is_believed_only_where_it_can_be(open_page: Opener) -> None:
    app = open_page(
        "lifts", example=1, part="consent", gates="<b>", w_entry="1e999", by="x", within="-1"
    )
    assert not failed(app)
    app = open_page("lifts", example=1, part="consent", gates="pipes", w_entry="0")
    assert not failed(app)
    assert asked(app, "gates") == "pipes"
    table = app.dataframe[1].value
    assert set(table[t("lifts.feasibility.column.forbids")]) == {"—", t("lifts.blocker.pipes")}


def test_a_service_that_no_list_names_leaves_the_board_and_says_why(
    open_page: Opener, district_dir: Path, show_district: Callable[[Path], None]
) -> None:
    show_district(district_dir)  # its one canteen is at a guessed place
    for part in ("board", "rank"):
        app = open_page("lifts", example=1, kind="canteen", part=part)
        assert not failed(app)
        assert app.info
        assert len(figures(app)) == 2
    assert t("lifts.no_answer") in text(app)


def _bring(folder: Path, tmp_path: Path) -> None:
    lon, lat = place(120.0, 100.0)
    head = "小区,地址,经度,纬度,层数,电梯,各层60岁及以上人数,征询日期"
    rows = [
        f"甲弄,甲路1弄{n}号,{lon},{lat},4,{'无' if n else '运行'},1;1;1;1,2025-03" for n in (0, 1)
    ]
    path = tmp_path / "doorways.csv"
    path.write_text("\n".join([head, *rows]), "utf-8")
    words = ["import", "doorways", str(path), "--datum", "wgs84", "--district", str(folder)]
    assert main(words) == OK


def test_a_register_takes_the_place_of_the_example_and_the_public_sees_totals_alone(
    open_page: Opener,
    district_dir: Path,
    show_district: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _bring(district_dir, tmp_path)
    show_district(district_dir)
    app = open_page("lifts", example=1, kind="market")
    assert not failed(app)
    assert not app.warning
    assert figures(app)[1:3] == ["2", "1"]
    assert list(app.dataframe[1].value[t("lifts.column.doorway")]) == ["甲路1弄0号", "甲路1弄1号"]
    monkeypatch.setattr("circle.web.sign_in.is_local", lambda: True)
    app.session_state[LOCAL_ROLE] = "public"
    app.run()
    assert not failed(app)
    assert answer(app) == t("lifts.published_nothing")
    assert "甲路" not in text(app)
    assert not app.dataframe
    assert t("lifts.totals_note") in text(app)


def test_one_budget_is_worked_out_once_costs_and_their_source_are_stated(
    open_page: Opener,
) -> None:
    app = open_page("lifts", example=1, kind="market")
    ask = app.button(key="lifts-budget:ask")
    assert ask.disabled
    app.number_input(key="lifts-budget:budget").set_value(1_500_000.0)
    app.number_input(key="lifts-budget:cost-lift").set_value(700_000.0).run()
    assert app.button(key="lifts-budget:ask").disabled
    app.text_input(key="lifts-budget:source-lift").input("<b>编造</b>").run()
    app.button(key="lifts-budget:ask").click().run()
    for _ in range(50):
        if t("plan.optimal") in text(app):
            break
        time.sleep(0.1)
        app.run()
    assert t("plan.optimal") in text(app)
    assert not app.exception
