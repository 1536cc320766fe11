"""What hours say of a time: the rules of its day, and of the night before."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from opening_hours import (  # type: ignore[attr-defined]  # its stubs lack the error
    InvalidCoordinatesError,
    OpeningHours,
)
from opening_hours import State as Known

from circle.hours.holidays import calendar_of
from circle.hours.rules import DAY, Rule, Span, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LonLat = tuple[float, float]

# After an open end it is unknown until 08:00 of the next day, or 8 hours from a later end.
_NIGHT = 32 * 60
_LATEST = 8 * 60
_NOON = time(12)


class State(StrEnum):
    """Whether a place is open."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which nothing changes, from `since` to just before `until`.

    Attributes
    ----------
    since, until
        In the district's time zone.
    state
        Whether the place is open.
    remark
        What the hours say of it in words.
    is_open_end
        Whether it is unknown for want of a stated end.
    """

    since: datetime
    until: datetime
    state: State
    remark: str = ""
    is_open_end: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """Minutes from the midnight on which a day begins, and what a rule says of them."""

    begin: int
    end: int
    state: State
    remark: str
    is_open_end: bool = False


_Answer = tuple[State, str, bool]
_CLOSED: _Answer = (State.CLOSED, "", False)


@dataclass(frozen=True)
class Hours:
    """Hours that can be read, in a time zone and, where it is known, at a place.

    Attributes
    ----------
    rules
        As `rules_of` returns them.
    zone
        The time zone.
    at
        Longitude and latitude.
    sun
        A day whose sunrise and sunset count for all others; None for each day its own.
    holiday
        A day that counts as the one public holiday; None for the announced ones.
    festive
        Whether there are public holidays.
    """

    rules: tuple[Rule, ...]
    zone: ZoneInfo
    at: LonLat | None
    sun: date | None = None
    holiday: date | None = None
    festive: bool = True
    _kept: dict[date, list[list[_Part]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def speaks_of(self) -> frozenset[str]:
        """Which of ``PH`` and ``SH`` the hours speak of."""
        names = {item[:2].upper() for rule in self.rules for part in rule.lists for item in part}
        return frozenset(names & {"PH", "SH"})

    @property
    def has_plain_holidays(self) -> bool:
        """Whether a rule is of public holidays whatever their date and weekday."""
        return any(
            not rule.dates and len(rule.lists) == 1 and "PH" in _upper(rule.lists[0])
            for rule in self.rules
        )

    @property
    def is_partial(self) -> bool:
        """Whether a rule is read for the festival days of the library alone."""
        items = [
            (rule, item.upper()) for rule in self.rules for part in rule.lists for item in part
        ]
        return any(item[:2] == "PH" and (item != "PH" or bool(rule.dates)) for rule, item in items)

    def stretches(self, begin: datetime, end: datetime) -> Iterator[Stretch]:
        """Yield what the hours say from one time to another, adjoining ones being different."""
        last: Stretch | None = None
        for since, until in _between(self._cuts(begin, end)):
            state, remark, is_open_end = self._answer(since)
            if last and (last.state, last.remark, last.is_open_end) == (state, remark, is_open_end):
                last = Stretch(last.since, until, state, remark, is_open_end)
                continue
            if last:
                yield last
            last = Stretch(since, until, state, remark, is_open_end)
        if last:
            yield last

    def _cuts(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        """Yield the times, in order, at which something may change."""
        yield begin
        day = begin.date()
        while day <= end.date():
            midnight = datetime.combine(day, time(), self.zone)
            edges = {0}
            for parts in self._day(day):
                edges |= {edge for part in parts for edge in (part.begin, part.end)}
            for parts in self._day(day - timedelta(days=1)):
                edges |= {edge - DAY for part in parts for edge in (part.begin, part.end)}
            for edge in sorted(edge for edge in edges if 0 <= edge < DAY):
                moment = midnight + timedelta(minutes=edge)
                if begin < moment < end:
                    yield moment
            day += timedelta(days=1)
        yield end

    def _answer(self, moment: datetime) -> _Answer:
        """Return what holds at a time: the first alternative that is not closed."""
        minute = moment.hour * 60 + moment.minute
        today, eve = self._day(moment.date()), self._day(moment.date() - timedelta(days=1))
        answer, is_off = _CLOSED, False
        for parts, night in zip(today, eve, strict=True):
            held, by_night = _painted(parts, minute), _painted(night, minute + DAY)
            best = next(
                (
                    each
                    for state in (State.OPEN, State.UNKNOWN)
                    for each in (held, by_night)
                    if each is not None and each[0] is state
                ),
                None,
            )
            if best is not None:
                # stated to be closed, and open where nothing is stated: neither is sure
                unsure = is_off and best[0] is State.OPEN
                return (State.UNKNOWN, best[1], False) if unsure else best
            is_off = is_off or held is not None
            answer = held if held is not None and answer == _CLOSED else answer
        return answer

    def _day(self, day: date) -> list[list[_Part]]:
        """Return what begins on a day, one list for each alternative between ``||``."""
        if day not in self._kept:
            alternatives: list[list[_Part]] = [[]]
            for rule in self.rules:
                if rule.separator == "||":
                    alternatives.append([])
                if self._holds(rule, day):
                    parts = self._parts(rule, day)
                    carves = rule.word == State.CLOSED and rule.spans
                    if rule.separator == ";" and not carves:
                        alternatives[-1].clear()
                    alternatives[-1] += parts
            self._kept[day] = alternatives
        return self._kept[day]

    def _holds(self, rule: Rule, day: date) -> bool:
        if rule.dates and not self._is_day(rule.dates, day):
            return False
        return all(any(self._is_item(item, day) for item in items) for items in rule.lists)

    def _is_item(self, item: str, day: date) -> bool:
        is_holiday = item.upper().startswith("PH")
        if is_holiday and self.holiday is not None:
            return item.upper() == "PH" and day == self.holiday
        if is_holiday and not self.festive:
            return False
        calendar = calendar_of(self.zone.key)
        if item.upper() == "PH" and calendar is not None and calendar.is_off(day):
            return True
        return self._is_day(item, day)

    def _is_day(self, selector: str, day: date) -> bool:
        noon = datetime.combine(day, _NOON, self.zone)
        return _selector(selector, self.zone.key, self.at).state(noon)[0] == Known.OPEN

    def _parts(self, rule: Rule, day: date) -> list[_Part]:
        state = State(rule.word)
        if not rule.spans:
            return [_Part(0, DAY, state, rule.remark)]
        parts = []
        begins = [self._minute(span.begin, day) for span in rule.spans]
        for span, begin in zip(rule.spans, begins, strict=True):
            end = self._end(span, begin, day)
            if end > begin:
                parts.append(_Part(begin, end, state, rule.remark))
            if span.is_open_end:
                stated = [other for other in begins if other >= end and other > begin]
                last = min([max(_NIGHT, end + _LATEST), *stated])
                parts.append(_Part(end, last, State.UNKNOWN, rule.remark, is_open_end=True))
        return parts

    def _end(self, span: Span, begin: int, day: date) -> int:
        if not span.end:
            return begin
        end = self._minute(span.end, day)
        return end if end > begin else end + DAY

    def _minute(self, written: str, day: date) -> int:
        """Return the minutes from midnight of a time as written."""
        shift = re.fullmatch(r"\((\w+)([+-])(.+)\)", written)
        if shift:
            sign = 1 if shift[2] == "+" else -1
            return self._minute(shift[1], day) + sign * self._minute(shift[3], day)
        if written[0].isdigit():
            hour, minute = written.split(":")
            return int(hour) * 60 + int(minute)
        return _sun(written, self.sun or day, self.zone.key, self.at)


@lru_cache(maxsize=1024)
def hours_of(written: str, time_zone: str, at: LonLat | None) -> Hours | None:
    """Read hours; None where there are none, or none that can be read.

    Parameters
    ----------
    written
        As in OpenStreetMap.
    time_zone
        The district's.
    at
        Longitude and latitude; without them hours by the sun cannot be told.
    """
    try:
        hours = Hours(rules_of(written), ZoneInfo(time_zone), at)
        _selector("24/7", time_zone, at)
        return None if at is None and _is_by_the_sun(hours.rules) else hours
    except (ValueError, InvalidCoordinatesError):
        return None


def _is_by_the_sun(rules: tuple[Rule, ...]) -> bool:
    return any(
        re.search("[a-z]", span.begin + span.end) is not None
        for rule in rules
        for span in rule.spans
    )


@lru_cache(maxsize=4096)
def _selector(text: str, time_zone: str, at: LonLat | None) -> OpeningHours:
    """Return days, or hours, as the library knows them at a place."""
    calendar = calendar_of(time_zone)
    return OpeningHours(
        text,
        timezone=ZoneInfo(time_zone),
        country=calendar.country if calendar else None,
        coords=None if at is None else (at[1], at[0]),
        auto_country=calendar is None,
    )


@lru_cache(maxsize=4096)
def _sun(event: str, day: date, time_zone: str, at: LonLat | None) -> int:
    """Return the minute of the day at which the sun rises or sets."""
    midnight = datetime.combine(day, time(), ZoneInfo(time_zone))
    noon = midnight + timedelta(hours=12)
    morning = event in {"sunrise", "dawn"}
    hours = _selector(f"00:00-{event}" if morning else f"{event}-24:00", time_zone, at)
    edges = (midnight, noon) if morning else (noon, midnight + timedelta(days=1))
    first = next(iter(hours.intervals(*edges)))
    return int((first[1] - midnight).total_seconds()) // 60


def _painted(parts: list[_Part], minute: int) -> _Answer | None:
    """Return what a day's parts say of a minute: the last one, an open end where no other does."""
    held = [part for part in parts if part.begin <= minute < part.end]
    stated = [part for part in held if not part.is_open_end]
    for part in reversed(stated or held):
        return part.state, part.remark, part.is_open_end
    return None


def _between(cuts: Iterator[datetime]) -> Iterator[tuple[datetime, datetime]]:
    since = next(cuts)
    for until in cuts:
        yield since, until
        since = until


def _upper(items: tuple[str, ...]) -> list[str]:
    return [item.upper() for item in items]
