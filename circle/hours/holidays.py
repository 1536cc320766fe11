"""Public holidays as they are announced: days off, and working days that make up for them.

The library of opening hours knows of China's holidays only the festival days
themselves, six a year, and neither Qingming nor the days around a festival; which
days are off is announced year by year. ``holidays.toml`` holds these
announcements, and a year that it does not hold counts as unknown.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

Span = tuple["date", "date"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The announced holidays of one country.

    Attributes
    ----------
    country
        ISO code.
    years
        The years that are known.
    off
        First and last day of each holiday.
    work
        Working days on a weekend.
    """

    country: str
    years: frozenset[int]
    off: tuple[Span, ...]
    work: frozenset[date]

    def is_off(self, day: date) -> bool:
        """Say whether a day is announced to be off."""
        return any(first <= day <= last for first, last in self.off)


@cache
def calendar_of(time_zone: str) -> Calendar | None:
    """Return the holidays of the country that uses a time zone; None where none are kept."""
    text = files("circle.hours").joinpath("holidays.toml").read_text(encoding="utf-8")
    for country, table in tomllib.loads(text).items():
        if time_zone in table["time_zones"]:
            years = table["years"].values()
            return Calendar(
                country=country,
                years=frozenset(int(year) for year in table["years"]),
                off=tuple((first, last) for year in years for first, last in year["off"]),
                work=frozenset(day for year in years for day in year["work"]),
            )
    return None
