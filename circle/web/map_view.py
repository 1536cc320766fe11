"""A map in a page: drawn once, its answer replaced, its clicks told at once.

The frame is a component of ours: ``circle/maps/static/frame.js``. What answers share
(`circle.maps.drawing.Shared`) is a file that the frame reads once; an answer is what
is left.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import streamlit as st
import streamlit.components.v1 as components
from streamlit import runtime

from circle.config import settings
from circle.maps.assets import STATIC
from circle.maps.base_map import MAX_ZOOM, leaflet_options
from circle.maps.escaping import escape
from circle.maps.tools import tools
from circle.web import memo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from circle.maps.drawing import Layer, Shared
    from circle.model import District

    OnClick = Callable[[District, "Click"], None]

_LON_MAX, _LAT_MAX = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class Click:
    """What a person clicked: a point of the map, or a thing drawn there.

    Attributes
    ----------
    layer, id
        ``facility``, ``heritage`` or ``gap`` and which one; both empty for the
        point.
    """

    lon: float
    lat: float
    layer: str = ""
    id: str = ""


def show_map(
    district: District,
    layers: Iterable[Layer] = (),
    *,
    key: str,
    on_click: OnClick | None = None,
) -> None:
    """Draw the map of a district.

    Parameters
    ----------
    district
        What is drawn below all else, as this installation draws it.
    layers
        From `circle.maps`: all that changes.
    key
        The same for the same map on every run; its view is kept under it for the visit.
    on_click
        Is called with a click, before the page runs anew.
    """
    ground, own = memo.ground(district), f"drawn:{key}"
    answer = orjson.dumps(list(_layers(layers, key)))
    with st.container(key=f"map-{key}"):
        _frame()(
            place=f"{key}:{district.base_id}",
            ground=_address(ground, f"{key}:ground"),
            options=leaflet_options(ground.data),
            tiles=_tiles(),
            tools=tools(),
            layers=answer,
            said=zlib.crc32(answer),  # bytes alone are not seen to differ
            key=own,
            on_change=lambda: _clicked(district, own, on_click),
        )


def _frame() -> Any:  # noqa: ANN401 - Streamlit's
    """Return the component, whose address is made of this module's name and its own.

    Naming it again costs nothing and outlives a restart of the server's runtime.
    """
    return components.declare_component("map", path=STATIC)


def _layers(layers: Iterable[Layer], key: str) -> Iterator[dict[str, Any]]:
    """Yield what the frame is given of each layer; several of a function have a number."""
    count: Counter[str] = Counter()
    for layer in layers:
        count[layer.function] += 1
        name = f"{layer.function}:{count[layer.function]}"
        shared = "" if layer.shared is None else _address(layer.shared, f"{key}:{name}")
        yield {"name": name, "draw": layer.function, "data": layer.data, "shared": shared}


def _address(shared: Shared, place: str) -> str:
    """Return where the frame reads what answers share: there as long as a session shows it."""
    files = runtime.get_instance().media_file_mgr
    return files.add(shared.json, "application/json", f"map:{place}")


def _tiles() -> dict[str, Any] | None:
    installed = settings()
    if not installed.tiles:
        return None
    credit = escape(installed.tiles_attribution)
    return {
        "address": installed.tiles,
        "options": {"attribution": credit, "maxZoom": MAX_ZOOM},
    }


def _clicked(district: District, key: str, on_click: OnClick | None) -> None:
    click = read_click(st.session_state.get(key))
    if click is not None and on_click is not None:
        on_click(district, click)


def read_click(told: object) -> Click | None:
    """Return the click that a frame told of; None for anything else."""
    if not isinstance(told, dict):
        return None
    lon, lat = _degrees(told.get("lon"), _LON_MAX), _degrees(told.get("lat"), _LAT_MAX)
    if lon is None or lat is None:
        return None
    return Click(lon, lat, str(told.get("layer", "")), str(told.get("id", "")))


def _degrees(told: object, most: float) -> float | None:
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    return float(told) if math.isfinite(told) and abs(told) <= most else None
