"""Each page opens with its answer, and lives by its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from circle.i18n import in_language, t
from tests.app.conftest import ROOT
from tests.app.reading import answer, asked, drawn, failed, figures, html, text, told

if TYPE_CHECKING:
    from collections.abc import Callable

    Opener = Callable[..., AppTest]

PAGES = ("explore", "coverage")
NAMES = {
    "explore": (
        "at", "place", "profile", "minutes", "to", "heritage", "unverified", "lang",
        "with", "with_place", "click", "point",
    ),
    "coverage": (
        "kind", "profile", "within", "group", "unverified", "gap", "heritage", "gaps", "lang",
    ),
}  # fmt: skip
WUZHONG = "wuzhong-market"
ELSEWHERE = "121.4351,31.2012"
START = "121.4438,31.2078"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "nul": "\x00",
    "nul inside": "adult\x00",
    "control": "\x1b[31m\r\nSet-Cookie: a=b",
    "empty": "",
    "blank": " \t ",
    "long": "9" * 10_000,
    "long words": "market," * 1_500,
    "not a number": "nan",
    "pair of none": "nan,nan",
    "infinite": "inf,-inf",
    "too large": "1e999",
    "too large pair": "1e308,1e308",
    "negative": "-15",
    "hexadecimal": "0x0f",
    "markdown": "**x** [a](javascript:alert(1)) $x$ :red[x] `x`",
    "template": "{{7*7}}{% raw %}{0.__class__}%s%n",
    "path": "../../../../etc/passwd",
    "sql": "'; DROP TABLE residents; --",
    "han": "社区食堂",
    "emoji": "🚶‍♀️",
    "right to left": "\u202egnp.exe",
    "lone surrogate encoded": "\ud7ff\ufffd",
    "commas": ",,,,,,,",
    "many numbers": ",".join(["7"] * 200),
    "twice": ["<b>", "zz"],
    "a hundred times": ["zz"] * 100,
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_its_answer(open_page: Opener, page: str, lang: str) -> None:
    app = open_page(page, lang=lang)
    assert not failed(app)
    assert not app.warning
    assert t(f"{page}.subtitle", language=lang) in text(app)
    assert "15" in answer(app)
    assert len(figures(app)) >= 3
    assert "facilities" in drawn(app)
    assert limits_of(app) == ["5", "10", "15"] or len(app.dataframe[0].value) > 1


def test_the_first_screen_is_explore_in_chinese(app: AppTest) -> None:
    app.run()
    assert answer(app).startswith("从66梧桐院")
    assert "15 分钟" in answer(app)
    assert not app.query_params


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_mixes_the_languages(open_page: Opener, page: str) -> None:
    assert answer(open_page(page, lang="en")).isascii()
    with in_language("en"):  # AppTest names the options of the run before
        chinese = answer(open_page(page, lang="zh"))
    assert not any("a" <= letter <= "z" for letter in chinese)


@pytest.mark.parametrize("page", PAGES)
def test_the_language_toggle_turns_the_page_and_stays_in_the_link(
    open_page: Opener, page: str
) -> None:
    app = open_page(page)
    app.button_group(key="shell:language").set_value("en").run()
    assert asked(app, "lang") == "en"
    assert t(f"{page}.subtitle", language="en") in text(app)
    with in_language("en"):  # AppTest names the options of the run before
        app.button_group(key="shell:language").set_value("zh").run()
    assert asked(app, "lang") in {None, "zh"}
    assert t(f"{page}.subtitle", language="zh") in text(app)


# ---- controls ----


def limits_of(app: AppTest) -> list[str]:
    """Return the limits that Explore's table has a column of."""
    heads = re.search(r"<thead><tr>(.*?)</tr>", html(app))
    return re.findall(r'<th scope="col">(.*?)</th>', heads[1])[1:] if heads else []


def test_explore_another_walker_reaches_less(open_page: Opener) -> None:
    app = open_page("explore")
    before = figures(app)
    app.selectbox(key="param:profile").select("older_adult").run()
    assert asked(app, "profile") == "older_adult"
    assert figures(app) != before
    assert len(limits_of(app)) == 3


def test_explore_other_limits_are_typed(open_page: Opener) -> None:
    app = open_page("explore")
    app.text_input(key="explore:limits").input("20，6").run()
    assert not app.warning
    assert asked(app, "minutes") == "6,20"
    assert "20 分钟" in answer(app)
    assert limits_of(app) == ["6", "20"]


