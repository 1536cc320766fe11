"""The map of the Coverage page: one measure at a time, gap zones over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import streamlit as st

from circle import tables, wording
from circle.config import settings
from circle.demand import along_named
from circle.i18n import figures, t
from circle.maps import grades, layers, legend
from circle.maps.base import district_map
from circle.maps.geometry import feature
from circle.network.graph import segment_lines
from circle.web import cache, params, state
from circle.web.mapview import show_map

if TYPE_CHECKING:
    from circle.circles import Answer
    from circle.maps.grades import Graded
    from circle.model import Coverage, District, Floats, Gap
    from circle.tables import People

MEASURES = ("walk", "chance", "services", "capacity", "circle", "polygon")
_SHOWN_GAPS = 6
_FEW_PEOPLE = 10
_KEY = "coverage"


def measure() -> state.Param[str]:
    """Return what the points on the map tell."""
    return state.Param("measure", state.one_of(MEASURES), str, MEASURES[0])


def control() -> None:
    """Draw the choice of a measure."""
    param = measure()
    st.segmented_control(
        t("measure.choose"),
        MEASURES,
        format_func=lambda name: t(f"measure.{name}"),
        key=state.widget_key(param),
        on_change=state.push,
        args=(param,),
        label_visibility="collapsed",
    )


def show(
    district: District, question: cache.Question, found: Coverage, zones: tuple[Gap, ...]
) -> None:
    """Draw the map, and mark the zone that is clicked on it."""
    kind = district.kinds[found.kind]
    people = tables.people(district, "residents")
    graded = _graded(district, question, found, people)
    if graded is None:
        st.info(t("measure.none", kind=kind.name))
        graded = grades.by_walk(found, people.rows)
    rows = [legend.graded_row(graded.scale), legend.gaps_row(), *legend.kind_rows([kind])]
    drawn: list[Any] = []
    if state.value(params.flag("gaps", default=True)):
        marked = state.value(params.gap()) or None
        drawn.append(layers.gaps(_features(district, zones), selected=marked))
    answer = _answer(district, question)
    if answer is not None:
        name = t(f"measure.{state.value(measure())}")
        drawn.append(layers.outlines([feature(answer.ground, district.crs, name=name)]))
        rows.append(legend.outlines_row(name))
    if state.value(params.flag("roads", default=False)):
        drawn.append(layers.outlines(_roads(district), key="roads"))
        rows.append(legend.outlines_row(t("measure.roads"), "roads"))
    lonlat = district.demand.loc[people.rows, ["lon", "lat"]].to_numpy(np.float64)
    drawn.append(
        layers.graded(lonlat, graded.step, graded.shown, people.count, graded.scale.grades)
    )
    if state.value(params.flag("heritage", default=False)):
        drawn.append(layers.heritage(district.heritage))
        rows.append(legend.heritage_row())
    places = district.facilities[district.facilities["kind"].eq(found.kind)]
    drawn.append(layers.facilities(places, district.kinds))
    drawn.append(legend.layer(rows, notes=[legend.unverified_note(kind)]))
    click = show_map(_base(district), drawn, key=_KEY)
    if click is not None and click.layer == "gap":
        mark(click.id)
        st.rerun()


def ground(district: District) -> None:
    """Draw the map without an answer."""
    show_map(_base(district), [], key=_KEY)


def listed(zones: tuple[Gap, ...]) -> list[Gap]:
    """Return the zones that are listed and drawn with a number, worst first."""
    return [zone for zone in zones if zone.residents >= _FEW_PEOPLE][:_SHOWN_GAPS]


def mark(rank: str) -> None:
    """Mark a zone, or no longer mark it."""
    param = params.gap()
    state.put(param, "" if state.value(param) == rank else rank)


def _graded(
    district: District, question: cache.Question, found: Coverage, people: People
) -> Graded | None:
    """Grade the points by the chosen measure; None where there is no data for it."""
    answer = _answer(district, question)
    if answer is not None:
        reached = cache.against_circles(district, question).network.within
        return grades.by_comparison(answer.counted[people.rows], reached[people.rows])
    match state.value(measure()):
        case "chance":
            graded = _chance(district, question, people)
        case "services":
            graded = _services(district, question, people)
        case "capacity":
            graded = _capacity(district, question, people)
        case _:
            graded = grades.by_walk(found, people.rows)
    return graded


def _chance(district: District, question: cache.Question, people: People) -> Graded | None:
    sure = cache.sure(district, question)
    return None if sure is None else grades.by_probability(sure.probability[people.rows])


def _services(district: District, question: cache.Question, people: People) -> Graded | None:
    provision = cache.provision(district, question)
    many = len(provision.services)
    if not 1 <= many <= grades.MOST_SERVICES:
        return None
    return grades.by_services(provision.count[people.rows], many)


def _capacity(district: District, question: cache.Question, people: People) -> Graded | None:
    floating = cache.floating(district, question)
    if floating.capacity_known == 0:
        return None
    own: Floats = floating.accessibility[people.rows]
    return grades.by_capacity(own, people.count, wording.unit_name(floating.unit))


def _answer(district: District, question: cache.Question) -> Answer | None:
    chosen = state.value(measure())
    if chosen not in {"circle", "polygon"}:
        return None
    found = cache.against_circles(district, question)
    return found.circle if chosen == "circle" else found.polygon


def _roads(district: District) -> list[dict[str, Any]]:
    """Return the roads that are never to be widened, with the residents along each."""
    network, demand = district.network, district.demand
    lines = segment_lines(network)
    names = np.array([str(name or "") for name in network.segment_name], object)
    drawn = []
    for name in district.never_widened["name"]:
        along = along_named(district, [name]) & demand["inside"].to_numpy(np.bool_)
        own = shapely.MultiLineString(list(lines[names == name]))
        said = figures.people(float(demand.loc[along, "residents"].sum()))
        if not own.is_empty:
            drawn.append(feature(own, district.crs, name=str(name), lines=[said]))
    return drawn


def _base(district: District) -> Any:  # noqa: ANN401 - folium stays in circle.maps
    return district_map(
        district,
        tiles=settings().tiles,
        tiles_credit=settings().tiles_attribution,
        data=cache.base(district),
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
