"""The parameters of the address bar that the pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from circle.demand import ages_known
from circle.geo.crs import to_lonlat
from circle.geo.meridian import HALF_ROUND, on_the_globe
from circle.places.facilities import countable, coverable_kinds, usual_profile
from circle.web import state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.model import District

MOST_MINUTES = 60.0
LIMITS = (5.0, 10.0, 15.0)
CLICKS = ("start", "ask")
_MOST_LIMITS = 6
_LIMIT_DECIMALS = 2
_MOST_QUOTED = 60


def at(district: District) -> state.Param[tuple[float, float]]:
    """Return the place that a walk starts from, degrees; by default the district's own."""
    start = district.start
    if start is None:
        lived = np.array(district.demand[["lon", "lat"]], np.float64)
        if len(lived) and np.ptp(lived[:, 0]) > HALF_ROUND:  # over the 180th meridian
            lived[:, 0] %= 2 * HALF_ROUND
        where = lived.mean(axis=0) if len(lived) else lived
        if district.demand.empty:
            middle = district.boundary.representative_point()
            where = to_lonlat([(middle.x, middle.y)], district.crs)[0]
        start = round(on_the_globe(float(where[0])), 6), round(float(where[1]), 6)
    return state.Param("at", state.lonlat, state.write_lonlat, start)


def place() -> state.Param[str]:
    """Return what the place is called that a walk starts from; empty for a point."""
    return state.Param("place", str, str, "")


def kept() -> state.Param[tuple[float, float] | None]:
    """Return the place that another is compared with, degrees; None for none."""
    return state.Param("with", state.lonlat, state.write_lonlat, None)


def kept_name() -> state.Param[str]:
    """Return what that place is called."""
    return state.Param("with_place", str, str, "")


def click() -> state.Param[str]:
    """Return what a click on Explore's map does: moves the start, or asks about the point."""
    return state.choice("click", CLICKS)


def point() -> state.Param[tuple[float, float] | None]:
    """Return the point that is asked about, degrees; None for none."""
    return state.Param("point", state.lonlat, state.write_lonlat, None)


def profile(district: District, default: str | None = None) -> state.Param[str]:
    """Return who walks; by default the district's first profile."""
    known = tuple(district.profiles)
    return state.choice("profile", known, default if default in known else known[0])


def slow_profile(district: District) -> state.Param[str]:
    """Return who walks on Coverage: the older adult by default, where there is one."""
    return profile(district, usual_profile(district))


def limits() -> state.Param[tuple[float, ...]]:
    """Return the limits of Explore, minutes."""
    return state.Param("minutes", read_limits, write_limits, LIMITS)


def limit() -> state.Param[float]:
    """Return the limit of Coverage, minutes."""
    return state.Param("within", state.number(1, MOST_MINUTES), state.write_number, LIMITS[-1])


def kind(district: District) -> state.Param[str]:
    """Return the kind of facility of Coverage.

    By default one of which something is known; of those the one that the district puts first.
    """
    known = coverable_kinds(district)
    telling = [name for name in known if countable(district, name)] or list(known)
    first = next((name for name in telling if district.kinds[name].first), telling[0])
    return state.choice("kind", known, first)


def group(groups: tuple[str, ...], default: str) -> state.Param[str]:
    """Return whose coverage the sentence tells."""
    return state.choice("group", groups, default)


def known_group(district: District, group: str) -> str:
    """Return an age group to open with; all residents where they live and no age is known."""
    known, everyone = ages_known(district)
    return "residents" if everyone > 0 and not known > 0 else group


def to(district: District) -> state.Param[str]:
    """Return the facility that a walk is drawn to; empty for none."""
    return state.choice("to", district.facilities["id"].astype(str), "")


def gap() -> state.Param[str]:
    """Return the gap zone that is marked, by rank; empty for none."""
    return state.Param("gap", _rank, str, "")


def standard(meant: Mapping[str, str]) -> state.Param[str]:
    """Return the requirement that coverage is judged by; empty for plain minutes.

    Parameters
    ----------
    meant
        The requirement that is meant by each name that an address may give.
    """

    def parse(raw: str) -> str:
        if raw.strip() not in meant:
            raise ValueError(raw)
        return meant[raw.strip()]

    return state.Param("standard", parse, str, "")


def unusable(param: state.Param[str]) -> str:
    """Return what the address gives for a parameter that cannot read it; "" where it can."""
    raw = st.query_params.get(param.name, "")
    if not raw.strip() or param.read(raw) != param.default:
        return ""
    return raw if len(raw) <= _MOST_QUOTED else f"{raw[:_MOST_QUOTED]}…"


def area(district: District) -> state.Param[str]:
    """Return the area that is explained; empty for none."""
    return state.choice("area", ("", *(area.id for area in district.areas)))


def heritage() -> state.Param[bool]:
    """Return whether historic buildings are shown on a map."""
    return flag("heritage", default=True)


def flag(name: str, *, default: bool) -> state.Param[bool]:
    """Return something that is shown or not."""
    return state.Param(name, state.flag, state.write_flag, default)


def read_limits(raw: str) -> tuple[float, ...]:
    """Parse up to six limits of 1 to 60 minutes, in ascending order.

    Two that read the same are one.
    """
    parts = raw.replace("，", ",").replace("、", ",").split(",")
    if len(parts) > _MOST_LIMITS:
        raise ValueError(raw)
    parse = state.number(1, MOST_MINUTES)
    return tuple(sorted({round(parse(part), _LIMIT_DECIMALS) for part in parts}))


def write_limits(values: tuple[float, ...]) -> str:
    """Write what `read_limits` reads."""
    return state.join(f"{value:g}" for value in values)


def _rank(raw: str) -> str:
    if raw and not (raw.isascii() and raw.isdecimal()):
        raise ValueError(raw)
    return raw
