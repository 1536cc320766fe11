"""One budget on the page Lifts and lanes: which lifts and rooms a sum is spent on best.

Costs are what the visitor types, with their source; nothing is worked out without both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from circle.budget import model
from circle.budget.costs import Cost, Costs
from circle.budget.nouns import Goal, Rules
from circle.budget.reading import read, recomputed
from circle.errors import CancelledError
from circle.i18n import t
from circle.siting.solver import Patience
from circle.web import downloads, job_view, memo, shell
from circle.web.jobs import PLANS
from circle.words import budget as words
from circle.words.lifts import SENIORS
from circle.words.wording import inline, marked

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    import pandas as pd

    from circle.budget.nouns import Plan
    from circle.budget.reading import Read
    from circle.model import District, Question
    from circle.web.jobs import Progress, Stop

_JOB, _ABOUT = "lifts:budget", "lifts:budget:about"
_KINDS = ("lift", "room")
_AT_ONCE_S = 0.3
_MOST = 1e11


class _Planned(NamedTuple):
    read: Read
    plan: Plan
    again: float
    front: list[Plan]


def show(district: District, register: pd.DataFrame, question: Question, prefix: str) -> None:
    """Draw the section: what a sum may be and what things cost, then the plan once asked for.

    Parameters
    ----------
    prefix
        Of the names of files; that it is made up, of a register that is.
    """
    with st.expander(t("plan.title"), key="lifts-budget"):
        shell.notes([t("plan.lead")])
        money = _amount("plan.budget", "budget")
        kinds = {}
        for kind in _KINDS:
            cost = _amount(f"plan.cost_{kind}", f"cost-{kind}")
            source = st.text_input(
                t(f"plan.source_{kind}"), key=f"lifts-budget:source-{kind}", max_chars=400
            ).strip()
            if cost is not None and source:
                kinds[kind] = Cost(cost, source)
        about = (district.scenario_id, len(register), question, money, tuple(kinds.items()))
        st.button(
            t("plan.ask"),
            key="lifts-budget:ask",
            icon=":material/calculate:",
            disabled=money is None or not kinds,
            on_click=_start,
            args=(district, register, question, Costs("", kinds, {}), money, about),
        )
        if st.session_state.get(_ABOUT) == about:
            planned: _Planned | None = job_view.made(_JOB)
            if planned is not None:
                _told(district, question, planned, prefix)


def _amount(label: str, name: str) -> float | None:
    value: float | None = st.number_input(
        t(label), 0.0, _MOST, None, step=10_000.0, format="%.0f", key=f"lifts-budget:{name}"
    )
    return value


def _start(
    district: District,
    register: pd.DataFrame,
    question: Question,
    costs: Costs,
    money: float,
    about: Hashable,
) -> None:
    study = memo.study(district)

    def work(_: Path, progress: Progress, stop: Stop) -> Any:  # noqa: ANN401 - a job makes any
        progress("siting_exact", 0.0)
        told = read(study, question, SENIORS, costs, register)
        patience = Patience(model.LIMIT_S, stop)
        plan = model.best(told.budget, Goal.MOST, Rules(money), patience=patience)
        progress("siting_exact", 0.5)
        front = model.front(told.budget, Rules(money), patience)
        if stop():
            raise CancelledError
        again = recomputed(study, question, SENIORS, told.budget, plan.chosen, register)
        return _Planned(told, plan, again, front)

    job_view.start(_JOB, work, PLANS, _AT_ONCE_S)
    st.session_state[_ABOUT] = about


def _told(district: District, question: Question, planned: _Planned, prefix: str) -> None:
    budget, plan = planned.read.budget, planned.plan
    kind = inline(district.kinds[question.kind].name)
    first, proof = words.plan_lines(budget, plan, SENIORS, kind, "")[:2]
    shell.answer(marked(first))
    shell.notes([proof, words.again_line(plan, planned.again)])
    if plan.chosen.any():
        downloads.table(words.chosen_table(budget, plan), file=prefix + t("plan.file"))
    shell.notes([t("plan.front")])
    front = words.front_table(planned.front, budget.everyone)
    downloads.table(front, file=prefix + t("plan.file_front"))
    shell.notes(words.notes(planned.read))
