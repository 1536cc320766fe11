"""The map of the page Siting: the plan by numbers, candidates, and whom it brings within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.maps import grades, layers, legend
from circle.model import NoData
from circle.siting.reading import within_reach
from circle.siting.record import opened
from circle.web import (
    controls,
    coverage_map,
    coverage_page,
    memo,
    params,
    shell,
    siting_asked,
    siting_seats,
    state,
)
from circle.web.coverage_measures import Asked, Measure
from circle.web.map_view import show_map
from circle.words import site_tables, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.maps.drawing import Layer, Shared
    from circle.maps.grades import Graded
    from circle.model import Coverage, District, Question
    from circle.siting.candidates import Candidates
    from circle.study import Study
    from circle.web.map_view import Click
    from circle.web.siting_jobs import Planned

VIEWS = ("plan", "served")
_CANDIDATES, _OPEN = "candidates", "sites"
_CLOSED = "×"
"""On the sign above an existing one that the plan closes."""


def show(study: Study, question: Question, candidates: Candidates, planned: Planned | None) -> None:
    """Draw the map; without a plan what is there, and the candidates.

    Parameters
    ----------
    study, question
        Of what district, what is asked.
    candidates
        Where one could open.
    planned
        The plan; None where there is none.
    """
    district, coverage = study.district, study.coverage(question)
    with st.container(horizontal=True, vertical_alignment="center"):
        view = controls.segmented(
            t("siting.shows"), VIEWS, _view(), lambda name: t(f"siting.shows_{name}")
        )
        controls.toggle(t("siting.show_candidates"), _shown(candidates))
    over = coverage_map.Over(
        district,
        list(_signs(district, candidates, planned)),
        list(_rows(candidates, planned)),
        take_click,
    )
    if isinstance(coverage, NoData):
        show_map(
            district, _without_answer(district, planned, over), key="coverage", on_click=take_click
        )
        return
    asked = Asked(study, question, coverage, state.value(coverage_page.group_param(district)))
    graded = None if planned is None else _graded(asked, coverage, planned)
    if view == "served":
        graded = _served(asked, candidates, planned) or graded
    told = Measure("", graded=graded)
    coverage_map.show(asked, told, (), over)


def _view() -> state.Param[str]:
    return state.choice("shows", VIEWS)


def _served(asked: Asked, candidates: Candidates, planned: Planned | None) -> Graded | None:
    """Grade who is served on the spot and by delivery; say why not where that is not known."""
    try:
        served = siting_seats.served(asked.study, asked.question, planned, candidates)
    except InputError as error:
        shell.notes([error.message()])
        return None
    rows, allocation = asked.people.rows, served.allocation
    every = np.zeros((3, len(rows)))
    ways = (allocation.seated.sum(axis=1), allocation.delivered.sum(axis=1), served.demanded)
    every[:, served.rows] = ways
    return grades.by_served(*every[:, rows])


def _shown(candidates: Candidates) -> state.Param[bool]:
    """Return whether candidates are drawn: rooms are, frontage is everywhere."""
    return params.flag("candidates_shown", default=not candidates.new_frontage)


def take_click(_: District, click: Click) -> None:
    """Look at what was clicked: a candidate, a site of the plan, a facility that is there."""
    if click.layer in {"spot", "facility"}:
        known = [click.id] if len(click.id) < state.MAX_LENGTH else []
        state.put(siting_asked.picked(known), click.id if known else "")


def _without_answer(
    district: District, planned: Planned | None, over: coverage_map.Over
) -> Iterator[Layer]:
    """Yield what is drawn where nothing is known of what is there."""
    rows = list(over.rows)
    if planned is not None:
        people = tables.people(district, "residents")
        after = within_reach(planned.plan.instance, planned.plan.is_open, len(people.rows))
        graded = grades.by_sited(np.zeros_like(after)[people.rows], after[people.rows])
        yield layers.graded(coverage_map.points(district, people), graded)
        rows.insert(0, legend.graded_row(graded.scale))
    yield from over.layers
    yield legend.layer(rows)


def _graded(asked: Asked, coverage: Coverage, planned: Planned) -> Graded:
    """Grade who is within reach before and after; where none of the group lives, as it is."""
    instance, rows = planned.plan.instance, asked.people.rows
    before = coverage.within.astype(np.bool_)
    after = before.copy()
    counted = within_reach(instance, planned.plan.is_open, len(before))
    after[instance.rows] = counted[instance.rows]
    return grades.by_sited(before[rows], after[rows])


def _signs(district: District, candidates: Candidates, planned: Planned | None) -> Iterator[Layer]:
    picked = state.value(siting_asked.picked(candidates.table["id"]))
    if state.value(_shown(candidates)):
        yield layers.spots(_candidates(district, candidates), selected=picked)
    if planned is not None:
        yield layers.spots(layers.spot_places(_planned(candidates, planned)))
        places = district.facilities
        closed = places[places["id"].isin(planned.plan.closed)]
        for lon, lat in closed[["lon", "lat"]].to_numpy(np.float64).tolist():
            yield layers.lettered(lon, lat, _CLOSED)


def _candidates(district: District, candidates: Candidates) -> Shared:
    def make() -> Shared:
        return layers.spot_places(
            layers.Spot(str(row["id"]), row["lon"], row["lat"], _name(row), _CANDIDATES)
            for row in candidates.table.to_dict("records")
        )

    asked = (state.value(siting_asked.source(district)), state.value(siting_asked.every()))
    return memo.drawn(district, "siting_spots", asked, make)


def _planned(candidates: Candidates, planned: Planned) -> Iterator[layers.Spot]:
    plan = planned.plan
    names = site_tables.plan_names(plan)
    for number, row in enumerate(opened(plan, candidates).to_dict("records"), 1):
        site = str(row["id"])
        yield layers.Spot(site, row["lon"], row["lat"], names[site], _OPEN, str(number))


def _rows(candidates: Candidates, planned: Planned | None) -> Iterator[dict[str, Any]]:
    if planned is not None and planned.plan.opened:
        yield legend.spots_row(_OPEN, t("siting.legend_open"), "1")
    if state.value(_shown(candidates)):
        yield legend.spots_row(_CANDIDATES, t("siting.legend_candidates"))


def _name(row: dict[Any, Any]) -> str:
    return str(row["name"] or row["id"])
