"""Words on the map: whatever comes from data is escaped here."""

from __future__ import annotations

import html
from functools import lru_cache

_MOST_KEPT = 10_000


def escape(value: object) -> str:
    """Return `value` as text that is safe in HTML, attributes and backticks."""
    return _escaped(str(value))


@lru_cache(_MOST_KEPT)
def _escaped(text: str) -> str:
    """Escape a text once: a map shows the same names on every run of a page."""
    return html.escape(text).replace("`", "&#96;")


def tip(name: object, *lines: object) -> str:
    """Return a tooltip: a name in bold and lines below; empty ones are left out."""
    escaped = [escape(line) for line in lines if str(line)]
    return "".join([f"<b>{escape(name)}</b>", *(f"<br>{line}" for line in escaped)])
