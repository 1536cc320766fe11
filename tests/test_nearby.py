"""What a resident is told of places: the minutes of the life circle, hours, offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from circle.hours.opening_hours import State
from circle.i18n import in_language
from circle.measures.lifecircle import life_circle, origin_at
from circle.network.speeds import impedance
from circle.words.nearby import LIMITS, farther, nearby, offers_of, pace, sentence
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


def test_the_answer_in_a_sentence() -> None:
    adult = town().profiles["adult"]
    places = told(town(hours=["Mo-Fr 06:00-18:00", "Sa 06:00-18:00", ""]))
    assert sentence("我家", adult, 15, places) == (
        "从我家出发，按“平常步速”走 15 分钟，能到 2 处地方，其中 1 处位置未核实；"
        "已知现在开放的有 1 处。"
    )
    assert sentence("我家", adult, 15, told(town())).endswith("其中 1 处位置未核实。")
    far = told(town(), east_m=400.0)
    assert sentence("我家", adult, 5, far) == (
        "从我家出发，按“平常步速”走 5 分钟，没有已收录的地方。最近的是甲市场，7 分钟。"
    )
    assert sentence("我家", adult, 5, ()).endswith("没有已收录的地方。")


def test_a_pace_of_another_district_has_its_own_name() -> None:
    slow = town().profiles["slow"]
    assert pace(slow) == "老年人"
    with in_language("en"):
        assert pace(slow) == "Older adult"