@pytest.mark.parametrize("typed", ["abc", "0", "61", "nan", "", "1,2,3,4,5,6,7", "5;10"])
def test_explore_limits_that_cannot_be_used_are_told(open_page: Opener, typed: str) -> None:
    app = open_page("explore")
    before = answer(app)
    app.text_input(key="explore:limits").input(typed).run()
    assert len(app.warning) == 1
    assert answer(app) == before
    assert asked(app, "minutes") is None


def test_explore_limits_that_read_the_same_are_one(open_page: Opener) -> None:
    app = open_page("explore", minutes="5,5.0000001")
    assert limits_of(app) == ["5"]


@pytest.mark.parametrize("name", ["heritage", "unverified"])
def test_explore_a_layer_is_switched_off(open_page: Opener, name: str) -> None:
    app = open_page("explore")
    before = told(app)
    app.toggle(key=f"param:{name}").set_value(False).run()
    assert asked(app, name) == "0"
    assert len(told(app)) < len(before)


@pytest.mark.parametrize("query", ["衡山路", "hsl", "hengshan"])
def test_explore_a_place_that_is_found_becomes_the_start(open_page: Opener, query: str) -> None:
    app = open_page("explore")
    before = answer(app)
    app.text_input(key="search:explore").input(query).run()
    first = app.button(key="search:explore:0")
    assert "衡山路" in first.label
    first.click().run()
    assert asked(app, "at")
    assert answer(app) != before
    assert not failed(app)


def test_explore_a_link_keeps_the_name_of_a_place(open_page: Opener) -> None:
    app = open_page("explore")
    app.text_input(key="search:explore").input("永佳路500号").run()  # sounds like 永嘉路
    app.button(key="search:explore:0").click().run()
    at, place = asked(app, "at"), asked(app, "place")
    assert place
    assert app.text_input(key="search:explore").value == place
    assert answer(open_page("explore", at=at, place=place)).startswith(f"从{place}步行")
    assert place not in answer(open_page("explore", at=ELSEWHERE, place=place))


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_explore_a_name_that_no_place_has_there_is_not_believed(
    open_page: Opener, name: object
) -> None:
    app = open_page("explore", at=ELSEWHERE, place=name)
    assert not failed(app)
    assert answer(app).startswith("从地图上的点")
    assert not app.text_input(key="search:explore").value


@pytest.mark.parametrize(("query", "said"), [("南京西路1号", "outside"), ("横山路", "alike")])
def test_explore_says_what_is_not_here_or_only_sounds_so(
    open_page: Opener, query: str, said: str
) -> None:
    app = open_page("explore")
    app.text_input(key="search:explore").input(query).run()
    assert t(f"search.{said}", query=query, district="天平街道") in text(app)
    assert (t("search.not_here", district="天平街道") in app.button[0].label) == (said == "outside")


@pytest.mark.parametrize("query", ["zzqq", "<script>alert(1)</script>", "**x**", "\x00", "' or 1"])
def test_explore_a_place_that_is_not_found_is_told(open_page: Opener, query: str) -> None:
    app = open_page("explore")
    app.text_input(key="search:explore").input(query).run()
    assert not failed(app)
    assert asked(app, "at") is None
    assert t("search.none", query="", district="天平街道").split("”")[1] in text(app)
    assert "<script" not in html(app)


def test_explore_a_row_shows_its_walk_and_hides_it_again(open_page: Opener) -> None:
    app = open_page("explore")
    assert "path" not in drawn(app)
    app.button(key=f"walk-{WUZHONG}").click().run()
    assert asked(app, "to") == WUZHONG
    assert "path" in drawn(app)
    app.button(key=f"walk-{WUZHONG}").click().run()
    assert asked(app, "to") is None
    assert "path" not in drawn(app)


def test_coverage_every_control_changes_the_answer_and_the_link(open_page: Opener) -> None:
    app = open_page("coverage")
    said = [answer(app)]

    def changed(name: str, value: str) -> None:
        assert not failed(app)
        assert asked(app, name) == value
        assert answer(app) not in said
        said.append(answer(app))

    app.selectbox(key="param:kind").select("market").run()
    changed("kind", "market")
    app.number_input(key="param:within").set_value(10.0).run()
    changed("within", "10")
    app.selectbox(key="param:profile").select("adult").run()
    changed("profile", "adult")
    app.selectbox(key="param:group").select("age_0_14").run()
    changed("group", "age_0_14")
    app.selectbox(key="param:kind").select("party_service").run()
    changed("kind", "party_service")
    app.button_group(key="param:unverified").set_value(True).run()
    changed("unverified", "1")


def test_coverage_both_ways_of_counting_stand_side_by_side(open_page: Opener) -> None:
    sure, both = open_page("coverage"), t("coverage.both_all", n=2)
    figure = figures(sure)[0]
    assert t("coverage.both_verified", n=1) in text(sure)
    assert both in text(sure)
    sure.button_group(key="param:unverified").set_value(True).run()
    assert both in text(sure)
    assert figure in text(sure)
    assert figures(sure)[0] != figure


