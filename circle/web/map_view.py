"""A map in a page: drawn once, its answer replaced, its clicks read once each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium

from circle.config import settings
from circle.maps import legend
from circle.maps.assets import STATIC
from circle.maps.base_map import district_map
from circle.maps.tools import add_tools
from circle.web import memo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District, Kind

HEIGHT_PX = 620
_RETURNED = ("last_clicked", "last_active_drawing", "last_object_clicked_count")


@dataclass(frozen=True, slots=True)
class Click:
    """What a person clicked: a point of the map, or a feature drawn there.

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
    layers: Sequence[Any] = (),
    *,
    key: str,
    rows: Sequence[dict[str, Any]] = (),
    unverified: Kind | None = None,
) -> Click | None:
    """Draw the map of a district and return a click that was not returned before.

    Parameters
    ----------
    district
        What is drawn below all else, as this installation draws it.
    layers
        Feature groups from `circle.maps.layers`: all that changes.
    key
        The same for the same map on every run.
    rows
        Of a legend that never changes; see `circle.maps.legend.add_legend`.
    unverified
        The kind whose hollow symbol that legend explains.

    Returns
    -------
    Click or None
        The newest click since the last run, or None.
    """
    serve_files()
    base = district_map(
        memo.base(district),
        tiles=settings().tiles,
        tiles_credit=settings().tiles_attribution,
    )
    add_tools(base)
    if rows:
        notes = [] if unverified is None else [legend.unverified_note(unverified)]
        legend.add_legend(base, rows, notes=notes)
    with st.container(key=f"map-{key}"):
        reply = st_folium(
            base,
            key=key,
            height=HEIGHT_PX,
            use_container_width=True,
            returned_objects=list(_RETURNED),
            feature_group_to_add=list(layers),
            render=False,  # it does so once more by itself
        )
    return _new_click(reply or {}, f"_clicks:{key}")


def serve_files() -> None:
    """Have the app serve the map's scripts and styles to its frames.

    The address, ``circle.web.map_view.static``, is made of this module's name.
    Naming it again costs nothing and outlives a restart of the server's runtime.
    """
    components.declare_component("static", path=STATIC)


def _new_click(reply: dict[str, Any], memory: str) -> Click | None:
    """Return the click in the map's reply, unless the last run had it too."""
    point, feature = (
        _clicked_point(reply.get("last_clicked")),
        _clicked_feature(reply.get("last_active_drawing")),
    )
    count = reply.get("last_object_clicked_count")
    before = st.session_state.get(memory)
    st.session_state[memory] = (point, feature, count)
    if before is None:  # a session's first reply: a browser whose server was restarted repeats it
        return None
    seen_point, seen_feature, seen_count = before
    if feature is not None and (feature != seen_feature or count != seen_count) and count:
        return feature
    return point if point is not None and point != seen_point else None


def _clicked_point(point: object) -> Click | None:
    if not isinstance(point, dict):
        return None
    lon, lat = point.get("lng"), point.get("lat")
    if not isinstance(lon, int | float) or not isinstance(lat, int | float):
        return None
    return Click(float(lon), float(lat))


def _clicked_feature(drawing: object) -> Click | None:
    if not isinstance(drawing, dict):
        return None
    properties, shape = drawing.get("properties"), drawing.get("geometry")
    if not isinstance(properties, dict) or not isinstance(shape, dict) or not properties.get("id"):
        return None
    lon, lat = shape["coordinates"]
    return Click(float(lon), float(lat), str(properties.get("layer", "")), str(properties["id"]))
