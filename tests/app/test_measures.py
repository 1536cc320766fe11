"""Each measure of the Coverage page: its sentence, its cards, its areas, its points."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from circle.i18n import in_language, sentences, t
from circle.study import Study
from circle.web.coverage_measures import MEASURES
from tests.app.reading import answer, failed, figures, text, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]

CARDS = {
    "walk": ("group_of.residents", "coverage.figure_none_known"),
    "chance": ("measured.figure_sure_low", "measured.figure_possible", "measured.figure_interval"),
    "services": ("measured.figure_without_any_known",),
    "capacity": ("measured.figure_walk_in", "measured.figure_without"),
    "circle": ("details.answer_circle", "measured.figure_wrongly_in"),
    "polygon": ("details.answer_polygon", "measured.figure_wrongly_out"),
}
SAID = {
    "walk": ("走得到", "reach a"),
    "chance": ("有把握", "surely reach"),
    "services": ("最缺", "Most lacked"),
    "capacity": ("每 1,000 人", "for every 1,000"),
    "circle": ("直线画圈会算出", "A straight-line circle would have"),
    "polygon": ("等时圈面会算出", "The drawn isochrone would have"),
}
LEGEND = {
    "walk": "legend.minutes",
    "chance": "legend.chance",
    "services": "legend.services",
    "capacity": "legend.capacity",
    "circle": "legend.comparison",
    "polygon": "legend.comparison",
}


def on_the_map(app: AppTest) -> str:
    return told(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_has_its_sentence_cards_and_areas(
    open_page: Opener, measure: str, lang: str
) -> None:
    app = open_page("coverage", measure=measure, lang=lang, area="jialan")
    assert not failed(app)
    assert not app.info
    said = answer(app)
    assert SAID[measure][lang == "en"] in said
    assert "{" not in text(app)
    assert said.isascii() == (lang == "en")
    assert 3 <= len(figures(app)) <= 4
    words = text(app)
    for key in CARDS[measure]:
        assert t(key, language=lang) in words
    unit = t("capacity_unit.meals_day", language=lang)
    assert t(LEGEND[measure], language=lang, total=4, per="1,000", unit=unit) in on_the_map(app)
    shaded = [element for element in app.get("html") if "--lc-share" in str(element.proto.body)]
    assert len(shaded) == 5  # three areas, the table of services, and the style sheet


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_capacity_whose_unit_nobody_stated(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    ask = Study.capacity
    monkeypatch.setattr(Study, "capacity", lambda *asked: replace(ask(*asked), unit=""))
    app = open_page("coverage", measure="capacity", lang=lang)
    assert not failed(app)
    assert t("capacity_unit.not_stated", language=lang) in answer(app)
    assert not re.search(r"：—|: —|（）|\(\)", text(app))


def test_no_two_measures_say_the_same(open_page: Opener) -> None:
    app = open_page("coverage")
    said, shown = [], []
    for measure in MEASURES:
        app.button_group(key="param:measure").set_value(measure).run()
        said.append(answer(app))
        shown.append(tuple(figures(app)))
    assert len(set(said)) == len(set(shown)) == len(MEASURES)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_measure_without_data_says_so_and_shows_the_walk(open_page: Opener, lang: str) -> None:
    app = open_page("coverage", kind="health", measure="capacity", lang=lang)
    assert not failed(app)
    with in_language(lang):
        assert "capacity" in answer(app)
        (told,) = app.info
        assert told.value == t("measured.map_walks")
        assert t("legend.minutes") in on_the_map(app)
    assert not figures(app)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_standard_in_metres_has_every_measure(open_page: Opener, measure: str) -> None:
    asked = {"kind": "market", "standard": "gb50180-2018/market-500"}
    app = open_page("coverage", measure=measure, **asked)
    assert not failed(app)
    assert answer(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_interval_says_of_what_it_is(open_page: Opener, lang: str) -> None:
    app = open_page("coverage", gap="1", area="jialan", lang=lang)
    assert not failed(app)
    for key in ("sure.interval", "sure.interval_zone"):
        before = sentences(lang)[key].partition("{")[0]
        assert before not in {"90 % 区间 ", "90 % interval "}
        assert before in text(app)
