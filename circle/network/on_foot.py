"""Which ways of OpenStreetMap may not be walked, by their tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALLOWED = {"yes", "designated", "permissive", "official"}
_CLOSED = {"no", "private"}
_CLASSES = {
    "motorway": "motorway",
    "motorway_link": "motorway",
    "construction": "construction",
    "proposed": "proposed",
    "planned": "proposed",
}
REASONS = ("foot", "access", *dict.fromkeys(_CLASSES.values()))
"""Why a way is left out, in the order in which reasons are told."""


def not_for_walking(tags: Mapping[str, Any]) -> str:
    """Return why a way may not be walked, one of `REASONS`; "" where it may.

    What is allowed on foot in so many words may be walked whatever its class and
    access. Of a joined way (several values of one tag) every part must be open.

    Parameters
    ----------
    tags
        highway, foot and access, each a text, a list of texts, or not there.
    """
    foot = _values(tags, "foot")
    if foot & _CLOSED:
        return "foot"
    if foot and foot <= _ALLOWED:
        return ""
    if _values(tags, "access") & _CLOSED:
        return "access"
    closed = {_CLASSES[name] for name in _values(tags, "highway") if name in _CLASSES}
    return min(closed, key=REASONS.index, default="")


def _values(tags: Mapping[str, Any], name: str) -> set[str]:
    value = tags.get(name)
    parts = value if isinstance(value, list) else [value]
    return {word.strip() for part in parts if isinstance(part, str) for word in part.split(";")}
