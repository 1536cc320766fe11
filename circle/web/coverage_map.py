"""The map of the Coverage page: one measure at a time, gap zones over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from circle.i18n import t
from circle.maps import grades, layers, legend
from circle.maps.geometry import feature
from circle.maps.picture import picture
from circle.maps.roads import never_widened
from circle.measures.gaps import listed
from circle.report import snapshot
from circle.web import controls, downloads, memo, params, state
from circle.web.map_view import show_map
from circle.words import tables, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.maps.grades import Graded
    from circle.measures.circles import Answer
    from circle.model import Coverage, District, Floats, Gap, Question
    from circle.study import Study
    from circle.words.tables import People

MEASURES = ("walk", "chance", "services", "capacity", "circle", "polygon")
_KEY = "coverage"


def measure() -> state.Param[str]:
    """Return which measure the points on the map show."""
    return state.choice("measure", MEASURES)


def control() -> None:
    """Draw the choice of a measure."""
    controls.segmented(t("measure.choose"), MEASURES, measure(), lambda name: t(f"measure.{name}"))


def show(study: Study, question: Question, coverage: Coverage, zones: tuple[Gap, ...]) -> None:
    """Draw the map, and mark the zone that is clicked on it."""
    district = study.district
    kind = district.kinds[coverage.kind]
    people = tables.people(district, "residents")
    graded = _graded(study, question, coverage, people)
    if graded is None:
        st.info(t("measure.none", kind=kind.name))
        graded = grades.by_walk(coverage, people.rows)
    roads = never_widened(district) if state.value(params.flag("roads", default=False)) else ()
    shown = snapshot.Measured(
        graded=graded,
        people=people,
        zones=listed(zones) if state.value(params.flag("gaps", default=True)) else (),
        answer=_answer_outline(study, question),
        roads=tuple(roads),
        heritage=state.value(params.flag("heritage", default=False)),
    )
    sheet = snapshot.coverage_sheet(district, coverage, shown)
    groups = [*_layers(district, coverage, shown), picture(sheet)]
    click = show_map(district, groups, key=_KEY)
    downloads.view(lambda: snapshot.coverage(district, coverage, shown), file=sheet.file)
    if click is not None and click.layer == "gap":
        state.toggle(params.gap(), click.id)
        st.rerun()


def _layers(district: District, coverage: Coverage, shown: snapshot.Measured) -> Iterator[Any]:
    """Yield what is drawn of an answer, the legend last."""
    kind, scale = district.kinds[coverage.kind], shown.graded.scale
    rows = [legend.graded_row(scale), legend.gaps_row(), *legend.kind_rows([kind])]
    if shown.zones:
        marked = state.value(params.gap()) or None
        yield layers.gaps(_features(district, shown.zones), selected=marked)
    if shown.answer:
        yield layers.outlines(shown.answer)
        rows.append(legend.outlines_row(str(shown.answer[0]["properties"]["name"])))
    if shown.roads:
        yield layers.outlines(shown.roads, key="roads")
        rows.append(legend.outlines_row(t("measure.roads"), "roads"))
    people, graded = shown.people, shown.graded
    lonlat = district.demand.loc[people.rows, ["lon", "lat"]].to_numpy(np.float64)
    yield layers.graded(lonlat, graded, people.count)
    if shown.heritage:
        yield layers.heritage(district.heritage)
        rows.append(legend.heritage_row())
    places = district.facilities[district.facilities["kind"].eq(coverage.kind)]
    yield layers.facilities(places, district.kinds)
    yield legend.layer(rows, notes=[legend.unverified_note(kind)])


def without_answer(district: District) -> None:
    """Draw the map without an answer."""
    show_map(district, key=_KEY)


def _graded(study: Study, question: Question, coverage: Coverage, people: People) -> Graded | None:
    """Grade the points by the chosen measure; None where there is no data for it."""
    answer = _answer(study, question)
    if answer is not None:
        reached = study.circles(question).network.within
        return grades.by_comparison(answer.counted[people.rows], reached[people.rows])
    by = {"chance": _chance, "services": _services, "capacity": _capacity}.get(
        state.value(measure())
    )
    return grades.by_walk(coverage, people.rows) if by is None else by(study, question, people)


def _chance(study: Study, question: Question, people: People) -> Graded | None:
    sure = study.uncertainty(question)
    if sure is None:
        return None
    at_least = not sure.base.register.is_complete
    return grades.by_probability(sure.probability[people.rows], at_least=at_least)


def _services(study: Study, question: Question, people: People) -> Graded | None:
    provision = study.together(memo.services(study, question))
    many = len(provision.services)
    if not 1 <= many <= grades.MOST_SERVICES:
        return None
    return grades.by_services(provision.count[people.rows], many)


def _capacity(study: Study, question: Question, people: People) -> Graded | None:
    floating = study.capacity(question)
    if floating.capacity_known == 0:
        return None
    accessibility: Floats = floating.accessibility[people.rows]
    return grades.by_capacity(accessibility, people.count, wording.unit_name(floating.unit))


def _answer(study: Study, question: Question) -> Answer | None:
    chosen = state.value(measure())
    if chosen not in {"circle", "polygon"}:
        return None
    comparison = study.circles(question)
    return comparison.circle if chosen == "circle" else comparison.polygon


def _answer_outline(study: Study, question: Question) -> tuple[dict[str, Any], ...]:
    """Return what a circle or a polygon covers, where one is compared with."""
    answer = _answer(study, question)
    if answer is None:
        return ()
    return (
        feature(answer.ground, study.district.crs, name=t(f"measure.{state.value(measure())}")),
    )


def _features(district: District, zones: tuple[Gap, ...]) -> list[dict[str, object]]:
    return [
        feature(
            zone.geometry,
            district.crs,
            rank=zone.rank,
            name=wording.gap_name(zone),
            lines=[wording.gap_line(district, zone), wording.gap_beyond(zone)],
        )
        for zone in listed(zones)
    ]
