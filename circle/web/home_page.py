"""The page From my home: an address, a pace, minutes; the places, the map, a sheet to print."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import streamlit as st

from circle.errors import InputError, NetworkError
from circle.i18n import rounding, t
from circle.maps import layers, legend
from circle.measures.lifecircle import walk_to
from circle.reach.isochrone import to_features
from circle.report.home_sheet.sheet import Sheet
from circle.web import address_box, downloads, home_list, home_sheet, memo, params, shell, state
from circle.web.map_view import Click, fresh_map, show_map
from circle.words import nearby, wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District, LifeCircle, Path
    from circle.words.nearby import Nearby

_NAME = "home:name"
_WITHIN = tuple(f"{limit:g}" for limit in nearby.LIMITS)


def show() -> None:
    """Draw the page."""
    study = memo.study()
    district = study.district
    apply_home_style()
    shell.header(district.name, t("home.title"), district.observed)
    with st.container(key="home"):
        left, right = st.container(key="home-left"), st.container(key="home-right")
    with left:
        _controls(district)
    at, profile = state.value(_at(district)), state.value(params.slow_profile(district))
    try:
        circle = memo.life_circle(study, profile, at, nearby.LIMITS)
    except (InputError, NetworkError) as error:
        with left:
            _off_the_streets(district, error.message())
        with right:
            _map(district, [], at)
        return
    places = nearby.nearby(district, circle, now())
    limit = float(state.value(within()))
    picked = home_list.picked(district, places)
    walk = study.walk(profile)
    way = None
    if picked is not None:
        rows = circle.facilities[circle.facilities["id"].astype(str).eq(picked.id)]
        way = walk_to(walk, circle.origin, rows.iloc[0])
    with left:
        _answer(district, circle, places, limit)
        home_list.show(district, places, limit, way)
        here = _place_name(district, circle)
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
            )
        )
    with right:
        _map(district, _layers(district, circle, places, picked, way), at)
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
    return state.Param("within", state.one_of(_WITHIN), str, _WITHIN[-1])


def _at(district: District) -> state.Param[tuple[float, float]]:
    return params.at(_start(district))


def _start(district: District) -> tuple[float, float]:
    if district.start is not None:
        return district.start
    middle = district.demand[["lon", "lat"]].mean()
    return round(float(middle["lon"]), 6), round(float(middle["lat"]), 6)


def _controls(district: District) -> None:
    chosen = address_box.box(lambda: memo.search_index(district))
    if chosen is not None:
        _move(district, (chosen.lon, chosen.lat), chosen.name)
    profile = params.slow_profile(district)
    with st.container(key="home-choices", horizontal=True):
        chips(
            t("home.pace"), tuple(district.profiles), profile,
            lambda name: nearby.pace(district.profiles[name]),
        )  # fmt: skip
        chips(t("home.within"), _WITHIN, within(), lambda n: t("unit.minutes", n=n))


def chips(
    label: str, options: tuple[str, ...], param: state.Param[str], name: Callable[[str], str]
) -> None:
    """Draw a choice of one of a few, all in sight."""
    st.pills(
        label,
        options,
        format_func=name,
        key=state.widget_key(param),
        on_change=state.push,
        args=(param,),
        required=True,
    )


def _move(district: District, at: tuple[float, float], name: str = "") -> None:
    point = (round(at[0], 6), round(at[1], 6))
    state.put(_at(district), point)
    st.session_state[_NAME] = (point, name)
    st.rerun()


def _back(district: District) -> None:
    state.put(_at(district), _start(district))


def _off_the_streets(district: District, message: str) -> None:
    st.warning(shell.escaped_markdown(message))
    if _start(district) != state.value(_at(district)):
        name = str(district.start_name) or str(district.name)
        st.button(
            t("home.back", name=shell.escaped_markdown(name)),
            on_click=_back,
            args=(district,),
            width="stretch",
        )


def _place_name(district: District, circle: LifeCircle) -> str:
    """Return what the place is called: as it was chosen, else by its street."""
    at = state.value(_at(district))
    named, name = st.session_state.get(_NAME, (None, ""))
    if named == at and name:
        return str(name)
    if at == _start(district) and str(district.start_name):
        return str(district.start_name)
    street = str(district.network.segment_name[circle.origin.segment[0]] or "")
    return t("home.on_street", street=street.replace(";", "/") or t("directions.unnamed"))


def _answer(
    district: District, circle: LifeCircle, places: tuple[Nearby, ...], limit: float
) -> None:
    profile = district.profiles[state.value(params.slow_profile(district))]
    sentence = nearby.sentence(_place_name(district, circle), profile, limit, places)
    shell.answer(wording.marked(sentence))
    lines = [
        t(
            "home.pace_note" if profile.steps_allowed else "home.pace_note_level",
            metres=f"{profile.speed_m_s * 60:.0f}",
        )
    ]
    if state.value(_at(district)) == _start(district):
        lines.append(t("home.example"))
    shell.notes(lines)


def _layers(
    district: District,
    circle: LifeCircle,
    places: tuple[Nearby, ...],
    picked: Nearby | None,
    way: Path | None,
) -> list[object]:
    groups = [layers.bands(to_features(circle.isochrones, district.crs))]
    if way is not None:
        groups.append(layers.path(way, district.crs, nearby.LIMITS))
    minutes = {
        place.id: rounding.whole_minutes(place.seconds / 60, nearby.LIMITS) for place in places
    }
    return [
        *groups,
        layers.facilities(
            circle.facilities,
            district.kinds,
            minutes=minutes,
            selected=picked.id if picked else None,
        ),
        layers.origin(*state.value(_at(district))),
    ]


def _map(district: District, groups: list[object], at: tuple[float, float]) -> None:
    st.html(f'<h2 class="lc-heading" id="home-map">{shell.escape(t("home.map"))}</h2>')
    shell.notes([t("home.map_hint")])
    base = fresh_map(district)
    kinds = list(district.kinds.values())
    present = set(district.facilities["kind"])
    rows = [
        legend.bands_row(nearby.LIMITS),
        *legend.kind_rows([kind for kind in kinds if kind.id in present]),
    ]
    base_map = legend.add_legend(base, rows, notes=[legend.unverified_note(kinds[0])])
    _take_click(district, show_map(base_map, groups, key="home"), at)


def _take_click(district: District, click: Click | None, at: tuple[float, float]) -> None:
    if click is None:
        return
    if click.layer == "facility":
        home_list.pick(district, click.id)
        st.rerun()
    if (click.lon, click.lat) != at:
        _move(district, (click.lon, click.lat))


def _below(district: District) -> None:
    with st.container(key="home-below"):
        with st.expander(t("home.about")):
            shell.notes([t("home.about_minutes"), t("home.about_hours"), t("home.about_privacy")])
        downloads.sources(district)
