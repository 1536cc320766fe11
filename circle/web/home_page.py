"""The page From my home: an address, a pace, minutes; the places, the map, a sheet to print."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import streamlit as st

from circle.errors import InputError, NetworkError
from circle.i18n import rounding, t
from circle.maps import layers, legend
from circle.measures.lifecircle import walk_to
from circle.network.graph import street_label
from circle.report.home_sheet.sheet import Sheet
from circle.web import (
    controls,
    downloads,
    home_floor,
    home_list,
    home_sheet,
    memo,
    params,
    place,
    search_box,
    shell,
    state,
)
from circle.web.map_view import show_map
from circle.web.part import part
from circle.words import nearby, wording

if TYPE_CHECKING:
    from circle.maps.drawing import Layer
    from circle.model import District, LifeCircle, Path
    from circle.web.home_floor import Floor
    from circle.words.nearby import Nearby

_WITHIN = tuple(f"{limit:g}" for limit in nearby.LIMITS)


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    apply_home_style()
    shell.header(district.name, t("home.title"), district.observed)
    part(_answered)


def _answered() -> None:
    study = memo.study(memo.as_built())
    district = study.district
    with st.container(key="home"):
        left, right = st.container(key="home-left"), st.container(key="home-right")
    with left:
        _controls(district)
    at, profile = state.value(params.at(district)), state.value(params.slow_profile(district))
    try:
        circle = memo.life_circle(study, profile, at, nearby.LIMITS)
    except (InputError, NetworkError) as error:
        with left:
            _off_the_streets(district, error.message())
        with right:
            _map(district, [])
        return
    floor = home_floor.chosen(district.profiles[profile])
    places = nearby.nearby(district, circle, now(), floor.indoors_s if floor else 0.0)
    limit = float(state.value(within()))
    picked = home_list.picked(district, places)
    walk = study.walk(profile)
    way = None
    if picked is not None:
        rows = circle.facilities[circle.facilities["id"].astype(str).eq(picked.id)]
        way = walk_to(walk, circle.origin, rows.iloc[0])
    with right:
        _map(district, _layers(district, circle, places, limit, picked, way))
    with left:
        home_floor.say(floor)
        _answer(district, circle, places, limit, floor)
        asked = nearby.whom_to_ask(district, circle, home_list.listed(district, places, limit))
        shell.notes([asked] if asked else [])
        home_list.show(district, places, limit, way)
        here = _place_name(district, circle) + (floor.name if floor else "")
        home_sheet.download_button(
            Sheet(
                district,
                circle,
                places,
                district.profiles[profile],
                limit,
                here,
                now().astimezone(ZoneInfo(district.time_zone)),
                picked,
                way,
                asked,
                floor.note if floor else "",
            )
        )
    _below(district)


def apply_home_style() -> None:
    """Put the style of this page into it: big type, one column on a phone."""
    style = files("circle.web").joinpath("home.css").read_text(encoding="utf-8")
    st.html(f"<style>{style}</style>")


def now() -> datetime:
    """Return the time that opening hours are shown for."""
    return datetime.now(UTC)


def within() -> state.Param[str]:
    """Return the limit that places are listed within, minutes."""
    return state.choice("within", _WITHIN, _WITHIN[-1])


def _controls(district: District) -> None:
    search_box.for_address(district)
    profile = params.slow_profile(district)
    with st.container(key="home-choices", horizontal=True):
        controls.chips(
            t("home.pace"), tuple(district.profiles), profile,
            lambda name: nearby.pace(district.profiles[name]),
        )  # fmt: skip
        controls.chips(t("home.within"), _WITHIN, within(), lambda n: t("unit.minutes", n=n))
        home_floor.asked()


def _off_the_streets(district: District, message: str) -> None:
    st.warning(shell.escaped_markdown(message))
    if not place.is_start(district):
        name = str(district.start_name) or str(district.name)
        place.back_button(district, t("home.back", name=name))


def _place_name(district: District, circle: LifeCircle) -> str:
    """Return what the place is called: as it was chosen, else by its street."""
    if name := place.name(district):
        return name
    street = street_label(district.network.segment_name[circle.origin.segment[0]])
    return t("home.on_street", street=street or t("directions.unnamed"))


def _answer(
    district: District,
    circle: LifeCircle,
    places: tuple[Nearby, ...],
    limit: float,
    floor: Floor | None,
) -> None:
    profile = district.profiles[state.value(params.slow_profile(district))]
    here = _place_name(district, circle) + (floor.name if floor else "")
    sentence = nearby.sentence(district, here, profile, limit, places)
    shell.answer(wording.marked(sentence))
    lines = [
        t(
            "home.pace_note" if profile.steps_allowed else "home.pace_note_level",
            metres=rounding.pace(profile.speed_m_s),
        )
    ]
    if floor is not None and math.isfinite(floor.out_s):
        lines.append(floor.note)
    if place.is_start(district):
        lines.append(t("home.example"))
    shell.notes(lines)


def _layers(
    district: District,
    circle: LifeCircle,
    places: tuple[Nearby, ...],
    limit: float,
    picked: Nearby | None,
    way: Path | None,
) -> list[Layer]:
    groups = [layers.bands(circle.isochrones, district.crs, seen=limit)]
    if way is not None:
        groups.append(layers.path(way, district.crs, nearby.LIMITS))
    minutes = {each.id: rounding.whole_minutes(each.seconds / 60, nearby.LIMITS) for each in places}
    return [
        *groups,
        layers.facilities(
            place.places(district, circle.facilities["id"]),
            minutes=minutes,
            selected=picked.id if picked else None,
        ),
        layers.origin(*state.value(params.at(district))),
    ]


def _map(district: District, groups: list[Layer]) -> None:
    shell.heading(t("home.map"), anchor="home-map")
    shell.notes([t("home.map_hint")])
    show_map(district, [_legend(district), *groups], key="home", on_click=place.take_click)


def _legend(district: District) -> Layer:
    def make() -> Layer:
        kinds = list(district.kinds.values())
        present = set(district.facilities["kind"])
        rows = [
            legend.bands_row(nearby.LIMITS),
            *legend.kind_rows([kind for kind in kinds if kind.id in present]),
        ]
        return legend.layer(rows, notes=[legend.unverified_note(kinds[0])])

    return memo.drawn(district, "home_legend", None, make)


def _below(district: District) -> None:
    with st.container(key="home-below"):
        with st.expander(t("home.about")):
            shell.notes([t("home.about_minutes"), t("home.about_hours"), t("home.about_privacy")])
        downloads.sources(district)
