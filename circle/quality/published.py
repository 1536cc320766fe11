"""The district's data against what was published of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.i18n import t
from circle.model import Text
from circle.places.facilities import parse_capacity
from circle.quality.findings import Check, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District

CLOSE, FAR_OFF = 0.01, 0.05
"""A difference from the published figure of this share is none; above that, a problem."""
_LISTED = "优秀历史建筑"


def published_checks(district: District) -> list[Check]:
    """Return how the district's data compares with what was published of it.

    Figures that nothing in the format of a district can be held against are
    left out.
    """
    by_id = {layer.id: layer.source for layer in district.layers}
    source = by_id.get("seed_figures", Text("", ""))
    checks = []
    for row in district.figures.to_dict("records"):
        key, value = str(row["key"]), float(row["value"])
        if key not in _COMPARABLE:
            continue
        count, unit = _COMPARABLE[key]
        ours = count(district)
        item, counted = _in_both_languages(f"item.{key}"), _in_both_languages(f"unit.{unit}")
        given = (("item", item), ("unit", counted), ("published", _number_text(value)))
        values = (*given, ("ours", _number_text(ours)))
        verdict, severity = _compared(ours, value)
        if severity is Severity.OK and key in _UNSURE and _UNSURE[key](district):
            verdict, severity = "published_unsure", Severity.NOTE
        checks.append(Check("published", verdict, severity, values, ours, value, unit, source))
    return checks


def _compared(ours: float | None, published: float) -> tuple[str, Severity]:
    if ours is None:
        return "published_only", Severity.NOTE
    apart = abs(ours - published) / abs(published) if published else abs(ours)
    if apart <= CLOSE:
        return "published_same", Severity.OK
    return "published_differs", Severity.NOTE if apart <= FAR_OFF else Severity.PROBLEM


def _in_both_languages(key: str) -> Text:
    zh, en = (t(f"quality.{key}", language=code) for code in ("zh", "en"))
    return Text(zh, en)


def _number_text(value: float | None) -> str:
    return "—" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")


def _area_km2(district: District) -> float:
    return round(district.boundary.area / 1e6, 4)


def _listed_buildings(district: District) -> float | None:
    kind = district.heritage["kind"].eq(_LISTED)
    return float((kind & district.heritage["inside"]).sum()) if kind.any() else None


def _doorways(district: District) -> float | None:
    return None if district.doorways is None else float(len(district.doorways))


def _roads_found(district: District) -> float | None:
    roads = district.never_widened
    if roads.empty:
        return None
    known = {part for name in district.network.segment_name for part in str(name).split(";")}
    return float(roads["name"].drop_duplicates().isin(known).sum())


def _capacity(unit: str, part: int) -> Callable[[District], float | None]:
    """Return what adds up the capacity of the facilities inside that is counted in `unit`."""

    def count(district: District) -> float | None:
        table = district.facilities
        if "capacity_unit" not in table:
            return None
        places = table[table["capacity_unit"].eq(unit) & table["inside"]]
        known = [read for text in places["capacity"] if (read := parse_capacity(text))]
        return float(sum(read[part] for read in known)) if known else None

    return count


_COMPARABLE: dict[str, tuple[Callable[[District], float | None], str]] = {
    "area_km2": (_area_km2, "km2"),
    "areas": (lambda district: float(len(district.areas)), "areas"),
    "protected_historic_buildings": (_listed_buildings, "places"),
    "never_widened_roads": (_roads_found, "roads"),
    "market_stalls": (_capacity("stalls", 0), "stalls"),
    "canteen_dine_in_per_day": (_capacity("meals/day", 0), "meals"),
    "canteen_delivered_per_day": (_capacity("meals/day", 1), "meals"),
    "buildings": (lambda _: None, "buildings"),
    "doorways_surveyed": (_doorways, "doorways"),
}
"""Published figures that the district's own data can be held against, and their units."""

_UNSURE: dict[str, Callable[[District], bool]] = {
    "never_widened_roads": lambda one: bool(one.never_widened["confidence"].ne("official").any()),
    "areas": lambda one: any(not area.official for area in one.areas),
}
"""Figures that agree in number, though what is counted has not been checked."""