def test_coverage_an_incomplete_list_fails_no_target(open_page: Opener) -> None:
    words = text(open_page("coverage", kind="canteen"))
    assert re.search(r"最弱片区 ≥ \d", words)
    assert "未达标" not in words
    assert "取决于名单是否齐全" in words


def test_coverage_a_zone_is_marked_and_unmarked(open_page: Opener) -> None:
    app = open_page("coverage")
    assert not drawn(app)["gaps"]["selected"]
    app.button(key="mark-2").click().run()
    assert asked(app, "gap") == "2"
    assert drawn(app)["gaps"]["selected"]
    app.button(key="mark-2").click().run()
    assert asked(app, "gap") is None


def test_coverage_layers_are_switched(open_page: Opener) -> None:
    app = open_page("coverage")
    assert "gaps" in drawn(app)
    app.toggle(key="param:gaps").set_value(False).run()
    app.toggle(key="param:heritage").set_value(False).run()
    assert (asked(app, "gaps"), asked(app, "heritage")) == ("0", "0")
    assert "gaps" not in drawn(app)
    assert "heritage" not in drawn(app)


@pytest.mark.parametrize("page", ["explore", "coverage"])
def test_historic_buildings_are_on_unless_switched_off(open_page: Opener, page: str) -> None:
    app = open_page(page)
    assert app.toggle(key="param:heritage").value is True
    assert "heritage" in drawn(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_historic_buildings_have_one_name_on_every_page(
    open_page: Opener, page: str, lang: str
) -> None:
    name = t("common.heritage", language=lang)
    app = open_page(page, lang=lang, heritage="1")
    assert app.toggle(key="param:heritage").label == name
    assert name in told(app)


def test_a_figure_and_its_unit_stay_on_a_line(open_page: Opener) -> None:
    app = open_page("coverage", measure="chance")
    said = "".join(str(element.proto.body) for element in app.get("html"))
    assert '<span class="lc-unbroken">' in said
    loose = re.sub(r'<span class="lc-unbroken">.*?</span>|<b>.*?</b>|<style.*?</style>', "", said)
    notes = "".join(re.findall(r'<(?:dt|p|span class="lc-sub")>(.*?)</', loose))
    assert not re.search(r"\d (?:分钟|米|人|%)", notes)


# ---- links ----


def test_explore_a_link_restores_the_view(open_page: Opener) -> None:
    app = open_page(
        "explore", at=ELSEWHERE, profile="older_adult", minutes="5,15", to=WUZHONG, lang="en"
    )
    assert not failed(app)
    assert app.selectbox(key="param:profile").value == "older_adult"
    assert app.text_input(key="explore:limits").value == "5,15"
    assert limits_of(app) == ["5", "15"]
    assert "path" in drawn(app)
    assert drawn(app)["origin"]["at"] == [121.4351, 31.2012]
    assert answer(app).isascii()
    for name in ("at", "profile", "minutes", "to", "lang"):
        assert asked(app, name)


def test_coverage_a_link_restores_the_view(open_page: Opener) -> None:
    app = open_page(
        "coverage", kind="market", profile="wheelchair", within="12.5", group="residents",
        unverified="1", gap="1", gaps="1", heritage="1", lang="en",
    )  # fmt: skip
    assert not failed(app)
    assert app.selectbox(key="param:kind").value == "market"
    assert app.selectbox(key="param:profile").value == "wheelchair"
    assert app.selectbox(key="param:group").value == "residents"
    assert app.number_input(key="param:within").value == 12.5
    assert app.toggle(key="param:heritage").value is True
    assert "12.5 minutes" in answer(app)
    assert drawn(app)["gaps"]["selected"]


def test_a_page_opened_from_another_keeps_what_was_chosen_and_nothing_else(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/coverage.py").run()
    assert app.selectbox(key="param:profile").value == "older_adult"
    assert app.button_group(key="param:unverified").value is False
    assert not app.query_params
    app.selectbox(key="param:profile").select("wheelchair").run()
    app.query_params.clear()
    app.switch_page("pages/explore.py").run()
    assert app.selectbox(key="param:profile").value == "wheelchair"
    assert asked(app, "profile") == "wheelchair"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opened_before_all_else_runs_the_entry_first(open_page: Opener, page: str) -> None:
    open_page(page)
    assert PagesManager.uses_pages_directory is False


@pytest.mark.parametrize("page", PAGES)
def test_a_page_run_alone_has_its_answer(page: str) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert not failed(app)
    assert "15 minutes" in answer(app)


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("page", PAGES)
def test_a_hostile_address_is_the_default(open_page: Opener, page: str, raw: object) -> None:
    app = open_page(page, **dict.fromkeys(NAMES[page], raw))
    assert not failed(app)
    assert not app.warning
    assert app.button_group(key="shell:language").value == "zh"
    assert app.selectbox(key="param:profile").value == (
        "adult" if page == "explore" else "older_adult"
    )
    assert "15 分钟" in answer(app)
    assert "path" not in drawn(app)
    assert "<script" not in told(app)


@pytest.mark.parametrize("page", PAGES)
def test_names_that_no_page_knows_are_left_alone(open_page: Opener, page: str) -> None:
    strange = {"__class__": "x", "a b": "\x00", "数": "1", "st.session_state": "x", "param:to": "x"}
    app = open_page(page, **strange)
    assert not failed(app)
    assert not app.warning


@pytest.mark.parametrize(("minutes", "read"), [("5,10,15", "11 分钟"), ("5,11,15", "10 分钟")])
def test_explore_a_walk_takes_one_time(open_page: Opener, minutes: str, read: str) -> None:
    app = open_page("explore", at="121.439159,31.207645", to=WUZHONG, minutes=minutes)
    map_ = drawn(app)
    assert f"乌中市集，{read}" in answer(app)
    assert f"到乌中市集：{read}" in text(app)
    assert read in re.findall("乌中市集.*?lc-minutes[^>]*>(.*?)<", html(app))
    assert map_["path"]["text"] == read
    facilities = map_["facilities"]
    (place,) = (i for i, row in enumerate(facilities["places"]) if row["id"] == WUZHONG)
    assert facilities["times"][place] == read


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_explore_two_places_stand_side_by_side(open_page: Opener, lang: str) -> None:
    app = open_page("explore", lang=lang)
    with in_language(lang):  # AppTest names the options of the run before
        app.button(key="compare").click().run()
    assert asked(app, "with") is not None
    assert t("compare.title", language=lang) in text(app)
    assert html(app).count("lc-table") == 1  # there is no second place yet
    with in_language(lang):
        alone = [figures(open_page("explore", at=at, lang=lang))[0] for at in (START, ELSEWHERE)]
        both = open_page("explore", at=ELSEWHERE, lang=lang, **{"with": START})
    assert not failed(both)
    rows = [re.findall("<t[hd][^>]*>(.*?)</t[hd]>", row) for row in html(both).split("<tr>")]
    assert [t("explore.figure_residents", minutes="15", language=lang), *alone] in rows
    assert "lettered" in drawn(both)
    assert "outlines" in drawn(both)
    with in_language(lang):
        both.button(key="compare").click().run()
    assert asked(both, "with") is None


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("121.4440,31.2080", ["5 分钟以内"]),
        ("121.426588,31.214051", ["30 分钟；", "比 15 分钟多 15 分钟", "太远"]),
        ("121.4351,31.2012", ["比 15 分钟多", "街道绕行"]),
    ],
)
def test_explore_says_how_far_a_point_is_and_why(
    open_page: Opener, point: str, said: list[str]
) -> None:
    app = open_page("explore", click="ask", point=point)
    assert all(words in text(app) for words in said)
    assert "path" in drawn(app)
    assert "lettered" not in drawn(open_page("explore", click="start"))


def test_explore_a_point_off_the_streets_is_told_below_the_answer(open_page: Opener) -> None:
    app = open_page("explore", click="ask", point="121.6,31.2", **{"with": "0,0"})
    assert not failed(app)
    assert not app.warning
    assert t("point.title") in text(app)
    assert "path" not in drawn(app)


@pytest.mark.parametrize("gap", ["0", "999", "9" * 300])
def test_coverage_a_zone_that_is_not_there_marks_nothing(open_page: Opener, gap: str) -> None:
    app = open_page("coverage", gap=gap)
    assert not failed(app)
    assert gap not in {zone["id"] for zone in drawn(app)["gaps"]["gaps"]}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("at", ["0,0", "121.6,31.2", "180,90", "31.2078,121.4438"])
def test_a_point_off_the_streets_is_told_and_the_map_stays(
    open_page: Opener, at: str, lang: str
) -> None:
    app = open_page("explore", at=at, lang=lang)
    assert not failed(app)
    if at.startswith("31"):  # no latitude is 121: not a point at all
        assert not app.warning
        assert answer(app)
        return
    (warning,) = app.warning
    assert warning.value
    assert warning.value.isascii() == (lang == "en")
    assert set(drawn(app)) == {"ground", "legend"}
