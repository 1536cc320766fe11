"""A sheet to print that is set on one A4 page where that can be, its map as high as it may be."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import typst

from circle.report import fonts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAP_WIDE_MM = 182.0


def to_pdf(
    package: str,
    data: Mapping[str, Any],
    map_of: Callable[[tuple[float, float]], str],
    heights_mm: Sequence[float],
) -> bytes:
    """Return the PDF that a package's `sheet.typ` makes of data and a map.

    Parameters
    ----------
    package
        Where the template is, dotted.
    data
        What the template reads as JSON; the names of fonts are added.
    map_of
        Draws the map as SVG on so many millimetres, width and height.
    heights_mm
        Heights of the map: the first with which all is on one page is taken, else the last.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    template = files(package).joinpath("sheet.typ").read_bytes()
    told = json.dumps({**data, "fonts": fonts.faces()}, ensure_ascii=False)
    for high_mm in heights_mm:
        inputs = {"data": told, "map": map_of((MAP_WIDE_MM, high_mm))}
        given: dict[str, Any] = {"font_paths": fonts.for_typst(), "sys_inputs": inputs}
        pages = typst.query(template, selector="<pages>", field="value", **given)
        if json.loads(pages) == [1]:
            break
    return bytes(typst.compile(template, **given))
