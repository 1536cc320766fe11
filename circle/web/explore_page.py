"""The Explore page: controls, answer, map, list and tables."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from circle.config import settings
from circle.errors import InputError, NetworkError
from circle.i18n import rounding, t
from circle.maps import layers, legend
from circle.maps.picture import picture
from circle.measures.lifecircle import second_nearest, walk_to
from circle.network.graph import street_label
from circle.places.facilities import kind_named
from circle.report import snapshot
from circle.web import (
    comparison,
    controls,
    downloads,
    memo,
    params,
    place,
    search_box,
    shell,
    state,
    walk_to_point,
)
from circle.web.map_view import show_map
from circle.web.part import part
from circle.words import tables, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle.maps.drawing import Layer
    from circle.model import District, LifeCircle, Path

_KEY = "explore"
_SAME_PLACE = 2e-5


def show() -> None:
    """Draw the page."""
    district = memo.study().district
    shell.header(district.name, t("explore.subtitle"), district.observed)
    _controls(district)
    part(_answered)


def _answered() -> None:
    study = memo.study()
    district = study.district
    stage = shell.stage()
    profile = state.value(params.profile(district))
    at = state.value(params.at(district))
    limits = state.value(params.limits())
    try:
        circle = memo.life_circle(study, profile, at, limits)
    except (InputError, NetworkError) as error:
        with stage.lead:
            st.warning(error.message())
            _back(district)
        with stage.map:
            search_box.over_map(district)
            show_map(district, [_legend(district, limits)], key=_KEY, on_click=place.take_click)
        return
    walk = study.walk(profile)
    picked = _picked(district, circle)
    route = None if picked is None else walk_to(walk, circle.origin, picked)
    other = comparison.other(study, profile, limits)
    point = walk_to_point.asked(district, walk, circle, district.profiles[profile].speed_m_s)
    more = [] if other is None else comparison.drawn(district, other)
    more += [] if point is None else walk_to_point.drawn(district, circle, point)
    with stage.lead:  # above the map on a phone: drawn before it, so that nothing jumps
        _answer(district, circle, limits[-1])
        _back(district)
    with stage.map:
        search_box.over_map(district)
        _map(district, circle, _shown(district, circle, route), more)
    with stage.side:
        if point is not None:
            walk_to_point.show(point)
        if other is not None:
            comparison.show(district, (other, circle), _place_name(district))
        _list(district, circle, limits)
        if picked is not None and route is not None:
            _route(picked, route, limits)
        shell.notes([t("explore.hint")])
    _below(district, circle)


def _back(district: District) -> None:
    if not place.is_start(district) and str(district.start_name):
        place.back_button(district, t("explore.back", name=district.start_name))


def _controls(district: District) -> None:
    with st.sidebar:
        controls.profile(district, params.profile(district))
        _limits_control()
        controls.heritage()
        controls.toggle(t("explore.show_unverified"), params.flag("unverified", default=True))
        walk_to_point.control()
        comparison.control(district)


def _limits_control() -> None:
    param = params.limits()
    key = "explore:limits"
    st.session_state[key] = params.write_limits(state.value(param))
    st.text_input(
        t("explore.minutes"),
        key=key,
        help=t("explore.minutes_help"),
        max_chars=40,
        on_change=_limits_typed,
        args=(key,),
    )
    if message := st.session_state.pop("explore:limits_error", None):
        st.warning(message)


def _limits_typed(key: str) -> None:
    typed = str(st.session_state.get(key, ""))
    try:
        state.put(params.limits(), params.read_limits(typed))
    except ValueError:
        error = InputError("limits", text=typed, most=int(params.MOST_MINUTES))
        st.session_state["explore:limits_error"] = error.message()


def _place_name(district: District) -> str:
    if name := place.name(district):
        return name
    at = state.value(params.at(district))
    close = district.facilities[
        ((district.facilities[["lon", "lat"]] - list(at)).abs() < _SAME_PLACE).all(axis=1)
    ]
    if len(close):
        return wording.name_of(close.iloc[0])
    return t("explore.here", lon=f"{at[0]:.5f}", lat=f"{at[1]:.5f}")


def _picked(district: District, circle: LifeCircle) -> pd.Series | None:
    chosen = state.value(params.to(district))
    rows = circle.facilities[circle.facilities["id"].astype(str).eq(chosen)]
    return rows.iloc[0] if len(rows) else None


def _answer(district: District, circle: LifeCircle, limit: float) -> None:
    sentence = wording.life_circle_sentence(district, circle, _place_name(district))
    shell.answer(wording.marked(sentence))
    last = circle.residents.iloc[-1]
    buildings = tables.heritage_within(district, circle, limit)
    shell.figures(
        [
            (
                rounding.about_short(last["residents"]),
                t("explore.figure_residents", minutes=f"{limit:g}"),
            ),
            (rounding.about_short(last["residents_60_plus"]), t("explore.figure_seniors")),
            (t("unit.not_known") if buildings is None else str(buildings), t("common.heritage")),
        ]
    )


def _legend(district: District, limits: tuple[float, ...]) -> Layer:
    def make() -> Layer:
        services = [kind for kind in district.kinds.values() if kind.service]
        rows = [legend.bands_row(limits), *legend.kind_rows(services), legend.heritage_row()]
        return legend.layer(rows, notes=[legend.unverified_note(services[0])])

    return memo.drawn(district, "explore_legend", limits, make)


def _shown(district: District, circle: LifeCircle, route: Path | None) -> snapshot.FromPlace:
    services = [kind.id for kind in district.kinds.values() if kind.service]
    places = circle.facilities[circle.facilities["kind"].isin(services)]
    if not state.value(params.flag("unverified", default=True)):
        places = places[places["verified"]]
    return snapshot.FromPlace(
        name=_place_name(district),
        at=state.value(params.at(district)),
        profile=state.value(params.profile(district)),
        places=places,
        heritage=state.value(params.heritage()),
        route=route,
        to=state.value(params.to(district)),
    )


def _map(
    district: District,
    circle: LifeCircle,
    shown: snapshot.FromPlace,
    more: Sequence[Layer],
) -> None:
    limits = tuple(isochrone.minutes for isochrone in circle.isochrones)
    groups = [_legend(district, limits), layers.bands(circle.isochrones, district.crs)]
    if shown.heritage:
        groups.append(place.heritage(district))
    if shown.route is not None:
        groups.append(layers.path(shown.route, district.crs, limits))
    minutes = {
        name: rounding.whole_minutes(s / 60, limits) if math.isfinite(s) else s
        for name, s in zip(shown.places["id"], shown.places["seconds"], strict=True)
    }
    groups.append(
        layers.facilities(
            place.places(district, shown.places["id"]), minutes=minutes, selected=shown.to or None
        )
    )
    groups += [*more, layers.origin(*shown.at)]
    sheet = snapshot.explore_sheet(district, circle, shown)
    groups.append(picture(sheet))
    show_map(district, groups, key=_KEY, on_click=walk_to_point.take_click)
    downloads.view(lambda: snapshot.explore(district, circle, shown), file=sheet.file)


def _list(district: District, circle: LifeCircle, limits: tuple[float, ...]) -> None:
    rows = circle.nearest
    param = params.to(district)
    chosen = state.value(param)
    second = second_nearest(circle)
    shell.heading(t("explore.nearest"))
    for kind in (k for k in district.kinds.values() if k.service):
        places = rows[rows["kind"].eq(kind.id)]
        if places.empty:
            shell.rows([shell.Row(str(kind.name), t("explore.row_none"), "—", kind=kind)])
        for _, row in places.iterrows():
            picked = chosen == row["id"]
            more = _if_it_closes(second, row, limits) if row["verified"] else ""
            shell.pick_row(
                replace(_row(district, row, limits, chosen=picked), more=more),
                t("explore.unpick" if picked else "explore.pick", name=wording.name_of(row)),
                key=f"walk-{row['id']}",
                on_click=state.toggle,
                args=(param, str(row["id"])),
            )


def _row(
    district: District, row: pd.Series, limits: tuple[float, ...], *, chosen: bool
) -> shell.Row:
    late = bool(row["seconds"] > limits[-1] * 60)
    parts = [
        str(row["address"]) if isinstance(row["address"], str) else "",
        "" if row["inside"] else t("common.beyond"),
        "" if row["verified"] else t("common.unverified"),
        t("explore.row_beyond_limit", minutes=f"{limits[-1]:g}") if late else "",
    ]
    return shell.Row(
        name=wording.name_of(row),
        sub=" · ".join(part for part in parts if part),
        figure=rounding.time_text(row["seconds"] / 60, limits),
        kind=kind_named(district, str(row["kind"])),
        verified=bool(row["verified"]),
        alarming=late,
        chosen=chosen,
    )


def _if_it_closes(second: pd.DataFrame, row: pd.Series, limits: tuple[float, ...]) -> str:
    if row["kind"] not in second.index:
        return t("explore.no_second")
    other = second.loc[row["kind"]]
    return t(
        "explore.second",
        name=wording.name_of(other),
        time=rounding.time_text(other["seconds"] / 60, limits),
    )


def _route(picked: pd.Series, route: Path, limits: tuple[float, ...]) -> None:
    lines = [
        t(
            "explore.route_text",
            name=wording.name_of(picked),
            time=rounding.time_text(route.seconds / 60, limits),
            metres=f"{route.metres:.0f}",
            off=f"{route.off_street_m:.0f}",
        ),
        " → ".join(
            t(
                "explore.route_street",
                street=street_label(name) or t("unit.unnamed"),
                metres=f"{metres:.0f}",
            )
            for name, metres in route.streets
        ),
    ]
    if route.steps:
        lines.append(t("explore.route_steps"))
    shell.notes(lines)


def _below(district: District, circle: LifeCircle) -> None:
    shell.heading(t("explore.bands"))
    table = tables.bands(district, circle)
    with st.container(key="bands"):
        shell.table(tables.turned(table))
    downloads.files(table, file=t("explore.file"))
    last = circle.isochrones[-1]
    shell.notes(
        [
            t("explore.count_note"),
            *wording.ages_notes(district),
            t("explore.off_street", metres=f"{circle.origin.off_m[0]:.0f}"),
            t("explore.error_title", minutes=f"{last.minutes:g}")
            + t("unit.colon")
            + t(
                "explore.error_text",
                missed=rounding.percent(last.missed),
                false_in=rounding.percent(last.false_in),
            ),
            t("explore.error_note", hectares=settings().fill_holes_ha),
        ]
    )
    downloads.sources(district)
