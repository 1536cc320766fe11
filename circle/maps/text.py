"""Words on the map: whatever comes from data is escaped here."""

from __future__ import annotations

import html
import math

from circle.i18n import t


def escape(value: object) -> str:
    """Return `value` as text that is safe in HTML, attributes and backticks."""
    return html.escape(str(value)).replace("`", "&#96;")


def minutes_text(minutes: float) -> str:
    """Return a time in whole minutes, rounded up, so that 15 is within 15.

    A time that is not finite reads as out of reach.
    """
    if not math.isfinite(minutes):
        return t("map.unreached")
    return t("map.minutes", minutes=whole_minutes(minutes))


def whole_minutes(minutes: float) -> int:
    """Return `minutes` rounded up, at least 1."""
    return max(1, math.ceil(minutes - 1e-9))


def tip(name: object, *lines: object) -> str:
    """Return a tooltip: a name in bold and lines below; empty ones are left out."""
    said = [escape(line) for line in lines if str(line)]
    return "".join([f"<b>{escape(name)}</b>", *(f"<br>{line}" for line in said)])
