"""Days as people write them, in the time zone of the district."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from circle.errors import InputError

if TYPE_CHECKING:
    from circle.model import District


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


def zone(district: District) -> ZoneInfo:
    """Return the time zone in which the district counts its days; UTC where it is unknown."""
    try:
        return ZoneInfo(district.time_zone)
    except (LookupError, OSError, ValueError):
        return ZoneInfo("UTC")
