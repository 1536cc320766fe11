"""The map of the Coverage page: one measure at a time, gap zones over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from circle.config import settings
from circle.demand import with_seniors
from circle.maps import layers, legend
from circle.maps.base import district_map
from circle.maps.geometry import feature
from circle.web import cache, params, state, wording
from circle.web.mapview import show_map

if TYPE_CHECKING:
    from circle.model import Coverage, District, Gap

_SHOWN_GAPS = 6
_FEW_PEOPLE = 10
_KEY = "coverage"


def show(district: District, found: Coverage, zones: tuple[Gap, ...]) -> None:
    """Draw the map, and mark the zone that is clicked on it."""
    kind = district.kinds[found.kind]
    with_heritage = state.value(params.flag("heritage", default=False))
    rows = [legend.demand_row(found.minutes), legend.gaps_row(), *legend.kind_rows([kind])]
    if with_heritage:
        rows.append(legend.heritage_row())
    made = _base(district)
    legend.add_legend(made, rows, notes=[legend.unverified_note(kind)])
    drawn: list[Any] = []
    if state.value(params.flag("gaps", default=True)):
        marked = state.value(params.gap()) or None
        drawn.append(layers.gaps(_features(district, zones), selected=marked))
    drawn.append(_points(district, found))
    if with_heritage:
        drawn.append(layers.heritage(district.heritage))
    places = district.facilities[district.facilities["kind"].eq(found.kind)]
    drawn.append(layers.facilities(places, district.kinds))
    click = show_map(made, drawn, key=_KEY)
    if click is not None and click.layer == "gap":
        mark(click.id)
        st.rerun()


def ground(district: District, *, key: str) -> None:
    """Draw the map without an answer."""
    show_map(_base(district), [], key=key)


def listed(zones: tuple[Gap, ...]) -> list[Gap]:
    """Return the zones that are listed and drawn with a number, worst first."""
    return [zone for zone in zones if zone.residents >= _FEW_PEOPLE][:_SHOWN_GAPS]


def mark(rank: str) -> None:
    """Mark a zone, or no longer mark it."""
    param = params.gap()
    state.put(param, "" if state.value(param) == rank else rank)


def _base(district: District) -> Any:  # noqa: ANN401 - folium stays in circle.maps
    return district_map(
        district,
        tiles=settings().tiles,
        tiles_credit=settings().tiles_attribution,
        data=cache.base(district),
    )


def _points(district: District, found: Coverage) -> Any:  # noqa: ANN401 - the same
    demand = with_seniors(district.demand)
    own = (demand["inside"] & (demand["residents"] > 0)).to_numpy(np.bool_)
    return layers.demand(
        demand.loc[own, ["lon", "lat"]].to_numpy(np.float64),
        found.seconds[own] / 60,
        demand.loc[own, "residents"].to_numpy(np.float64),
        found.minutes,
    )


def _features(district: District, zones: tuple[Gap, ...]) -> list[dict[str, object]]:
    return [
        feature(
            zone.geometry,
            district.crs,
            id=str(zone.rank),
            rank=zone.rank,
            name=wording.gap_name(zone),
            lines=[wording.gap_line(district, zone), wording.gap_beyond(zone)],
        )
        for zone in listed(zones)
    ]
