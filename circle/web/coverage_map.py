"""The map of the Coverage page: one measure at a time, gap zones over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import streamlit as st

from circle.i18n import t
from circle.maps import grades, layers, legend
from circle.maps.geometry import feature
from circle.maps.picture import picture
from circle.maps.roads import never_widened
from circle.report import snapshot
from circle.web import controls, coverage_wishes, downloads, memo, params, place, state
from circle.web.coverage_measures import MEASURES
from circle.web.map_view import show_map
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from circle.maps.drawing import Layer, Shared
    from circle.model import Coverage, District, Gap
    from circle.web.coverage_measures import Asked, Measure
    from circle.web.map_view import Click
    from circle.words.tables import People

_KEY = "coverage"


class Over(NamedTuple):
    """What another page lays over this map.

    Attributes
    ----------
    ground
        The district that is drawn below, and that clicks are told of.
    layers, rows
        What is drawn, and its rows of the legend.
    on_click
        What a click does.
    """

    ground: District
    layers: Sequence[Layer]
    rows: Sequence[dict[str, Any]]
    on_click: Callable[[District, Click], None]


def measure() -> state.Param[str]:
    """Return which measure the page tells of."""
    return state.choice("measure", MEASURES)


def control() -> None:
    """Draw the choice of a measure."""
    names = tuple(MEASURES)
    controls.segmented(t("measure.choose"), names, measure(), lambda name: t(f"measure.{name}"))


def show(asked: Asked, told: Measure, zones: tuple[Gap, ...], over: Over | None = None) -> None:
    """Draw the map, and mark the zone that is clicked on it; or do what another page wants.

    A click on a wish leads to it.
    """
    coverage_wishes.follow()
    district, coverage, people = asked.district, asked.coverage, asked.people
    if told.instead:
        st.info(told.instead)
    roads = never_widened(district) if state.value(params.flag("roads", default=False)) else ()
    shown = snapshot.Measured(
        graded=told.graded or grades.by_walk(coverage, people.rows),
        people=people,
        zones=zones,
        answer=_outline(district, told),
        roads=tuple(roads),
        heritage=state.value(params.heritage()),
    )
    sheet = snapshot.coverage_sheet(district, coverage, shown)
    over = over or Over(district, (), (), _mark)
    groups = [*_layers(district, coverage, shown, over), picture(sheet)]
    show_map(over.ground, groups, key=_KEY, on_click=_clicked(over))
    downloads.view(lambda: snapshot.coverage(district, coverage, shown), file=sheet.file)


def _clicked(over: Over) -> Callable[[District, Click], None]:
    def take(district: District, click: Click) -> None:
        if click.layer == "wish":
            coverage_wishes.take_click(click.id)
        else:
            over.on_click(district, click)

    return take


def _mark(_: District, click: Click) -> None:
    """Mark the zone that was clicked."""
    if click.layer == "gap":
        state.toggle(params.gap(), click.id)


def _layers(
    district: District, coverage: Coverage, shown: snapshot.Measured, over: Over
) -> Iterator[Layer]:
    """Yield what is drawn of an answer, the legend last."""
    kind, scale = district.kinds[coverage.kind], shown.graded.scale
    rows = [legend.graded_row(scale), *legend.kind_rows([kind])]
    if shown.zones:
        rows.insert(1, legend.gaps_row())
        marked = state.value(params.gap()) or None
        yield layers.gaps(_areas(district, shown.zones), district.crs, selected=marked)
    if shown.answer:
        yield layers.outlines(shown.answer)
        rows.append(legend.outlines_row(str(shown.answer[0]["properties"]["name"])))
    if shown.roads:
        yield layers.outlines(shown.roads, key="roads")
        rows.append(legend.outlines_row(t("measure.roads"), "roads"))
    yield layers.graded(points(district, shown.people), shown.graded)
    if shown.heritage:
        yield place.heritage(district)
        rows.append(legend.heritage_row())
    if (overlay := coverage_wishes.overlay(district, kind)) is not None:
        wishes, row = overlay
        yield wishes
        rows.append(row)
    places = district.facilities[district.facilities["kind"].eq(coverage.kind)]
    yield layers.facilities(place.places(district, places["id"]))
    yield from over.layers
    yield legend.layer([*rows, *over.rows], notes=[legend.unverified_note(kind)])


def without_answer(
    district: District, on_click: Callable[[District, Click], None] | None = None
) -> None:
    """Draw the map without an answer."""
    show_map(district, key=_KEY, on_click=on_click)


def _outline(district: District, told: Measure) -> tuple[dict[str, Any], ...]:
    """Return what a circle or a polygon covers, where one is compared with."""
    if told.ground is None:
        return ()
    return (feature(told.ground, district.crs, name=t(f"measure.{state.value(measure())}")),)


def points(district: District, people: People) -> Shared:
    """Return where residents live: alike for every answer."""

    def make() -> Shared:
        lonlat = district.demand.loc[people.rows, ["lon", "lat"]].to_numpy(np.float64)
        return layers.points(lonlat, people.count)

    return memo.drawn(district, "points", None, make)


def _areas(district: District, zones: tuple[Gap, ...]) -> list[layers.Area]:
    return [
        layers.Area(
            zone.rank,
            wording.gap_name(zone),
            zone.geometry,
            (wording.gap_line(district, zone), wording.gap_beyond(zone)),
        )
        for zone in zones
    ]
