"""Wishes on the Coverage page: over the map, and against the gap zones that are computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.i18n import t
from circle.maps import wish_layers
from circle.model import NoData
from circle.store import opened
from circle.web import controls, downloads, memo, params, shell, sign_in, state, wishes_state
from circle.wishes import against_gaps, browsing, recording
from circle.wishes.browsing import Filter
from circle.wishes.nouns import State
from circle.words import wish_tables, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.maps.drawing import Layer
    from circle.model import District, Gap, Kind, Question
    from circle.study import Study
    from circle.wishes.nouns import Wish

_FILE = "wishes.gaps.file"
_TRUE_PLACES = "true_places"
_CLICKED = "coverage:wishes"
_TAKEN = frozenset(State) - {State.NOT_TAKEN_UP}


def shown() -> state.Param[bool]:
    """Return whether wishes are drawn over the map."""
    return params.flag("wishes", default=False)


def _true() -> state.Param[bool]:
    return params.flag("true_places", default=False)


def overlay(district: District, kind: Kind) -> tuple[Layer, dict[str, Any]] | None:
    """Return the wishes about a kind and their row of the legend; None where none is drawn.

    Places are those masked along the streets, but for whoever asks for the true ones and
    may see them. Those not taken up are left out.
    """
    if not state.value(shown()):
        return None
    masked = not (sign_in.visitor().may(_TRUE_PLACES) and state.value(_true()))
    asked = Filter(states=_TAKEN, kind=kind.id)
    points = browsing.points(opened(), district.id, asked, masked=masked)
    drawn = wish_layers.clusters(wish_layers.notes(points, {kind.id: kind}))
    return drawn, wish_layers.legend_row([kind], masked=masked)


def take_click(numbers: str) -> None:
    """Note the wishes that were clicked on the map, for the run that follows: see `follow`."""
    st.session_state[_CLICKED] = wishes_state.among().read(numbers)


def follow() -> None:
    """Go on to the page of wishes where some were clicked: to that one, or to a list of them."""
    if numbers := st.session_state.pop(_CLICKED, ()):
        st.switch_page("pages/wishes.py", query_params=wishes_state.address_of(numbers))


def control() -> None:
    """Draw the switches of wishes on the map."""
    if controls.toggle(t("coverage.show_wishes"), shown()) and sign_in.visitor().may(_TRUE_PLACES):
        controls.toggle(t("coverage.true_places"), _true())


def section(study: Study, question: Question, zones: Sequence[Gap]) -> None:
    """Draw whether people ask for what is missing: of this kind, then of all services."""
    district = study.district
    wishes = recording.listed(opened(), district.id)
    if not wishes:
        shell.notes([t("wishes.gaps.no_wishes")])
        return
    results = against(study, question, wishes)
    name = wording.inline(district.kinds[question.kind].name)
    result = results.get(question.kind)
    if result is not None:
        shell.answer(wording.marked(against_gaps.sentence(result, name)))
    downloads.table(wish_tables.against_gaps(district, results), file=t(_FILE))
    shell.notes([t("wishes.gaps.how", draws=f"{against_gaps.DRAWS:,}", few=against_gaps.FEWEST)])
    _kinds(district, results)
    _of_this_kind(district, against_gaps.placed(district, wishes, question.kind), zones, name)


def against(
    study: Study, question: Question, wishes: Sequence[Wish]
) -> dict[str, against_gaps.Against]:
    """Return the wishes of each kind against its gap zones; kinds without data are left out."""
    asked = {each.kind: each for each in memo.services(study, question)} | {question.kind: question}
    return {
        kind: against_gaps.of_kind(study.district, wishes, kind, study.gaps(each))
        for kind, each in asked.items()
        if not isinstance(study.coverage(each), NoData)
    }


def _kinds(district: District, results: dict[str, against_gaps.Against]) -> None:
    """List the kinds that are asked for and not missing, and those missing and not asked for."""
    lines = []
    for key, kinds in (
        ("asked_not_missing", against_gaps.asked_not_missing(results)),
        ("missing_not_asked", against_gaps.missing_not_asked(results)),
    ):
        names = wording.listed(wish_tables.kind_name(district, kind) for kind in kinds)
        lines.append(t(f"wishes.gaps.{key}", kinds=names or t("wishes.gaps.no_kind")))
    shell.paragraphs(lines)


def _of_this_kind(
    district: District, asked: against_gaps.Placed, zones: Sequence[Gap], kind: str
) -> None:
    for key, table in (
        ("zones_not_asked", wish_tables.not_asked_zones(asked, zones)),
        ("areas_asked", wish_tables.asked_areas(district, asked, zones)),
    ):
        shell.heading(t(f"wishes.gaps.{key}", kind=kind))
        if table.empty:
            shell.notes([t(f"wishes.gaps.{key}_none", kind=kind)])
        else:
            downloads.table(table, file=f"{t(_FILE)}-{t(f'wishes.gaps.{key}_file')}")
