"""Wishes on the map: those that lie close stand as one, with their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from circle.i18n import t
from circle.maps.drawing import Layer, Shared
from circle.maps.symbols import note

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle.model import Kind

KEY = "wishes"
"""Of the layer, as its row in the legend has it."""
_MICRO = 1e6
_SIZE_PX, _LEGEND_PX = 26, 18


class Placed(Protocol):
    """A wish with a place."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def lon(self) -> float:
        """Degrees."""

    @property
    def lat(self) -> float:
        """Degrees."""

    @property
    def kind(self) -> str:
        """Of the district's, or another."""


def notes(points: Iterable[Placed], kinds: Mapping[str, Kind]) -> Shared:
    """Return where wishes are about, for `clusters`.

    Parameters
    ----------
    points
        The newest first: of those at one place a click names the first.
    kinds
        By id; a wish of another kind has a sign without a letter.
    """
    ids: list[int] = []
    at: list[int] = []
    style: list[str] = []
    for point in points:
        ids.append(point.id)
        at += [round(point.lon * _MICRO), round(point.lat * _MICRO)]
        style.append(point.kind if point.kind in kinds else "")
    styles = {kind.id: _style(kind, str(kind.name)) for kind in kinds.values()}
    styles[""] = _style(None, t("wishes.other"))
    return Shared({"ids": ids, "at": at, "style": style, "styles": styles})


def clusters(shown: Shared, *, selected: int | None = None) -> Layer:
    """Return wishes, those that lie close at a zoom as one.

    Parameters
    ----------
    shown
        From `notes`.
    selected
        Number of the wish to mark.
    """
    words = {
        "one": t("wishes.map_one", id="%id%", what="%what%"),
        "many": t("wishes.map_many", n="%n%"),
    }
    chosen = "" if selected is None else str(selected)
    return Layer("clusters", {"key": KEY, "selected": chosen, **words}, shown)


def legend_row(kinds: Iterable[Kind | None], *, masked: bool = False) -> dict[str, Any]:
    """Return the legend's row of wishes: a sign a kind, None for all others."""
    items = [
        {
            "sign": note(kind, size=_LEGEND_PX),
            "text": t("wishes.other") if kind is None else str(kind.name),
        }
        for kind in kinds
    ]
    title = t("legend.wishes_masked" if masked else "wishes.legend")
    return {"key": KEY, "title": title, "items": items}


def _style(kind: Kind | None, text: str) -> dict[str, Any]:
    return {"svg": note(kind, size=_SIZE_PX), "size": _SIZE_PX, "text": text}
