"""What a resident is told of places: the minutes of the life circle, hours, offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from circle.hours.opening_hours import State
from circle.i18n import in_language
from circle.load.contacts import is_phone, is_website
from circle.measures.lifecircle import life_circle, origin_at
from circle.network.speeds import impedance
from circle.words.nearby import LIMITS, farther, nearby, offers_of, pace, sentence, whom_to_ask
from tests import small

if TYPE_CHECKING:
    from circle.model import District
    from circle.words.nearby import Nearby

FRIDAY = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


def town(**columns: Any) -> District:
    plain = small.district()
    return replace(plain, facilities=plain.facilities.assign(**columns))


def told(district: District, east_m: float = 0.0, profile: str = "adult") -> tuple[Nearby, ...]:
    walk = impedance(district.network, district.profiles[profile])
    row = small.with_places(
        district.demand.iloc[:1].assign(x=small.WEST + east_m, y=small.SOUTH)
    ).iloc[0]
    here = origin_at(district, walk, float(row["lon"]), float(row["lat"]))
    return nearby(district, life_circle(district, walk, here, LIMITS), FRIDAY)


def test_minutes_are_those_of_the_walk() -> None:
    places = told(town())  # 0 m, 900 m, 1,200 m at 1 m/s
    assert [one.id for one in places] == ["m1", "c1", "c2"]
    assert [one.seconds for one in places] == pytest.approx([0.0, 900.0, 1200.0], abs=0.01)
    assert [one.time for one in places] == ["1 分钟", "15 分钟", "20 分钟"]
    assert [one.within(15) for one in places] == [True, True, False]
    assert [one.time for one in told(town(), profile="slow")] == ["1 分钟", "30 分钟", "40 分钟"]


def test_hours_and_offers() -> None:
    places = told(
        town(
            hours=["Mo-Fr 06:00-18:00; PH off", "", "nine to five"],
            services=["vegetables; breakfast", "soup", ""],
            services_zh=["蔬菜；早餐", "", ""],
        )
    )
    market, sure, other = places
    assert market.open.text == "现在开放，到 18:00"
    assert market.week == ("周一至周五 06:00–18:00", "周六、周日 休息", "法定节假日 休息")
    assert market.offers == ("蔬菜", "早餐")
    assert (sure.open.state, sure.week, sure.offers) == (State.UNKNOWN, (), ("soup",))
    assert (other.open.stated, other.offers) == (False, ())
    with in_language("en"):
        assert told(town(services=["vegetables; breakfast", "", ""]))[0].offers == (
            "vegetables", "breakfast",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        ({"services": "a; b", "services_zh": "甲；乙"}, ("甲", "乙"), ("a", "b")),
        ({"services": "甲"}, ("甲",), ("甲",)),
        ({"services": "", "services_zh": " 甲 ； "}, ("甲",), ("甲",)),
        ({"services": float("nan"), "services_zh": None}, (), ()),
        ({}, (), ()),
    ],
)
def test_offers(row: dict[str, object], zh: tuple[str, ...], en: tuple[str, ...]) -> None:
    assert offers_of(row) == zh
    with in_language("en"):
        assert offers_of(row) == en


def test_the_nearest_beyond_of_what_lacks() -> None:
    places = told(town())
    lacking = {kind.id: place.id if place else None for kind, place in farther(town(), places, 10)}
    assert lacking == {"canteen": "c2", "health": None}  # a guessed position stands for none
    assert {kind.id for kind, _ in farther(town(), places, 20)} == {"health"}
    guessed = tuple(place for place in places if place.id != "c2")
    assert dict.fromkeys(p.id for _, p in farther(town(), guessed, 10) if p) == {"c1": None}


def asked(district: District, places: tuple[Nearby, ...]) -> str:
    walk = impedance(district.network, district.profiles["adult"])
    row = small.with_places(
        district.demand.iloc[:1].assign(x=small.WEST + 150.0, y=small.SOUTH)
    ).iloc[0]
    here = origin_at(district, walk, float(row["lon"]), float(row["lat"]))
    return whom_to_ask(district, life_circle(district, walk, here, LIMITS), places)


def committees(*names: str) -> pd.DataFrame:
    """Return committees, the first of them 200 m from the west and each farther by as much."""
    table = pd.DataFrame({"id": names, "kind": "committee", "name": names})
    east = small.WEST + 200.0 * (1 + table.index.to_numpy())
    return small.with_places(table.assign(address="甲路3号", x=east, y=small.SOUTH))


def test_whom_to_ask_for_hours_that_are_not_known() -> None:
    plain = town()
    places = told(plain)
    assert asked(plain, places) == "开放时间未知的，可以问您所在的居委会。"
    near = replace(plain, places=committees("甲居委会", "乙居委会"))
    assert asked(near, places) == "开放时间未知的，可以问名单里离您最近的甲居委会（甲路3号）。"
    unplaced = replace(near, places=committees("甲居委会").assign(address=""))
    assert asked(unplaced, places) == "开放时间未知的，可以问名单里离您最近的甲居委会。"
    centre = replace(near, ask_at=("party_service", "canteen", "committee"))
    assert "乙食堂（甲路9弄2号）" in asked(centre, places)
    with in_language("en"):
        assert "ask at Canteen B" in asked(centre, places)


def test_nobody_is_to_be_asked_where_all_is_known() -> None:
    assert asked(town(), told(town(hours=["24/7"] * 3))) == ""
    assert asked(town(), told(town(phone=["12345", "021-64310000", "+86 21 64310000"]))) == ""
    assert asked(town(), told(town(hours=["24/7", "24/7", ""]))) != ""
    assert asked(town(), ()) == ""


def test_contacts_that_are_none_are_left_out() -> None:
    places = told(
        town(
            phone=["021-64310000 转 8", "<b>12345</b>", float("nan")],
            website=["https://example.org/a?b=1", "javascript:alert(1)", "http://a:b@example.org"],
        )
    )
    assert [(one.phone, one.website) for one in places] == [
        ("021-64310000 转 8", "https://example.org/a?b=1"), ("", ""), ("", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "javascript:alert(1)",
            "//example.org",
            "example.org",
            "ftp://example.org",
            "https://",
        ),
        *("https://example.org/ a", "https://example.org/\n", "https://a@example.org", "http://[x"),
        *('https://example.org/"onclick=', "https://localhost", "https://example.org/" + "a" * 300),
    ],
)
def test_what_is_no_website(text: str) -> None:
    assert not is_website(text)


@pytest.mark.parametrize(
    "text", ["", "12", "call us", "021-64310000; 64310001", "0" * 60, "１２３４５"]
)
def test_what_is_no_telephone(text: str) -> None:
    assert not is_phone(text)


def test_the_answer_in_a_sentence() -> None:
    adult = town().profiles["adult"]
    places = told(town(hours=["Mo-Fr 06:00-18:00", "Sa 06:00-18:00", ""]))
    named = "；最近的菜市场是甲市场，1 分钟；最近的社区食堂是丙食堂，20 分钟。"
    assert sentence(town(), "我家", adult, 15, places) == (
        "从我家出发，按“平常步速”走 15 分钟，能到 2 处地方，其中 1 处位置未核实；"
        "已知现在开放的有 1 处" + named
    )
    assert "其中 1 处位置未核实" + named in sentence(town(), "我家", adult, 15, told(town()))
    far = told(town(), east_m=400.0)
    assert sentence(town(), "我家", adult, 5, far) == (
        "从我家出发，按“平常步速”走 5 分钟，没有已收录的地方"
        "；最近的菜市场是甲市场，7 分钟；最近的社区食堂是丙食堂，13 分钟。"
    )
    guessed = [place for place in places if place.id == "c1"]
    assert "；最近的社区食堂是乙食堂（位置未核实），15 分钟。" in sentence(
        town(), "我家", adult, 15, guessed
    )
    assert sentence(town(), "我家", adult, 5, ()).endswith("没有已收录的地方。")


def test_a_pace_of_another_district_has_its_own_name() -> None:
    slow = town().profiles["slow"]
    assert pace(slow) == "老年人"
    with in_language("en"):
        assert pace(slow) == "Older adult"
