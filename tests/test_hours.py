"""Opening hours: what is open now, when it changes, and what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from opening_hours import OpeningHours

from circle.hours.holidays import calendar_of
from circle.hours.opening_hours import LONGEST, Open, State, open_at, valid, week
from circle.i18n import in_language

ZONE = "Asia/Shanghai"
HERE = ZoneInfo(ZONE)
FRIDAY = (2026, 11, 20)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=HERE)  # type: ignore[misc,arg-type]


def asked(hours: object, *when: int) -> Open:
    return open_at(hours, at(*when), ZONE, (121.44, 31.2))


@pytest.mark.parametrize(
    ("hours", "when", "text"),
    [
        ("Mo-Fr 09:00-17:00", (*FRIDAY, 16, 59), "现在开放，到 17:00"),
        ("Mo-Fr 09:00-17:00", (*FRIDAY, 17, 0), "现在休息，周一 09:00 开放"),
        ("Mo-Fr 09:00-17:00", (2026, 11, 22, 3, 0), "现在休息，明天 09:00 开放"),
        ("06:00-10:00,16:00-19:00", (*FRIDAY, 11, 0), "现在休息，今天 16:00 开放"),
        ("22:00-06:00", (*FRIDAY, 23, 0), "现在开放，到 明天 06:00"),
        ("22:00-06:00", (2026, 11, 21, 5, 59), "现在开放，到 06:00"),
        ("22:00-06:00", (2026, 11, 21, 6, 0), "现在休息，今天 22:00 开放"),
        ("09:00-24:00", (*FRIDAY, 12, 0), "现在开放，到 24:00"),
        ("24/7", (*FRIDAY, 12, 0), "现在开放"),
        ("off", (2026, 11, 20, 12, 0), "现在休息"),
        ('Mo-Fr 09:00-17:00 "凭预约"', (*FRIDAY, 12, 0), "现在开放，到 17:00（凭预约）"),
        ("Mo-Fr 09:00-17:00 unknown", (*FRIDAY, 12, 0), "现在是否开放不确定"),
        ("Ｍｏ－Ｆｒ　９：００－１７：００；PH off", (*FRIDAY, 12, 0), "现在开放，到 17:00"),
    ],
)
def test_now(hours: str, when: tuple[int, ...], text: str) -> None:
    assert asked(hours, *when).text == text


def test_when_it_changes() -> None:
    found = asked("Mo-Fr 09:00-17:00", *FRIDAY, 12)
    assert found.state is State.OPEN
    assert found.changes_at == at(*FRIDAY, 17)
    assert found.changes_to is State.CLOSED
    assert found.notes == ()


def test_another_remark_alone_changes_nothing() -> None:
    found = asked('Mo-Fr 09:00-12:00 "a", Mo-Fr 12:00-17:00 "b"', *FRIDAY, 10)
    assert (found.changes_at, found.remark) == (at(*FRIDAY, 17), "a")


def test_the_clock_is_the_district_s() -> None:
    found = open_at("Mo-Fr 09:00-17:00", datetime(2026, 11, 20, 2, 0, tzinfo=UTC), ZONE)
    assert (found.state, found.asked_at.hour) == (State.OPEN, 10)
    assert open_at("Mo-Fr 09:00-17:00", at(*FRIDAY, 10), "Europe/Paris").state is State.CLOSED


@pytest.mark.parametrize(
    "hours",
    [
        *("", "  ", None, float("nan"), 3, "from nine to five", "周一至周五", "\x00", "<b>"),
        *("Mo 25:00", "x" * 10_000, "Mo 09:00-10:00; " * 500),
    ],
)
def test_what_cannot_be_read_is_unknown(hours: object) -> None:
    found = asked(hours, *FRIDAY, 12)
    assert (found.state, found.stated, found.changes_at) == (State.UNKNOWN, False, None)
    assert found.text == "开放时间未知"
    assert week(hours, at(*FRIDAY, 12), ZONE) == []


def test_valid() -> None:
    assert valid("")
    assert valid("Mo-Fr 09:00-17:00; PH off")
    assert not valid("from nine to five")
    assert not valid("Mo 09:00-10:00; " * LONGEST)


# ---- holidays ----


@pytest.mark.parametrize(
    ("hours", "day", "state"),
    [
        ("Mo-Fr 09:00-17:00; PH off", (2026, 10, 5), State.CLOSED),  # a Monday within the seven
        ("Mo-Fr 09:00-17:00; PH off", (2026, 10, 8), State.OPEN),
        ("Mo-Fr 09:00-17:00; PH off", (2026, 4, 6), State.CLOSED),  # Qingming
        ("Mo-Fr 09:00-17:00; Sa,PH off", (2026, 2, 20), State.CLOSED),
        ("Mo-Fr 09:00-17:00, PH 10:00-13:00", (2026, 10, 3), State.OPEN),  # a Saturday
        ("Mo-Sa,PH 09:00-13:00", (2026, 10, 4), State.OPEN),  # a Sunday
        ("Mo-Sa,PH 09:00-13:00", (2026, 10, 11), State.CLOSED),
        ('Mo-Fr 09:00-17:00; PH off "closed; PH"', (2026, 10, 5), State.CLOSED),
        ("Mo-Fr 09:00-17:00 || PH unknown", (2026, 10, 4), State.UNKNOWN),
    ],
)
def test_on_a_holiday(hours: str, day: tuple[int, int, int], state: State) -> None:
    found = asked(hours, *day, 12)
    assert found.state is state
    assert "holiday" not in found.notes


def test_the_first_day_after_a_holiday() -> None:
    found = asked("Mo-Fr 09:00-17:00; PH off", 2026, 9, 30, 18)
    assert found.changes_at == at(2026, 10, 8, 9)
    assert found.text == "现在休息，10 月 8 日 09:00 开放"
    with in_language("en"):
        assert found.text == "Closed now, opens 8 October at 09:00"


@pytest.mark.parametrize(
    ("hours", "when", "notes"),
    [
        ("Mo-Fr 09:00-17:00", (2026, 10, 5, 12), ("holiday",)),
        ("Mo-Fr 09:00-17:00", (2026, 10, 10, 12), ("make_up",)),
        ("Mo-Fr 09:00-17:00; PH off", (2026, 10, 10, 12), ("make_up",)),
        ("Mo-Fr 09:00-17:00; PH off", (2026, 12, 30, 12), ()),
        ("Mo-Fr 09:00-17:00; PH off", (2026, 12, 31, 18), ("year",)),
        ("Mo-Fr 09:00-17:00; PH off", (2027, 5, 5, 12), ("year",)),
        ("Mo-Fr 09:00-17:00", (2027, 5, 5, 12), ()),
        ("PH -1 day off; 09:00-17:00", (2026, 5, 6, 12), ("partial",)),
        ("Oct PH off", (2026, 5, 6, 12), ("partial",)),
        ("Mo-Fr 09:00-17:00; SH off", (2026, 5, 6, 12), ("school",)),
        ('Mo-Fr 09:00-17:00 "PH SH"', (2026, 5, 6, 12), ()),
    ],
)
def test_what_makes_it_less_sure(hours: str, when: tuple[int, ...], notes: tuple[str, ...]) -> None:
    found = asked(hours, *when)
    assert found.notes == notes
    assert len(found.cautions) == len(notes)


def test_a_year_that_is_not_known_is_named() -> None:
    assert "2027" in asked("PH off; Mo-Fr 09:00-17:00", 2026, 12, 31, 18).cautions[0]


def test_the_festival_days_of_the_library_are_all_announced_days_off() -> None:
    calendar = calendar_of(ZONE)
    assert calendar is not None
    known = OpeningHours("PH", timezone=HERE, country=calendar.country)
    missed = 0
    for year in calendar.years:
        days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
        festive = {day for day in days if known.is_open(at(day.year, day.month, day.day, 12))}
        off = {day for day in days if calendar.is_off(day)}
        assert festive <= off
        assert not off & calendar.work
        missed += len(off - festive)
    assert missed > 20  # why the announced days are kept at all


def test_a_year_beyond_the_announced_ones_keeps_the_festival_days() -> None:
    assert asked("Mo-Fr 09:00-17:00; PH off", 2027, 10, 1, 12).state is State.CLOSED


def test_elsewhere_the_library_s_holidays_count() -> None:
    july = datetime(2026, 7, 14, 12, tzinfo=ZoneInfo("Europe/Paris"))
    found = open_at("Mo-Su 09:00-17:00; PH off", july, "Europe/Paris", (2.35, 48.85))
    assert found.state is State.CLOSED
    assert calendar_of("Europe/Paris") is None


# ---- the week in words ----


@pytest.mark.parametrize(
    ("hours", "lines"),
    [
        (
            "Mo-Fr 09:00-17:00; PH off",
            ["周一至周五 09:00–17:00", "周六、周日 休息", "法定节假日 休息"],
        ),
        ("Mo,We 06:00-10:00,16:00-19:00; Fr 22:00-02:00", [
            "周一、周三 06:00–10:00，16:00–19:00", "周二、周四、周六、周日 休息",
            "周五 22:00–次日 02:00",
        ]),
        ("24/7", ["每天 全天"]),
        ("09:00-24:00", ["每天 09:00–24:00"]),
        ("Mo-Sa 08:00-12:00, PH 10:00-11:00", [
            "周一至周六 08:00–12:00", "周日 休息", "法定节假日 08:00–12:00",
        ]),
        ("Sa-Su 09:00-12:00 unknown", ["周一至周五 休息", "周六、周日 09:00–12:00（不确定）"]),
    ],
)  # fmt: skip
def test_the_week(hours: str, lines: list[str]) -> None:
    assert week(hours, at(2026, 10, 5, 12), ZONE) == lines  # a holiday changes no usual week


def test_the_week_in_english() -> None:
    with in_language("en"):
        assert week("Mo-Fr 22:00-06:00; PH off", at(*FRIDAY, 12), ZONE) == [
            "Monday to Friday 22:00–06:00 the next day",
            "Saturday, Sunday closed",
            "Public holidays closed",
        ]


@pytest.mark.parametrize(
    "hours",
    [
        "Mo-Fr 09:00-17:00; PH off",
        "Su,PH off; Mo-Sa 08:00-12:00",
        "Mo-Sa 08:00-12:00, PH 10:00-13:00",
        "PH 10:00-11:00; Mo-Fr 09:00-17:00",
    ],
)
def test_a_festival_day_is_read_as_the_library_reads_it(hours: str) -> None:
    own = OpeningHours(hours, timezone=HERE, country="CN")
    for day in ((2026, 1, 1), (2026, 5, 1), (2026, 6, 19), (2026, 9, 25), (2026, 10, 1)):
        for hour in range(24):
            state, _ = own.state(at(*day, hour))
            assert asked(hours, *day, hour).state == str(state).rsplit(".", 1)[-1].lower()
