"""The Data page: what it says, and confirming a list changes every surface at once."""

from __future__ import annotations

import io
import re
import sqlite3
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from circle.i18n import t
from circle.web.sign_in import LOCAL_ROLE
from tests.app import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

COVERAGE = {"kind": "health", "profile": "adult"}


def button(app: AppTest, label: str) -> None:
    (found,) = [one for one in app.button if one.label == label]
    found.click().run()


def fill(app: AppTest, **texts: str) -> None:
    for label, text in texts.items():
        (found,) = [one for one in app.text_input if one.label == label]
        found.input(text)


def confirm(app: AppTest, by: str = "王晓明", basis: str = "区卫健委名录") -> None:
    fill(app, 确认人=by, 依据=basis)
    button(app, "确认这份名单齐全")


def test_opens_with_its_answer(open_page: Callable[..., AppTest], store_file: Path) -> None:
    app = open_page("data")
    assert reading.failed(app) == []
    assert reading.answer(app) == (
        "9 类名单中 0 类齐全；24 处设施中 5 处位置未核实。居民为推算，不是登记数。"
    )
    assert reading.figures(app)[:2] == ["0 / 9", "5"]
    said = reading.text(app)
    for words in (
        "历史保护建筑：本项目 111 处，公布 113 处",
        "永不拓宽道路：本项目 17 条",
        "居委会",
    ):
        assert words in said
    assert not store_file.exists()


def test_as_many_problems_are_listed_as_are_said(open_page: Callable[..., AppTest]) -> None:
    app = open_page("data")
    listed = re.findall(rf">{t('quality.severity.problem')}</", reading.html(app))
    assert str(len(listed)) == reading.figures(app)[-1] != "0"


def test_in_english(open_page: Callable[..., AppTest]) -> None:
    app = open_page("data", lang="en")
    assert reading.failed(app) == []
    assert reading.answer(app).startswith("0 of 9 lists are complete; 5 of 24 facilities")


def test_a_link_chooses_the_list(open_page: Callable[..., AppTest]) -> None:
    app = open_page("data", register="health")
    assert [one.value for one in app.selectbox if one.label == "名单"] == ["health"]
    hostile = open_page("data", register="<script>")
    assert reading.failed(hostile) == []
    assert [one.value for one in hostile.selectbox if one.label == "名单"] == ["market"]


def test_confirming_and_withdrawing_change_the_coverage_page(
    open_page: Callable[..., AppTest], files: list[bytes]
) -> None:
    before = reading.answer(open_page("coverage", **COVERAGE))
    assert "至少" in before
    app = open_page("data", register="health")
    confirm(app)
    assert reading.failed(app) == []
    assert "已确认" in str(app.success[0].value)
    assert reading.answer(app).startswith("9 类名单中 1 类齐全")
    assert "由王晓明于" in reading.text(app)
    assert all(one.value == "" for one in app.text_input)
    files.clear()
    page = open_page("coverage", **COVERAGE)
    assert "至少" not in reading.answer(page)
    assert "由王晓明于" in reading.text(page)
    assert all("至少" not in file.decode("utf-8-sig") for file in files)
    app = open_page("data", register="health")
    fill(app, 撤回人="李梅")
    button(app, "撤回确认")
    assert reading.failed(app) == []
    assert reading.answer(app).startswith("9 类名单中 0 类齐全")
    assert reading.answer(open_page("coverage", **COVERAGE)) == before


def test_a_list_with_an_unverified_place_stays_a_lower_bound(
    open_page: Callable[..., AppTest],
) -> None:
    app = open_page("data", register="canteen")
    confirm(app)
    assert "1 处位置未核实" in str(app.success[0].value)
    page = open_page("coverage", kind="canteen")
    assert "至少" in reading.answer(page)


@pytest.mark.parametrize(("by", "basis"), [("", "名录"), ("王" * 81, "名录"), ("王晓明", " ")])
def test_what_cannot_be_taken_is_said_and_kept_in_the_form(
    open_page: Callable[..., AppTest], store_file: Path, by: str, basis: str
) -> None:
    app = open_page("data", register="health")
    confirm(app, by, basis)
    assert len(app.error) == 1
    assert [one.value for one in app.text_input if one.label == "确认人"] == [by]
    assert not store_file.exists()


def test_a_name_is_never_run(open_page: Callable[..., AppTest]) -> None:
    app = open_page("data", register="health")
    confirm(app, "<script>alert(1)</script>", "=1+1")
    assert "<script" not in reading.html(app)
    assert "&lt;script&gt;" in reading.html(app)


def test_files_defuse_formulas(open_page: Callable[..., AppTest], files: list[bytes]) -> None:
    app = open_page("data", register="health")
    confirm(app, "=1+1")
    assert any(",'=1+1," in file.decode("utf-8-sig") for file in files)


def test_a_damaged_store_is_said_calmly(
    open_page: Callable[..., AppTest], store_file: Path
) -> None:
    store_file.parent.mkdir()
    store_file.write_text("no database " * 100)
    for page in ("data", "coverage"):
        (error,) = reading.failed(open_page(page))
        assert "已损坏" in error


@pytest.mark.parametrize("page", ["overview", "data", "coverage", "explore", "report"])
def test_a_store_out_of_reach_is_never_nothing_confirmed(
    open_page: Callable[..., AppTest], store_file: Path, page: str
) -> None:
    store_file.mkdir(parents=True)
    app = open_page(page)
    (error,) = reading.failed(app)
    assert "无法打开" in error
    assert "至少" not in reading.text(app)


@pytest.mark.parametrize("page", ["home", "help", "about"])
def test_pages_that_rest_on_no_confirmation_go_on(
    open_page: Callable[..., AppTest], store_file: Path, page: str
) -> None:
    before = reading.text(open_page(page))
    store_file.mkdir(parents=True)
    app = open_page(page)
    assert ["无法打开" in error for error in reading.failed(app)] == [True] * (page == "about")
    assert len(reading.text(app)) > 0.9 * len(before)


@pytest.mark.parametrize("role", ["official", "planner"])
def test_a_role_that_may_only_look(
    app: AppTest, open_page: Callable[..., AppTest], role: str
) -> None:
    app.session_state[LOCAL_ROLE] = role
    open_page("data")
    assert "不能确认名单" in reading.text(app)
    assert not [one for one in app.button if one.label == "确认这份名单齐全"]


def test_every_row_is_named_for_those_who_hear_it(open_page: Callable[..., AppTest]) -> None:
    app = open_page("data")
    labels = [one.label for one in app.button]
    assert "选择菜市场名单" in labels
    (row,) = [one for one in app.button if one.label == "选择社区食堂名单"]
    row.click().run()
    assert reading.asked(app, "register") == "canteen"


def test_a_store_shared_with_another_program(
    open_page: Callable[..., AppTest], store_file: Path
) -> None:
    app = open_page("data", register="health")
    confirm(app)
    with sqlite3.connect(store_file) as raw:
        raw.execute("DELETE FROM confirmation")
    raw.close()
    assert reading.answer(open_page("data")).startswith("9 类名单中 0 类齐全")


def test_no_difference_is_a_negative_count(
    open_page: Callable[..., AppTest], files: list[bytes]
) -> None:
    app = open_page("data")
    assert not re.search(r"[-−]\d+ 人", reading.text(app))
    tables = [pd.read_csv(io.BytesIO(file)) for file in files]
    (apart,) = [table["差"].dropna() for table in tables if "差" in table]
    assert len(apart) > 1
    assert (apart >= 0).all()
