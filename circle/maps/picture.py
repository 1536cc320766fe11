"""The button that saves what the map shows as a picture, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from circle.i18n import t
from circle.maps.drawing import Layer


@dataclass(frozen=True, slots=True)
class Sheet:
    """The texts around the map in a saved picture; plain texts.

    Attributes
    ----------
    title, subtitle
        Above the map: what it shows; where, for whom and as of when.
    notes
        Below the legend: what is modelled, whom the data is from.
    file
        Name of the picture's file, without its ending.
    """

    title: str
    subtitle: str
    notes: tuple[str, ...]
    file: str


def picture(sheet: Sheet) -> Layer:
    """Return the button as a layer: what it saves changes with the answer."""
    data = {
        "title": sheet.title,
        "subtitle": sheet.subtitle,
        "notes": list(sheet.notes),
        "file": sheet.file,
    }
    words = {name: t(f"picture.{name}") for name in ("save", "failed", "tiles")}
    return Layer("picture", data | {"words": words})
