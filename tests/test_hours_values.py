"""Opening hours by value: what they say at a moment, worked out by hand, and what is read at all.

2026-11-20 is a Friday. Days off in China in 2026: 1-7 October (1 October is a
Thursday, 4 October a Sunday); 10 October is a working Saturday.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from circle.hours.opening_hours import State, open_at, valid, week
from circle.i18n import in_language

ZONE = "Asia/Shanghai"
HERE = ZoneInfo(ZONE)
PLACE = (121.44, 31.2)
OPEN, CLOSED, UNKNOWN = State.OPEN, State.CLOSED, State.UNKNOWN


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=HERE)


def week_of(hours: str, moment: str = "2026-11-20T12:00") -> list[str]:
    return week(hours, at(moment), ZONE, PLACE)


@pytest.mark.parametrize(
    ("hours", "moment", "state"),
    [
        # a list of days with a blank is a list
        ("Mo-Fr 08:30-16:30; Sa, Su off", "2026-11-21T03:00", CLOSED),
        ("Mo-Fr 08:30-16:30; Sa, Su off", "2026-11-20T09:00", OPEN),
        ("Mo, We 14:00-16:00", "2026-11-23T03:00", CLOSED),
        ("Mo, We 14:00-16:00", "2026-11-23T15:00", OPEN),
        ("Mo, We 14:00-16:00", "2026-11-24T15:00", CLOSED),
        ("Mo-Sa, PH 10:00-18:00", "2026-11-23T03:00", CLOSED),
        ("Mo-Sa, PH 10:00-18:00", "2026-10-04T11:00", OPEN),
        ("Mo-Sa, PH 10:00-18:00", "2026-11-22T11:00", CLOSED),
        ("Mo , We,  Fr 09:00-12:00", "2026-11-20T10:00", OPEN),
        ("09:00-17:00; Dec 25, Jan 1 off", "2026-12-25T10:00", CLOSED),
        ("09:00-17:00; Dec 25, Jan 1 off", "2026-12-26T03:00", CLOSED),
        ("Jan, Nov 10:00-12:00", "2026-11-20T11:00", OPEN),
        ("Jan, Nov 10:00-12:00", "2026-12-20T11:00", CLOSED),
        # so is a list of times, with a blank before or after the comma
        ("Mo-Fr 08:00-12:00, 14:00-18:00", "2026-11-21T15:00", CLOSED),
        ("Mo-Fr 08:00-12:00 , 14:00-18:00", "2026-11-21T15:00", CLOSED),
        ("Mo-Fr 08:00-12:00 , 14:00-18:00", "2026-11-20T15:00", OPEN),
        ("Mo-Fr 08:00-12:00, Fr 14:00-18:00", "2026-11-20T15:00", OPEN),
        ("Mo-Fr 08:00-12:00; Fr 14:00-18:00", "2026-11-20T10:00", CLOSED),
        # holidays and weekdays parted by a blank: both must hold
        ("08:00-20:00; PH Su off", "2026-11-22T10:00", OPEN),
        ("08:00-20:00; PH Su off", "2026-10-04T10:00", CLOSED),
        ("08:00-20:00; PH Su off", "2026-10-05T10:00", OPEN),
        ("08:00-20:00; Su PH off", "2026-11-22T10:00", OPEN),
        ("Mo-Fr 09:00-17:00; PH Mo-Fr 10:00-12:00", "2026-11-20T09:30", OPEN),
        ("Mo-Fr 09:00-17:00; PH Mo-Fr 10:00-12:00", "2026-10-05T09:30", CLOSED),
        ("Mo-Fr 09:00-17:00; PH Mo-Fr 10:00-12:00", "2026-10-05T11:00", OPEN),
        ("Mo-Fr 09:00-17:00; PH Mo-Fr 10:00-12:00", "2026-10-04T11:00", CLOSED),
        ("08:00-20:00; PH,Su off", "2026-11-22T10:00", CLOSED),
        ("08:00-20:00; SH Mo-Fr 10:00-12:00", "2026-11-20T09:00", OPEN),
        ("08:00-20:00; Oct PH off", "2026-10-07T10:00", CLOSED),
        # a remark alone
        ('Mo-Fr 09:00-17:00; "凭预约"', "2026-11-20T03:00", UNKNOWN),
        ('Mo-Fr 09:00-17:00; "凭预约"', "2026-11-20T10:00", OPEN),
        ('Mo-Fr 09:00-17:00; "凭预约"', "2026-11-22T10:00", UNKNOWN),
        ('Mo-Fr 09:00-12:00; "凭预约"; Sa 10:00-12:00', "2026-11-20T10:00", OPEN),
        ('Mo-Fr 09:00-12:00; "凭预约"; Sa 10:00-12:00', "2026-11-21T11:00", OPEN),
        ('Mo-Fr 09:00-17:00, "凭预约"', "2026-11-20T10:00", OPEN),
        ('Mo-Fr 09:00-17:00; unknown "凭预约"', "2026-11-20T10:00", UNKNOWN),
        ('"凭预约"', "2026-11-20T03:00", UNKNOWN),
        ('Mo-Fr 09:00-17:00; Sa "by appointment"', "2026-11-21T10:00", UNKNOWN),
        ('Mo-Fr 09:00-17:00; Sa "by appointment"', "2026-11-20T10:00", OPEN),
        ('Mo-Fr 09:00-17:00; Sa "by appointment"', "2026-11-22T10:00", CLOSED),
        ('Mo-Fr 09:00-17:00; PH off "closed; call, please"', "2026-10-05T10:00", CLOSED),
        ('24/7 "self-service"', "2026-11-20T03:00", OPEN),
        # what holds where nothing before it does
        ('Mo-Fr 09:00-17:00 || "凭预约"', "2026-11-22T03:00", UNKNOWN),
        ('Mo-Fr 09:00-17:00 || "凭预约"', "2026-11-20T20:00", UNKNOWN),
        ('Mo-Fr 09:00-17:00 || "凭预约"', "2026-11-20T10:00", OPEN),
        ('Mo-Fr 09:00-17:00||"凭预约"', "2026-11-20T03:00", UNKNOWN),
        ("Mo-Fr 09:00-17:00 || Sa 10:00-12:00", "2026-11-21T11:00", OPEN),
        ("Mo-Fr 09:00-12:00 || 11:00-14:00 unknown", "2026-11-20T13:00", UNKNOWN),
        ("Mo-Fr 09:00-12:00 || 11:00-14:00 unknown", "2026-11-20T15:00", CLOSED),
        ("Mo-Fr 09:00-17:00; PH off || 10:00-12:00", "2026-10-05T11:00", UNKNOWN),
        ("Mo-Fr 08:00-12:00 || PH unknown", "2026-10-01T09:00", OPEN),
        ("Mo-Fr 08:00-12:00 || PH unknown", "2026-10-01T20:00", UNKNOWN),
        # an open end
        ("18:00+", "2026-11-20T17:59", CLOSED),
        ("18:00+", "2026-11-20T18:00", UNKNOWN),
        ("18:00+", "2026-11-21T02:00", UNKNOWN),
        ("18:00+", "2026-11-21T12:00", CLOSED),
        ("Fr 18:00+", "2026-11-21T01:00", UNKNOWN),
        ("Fr 18:00+; Sa off", "2026-11-21T01:00", UNKNOWN),
        ("Fr 18:00+", "2026-11-20T01:00", CLOSED),
        ("10:00-18:00+", "2026-11-20T17:00", OPEN),
        ("10:00-18:00+", "2026-11-20T19:00", UNKNOWN),
        ("06:00-09:00,18:00+", "2026-11-20T07:00", OPEN),
        ("Mo-Fr 10:00-12:00, Fr 18:00+", "2026-11-20T11:00", OPEN),
        # nights that end on a day with a rule of its own
        ("Fr 22:00-02:00; Sa 10:00-12:00", "2026-11-21T01:00", OPEN),
        ("Fr 22:00-02:00; Sa 10:00-12:00", "2026-11-21T02:00", CLOSED),
        ("Mo-Th 20:00-24:00; Fr 20:00-26:00; Sa 10:00-12:00", "2026-11-21T01:59", OPEN),
        ("Fr 22:00-02:00", "2026-11-20T01:00", CLOSED),
        # a rest within the day
        ("Mo-Fr 09:00-17:00; 12:00-13:00 off", "2026-11-20T12:30", CLOSED),
        ("Mo-Fr 09:00-17:00; 12:00-13:00 off", "2026-11-20T14:00", OPEN),
        ("Mo-Fr 09:00-17:00, Fr off", "2026-11-20T14:00", CLOSED),
        # by the sun: it rises at 06:25 and sets at 16:54
        ("sunrise-sunset", "2026-11-20T06:24", CLOSED),
        ("sunrise-sunset", "2026-11-20T16:53", OPEN),
        ("sunrise-sunset", "2026-11-20T16:54", CLOSED),
        ("(sunrise+01:00)-(sunset-01:00)", "2026-11-20T07:24", CLOSED),
        ("(sunrise+01:00)-(sunset-01:00)", "2026-11-20T15:53", OPEN),
        ("sunset-22:00", "2026-11-20T17:00", OPEN),
        ("sunset-sunrise", "2026-11-20T06:00", OPEN),
    ],
)
def test_at_a_moment(hours: str, moment: str, state: State) -> None:
    assert valid(hours)
    answer = open_at(hours, at(moment), ZONE, PLACE)
    assert answer.stated
    assert answer.state is state


@pytest.mark.parametrize(
    "hours",
    [
        *("Mo-Fr", "Su", "PH", "Jan-Mar", "open", "Mo-Fr open", "Mo-Fr 09:00-17:00; Sa"),
        *("Mo-Fr 09:00-17:00; Sa, Su", 'open "always"', "Mo-Fr 09:00-12:00; ; Sa off"),
        *("Mo-Fr 10:00-16:00/01:30", "Mo-Fr 10:00", "Mo-Fr 9-17", "Su,PH Mo off"),
        *('"winter" Mo-Fr 10:00-12:00', 'Mo-Fr 09:00-12:00 "a" 13:00-17:00', 'Mo-Fr "a'),
        *("Nov Fr[3]-Dec Fr[1] 10:00-12:00", "Oct Su[-1]-Mar Su[-1] 10:00-12:00"),
        *("18:00+ off", "09:00-17:00 Mo-Fr"),
        *("Mo-Fr 09:00-17:00 Sa 10:00-12:00", "Mo 25:00-26:00", "|"),
    ],
)
def test_what_is_not_stated_for_sure_is_refused(hours: str) -> None:
    assert not valid(hours)
    answer = open_at(hours, at("2026-11-20T12:00"), ZONE, PLACE)
    assert (answer.state, answer.stated, answer.text) == (UNKNOWN, False, "开放时间未知")
    assert week_of(hours) == []


COMMON = """
24/7
09:00-17:00
00:00-24:00
Mo-Fr 09:00-17:00
Mo-Fr 9:00-17:00
Mo-Su 08:00-22:00
Mo-Sa 09:00-20:00; Su 10:00-18:00
Mo-Fr 08:00-18:00; Sa 09:00-13:00
Mo-Fr 08:00-12:00,13:00-17:00
Mo-Fr 08:00-12:00, 13:00-17:00
Mo-Fr 08:00-12:00,14:00-18:00; Sa 08:00-12:00; Su off
Mo-Fr 09:00-17:00; PH off
Mo-Fr 09:00-17:00; PH closed
Mo-Fr 09:00-17:00; SH off
Mo-Fr 09:00-17:00; PH,SH off
Mo-Sa 10:00-20:00; PH,Su off
Mo-Sa 10:00-20:00; Su,PH off
Mo-Su,PH 10:00-20:00
Mo-Fr,PH 10:00-20:00
PH off; Mo-Fr 09:00-17:00
Tu-Su 10:00-18:00; Mo off
Tu-Su 10:00-18:00; Mo closed
Mo off; Tu-Fr 10:00-18:00; Sa-Su 11:00-17:00
Mo,We,Fr 09:00-12:00
Mo,Th 14:00-18:00; Tu,Fr 09:00-12:00
Mo-Th 11:00-23:00; Fr-Sa 11:00-01:00; Su 12:00-22:00
Fr-Sa 22:00-05:00
Sa-Mo 10:00-16:00
18:00-02:00
18:00-26:00
17:00+
Mo-Fr 18:00+
Tu-Su 11:30-14:30,17:30-22:00
sunrise-sunset
dawn-dusk
sunset-sunrise
08:00-sunset
Apr-Oct 08:00-20:00; Nov-Mar 08:00-17:00
Apr-Oct: 08:00-20:00; Nov-Mar: 08:00-17:00
Apr-Oct Mo-Fr 09:00-17:00
Apr 1-Oct 15 09:00-19:00
Jun-Aug off; Mo-Fr 09:00-17:00
Nov-Mar 09:00-16:00, Apr-Oct 09:00-18:00
Mo-Fr 09:00-17:00; Dec 24-Jan 2 off
Mo-Fr 09:00-17:00; Dec 25 off
Mo-Fr 09:00-17:00; Dec 25,Jan 1 off
2026 Feb 15-23 off; Mo-Fr 09:00-17:00
Mo[1] 09:00-12:00
Sa[1],Sa[3] 10:00-12:00
Su[-1] 10:00-16:00
Mo-Fr 09:00-17:00; Sa[1] 09:00-12:00
week 1-53/2 Mo 09:00-12:00
week 2-52/2 We 16:00-18:00
Mo-Fr 09:00-17:00 "by appointment"
Mo-Fr 09:00-17:00; Sa "by appointment"
Mo-Fr 09:00-17:00 || "by appointment"
"by appointment"
closed
off "under repair"
unknown
Mo-Fr 07:30-20:00; Sa,Su,PH 09:00-20:00
mo-fr 09:00-17:00
Mo-Fr 09:00 - 17:00
Mo-Fr 09:00-17:00;PH off
Mo-Fr 09:00-17:00;
easter off; Mo-Su 09:00-17:00
Mo-Fr 09:00-17:00; PH -1 day 09:00-12:00
Mo-Fr 00:00-24:00
""".strip().splitlines()


@pytest.mark.parametrize("hours", COMMON)
def test_common_values_are_read(hours: str) -> None:
    assert valid(hours)
    assert open_at(hours, at("2026-11-20T12:00"), ZONE, PLACE).stated
    lines = week_of(hours)
    assert lines
    stated = "24" in hours or "00:00" in hours
    assert stated or not any("全天" in line for line in lines)


def test_there_are_enough_common_values() -> None:
    assert len(set(COMMON)) >= 60


@pytest.mark.parametrize(
    ("hours", "moment", "lines"),
    [
        ("sunrise-sunset", "2026-11-20T12:00", ["每天 06:25–16:54"]),
        ("sunrise-22:00", "2026-11-20T12:00", ["每天 06:25–22:00"]),
        ("Mo-Fr 18:00+; Sa-Su off", "2026-11-20T12:00", [
            "周一至周五 18:00 起，何时休息不确定", "周六、周日 休息",
        ]),
        ("10:00-18:00+", "2026-11-20T12:00", ["每天 10:00–18:00，18:00 起，何时休息不确定"]),
        ('Mo-Fr 09:00-17:00 || "凭预约"', "2026-11-20T12:00", [
            "周一至周五 09:00–17:00，其余时间不确定", "周六、周日 是否开放不确定",
        ]),
        ('Mo-Fr 09:00-17:00; "凭预约"', "2026-11-20T12:00", [
            "周一至周五 09:00–17:00，其余时间不确定", "周六、周日 是否开放不确定",
        ]),
        ('"凭预约"', "2026-11-20T12:00", ["每天 是否开放不确定"]),
        ("Fr 22:00-02:00; Sa 10:00-12:00", "2026-11-20T12:00", [
            "周一至周四、周日 休息", "周五 22:00–次日 02:00", "周六 10:00–12:00",
        ]),
        ("08:00-20:00; PH Su off", "2026-10-04T12:00", ["每天 08:00–20:00"]),
    ],
)  # fmt: skip
def test_the_week(hours: str, moment: str, lines: list[str]) -> None:
    assert week_of(hours, moment) == lines


def test_now_and_the_week_are_by_the_same_sun() -> None:
    answer = open_at("sunrise-sunset", at("2026-12-21T12:00"), ZONE, PLACE)
    assert answer.changes_at is not None
    line = f"每天 06:48–{answer.changes_at:%H:%M}"
    assert week_of("sunrise-sunset", "2026-12-21T12:00") == [line]


def test_without_a_place_the_sun_is_not_known() -> None:
    noon = at("2026-11-20T12:00")
    assert valid("sunrise-sunset")
    assert not open_at("sunrise-sunset", noon, ZONE).stated
    assert week("sunrise-sunset", noon, ZONE) == []


def test_an_open_end_is_told() -> None:
    before = open_at("18:00+", at("2026-11-20T12:00"), ZONE, PLACE)
    after = open_at("18:00+", at("2026-11-20T19:00"), ZONE, PLACE)
    assert before.notes == after.notes == ("open_end",)
    with in_language("en"):
        assert after.text == "Not sure whether it is open now"
        assert "not when it closes" in after.cautions[0]


def test_holidays_on_a_weekday_elsewhere() -> None:
    paris = ZoneInfo("Europe/Paris")
    feast = datetime(2026, 7, 14, 11, tzinfo=paris)  # a Tuesday
    hours = "09:00-17:00; PH Tu off"
    assert open_at(hours, feast, paris.key, (2.35, 48.85)).state is CLOSED
    assert open_at(hours, feast + timedelta(days=7), paris.key, (2.35, 48.85)).state is OPEN
