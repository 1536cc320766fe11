"""Which ways of OpenStreetMap may not be walked, by their tags.

The rule, in the order in which it is asked:

1. A ferry and a corridor indoors are no streets, unless they are asked for.
2. What is allowed on foot in so many words (foot=yes, designated, permissive, official)
   is walked, whatever its class and access: a cycleway, a private road.
3. foot=no and foot=private lose, then access=no and access=private.
4. Classes without walkers lose: motorways, cycleways, what is not built or not a way at all.

`circle.osm.streets` asks last whether a street whose sidewalks are drawn apart
(sidewalk=separate) has one beside it.
"""

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
    "cycleway": "cycleway",
    **dict.fromkeys(
        (
            "abandoned",
            "bus_guideway",
            "busway",
            "demolished",
            "disused",
            "emergency_bay",
            "escape",
            "no",
            "platform",
            "raceway",
            "razed",
            "rest_area",
            "services",
            "via_ferrata",
        ),
        "class",
    ),
}
_INDOORS = {"yes", "corridor", "room", "area"}
REASONS = ("foot", "access", *dict.fromkeys(_CLASSES.values()), "indoor", "ferry")
"""Why a way is left out, in the order in which reasons are told."""


def not_for_walking(
    tags: Mapping[str, Any], *, ferries: bool = False, indoors: bool = False
) -> str:
    """Return why a way may not be walked, one of `REASONS`; "" where it may.

    Of a joined way (several values of one tag) every part must be open.

    Parameters
    ----------
    tags
        highway, route, indoor, foot, access and motorroad, each a text, a list of texts,
        or not there.
    ferries, indoors
        Whether to walk onto ferries, and along corridors indoors.
    """
    highway = _values(tags, "highway")
    if not ferries and not highway and "ferry" in _values(tags, "route"):
        return "ferry"
    if not indoors and ("corridor" in highway or _values(tags, "indoor") & _INDOORS):
        return "indoor"
    foot = _values(tags, "foot")
    if foot & _CLOSED:
        return "foot"
    if foot and foot <= _ALLOWED:
        return ""
    if _values(tags, "access") & _CLOSED:
        return "access"
    closed = {_CLASSES[name] for name in highway if name in _CLASSES}
    if "yes" in _values(tags, "motorroad"):
        closed.add("motorway")
    return min(closed, key=REASONS.index, default="")


def _values(tags: Mapping[str, Any], name: str) -> set[str]:
    value = tags.get(name)
    parts = value if isinstance(value, list) else [value]
    return {word.strip() for part in parts if isinstance(part, str) for word in part.split(";")}
