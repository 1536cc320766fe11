"""Opening hours: open now, until when, or when it opens.

Hours are written as in OpenStreetMap, for instance ``Mo-Fr 09:00-17:00; PH off``
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification), and read by
`circle.hours.rules` and `circle.hours.reading`. Holidays are those of
`circle.hours.holidays`, in the district's own time zone. What is not stated is
unknown, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from circle.hours.holidays import calendar_of
from circle.hours.reading import Hours, LonLat, State, Stretch, hours_of
from circle.hours.rules import LONGEST, rules_of
from circle.i18n import t

__all__ = ["LONGEST", "LonLat", "Open", "State", "open_at", "valid", "week"]

_AHEAD = timedelta(days=60)
_WEEK = 7
_HALF = timedelta(hours=12)
_RANGE = 3


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
    try:
        return not hours.strip() or bool(rules_of(hours))
    except ValueError:
        return False


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
    read = hours_of(text, time_zone, at)
    if read is None:
        return Open(State.UNKNOWN, here, stated=False)
    stretches = read.stretches(here, here + _AHEAD)
    now_held = next(stretches)
    after = next((stretch for stretch in stretches if stretch.state is not now_held.state), None)
    answer = Open(
        now_held.state,
        here,
        changes_at=after.since if after else None,
        changes_to=after.state if after else None,
        remark=now_held.remark,
    )
    open_end = now_held.is_open_end or (after is not None and after.is_open_end)
    return replace(answer, notes=_notes(read, answer, time_zone, open_end=open_end))


def week(hours: object, now: datetime, time_zone: str, at: LonLat | None = None) -> list[str]:
    """Return the hours of the week that it is now, in words, those on holidays last.

    Returns
    -------
    list of str
        As ``周一至周五 09:00–17:00``; empty where the hours are not known.
    """
    here = now.astimezone(ZoneInfo(time_zone))
    read = hours_of(hours if isinstance(hours, str) else "", time_zone, at)
    if read is None:
        return []
    usual = replace(read, sun=here.date(), festive=False)
    monday = here.date() - timedelta(days=here.weekday())
    days: dict[str, list[int]] = {}
    for number in range(_WEEK):
        spans = _spans(usual, monday + timedelta(days=number), here)
        days.setdefault(spans, []).append(number)
    lines = [t("hours.line", days=_days(weekdays), spans=spans) for spans, weekdays in days.items()]
    if read.has_plain_holidays:
        wednesday = monday + timedelta(days=2)
        spans = _spans(replace(usual, holiday=wednesday), wednesday, here)
        lines.append(t("hours.line", days=t("hours.holidays"), spans=spans))
    return lines


def _notes(read: Hours, answer: Open, time_zone: str, *, open_end: bool) -> tuple[str, ...]:
    calendar, day = calendar_of(time_zone), answer.asked_at.date()
    years = {day.year, (answer.changes_at or answer.asked_at).year}
    stated = "PH" in read.speaks_of
    notes = {
        "holiday": not stated and calendar is not None and calendar.is_off(day),
        "make_up": calendar is not None and day in calendar.work,
        "year": stated and calendar is not None and not years <= calendar.years,
        "partial": stated and read.is_partial,
        "school": "SH" in read.speaks_of,
        "open_end": open_end,
    }
    return tuple(name for name, holds in notes.items() if holds)


def _spans(hours: Hours, day: date, here: datetime) -> str:
    """Return the hours of one day in words; what begins on it may end on the next."""
    begin = datetime.combine(day, time(), here.tzinfo)
    end = begin + timedelta(days=1)
    stretches = list(hours.stretches(begin - timedelta(days=1), end + _HALF))
    within = [each for each in stretches if each.until > begin and each.since < end]
    states = {each.state for each in within}
    parts = []
    for stretch in within:
        rest = State.CLOSED not in states and stretch.state is State.UNKNOWN
        if stretch.state is not State.CLOSED and not (rest and not stretch.is_open_end):
            parts += _span(stretch, begin, end)
    if State.CLOSED not in states and State.UNKNOWN in states:
        parts.append(t("hours.else_unknown" if parts else "hours.unknown_day"))
    return t("hours.and").join(parts) or t("hours.off")


def _span(stretch: Stretch, begin: datetime, end: datetime) -> list[str]:
    """Return a stretch of a day in words; none where it belongs to the day before."""
    since, until = stretch.since, stretch.until
    overnight = until - since < timedelta(days=1)
    if overnight and since < begin:
        return []
    first = max(since, begin)
    last = until if overnight else min(until, end)
    if stretch.is_open_end:
        return [t("hours.from", time=_clock(first))]
    if (first, last) == (begin, end):
        span = t("hours.all_day")
    else:
        span = t("hours.span", begin=_clock(first), end=_closing(last, begin))
    return [span + (t("hours.unsure") if stretch.state is State.UNKNOWN else "")]


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
