"""The legend inside the map, whose rows show and hide the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle.i18n import t
from circle.maps.colours import BEYOND
from circle.maps.drawing import Layer, Shared
from circle.maps.ramp import band_colours
from circle.maps.symbols import dash, gable, mark, sign, spot, swatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from circle.maps.grades import Scale
    from circle.model import Kind

_SYMBOL_PX = 20


def layer(rows: Iterable[dict[str, Any]], *, notes: Iterable[dict[str, str]] = ()) -> Layer:
    """Put a legend on the map, lower left.

    Parameters
    ----------
    rows
        Made by the functions of this module.
    notes
        Rows that explain a symbol and hide nothing.
    """
    data = {"title": t("legend.title"), "rows": list(rows), "notes": list(notes)}
    return Layer("legend", {}, Shared(data))


def bands_row(limits: Sequence[float]) -> dict[str, Any]:
    """Return the row of the ground within each of `limits` minutes."""
    ordered = sorted(limits)
    items = [
        {"sign": swatch(fill, line), "text": f"{limit:g}"}
        for limit, (fill, line) in zip(ordered, band_colours(len(ordered)), strict=True)
    ]
    items[-1]["text"] = t("map.minutes", minutes=f"{ordered[-1]:g}")
    return {"key": "bands", "items": items}


def graded_row(scale: Scale) -> dict[str, Any]:
    """Return the row of residents by a measure: its title and its grades."""
    items = [{"sign": mark(grade), "text": grade.text} for grade in scale.grades]
    return {"key": "demand", "title": scale.title, "items": items}


def outlines_row(text: str, key: str = "outlines") -> dict[str, Any]:
    """Return the row of the outlines that `circle.maps.layers.outlines` draws."""
    return {"key": key, "items": [{"sign": dash(), "text": text}]}


def kind_rows(kinds: Iterable[Kind]) -> list[dict[str, Any]]:
    """Return a row for each kind of place."""
    return [
        {
            "key": f"kind:{kind.id}",
            "items": [{"sign": sign(kind, size=_SYMBOL_PX), "text": str(kind.name)}],
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


def spots_row(key: str, text: str, letter: str = "") -> dict[str, Any]:
    """Return a row of what `circle.maps.layers.spots` draws under a key."""
    return {"key": key, "items": [{"sign": spot(letter), "text": text}]}


def unverified_note(kind: Kind) -> dict[str, str]:
    """Return the note on places whose position is not verified."""
    return {"sign": sign(kind, verified=False, size=_SYMBOL_PX), "text": t("map.unverified")}
