"""The page Lifts and lanes 加梯与里弄: the programme, reach from the flat, the next lift.

The public sees what was published, and of a register its totals alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from circle.doors.example import example_register
from circle.doors.programme import published, stages_of
from circle.i18n import t
from circle.maps import layers, legend
from circle.model import NoData, Question
from circle.model.doorways import Lift
from circle.places.facilities import register_of
from circle.web import (
    controls,
    downloads,
    lanes_cards,
    lanes_views,
    lifts_budget,
    lifts_consent,
    lifts_parts,
    memo,
    params,
    shell,
    sign_in,
    state,
    templates,
)
from circle.web.map_view import show_map
from circle.web.part import part
from circle.words import lifts as words
from circle.words import wording

if TYPE_CHECKING:
    import pandas as pd

    from circle.measures.door_to_door import DoorToDoor
    from circle.model import District

PARTS = ("board", "map", "rank", "reach", "consent")
"""The parts of the page where there is a register, the one that it opens with first."""
_PROJECT = "project"


@dataclass(frozen=True, eq=False)
class Register:
    """A register of doorways that the page shows; `example` where it is made up."""

    table: pd.DataFrame
    example: bool


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    shell.header(district.name, t("lifts.subtitle"), district.observed)
    part(_answered)


def example() -> state.Param[bool]:
    """Return whether the made-up register is looked at."""
    return params.flag("example", default=False)


def _answered() -> None:
    district = memo.as_built()
    if sign_in.visitor().role == "public":
        with st.container(key="plain-page"):
            _for_public(district)
            lanes_cards.register(district)
        return
    register = _register(district)
    with st.container(key="plain-page"):
        if lanes_views.shown(district):
            return
        if register is None:
            _without(district)
        else:
            _with(district, register)


def _register(district: District) -> Register | None:
    """Return the district's register; where it has none the made-up one, if that is asked for."""
    if district.doorways is not None and len(district.doorways):
        return Register(district.doorways, example=False)
    if not state.value(example()):
        return None
    made_up = memo.drawn(district, "example_register", None, lambda: example_register(district))
    return Register(made_up, example=True) if len(made_up) else None


def _for_public(district: District) -> None:
    """Draw what was published, and the totals of a register: no doorway by itself."""
    _published(district)
    if district.doorways is not None and len(district.doorways):
        shell.heading(t("lifts.totals"))
        shell.table(words.totals_table(district.doorways))
        shell.notes([t("lifts.totals_note")])
    _projects(district)
    downloads.sources(district)


def _without(district: District) -> None:
    """Draw what was published where there is no register, what is missing, and the template."""
    _published(district)
    shell.heading(t("lifts.missing"))
    shell.notes([t("lifts.no_register"), t("lifts.bring")])
    templates.offer("doorways")
    controls.toggle(t("lifts.show_example"), example())
    _projects(district)
    _numbers()
    downloads.sources(district)


def _published(district: District) -> None:
    told = published(district)
    shell.answer(wording.marked(words.published_sentence(told)))
    counts = {"surveyed": told.surveyed, "suitable": told.suitable, "hard": told.hard}
    pairs = [(f"{n:,}", t(f"lifts.figure_{name}")) for name, n in counts.items() if n is not None]
    pairs += [
        (f"{n:,}", t(f"lifts.figure_{lift.value}"))
        for lift in (Lift.RUNNING, Lift.UNDER_WAY)
        if (n := told.doorways(lift))
    ]
    if pairs:
        shell.figures(pairs)


def _projects(district: District) -> None:
    """Draw each project that was published, on the map and in a table."""
    projects = published(district).projects
    if projects.empty:
        return
    shell.heading(t("lifts.projects"))
    table = words.projects_table(district)
    spots = layers.spot_places(
        layers.Spot(
            str(row["compound"]),
            row["lon"],
            row["lat"],
            str(name),
            _PROJECT,
            t(f"lifts.letter.{row['lift'] or 'unknown'}"),
            (words.lift_text(row["lift"]), *_accuracy(row["position_accuracy_m"])),
        )
        for row, name in zip(projects.to_dict("records"), table.iloc[:, 0], strict=True)
    )
    rows = [
        legend.spots_row(
            _PROJECT, t("lifts.project_of", lift=words.lift_text(lift)), t(f"lifts.letter.{lift}")
        )
        for lift in dict.fromkeys(projects["lift"])
        if lift
    ]
    show_map(district, [layers.spots(spots), legend.layer(rows)], key="lift-projects")
    downloads.table(table, file=t("lifts.file.projects"))


