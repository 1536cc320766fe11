"""The legend inside the map, whose rows show and hide the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle.i18n import t
from circle.maps.element import Call
from circle.maps.ramp import BEYOND, band_colours, darker, step_colours, step_limits
from circle.maps.symbols import gable, sign, swatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import folium

    from circle.model import Kind

_SIGN_PX = 20


def add_legend(
    map_: folium.Map, rows: Iterable[dict[str, Any]], *, notes: Iterable[dict[str, str]] = ()
) -> folium.Map:
    """Put a legend on a map, lower left, and return the map.

    Changing a legend makes the app lay out the map anew and loses its zoom:
    keep the rows the same while only the answer changes.

    Parameters
    ----------
    map_
        From `circle.maps.base.district_map`.
    rows
        Made by the functions of this module.
    notes
        Rows that explain a sign and hide nothing.
    """
    data = {"title": t("legend.title"), "rows": list(rows), "notes": list(notes)}
    map_.add_child(Call("legend", data))
    return map_


def bands_row(limits: Sequence[float]) -> dict[str, Any]:
    """Return the row of the ground within each of `limits` minutes."""
    ordered = sorted(limits)
    items = [
        {"sign": swatch(fill, line), "text": f"{limit:g}"}
        for limit, (fill, line) in zip(ordered, band_colours(len(ordered)), strict=True)
    ]
    items[-1]["text"] = t("map.minutes", minutes=f"{ordered[-1]:g}")
    return {"key": "bands", "items": items}


def demand_row(limit: float) -> dict[str, Any]:
    """Return the row of residents by their walk, up to and beyond `limit` minutes."""
    limits = step_limits(limit)
    items = [
        {"sign": swatch(colour, darker(colour)), "text": f"{upper:g}"}
        for upper, colour in zip(limits, step_colours(len(limits)), strict=True)
    ]
    items[-1]["text"] = t("map.minutes", minutes=f"{limit:g}")
    beyond = {
        "sign": swatch("#FFFFFF", BEYOND, ring=True),
        "text": t("legend.beyond", limit=f"{limit:g}"),
    }
    return {"key": "demand", "items": [*items, beyond]}


def kind_rows(kinds: Iterable[Kind]) -> list[dict[str, Any]]:
    """Return a row for each kind of place."""
    return [
        {
            "key": f"kind:{kind.id}",
            "items": [{"sign": sign(kind, size=_SIGN_PX), "text": str(kind.name)}],
        }
        for kind in kinds
    ]


def heritage_row() -> dict[str, Any]:
    """Return the row of protected buildings."""
    return {"key": "heritage", "items": [{"sign": gable(), "text": t("legend.heritage")}]}


def gaps_row() -> dict[str, Any]:
    """Return the row of the zones out of reach."""
    hatch = swatch("url(#circle-hatch)", BEYOND)
    return {"key": "gaps", "items": [{"sign": hatch, "text": t("legend.gaps")}]}


def unverified_note(kind: Kind) -> dict[str, str]:
    """Return the note on places whose position is not verified."""
    return {"sign": sign(kind, verified=False, size=_SIGN_PX), "text": t("map.unverified")}
