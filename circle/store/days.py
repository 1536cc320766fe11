"""Days as people write them, in the time zone of the district."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from circle.errors import InputError

if TYPE_CHECKING:
    from circle.model import District

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def read_day(text: str) -> date:
    """Return the day written as ``2026-11-21``.

    Raises
    ------
    InputError
        When it is none.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputError("confirm.day", text=text) from None
    if day.isoformat() != text.strip():
        raise InputError("confirm.day", text=text)
    return day


def first_day(district: District, kind: str) -> date:
    """Return the first day that a list can be complete of: none before its places were observed.

    That is the date of their layer; where none is stated, the list's own, then the
    district's. Of a month or a year it is the first day.
    """
    layer = "heritage" if kind == "heritage" else "facilities"
    stated = [each.observed for each in district.layers if each.id == layer]
    register = district.registers.get(kind)
    if register is not None and not register.confirmed_by:
        stated.append(register.as_of)
    days = (_DAY.fullmatch(text.strip()) for text in (*stated, district.observed))
    for day in days:
        if day is not None:
            with suppress(ValueError):
                return date(*(int(number or 1) for number in day.groups()))
    return date.min


def zone(district: District) -> ZoneInfo:
    """Return the time zone in which the district counts its days; UTC where it is unknown."""
    try:
        return ZoneInfo(district.time_zone)
    except (LookupError, OSError, ValueError):
        return ZoneInfo("UTC")