def _accuracy(metres: float) -> list[str]:
    return [t("map.accuracy", metres=round(metres))] if math.isfinite(metres) else []


def _with(district: District, register: Register) -> None:
    """Draw what a register says, in its parts."""
    if register.example:
        controls.toggle(t("lifts.show_example"), example())
        st.warning(t("lifts.example"), icon=":material/science:")
    lead = st.container()
    answer = _asked(district, register)
    with lead:
        _lead(district, register, answer)
    name = controls.segmented(
        t("lifts.part_choice"),
        PARTS,
        state.choice("part", PARTS),
        lambda each: t(f"lifts.part.{each}"),
    )
    prefix = t("lifts.file.example") if register.example else ""
    if name == "board":
        lifts_parts.board(district, register.table, prefix, compared=not register.example)
    elif name == "map":
        lifts_parts.on_map(district, register.table)
    elif name == "consent":
        lifts_consent.show(register.table, prefix)
        lifts_consent.costs(district)
    elif answer is None:
        shell.notes([t("lifts.no_answer")])
    elif name == "rank":
        lifts_parts.ranking(register.table, answer, prefix)
    else:
        profile = district.profiles[answer.question.profile]
        lifts_parts.reach(answer, profile, prefix)
    if answer is not None:
        shell.notes(_notes(district, answer))
        lifts_budget.show(district, register.table, answer.question, prefix)
    _numbers()
    if name == "board" and not register.example:
        _projects(district)
    downloads.sources(district)


def _lead(district: District, register: Register, answer: DoorToDoor | None) -> None:
    """Draw the answer; where there is none how many doorways the register has."""
    lifts = stages_of(register.table)["lift"]
    figures = [
        (f"{len(register.table):,}", t("lifts.column.doorways")),
        (f"{lifts.eq(Lift.RUNNING).sum():,}", t("lifts.figure_lifts")),
    ]
    if answer is not None:
        shell.answer(wording.marked(words.reach_sentence(district, answer)))
        seniors = answer.table[answer.table["group"].eq(words.SENIORS)]
        lost = words.whole(seniors["lost"].sum()) if len(seniors) else "—"
        reached = words.whole(answer.doorways["reached"].sum())
        figures = [
            (lost, t("lifts.figure_lost")),
            *figures,
            (reached, t("lifts.figure_reached")),
        ]
    shell.figures(figures)


def _asked(district: District, register: Register) -> DoorToDoor | None:
    """Draw what is asked, and return the answer; None, and why, where there is none."""
    kinds = tuple(kind.id for kind in district.kinds.values() if kind.service)
    if not kinds:
        st.info(t("overview.no_services"))
        return None
    with st.container(horizontal=True, key="lifts-asked"):
        kind = controls.select(
            t("coverage.kind"),
            kinds,
            _kind(district, kinds),
            lambda name: str(district.kinds[name].name),
        )
        profile = controls.profile(district, params.slow_profile(district))
        controls.minutes(t("coverage.minutes"), params.limit())
    question = Question.by_minutes(kind, profile, state.value(params.limit()))
    with st.spinner(t("coverage.loading"), show_time=False):
        name = "example" if register.example else ""
        answer = memo.study(district).door_to_door(question, register.table, name)
    if isinstance(answer, NoData):
        st.info(wording.no_data_sentence(district, answer))
        return None
    return answer


def _kind(district: District, kinds: tuple[str, ...]) -> state.Param[str]:
    default = params.kind(district).default
    return state.choice("kind", kinds, default if default in kinds else kinds[0])


def _notes(district: District, answer: DoorToDoor) -> list[str]:
    kind = district.kinds[answer.question.kind]
    notes = words.register_notes(answer)
    if not register_of(district, kind.id).is_complete:
        notes.append(t("lifts.note.list", kind=wording.inline(kind.name)))
    return notes


def _numbers() -> None:
    with st.expander(t("lifts.numbers")):
        downloads.table(words.numbers_table(), file=t("lifts.file.numbers"))
