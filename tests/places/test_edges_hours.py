"""Opening hours in words at their edges: runs of days, midnight, a week ahead, holidays."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from circle.hours.holidays import calendar_of
from circle.hours.opening_hours import LONGEST, Open, open_at, valid, week
from circle.i18n import in_language

ZONE = "Asia/Shanghai"
FRIDAY = (2026, 11, 20)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo(ZONE))  # type: ignore[misc,arg-type]


def week_of(hours: str) -> list[str]:
    return week(hours, at(*FRIDAY, 12), ZONE)


def now(hours: str, *when: int) -> Open:
    return open_at(hours, at(*when), ZONE)


def is_read(hours: str) -> bool:
    return valid(hours)


def is_off(*day: int) -> bool:
    calendar = calendar_of(ZONE)
    assert calendar is not None
    return calendar.is_off(date(*day))


# ---- runs of days ----


@pytest.mark.parametrize(
    ("days", "words", "others"),
    [
        ("Mo", "周一", "周二至周日"),
        ("Mo-Tu", "周一、周二", "周三至周日"),
        ("Mo-We", "周一至周三", "周四至周日"),
        ("Mo-Th", "周一至周四", "周五至周日"),  # three at the end of the week
        ("Mo-Fr", "周一至周五", "周六、周日"),
        ("Tu-Th,Sa-Su", "周二至周四、周六、周日", "周一、周五"),
        ("Mo,We,Fr-Su", "周一、周三、周五至周日", "周二、周四"),
        ("Sa-Mo", "周一、周六、周日", "周二至周五"),  # a week begins on Monday: no run across it
    ],
)
def test_three_days_in_a_row_are_a_range_and_two_are_none(
    days: str, words: str, others: str
) -> None:
    lines = {f"{words} 09:00–17:00", f"{others} 休息"}
    assert set(week_of(f"{days} 09:00-17:00")) == lines


def test_three_days_and_two_in_english() -> None:
    with in_language("en"):
        assert week_of("Mo-We 09:00-17:00; Th-Fr 10:00-12:00") == [
            "Monday to Wednesday 09:00–17:00",
            "Thursday, Friday 10:00–12:00",
            "Saturday, Sunday closed",
        ]


# ---- midnight ----


@pytest.mark.parametrize(
    ("hours", "lines"),
    [
        # what ends at midnight is not of the next day
        ("Mo 00:00-24:00", ["周一 全天", "周二至周日 休息"]),
        ("Mo 20:00-24:00", ["周一 20:00–24:00", "周二至周日 休息"]),
        # what begins at midnight is not of the day before, but of its own
        ("Tu 00:00-06:00", ["周一、周三至周日 休息", "周二 00:00–06:00"]),
        # what lasts a day is told by days, what lasts a minute less by its night
        ("Mo 09:00-33:00", ["周一 09:00–24:00", "周二 00:00–09:00", "周三至周日 休息"]),
        ("Mo 09:00-32:59", ["周一 09:00–次日 08:59", "周二至周日 休息"]),
    ],
)
def test_what_begins_or_ends_at_midnight(hours: str, lines: list[str]) -> None:
    assert week_of(hours) == lines


# ---- now ----


@pytest.mark.parametrize(
    ("hours", "when", "text"),
    [
        ("Fr 09:00-17:00", (*FRIDAY, 8, 59), "现在休息，今天 09:00 开放"),
        ("Fr 09:00-17:00", (*FRIDAY, 9, 0), "现在开放，到 17:00"),
        ("Sa 00:00-06:00", (*FRIDAY, 18, 0), "现在休息，明天 00:00 开放"),
        ("Th 09:00-17:00", (*FRIDAY, 18, 0), "现在休息，周四 09:00 开放"),  # in six days
        ("Fr 09:00-17:00", (*FRIDAY, 18, 0), "现在休息，11 月 27 日 09:00 开放"),  # in seven
    ],
)
def test_when_it_opens(hours: str, when: tuple[int, ...], text: str) -> None:
    assert now(hours, *when).text == text


def test_hours_of_exactly_the_most_characters_are_read() -> None:
    plain = 'Mo-Fr 09:00-17:00 "'
    longest = plain + "a" * (LONGEST - len(plain) - 1) + '"'
    assert len(longest) == 255
    assert is_read(longest)
    assert not is_read(longest[:-1] + 'a"')


# ---- holidays ----


@pytest.mark.parametrize(
    ("day", "off"),
    [
        ((2026, 9, 30), False),
        ((2026, 10, 1), True),
        ((2026, 10, 7), True),
        ((2026, 10, 8), False),
        ((2025, 1, 1), True),  # of one day
        ((2025, 1, 2), False),
    ],
)
def test_the_first_and_the_last_day_of_a_holiday_are_off(
    day: tuple[int, int, int],
    off: bool,  # noqa: FBT001
) -> None:
    assert is_off(*day) is off
    assert now("Mo-Fr 09:00-17:00", *day, 12).notes == (("holiday",) if off else ())
    state = "closed" if off else "open"
    assert now("Mo-Fr 09:00-17:00; PH off", *day, 12).state == state
