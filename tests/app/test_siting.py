"""Siting: a plan and its files, what contradicts, what is worked out on demand, as a scenario."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from circle.i18n import in_language, t
from circle.siting import plan
from circle.siting.plan import Proof
from circle.web import downloads, job_view, memo, siting_jobs
from tests.app.reading import answer, asked, drawn, failed, figures, html, text
from tests.app.working import finished
from tests.conftest import place
from tests.languages import foreign, proper_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from circle.model import District
    from circle.siting.plan import SitePlan
    from circle.siting.task import Task

    Opener = Callable[..., AppTest]

HOSTILE = '<script>alert(1)</script>**x**"'
ODD_ID = "r,3&<b>"
ASKED: dict[str, object] = {"kind": "market", "within": 2, "group": "residents"}
NAMES = (
    "objective", "sites", "share", "candidates", "every", "apart", "floor", "budget", "protected",
    "widened", "seats", "may_close", "must", "must_not", "site", "candidates_shown", "served",
    "uptake", "new_seats", "every_kind", "shows",
)  # fmt: skip


def rooms() -> pd.DataFrame:
    rows = [
        ("r1", "甲室", 200.0, 0.0, 80.0, 20.0, 0),
        ("r2", HOSTILE, 0.0, 300.0, 300.0, 30.0, 1),
        (ODD_ID, "丙室", 300.0, 400.0, float("nan"), float("nan"), 0),
        ("r4", "丁室", 300.0, 390.0, 120.0, 10.0, 0),
    ]
    table = pd.DataFrame(
        rows, columns=["id", "name", "east", "north", "floor_area_m2", "cost", "protected"]
    )
    at = [place(*pair) for pair in zip(table["east"], table["north"], strict=True)]
    lon, lat = zip(*at, strict=True)
    return table.assign(lon=lon, lat=lat, address="横1路1号", capacity="50", owner=HOSTILE)


@pytest.fixture
def town(district: District, monkeypatch: pytest.MonkeyPatch) -> District:
    """Show the tiny district, with a register of four rooms."""
    changed = replace(district, candidate_rooms=rooms())
    monkeypatch.setattr(memo, "as_built", lambda: changed)
    return changed


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """Give what makes each file that a button of the page offers, by the file's name."""
    found: dict[str, Callable[[], bytes]] = {}

    def keep(_: str, make: Callable[[], bytes], file: str, *__: object) -> None:
        found[file] = make

    monkeypatch.setattr(downloads, "button", keep)
    return found


def signs(app: AppTest) -> list[str]:
    return [each["letter"] for each in drawn(app)["spots"]["places"]]


@pytest.mark.usefixtures("town")
def test_a_plan_its_link_and_its_files(
    open_page: Opener, made: dict[str, Callable[[], bytes]]
) -> None:
    app = finished(open_page("siting", **ASKED, sites=2, apart=50, budget=60, must="r1"))
    assert not failed(app)
    assert t("site.proof_optimal") in text(app)
    assert figures(app)[-1] == "0 %"
    assert signs(app) == ["1", "2"]
    assert "1 号（甲室）" in answer(app)
    assert app.number_input(key="param:budget").value == 60
    assert app.multiselect(key="param:must").value == ["r1"]
    told = json.loads(made["选址方案.json"]())
    assert (told["proof"], told["gap"], len(told["open"])) == ("optimal", 0, 2)
    assert told["after"]["cost"] <= 60
    features = json.loads(made["选址方案.geojson"]())["features"]
    assert [each["properties"]["id"] for each in features] == [row["id"] for row in told["open"]]
    edits = json.loads(made["选址方案.scenario.json"]())["edits"]
    assert [edit["edit"] for edit in edits] == ["add_facility"] * 2
    app.number_input(key="param:sites").set_value(1.0).run()
    assert asked(app, "sites") == "1"
    assert signs(finished(app)) == ["1"]


@pytest.mark.usefixtures("town")
def test_what_a_register_says_is_text(open_page: Opener) -> None:
    app = finished(open_page("siting", **ASKED, sites=4, site="r2", must="r%2C3%26%3Cb%3E"))
    assert not failed(app)
    assert HOSTILE in answer(app)
    assert "<script" not in html(app)
    assert all(t(f"siting.col_{name}") in text(app) for name in ("owner", "cost", "protected"))
    assert not any("<script" in each["tip"] for each in drawn(app)["spots"]["places"])
    assert app.multiselect(key="param:must").value == [ODD_ID]
    app.button(key="siting:must_not").click().run()
    assert (asked(app, "must_not"), asked(app, "must")) == ("r2", "r%2C3%26%3Cb%3E")
    app.button(key="siting:must").click().run()
    assert asked(app, "must_not") is None
    assert set(str(asked(app, "must")).split(",")) == {"r2", "r%2C3%26%3Cb%3E"}
    assert not failed(finished(app))


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"must": "r1,r4", "must_not": "r4"}, ("must", "must_not")),
        ({"must": "r1,r2,r4", "sites": 2}, ("must", "count")),
        ({"must": f"{'r%2C3%26%3Cb%3E'},r4", "apart": 100}, ("must", "spacing")),
        ({"must": "r1", "floor": 100}, ("must", "floor_area")),
        ({"must": "r2", "budget": 25}, ("must", "budget")),
    ],
)
def test_what_contradicts_is_a_sentence(
    open_page: Opener, wanted: dict[str, object], said: tuple[str, ...]
) -> None:
    app = open_page("siting", **ASKED, candidates_shown=0, **wanted)
    assert not failed(app)
    assert all(t(f"site.constraint.{name}") in answer(app) for name in said)
    assert "spots" not in drawn(app)
    assert "siting:exact" not in app.session_state


