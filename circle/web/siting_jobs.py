"""Plans of sites in the background: the exact one, and what solves again to explain it.

What is at work belongs to what is asked: where that changes, it is stopped.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from circle.errors import CancelledError, InputError
from circle.i18n import t
from circle.siting import explain
from circle.siting.instance import Objective
from circle.siting.plan import TIME_LIMIT_S, Proof, exact
from circle.web import job_view, siting_asked
from circle.web.jobs import PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    import pandas as pd

    from circle.siting.plan import SitePlan
    from circle.siting.task import Task
    from circle.study import Study
    from circle.web.jobs import Progress, Stop
    from circle.web.siting_asked import Wanted

    Make = Callable[[Stop], Any]

EXACT = "siting:exact"
LONGER_S = 300.0
_PROVEN_AT_ONCE_S, _AT_ONCE_S = 1.0, 0.3
"""What is proven, or worked out, within this time is shown at once, without its progress."""
_FRONT_POINTS = 8


class Planned(NamedTuple):
    """A plan, and what it answers.

    Attributes
    ----------
    study, asked, task
        Of what district, what is asked.
    plan
        The best that is known.
    """

    study: Study
    asked: Wanted
    task: Task
    plan: SitePlan


def best(study: Study, asked: Wanted) -> Planned:
    """Return the best plan that is known now; begin to look for the best there is.

    Raises
    ------
    InputError
        When no plan can fulfil what is asked, with what makes it so.
    """
    first, task = siting_asked.first_of(study, asked), siting_asked.task_of(study, asked)
    about = (study.district.scenario_id, asked)
    if first.gap == 0:
        _stop(EXACT)
        return Planned(study, asked, task, replace(first, proof=Proof.OPTIMAL))
    if st.session_state.get(_about(EXACT)) != about:
        _search(about, task, first, TIME_LIMIT_S)
    known = job_view.peek(EXACT)
    return Planned(study, asked, task, first if known is None else known)


def search_on(planned: Planned) -> None:
    """Go on looking for a better plan, for longer."""
    about = (planned.study.district.scenario_id, planned.asked)
    _search(about, planned.task, planned.plan, LONGER_S)


def stop_all() -> None:
    """Stop what is at work: nothing can be planned."""
    for name in (EXACT, *EXPLAINED):
        _stop(f"siting:{name}" if name in EXPLAINED else name)


def ask(name: str, planned: Planned) -> None:
    """Begin to work out one of `EXPLAINED`."""
    limit_s = explain.LIMIT_S * EXPLAINED[name].solved(planned)
    make = EXPLAINED[name].make
    about = _of_plan(planned)

    def work(_: Path, progress: Progress, stop: Stop) -> pd.DataFrame:
        table: pd.DataFrame = make(planned, _watched("siting_again", progress, stop, limit_s))
        if stop():
            raise CancelledError
        return table

    key = f"siting:{name}"
    job_view.start(key, work, PLANS, _AT_ONCE_S)
    st.session_state[_about(key)] = about


def told(name: str, planned: Planned) -> pd.DataFrame | None:
    """Return what was worked out of this very plan; None where it was not."""
    key = f"siting:{name}"
    if st.session_state.get(_about(key)) != _of_plan(planned):
        return None
    table: pd.DataFrame | None = job_view.peek(key)
    return table


def control(name: str, planned: Planned) -> pd.DataFrame | None:
    """Draw the button that works something out, or how far it is; return it once it is there."""
    key = f"siting:{name}"
    if st.session_state.get(_about(key)) == _of_plan(planned):
        is_at_work = job_view.running(key)
        table: pd.DataFrame | None = job_view.made(key, "siting.cancelled_again")
        if table is not None or is_at_work:
            return table
    st.button(
        t(f"siting.ask_{name}"),
        key=f"{key}:ask",
        icon=":material/calculate:",
        on_click=ask,
        args=(name, planned),
    )
    return None


def _search(about: Hashable, task: Task, first: SitePlan, limit_s: float) -> None:
    def work(_: Path, progress: Progress, stop: Stop) -> SitePlan:
        watched = _watched("siting_exact", progress, stop, limit_s)
        return exact(task, limit_s=limit_s, cancelled=watched, start=first)

    job_view.start(EXACT, work, PLANS, _PROVEN_AT_ONCE_S)
    st.session_state[_about(EXACT)] = about


def _watched(part: str, progress: Progress, stop: Stop, limit_s: float) -> Callable[[], bool]:
    """Return what tells whether to stop, and tells how much of the time is gone."""
    began = time.monotonic()
    progress(part, 0.0)

    def stopped() -> bool:
        progress(part, min(1.0, (time.monotonic() - began) / limit_s))
        return stop()

    return stopped


def _stop(key: str) -> None:
    job_view.stop(key)
    st.session_state.pop(_about(key), None)


def _about(key: str) -> str:
    return f"{key}:about"


def _of_plan(planned: Planned) -> Hashable:
    plan = planned.plan
    return planned.study.district.scenario_id, planned.asked, plan.opened, plan.closed, plan.proof


class _Explained(NamedTuple):
    """What explains a plan: how it is made, how often that solves at most, of what plans."""

    make: Callable[[Planned, Stop], pd.DataFrame]
    solved: Callable[[Planned], int]
    applies: Callable[[Planned], bool]


def _without(planned: Planned, stop: Stop) -> pd.DataFrame:
    return explain.without_each(planned.task, planned.plan, cancelled=stop)


def _prices(planned: Planned, stop: Stop) -> pd.DataFrame:
    return explain.prices(planned.task, planned.plan, cancelled=stop)


def _curve(planned: Planned, stop: Stop) -> pd.DataFrame:
    return explain.curve(planned.task, cancelled=stop)


def _front(planned: Planned, stop: Stop) -> pd.DataFrame:
    task = siting_asked.task_of(planned.study, planned.asked, "residents_60_plus")
    return explain.pareto(replace(task, seats=False), _FRONT_POINTS, cancelled=stop)


def _stays(planned: Planned, stop: Stop) -> pd.DataFrame:
    drawn = planned.study.uncertainty(planned.asked.question)
    if drawn is None:
        raise InputError("site_no_draws")
    return explain.robustness(planned.task, planned.plan, drawn, cancelled=stop)


def _covers(planned: Planned) -> bool:
    return planned.asked.objective is Objective.COVERAGE and not planned.asked.seats


EXPLAINED = {
    "without": _Explained(_without, lambda p: len(p.plan.opened), lambda p: bool(p.plan.opened)),
    "stays": _Explained(
        _stays,
        lambda _: explain.DRAWS,
        lambda p: _covers(p) and not p.asked.question.unverified,
    ),
    "prices": _Explained(_prices, lambda p: len(p.task.rows), lambda _: True),
    "curve": _Explained(
        _curve,
        lambda _: explain.MOST_COUNT,
        lambda p: p.asked.objective is not Objective.FEWEST,
    ),
    "front": _Explained(_front, lambda _: 2 * _FRONT_POINTS, lambda _: True),
}
"""By name, as the keys of the language files have them."""
