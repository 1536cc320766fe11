"""Opening hours: open now, until when, or when it opens.

Hours are written as in OpenStreetMap, for instance ``Mo-Fr 09:00-17:00; PH off``
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification), and read by
the library opening-hours. Holidays are those of `circle.hours.holidays`, in the
district's own time zone. What is not stated is unknown, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # its stubs lack the errors
    InvalidCoordinatesError,
    OpeningHours,
    ParserError,
)
from opening_hours import State as Found

from circle.hours.holidays import calendar_of
from circle.i18n import t

LONGEST = 255
"""Characters of hours that are read, as in OpenStreetMap."""
_AHEAD = timedelta(days=60)
_WEEK = 7
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RULE = re.compile(r'((?:"[^"]*"|(?!; |, | \|\| )[^"])+)(; |, | \|\| |$)')
_SHIFT = re.compile(r"[+-]\d+")
_COMMENT = re.compile(r'"[^"]*"')
_HALF = timedelta(hours=12)
_RANGE = 3

LonLat = tuple[float, float]


class State(StrEnum):
    """Whether a place is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


_STATES = {Found.OPEN: State.OPEN, Found.CLOSED: State.CLOSED, Found.UNKNOWN: State.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Open:
    """Whether a place is open at a time.

    Attributes
    ----------
    state
        Unknown where no hours are stated, or the hours themselves say so.
    asked_at
        The time that was asked for, in the district's time zone.
    stated
        Whether there are hours that can be read.
    changes_at, changes_to
        When it is open or closed next, and which; None where nothing changes
        within 60 days.
    remark
        What the hours say in words of this time, for instance ``by appointment``.
    notes
        What makes the answer less sure: ``holiday`` (a day off that the hours
        say nothing of), ``make_up`` (a working day on a weekend), ``year`` (the
        holidays of the year are not known), ``partial`` (hours on holidays that
        are read for the festival days alone), ``school`` (school holidays are
        not known).
    """

    state: State
    asked_at: datetime
    stated: bool = True
    changes_at: datetime | None = None
    changes_to: State | None = None
    remark: str = ""
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The answer in the language in use, as ``现在开放，到 17:00``."""
        if not self.stated:
            return t("hours.not_stated")
        sentence = t(f"hours.{self.state}")
        if self.changes_at is not None and self.state is not State.UNKNOWN:
            when = _when(self.asked_at, self.changes_at, today=self.changes_to is State.OPEN)
            sentence += t(f"hours.until_{self.changes_to}", when=when)
        return sentence + (t("hours.remark", remark=self.remark) if self.remark else "")

    @property
    def cautions(self) -> list[str]:
        """The notes as sentences."""
        years = {self.asked_at.year, (self.changes_at or self.asked_at).year}
        return [t(f"hours.note_{note}", year=max(years)) for note in self.notes]


def valid(hours: str) -> bool:
    """Say whether hours can be read; nothing stated is no fault."""
    return not hours.strip() or _parsed(hours, "UTC", None) is not None


def open_at(hours: object, now: datetime, time_zone: str, at: LonLat | None = None) -> Open:
    """Return whether a place is open at a time, and when that changes.

    Parameters
    ----------
    hours
        As in OpenStreetMap; empty, missing or unreadable hours are unknown.
    now
        The time to ask for, with a time zone of its own.
    time_zone
        The district's, for instance ``Asia/Shanghai``.
    at
        Longitude and latitude: they give the country, where no holidays of its
        own are kept, and when the sun rises.
    """
    here = now.astimezone(ZoneInfo(time_zone))
    text = hours if isinstance(hours, str) else ""
    read = _parsed(text, time_zone, at)
    if read is None:
        return Open(State.UNKNOWN, here, stated=False)
    stretches = [
        (begin, _STATES[state], remark)
        for begin, _, state, remark in read.hours.intervals(here, here + _AHEAD)
    ]
    state, remark = stretches[0][1:]
    after = next((stretch for stretch in stretches if stretch[1] is not state), None)
    changes_at, changes_to = (after[0], after[1]) if after else (None, None)
    answer = Open(state, here, changes_at=changes_at, changes_to=changes_to, remark=remark)
    return replace(answer, notes=_notes(read, answer, time_zone))


def week(hours: object, now: datetime, time_zone: str, at: LonLat | None = None) -> list[str]:
    """Return the hours of the week that it is now, in words, those on holidays last.

    Returns
    -------
    list of str
        As ``周一至周五 09:00–17:00``; empty where the hours are not known.
    """
    here = now.astimezone(ZoneInfo(time_zone))
    read = _parsed(hours if isinstance(hours, str) else "", time_zone, at, festive=False)
    if read is None:
        return []
    monday = here.date() - timedelta(days=here.weekday())
    days: dict[str, list[int]] = {}
    for number in range(_WEEK):
        spans = _spans(read.hours, monday + timedelta(days=number), here)
        days.setdefault(spans, []).append(number)
    lines = [t("hours.line", days=_days(weekdays), spans=spans) for spans, weekdays in days.items()]
    wednesday = monday + timedelta(days=2)
    text, partial = _with_days(read.text, ((wednesday, wednesday),))
    if text != read.text and not partial:
        once = _parsed(text, time_zone, at, festive=False)
        spans = "" if once is None else _spans(once.hours, wednesday, here)
        lines.append(t("hours.line", days=t("hours.holidays"), spans=spans))
    return lines


@dataclass(frozen=True, slots=True)
class _Read:
    """Hours as the library reads them, and how it writes them itself."""

    hours: OpeningHours
    text: str
    partial: bool = False


@lru_cache(maxsize=1024)
def _parsed(
    written: str, time_zone: str, at: LonLat | None, *, festive: bool = True
) -> _Read | None:
    """Read hours, with the announced holidays where there are any; None for none."""
    normal = unicodedata.normalize("NFKC", written).strip()
    if not normal or len(normal) > LONGEST:
        return None
    zone = ZoneInfo(time_zone)
    try:
        text = str(OpeningHours(normal, timezone=zone))
        if not festive:
            return _Read(OpeningHours(text, timezone=zone), text)
        calendar = calendar_of(time_zone)
        dated, partial = _with_days(text, calendar.off if calendar else ())
        hours = OpeningHours(
            dated,
            timezone=zone,
            country=calendar.country if calendar else None,
            coords=None if at is None else (at[1], at[0]),
            auto_country=calendar is None,
        )
        return _Read(hours, text, partial)
    except (ParserError, InvalidCoordinatesError):
        return None


def _with_days(text: str, off: tuple[tuple[date, date], ...]) -> tuple[str, bool]:
    """Add to every rule for holidays one for these days; return whether a rule was left alone too.

    `text` is as the library writes it: a rule's holidays stand in its first word
    unless dates stand before them.
    """
    days = ",".join(f"{_day(first)}-{_day(last)}" for first, last in off)
    dated, partial, joined = "", False, "; "
    for rule, separator in _RULE.findall(text):
        first, _, rest = rule.partition(" ")
        dated += rule
        if "PH" in first.split(",") and not _SHIFT.match(rest):
            dated += f"{joined}{days} {rest}".rstrip() if days else ""
        elif _has("PH", rule):
            partial = True
        dated += separator
        joined = separator
    return dated, partial


def _day(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day}"


def _has(word: str, text: str) -> bool:
    """Say whether hours speak of holidays (PH) or school holidays (SH)."""
    return re.search(rf"\b{word}\b", _COMMENT.sub("", text)) is not None


def _notes(read: _Read, answer: Open, time_zone: str) -> tuple[str, ...]:
    calendar, day = calendar_of(time_zone), answer.asked_at.date()
    years = {day.year, (answer.changes_at or answer.asked_at).year}
    stated = _has("PH", read.text)
    notes = {
        "holiday": not stated and calendar is not None and calendar.is_off(day),
        "make_up": calendar is not None and day in calendar.work,
        "year": stated and calendar is not None and not years <= calendar.years,
        "partial": stated and read.partial,
        "school": _has("SH", read.text),
    }
    return tuple(name for name, holds in notes.items() if holds)


def _spans(hours: OpeningHours, day: date, here: datetime) -> str:
    """Return the hours of one day in words; what begins on it may end on the next."""
    begin = datetime.combine(day, time(), here.tzinfo)
    end = begin + timedelta(days=1)
    parts = []
    for since, until, state, _ in hours.intervals(begin - timedelta(days=1), end + _HALF):
        if state == Found.CLOSED or until <= begin or since >= end:
            continue
        overnight = until - since < timedelta(days=1)
        if overnight and since < begin:
            continue
        first = max(since, begin)
        last = until if overnight else min(until, end)
        if (first, last) == (begin, end):
            span = t("hours.all_day")
        else:
            span = t("hours.span", begin=_clock(first), end=_closing(last, begin))
        parts.append(span + (t("hours.unsure") if state == Found.UNKNOWN else ""))
    return t("hours.and").join(parts) or t("hours.off")


def _closing(last: datetime, begin: datetime) -> str:
    if last.date() == begin.date():
        return _clock(last)
    midnight = last == begin + timedelta(days=1)
    return "24:00" if midnight else t("hours.next_day", time=_clock(last))


def _days(numbers: list[int]) -> str:
    """Return weekdays in words: three and more in a row as a range."""
    if len(numbers) == _WEEK:
        return t("hours.daily")
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    words = []
    for run in runs:
        names = [t(f"hours.weekday_{number}") for number in run]
        if len(run) < _RANGE:
            words += names
        else:
            words.append(t("hours.range", first=names[0], last=names[-1]))
    return t("hours.list").join(words)


def _when(asked: datetime, at: datetime, *, today: bool) -> str:
    """Return a time as a person says it: by the clock, with its day where that is another."""
    away = (at.date() - asked.date()).days
    clock = _clock(at)
    if away == 0:
        return t("hours.today", time=clock) if today else clock
    if away == 1:
        midnight = at.time() == time() and not today
        return "24:00" if midnight else t("hours.tomorrow", time=clock)
    if away < _WEEK:
        return t("hours.on_weekday", day=t(f"hours.weekday_{at.weekday()}"), time=clock)
    month = t(f"hours.month_{at.month}")
    return t("hours.on_day", month=month, day=at.day, time=clock)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"
