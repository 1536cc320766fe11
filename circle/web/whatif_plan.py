"""The scenario that a visitor works on: kept in the session, with undo, redo and a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from circle import scenario
from circle.errors import DataError
from circle.i18n import t
from circle.model import Finding
from circle.scenario import PlanFile
from circle.scenario.reading import parse_plan

if TYPE_CHECKING:
    from datetime import date

    from circle.model import District

_KEY = "whatif:work"
_MOST_STEPS = 100


@dataclass
class Work:
    """What is worked on.

    Attributes
    ----------
    plan
        The scenario as it is.
    before, undone
        As it was before each step, the last at the end; the steps that were taken back.
    refused
        What was wrong with the edit that was tried last.
    """

    plan: PlanFile
    before: list[PlanFile] = field(default_factory=list)
    undone: list[PlanFile] = field(default_factory=list)
    refused: tuple[Finding, ...] = ()


def work() -> Work:
    """Return what this session works on; at first a scenario without edits."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Work(
            PlanFile.model_validate({"name": t("whatif.unnamed"), "edits": ()})
        )
    kept: Work = st.session_state[_KEY]
    return kept


def take(plan: PlanFile) -> None:
    """Go on with another scenario; what was is a step before."""
    kept = work()
    kept.before = [*kept.before, kept.plan][-_MOST_STEPS:]
    kept.plan, kept.undone, kept.refused = plan, [], ()


def undo() -> None:
    """Go a step back."""
    kept = work()
    if kept.before:
        kept.undone.append(kept.plan)
        kept.plan, kept.refused = kept.before.pop(), ()


def redo() -> None:
    """Take a step again that was taken back."""
    kept = work()
    if kept.undone:
        kept.before.append(kept.plan)
        kept.plan, kept.refused = kept.undone.pop(), ()


def remove(place: int) -> None:
    """Leave an edit out, by its place in the list."""
    plan = work().plan
    edits = tuple(edit for row, edit in enumerate(plan.edits) if row != place)
    take(plan.model_copy(update={"edits": edits}))


def set_day(day: date | None) -> None:
    """Ask of another day; None: every closure holds."""
    take(work().plan.model_copy(update={"day": day}))


def refuse(key: str) -> None:
    """Say what is wrong with the edit that was tried, before it is one."""
    work().refused = (Finding(work().plan.name, key, len(work().plan.edits) + 1),)


def add(district: District, edit: dict[str, Any]) -> bool:
    """Add an edit where it fits; else keep what is wrong with it, and change nothing.

    Parameters
    ----------
    district
        What the scenario is laid over.
    edit
        As in a scenario file; hostile until it is read here.
    """
    kept = work()
    whole = kept.plan.model_dump(mode="json", exclude_none=True)
    whole["edits"] = [*whole["edits"], edit]
    number = len(whole["edits"])
    try:
        plan = parse_plan(json.dumps(whole).encode(), whole["name"])
        faults = faults_of(district, plan)
    except DataError as error:
        faults, plan = error.findings, kept.plan
    kept.refused = tuple(fault for fault in faults if fault.row in {number, None})
    if kept.refused:
        return False
    take(plan)
    return True


def open_file(content: bytes, name: str) -> None:
    """Go on with the scenario of a file.

    Raises
    ------
    DataError
        With all findings, when the file holds none.
    """
    take(parse_plan(content, name))


def faults_of(district: District, plan: PlanFile) -> tuple[Finding, ...]:
    """Return the edits that do not fit a district, with what is wrong; row is the number."""
    return scenario.plan_of(plan).findings(district)
