"""From my home: the same minutes as Explore, hours, the way in words, and calm answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from circle.i18n import t
from circle.load import build
from tests.app.reading import answer, asked, drawn, failed, html, text
from tests.app.test_pages import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]

WUZHONG = "wuzhong-market"
ELSEWHERE = "121.4351,31.2012"
FRIDAY = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
_CARD = re.compile(
    r'<h3 class="hm-name"><img[^>]*><span>(.*?)</span><span class="hm-minutes">(.*?)</span></h3>'
)
_ROW = re.compile(
    r'<span class="lc-name">(.*?)</span>.*?<span class="lc-minutes[^"]*">(.*?)</span>', re.DOTALL
)


def cards(app: AppTest) -> dict[str, str]:
    return {unescape(name): unescape(time) for name, time in _CARD.findall(html(app))}


def steps(app: AppTest) -> list[str]:
    lists = re.findall(r'<ol class="hm-steps">(.*?)</ol>', html(app))
    return [unescape(line) for one in lists for line in re.findall("<li>(.*?)</li>", one)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_opens_with_its_answer(open_page: Opener, lang: str) -> None:
    app = open_page("home", lang=lang)
    assert not failed(app)
    assert not app.warning
    assert "15" in answer(app)
    assert len(cards(app)) == 6  # five within a quarter of an hour, and the health centre beyond
    assert t("home.example", language=lang) in text(app)
    assert t("hours.not_stated", language=lang) in text(app)
    assert "bands" in drawn(app)
    assert answer(app).isascii() == (lang == "en")


@pytest.mark.parametrize("profile", ["adult", "older_adult", "wheelchair"])
@pytest.mark.parametrize("at", ["121.4438,31.2078", ELSEWHERE, "121.4534,31.2145"])
def test_the_same_minutes_as_explore(open_page: Opener, at: str, profile: str) -> None:
    home = cards(open_page("home", at=at, profile=profile))
    explore = dict(_ROW.findall(html(open_page("explore", at=at, profile=profile))))
    both = home.keys() & {unescape(name) for name in explore}
    assert len(both) >= 3
    assert {name: home[name] for name in both} == {name: explore[name] for name in both}


def test_fewer_minutes_list_fewer_places_and_name_the_nearest_beyond(open_page: Opener) -> None:
    app = open_page("home")
    app.button_group(key="param:within").set_value("5").run()
    assert asked(app, "within") == "5"
    assert "5 分钟" in answer(app)
    assert t("home.farther", minutes="5") in text(app)
    assert cards(app)["乌中市集"] == "12 分钟"
    assert "天平街道社区事务受理服务中心" not in cards(app)  # no service, and six minutes away


def test_nothing_inside_names_the_nearest(open_page: Opener) -> None:
    app = open_page("home", at="121.4406,31.2030", within="5", profile="wheelchair")
    assert not failed(app)
    assert "没有已收录的地方；最近的菜市场是广元菜市场，17 分钟；最近的社区食堂是" in answer(app)
    assert cards(app)


def test_a_slower_pace_takes_longer(open_page: Opener) -> None:
    app = open_page("home")
    before = cards(app)
    app.button_group(key="param:profile").set_value("wheelchair").run()
    after = cards(app)
    assert asked(app, "profile") == "wheelchair"
    both = before.keys() & after.keys()
    assert all(int(after[name].split()[0]) >= int(before[name].split()[0]) for name in both)
    assert "避开台阶" in text(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_way_is_told_and_drawn(open_page: Opener, lang: str) -> None:
    app = open_page("home", to=WUZHONG, lang=lang)
    assert not failed(app)
    told = steps(app)
    assert len(told) == 4
    assert "乌鲁木齐南路" in told[1]
    assert "460" in told[1]
    assert "path" in drawn(app)
    assert html(app).count('class="hm-steps"') == 1


def test_a_place_that_is_picked_on_the_map_and_in_no_list_has_its_way(open_page: Opener) -> None:
    app = open_page("home", to="chaling-market")
    assert not failed(app)
    assert t("home.picked") in text(app)
    assert "茶陵菜市场" in cards(app)
    assert steps(app)


# ---- hours that are not known ----


def test_hours_that_are_not_known_name_whom_to_ask(open_page: Opener) -> None:
    app = open_page("home")
    assert "可以问名单里离您最近的" in text(app)
    assert "居委会（" in text(app)


@pytest.mark.parametrize("page", ["home", "overview"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_for_everyone_name_no_file(open_page: Opener, page: str, lang: str) -> None:
    app = open_page(page, lang=lang)
    said = text(app) + re.sub(r"<[^>]*>", " ", html(app))
    assert re.findall(r"\w+\.(?:csv|toml|geojson|py)\b", said) == []


def test_contacts_are_shown_as_links(
    open_page: Opener, show_district: Callable[[Path], None], facts_dir: Path, tmp_path: Path
) -> None:
    (facts_dir / "about.toml").write_text(
        'ask_at = ["party_service"]\n'
        + "".join(
            f'[facilities.{name}]\nphone = "021-6431 0000 转 8"\nwebsite = "https://example.org/?a=1&b=2"\n'
            for name in pd.read_csv(facts_dir / "facilities.csv")["id"]
        ),
        encoding="utf-8",
    )
    build(facts_dir, tmp_path / "out")
    show_district(tmp_path / "out")
    app = open_page("home")
    assert not failed(app)
    assert '<a href="tel:02164310000">电话 021-6431 0000 转 8</a>' in html(app)
    assert '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener' in html(app)
    assert "可以问" not in text(app)


def test_the_map_shows_the_ground_of_the_chosen_minutes(open_page: Opener) -> None:
    def height(app: AppTest) -> float:
        (south, _), (north, _) = drawn(app)["bands"]["corners"]
        return float(north - south)

    assert height(open_page("home", within="5")) < 0.6 * height(open_page("home", within="15"))


# ---- the address ----


def search(app: AppTest, query: str) -> AppTest:
    app.text_input(key="address").input(query)
    (find,) = [one for one in app.button if one.label == t("home.search")]
    return find.click().run()


def test_an_address_that_is_listed_becomes_the_home(open_page: Opener) -> None:
    app = search(open_page("home"), "余庆路21号")
    assert not failed(app)
    app.button(key="address:0").click().run()
    assert asked(app, "at") == "121.434300,31.204900"
    assert answer(app).startswith("从天平街道办事处出发")
    assert not [one for one in app.button if one.key == "address:0"]


def test_an_address_that_is_not_listed_gives_the_nearest_numbers(open_page: Opener) -> None:
    app = search(open_page("home"), "某市天平街道衡山路 200 号 3 室")
    assert not failed(app)
    labels = [one.label for one in app.button if str(one.key).startswith("address:")]
    assert labels[0].startswith("衡山路288号")
    assert labels[-2].startswith("衡山路")
    assert t("search.middle") in labels[-2]
    assert "200" in text(app)
    app.button(key="address:0").click().run()
    assert answer(app).startswith("从衡山路288号出发")


@pytest.mark.parametrize(
    "query", ["火星路3号", "<script>alert(1)</script>", "**x** $x$", "\x00", "' or 1", "=1+1", " "]
)
def test_an_address_that_is_not_found_is_told_calmly(open_page: Opener, query: str) -> None:
    app = search(open_page("home"), query)
    assert not failed(app)
    assert asked(app, "at") is None
    assert "<script" not in html(app)
    if query.strip():
        assert t("search.none", query=query, district="天平街道").split("”")[1] in text(app)
    assert answer(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("at", ["0,0", "121.6,31.2", "180,90"])
def test_a_point_off_the_streets_is_told_and_there_is_a_way_back(
    open_page: Opener, at: str, lang: str
) -> None:
    app = open_page("home", at=at, lang=lang)
    assert not failed(app)
    assert len(app.warning) == 1
    assert set(drawn(app)) == {"ground", "legend"}
    (back,) = [one for one in app.button if one.label.startswith(("回到", "Back"))]
    back.click().run()
    assert asked(app, "at") is None
    assert answer(app)


def test_a_shared_link_names_the_street_and_not_the_person(open_page: Opener) -> None:
    app = open_page("home", at=ELSEWHERE)
    assert answer(app).startswith("从广元路上的一点出发")


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_address_is_the_default(open_page: Opener, raw: object) -> None:
    app = open_page("home", **dict.fromkeys(("at", "profile", "within", "to", "lang"), raw))
    assert not failed(app)
    assert not app.warning
    assert app.button_group(key="param:profile").value == "older_adult"
    assert "15 分钟" in answer(app)
    assert "path" not in drawn(app)
    assert "<script" not in html(app)


# ---- hours, offers, texts of the data ----


def town(facts_dir: Path, folder: Path, **columns: object) -> Path:
    table = pd.read_csv(facts_dir / "facilities.csv", dtype=str, keep_default_na=False)
    table.assign(**columns).to_csv(facts_dir / "facilities.csv", index=False)  # type: ignore[arg-type]
    build(facts_dir, folder)
    return folder


def test_hours_say_whether_it_is_open_now(
    open_page: Opener,
    show_district: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    facts_dir: Path,
    tmp_path: Path,
) -> None:
    hours = ["Mo-Fr 06:00-18:00; PH off", "", "Sa-Su 08:00-12:00", "24/7"]
    show_district(town(facts_dir, tmp_path / "out", hours=hours))
    monkeypatch.setattr("circle.web.home_page.now", lambda: FRIDAY)
    app = open_page("home")
    assert not failed(app)
    said = text(app)
    assert "现在开放，到 18:00" in said
    assert "周一至周五 06:00–18:00" in said
    assert "现在休息，明天 08:00 开放" in said
    assert "开放时间未知" in said
    assert "已知现在开放的有 2 处" in answer(app)
    assert 'class="hm-hours hm-open"' in html(app)


def test_texts_of_the_data_are_never_run(
    open_page: Opener, show_district: Callable[[Path], None], facts_dir: Path, tmp_path: Path
) -> None:
    bad = '<img src=x onerror=alert(1)>"><script>alert(1)</script>**[x](javascript:1)**'
    same: Any = dict.fromkeys(("name", "name_en", "address", "services", "services_zh"), bad)
    ids = ["a b", "-\x27\x22", "<i>", "../é"]
    show_district(town(facts_dir, tmp_path / "out", id=ids, **same))
    app = open_page("home", to=ids[2])
    assert not failed(app)
    assert "<script" not in html(app)
    assert "<img src=x" not in html(app)
    assert "&lt;script&gt;" in html(app)
    assert 'id="place--3c-i-3e-"' in html(app)
    labels = [one.label for one in app.expander]
    assert len(labels) > 4
    assert not any("[x](" in label for label in labels)


def test_a_kind_without_places_is_said(
    open_page: Opener, show_district: Callable[[Path], None], district_dir: Path
) -> None:
    show_district(district_dir)
    app = open_page("home")
    assert not failed(app)
    assert "名单里没有走得到的党群服务中心" in text(app)


# ---- the sheet ----


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheet_is_made_when_it_is_asked_for(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    offered: list[Any] = []
    monkeypatch.setattr(
        "circle.web.home_sheet.st.download_button", lambda *a, **more: offered.append((a, more))
    )
    app = open_page("home", to=WUZHONG, lang=lang)
    assert not failed(app)
    own = [(a, more) for a, more in offered if more.get("mime") == "application/pdf"]
    ((label, make), more) = own[-1]
    assert label == t("sheet.offer", language=lang)
    assert more["file_name"] == f"{t('sheet.file', language=lang)}.pdf"
    assert make().startswith(b"%PDF-")


def test_without_a_font_the_page_says_so_and_goes_on(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "fonts").mkdir()
    monkeypatch.setenv("CIRCLE_FONTS", str(tmp_path / "fonts"))
    app = open_page("home")
    assert not failed(app)
    assert [one.value for one in app.info] == [t("sheet.no_font")]
    assert cards(app)


def test_a_floor_without_a_lift_makes_every_walk_longer(open_page: Opener) -> None:
    app = open_page("home")
    street = cards(app)
    assert "时间已含下楼" not in text(app)
    app = open_page("home", floor="6", lift="level")
    assert not failed(app)
    assert "（6 楼，有电梯）" in answer(app)
    with_lift = cards(app)
    app = open_page("home", floor="6", lift="none")
    assert not failed(app)
    assert "（6 楼）" in answer(app)
    assert t("home.floor_note", out="1 分钟", home="2 分钟") in text(app)  # 80 s and 119 s
    upstairs = cards(app)
    for name in street:
        times = [int(re.sub(r"\D", "", shown[name])) for shown in (street, with_lift, upstairs)]
        assert times == sorted(times)
    assert sum(upstairs[name] != street[name] for name in street) >= 4


def test_wheels_are_told_that_there_is_no_way_down(open_page: Opener) -> None:
    app = open_page("home", floor="3", profile="wheelchair", lift="split")
    assert not failed(app)
    assert app.warning[0].value.startswith("按“轮椅”计")
    shown = cards(app)
    assert shown == cards(open_page("home", profile="wheelchair"))
    app = open_page("home", floor="3", profile="wheelchair", lift="level")
    assert not app.warning


@pytest.mark.parametrize("value", ["0", "61", "-1", "<b>", "1e3", "６", "3.0"])
def test_a_floor_that_is_none_is_not_asked(open_page: Opener, value: str) -> None:
    app = open_page("home", floor=value, lift=value)
    assert not failed(app)
    assert "楼）" not in answer(app)
