"""Words on the map: whatever comes from data is escaped here."""

from __future__ import annotations

import html


def escape(value: object) -> str:
    """Return `value` as text that is safe in HTML, attributes and backticks."""
    return html.escape(str(value)).replace("`", "&#96;")


def tip(name: object, *lines: object) -> str:
    """Return a tooltip: a name in bold and lines below; empty ones are left out."""
    said = [escape(line) for line in lines if str(line)]
    return "".join([f"<b>{escape(name)}</b>", *(f"<br>{line}" for line in said)])