@pytest.mark.usefixtures("town")
def test_an_infeasible_standard_names_who_and_offers_what_can_be_met(open_page: Opener) -> None:
    app = open_page("siting", **ASKED, objective="fewest", must_not="r4,r%2C3%26%3Cb%3E,r2")
    assert not failed(app)
    assert answer(app).startswith("达不到标准")
    assert "路" in text(app).split("任何备选点都够不到的居民")[1][:40]
    app.button(key="siting:ask_share").click().run()
    assert not failed(app)
    share = float(str(asked(app, "share")))
    assert 0 < share < 100
    assert answer(finished(app)).startswith("共需")


@pytest.mark.usefixtures("town")
def test_a_search_is_cancelled_and_gone_on_with(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_: Task, *, start: SitePlan, cancelled: Callable[[], bool], **__: Any) -> SitePlan:
        while not cancelled():
            time.sleep(0.01)
        return replace(start, proof=Proof.STOPPED)

    monkeypatch.setattr(siting_jobs, "exact", endless)
    every = {"kind": "health", "within": 2, "group": "residents", "candidates": "frontage"}
    app = open_page("siting", **every, sites=3, every=60)
    assert not failed(app)
    assert "更好的方案至多再好" in text(app)
    gap = figures(app)[-1]
    assert gap != "0 %"
    app.button(key="siting:exact:stop").click().run()
    finished(app)
    assert "提前停止" in text(app)
    assert figures(app)[-1] == gap
    monkeypatch.setattr(siting_jobs, "exact", plan.exact)
    app.button(key="siting:search_on").click().run()
    assert t("site.proof_optimal") in text(finished(app))


@pytest.mark.usefixtures("town")
def test_a_search_that_ends_while_the_page_is_drawn_is_told(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    peek, asked_for = job_view.peek, list[str]()

    def late(key: str) -> object:
        asked_for.append(key)
        return None if len(asked_for) == 1 else peek(key)

    monkeypatch.setattr(job_view, "peek", late)
    every = {"kind": "health", "within": 2, "group": "residents", "candidates": "frontage"}
    app = open_page("siting", **every, sites=3, every=60)
    assert asked_for
    assert t("site.proof_optimal") in text(app)


@pytest.mark.usefixtures("town")
def test_one_click_makes_a_plan_a_scenario_which_is_undone(open_page: Opener) -> None:
    app = finished(open_page("siting", **ASKED, sites=1, may_close="market-a"))
    app.button(key="siting:open").click().run()
    assert not failed(app)
    assert t("whatif.subtitle") in text(app)
    work = app.session_state["whatif:work"]
    assert [edit.edit for edit in work.plan.edits][-1] == "add_facility"
    assert not answer(app).startswith("还没有改动")
    app.button(key="whatif:undo").click().run()
    assert not app.session_state["whatif:work"].plan.edits


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_that_is_worked_out_on_demand(open_page: Opener, town: District, language: str) -> None:
    app = finished(open_page("siting", **ASKED, sites=2, lang=language))
    with in_language(language):  # AppTest names the options of the run before
        for name in siting_jobs.EXPLAINED:
            app.button(key=f"siting:{name}:ask").click().run()
            finished(app)
            assert not failed(app)
        said = text(app)
        assert t("siting.elbow") in said or t("siting.col_count") in said
        assert all(t(f"site.constraint.{name}") in said for name in ("stay", "count"))
        columns = app.dataframe[0].value.columns
        assert {t("siting.col_without"), t("siting.col_stays")} <= set(columns)
    names = [*proper_names(town), *rooms()["name"], *rooms()["address"]]
    texts = [*said.split("  "), *map(str, columns)]
    assert foreign(texts, language, names) == []


@pytest.mark.usefixtures("town")
def test_if_one_closes_and_seats(open_page: Opener) -> None:
    asked_for = {"every_kind": 1, "served": "plan", "new_seats": 7, "shows": "served"}
    app = open_page("siting", **ASKED, **asked_for, sites=1)
    app.session_state["siting:closing"] = app.session_state["siting:allocation"] = True
    finished(app.run())
    assert not failed(app)
    tables = {tuple(frame.value.columns)[:2]: frame.value for frame in app.dataframe}
    ranked = tables[t("siting.col_rank"), t("siting.col_facility")]
    assert len(set(ranked[t("siting.col_kind")])) > 1
    seats = tables[t("siting.col_facility"), t("siting.col_seats")]
    assert seats[t("siting.col_seats")].tolist() == ["50"]  # as the register states, not as typed
    assert t("legend.served") in {row.get("title") for row in drawn(app)["legend"]["rows"]}
    app.query_params["served"] = "today"
    assert t("error.site_no_capacity") in text(app.run())  # no market states how many it can serve


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("raw", ["<script>alert(1)</script>", "nan", "-1", "1e999", "", "9" * 900])
def test_a_hostile_address_is_the_default(open_page: Opener, raw: str) -> None:
    app = finished(open_page("siting", **ASKED, **dict.fromkeys(NAMES, raw)))
    assert not failed(app)
    assert app.number_input(key="param:sites").value == 2
    assert app.selectbox(key="param:objective").value == "coverage"
    assert "<script" not in html(app)


def test_without_rooms_it_says_how_to_bring_them(
    open_page: Opener, district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memo, "as_built", lambda: district)
    app = finished(open_page("siting", **ASKED, sites=1))
    assert not failed(app)
    assert t("siting.no_rooms") in text(app)
    app.button(key="siting:bring").click().run()
    assert not failed(app)
    assert asked(app, "bring") == "candidate_rooms"
