"""The Siting page: where the next facilities do most, how sure that is, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from circle.errors import InputError
from circle.i18n import rounding, t
from circle.model import NoData
from circle.places.facilities import service_name
from circle.siting import explain
from circle.siting.explain import reach_of_each
from circle.siting.instance import Objective, figures
from circle.siting.plan import Proof, most_covered
from circle.siting.reading import at_least
from circle.web import (
    coverage_page,
    job_view,
    memo,
    shell,
    siting_asked,
    siting_files,
    siting_form,
    siting_jobs,
    siting_map,
    siting_others,
    siting_seats,
    siting_why,
    state,
)
from circle.web.part import part
from circle.words import site_tables, wording
from circle.words import siting as words

if TYPE_CHECKING:
    from circle.model import Question
    from circle.siting.candidates import Candidates
    from circle.siting.plan import SitePlan
    from circle.study import Study
    from circle.web.siting_asked import Wanted
    from circle.web.siting_jobs import Planned


def show() -> None:
    """Draw the page."""
    district = memo.study().district
    shell.header(district.name, t("siting.subtitle"), district.observed)
    shell.data_notice(district)
    question = coverage_page.controls_of(district, zones=False)
    coverage_page.standard_notice(district, question.kind)
    part(lambda: _answered(question))
    part(lambda: siting_others.show(question))


class Answer(NamedTuple):
    """What was found: candidates and a plan of them, or what stands in the way of either."""

    candidates: Candidates | None
    planned: Planned | None
    fault: InputError | None


def _answered(question: Question) -> None:
    study = memo.study()
    with st.spinner(t("siting.loading"), show_time=False):
        answer = _answer(study, question)
    candidates, planned, stage = answer.candidates, answer.planned, shell.stage()
    with stage.lead:  # above the map on a phone: drawn before it, so that nothing jumps
        _lead(study, question, answer)
    with stage.map:
        if candidates is not None:
            siting_map.show(study, question, candidates, planned)
    with stage.side:
        if planned is not None:
            _sites(planned)
        if candidates is not None:
            siting_form.picked(study, question, candidates, planned)
        siting_form.show(study, question, candidates)
        _rests_on(study, question)
    if candidates is not None and planned is not None:
        siting_files.show(planned, candidates)
        siting_why.show(planned, candidates)
    if candidates is not None:
        siting_seats.show(study, question, planned, candidates)


def _answer(study: Study, question: Question) -> Answer:
    """Look for a plan; what was at work for another question is stopped."""
    candidates = None
    study.coverage(question)  # whom the map shows
    try:
        candidates = siting_asked.candidates(study)
        planned = siting_jobs.best(study, siting_asked.wanted(study, question))
    except InputError as fault:
        siting_jobs.stop_all()
        return Answer(candidates, None, fault)
    return Answer(candidates, planned, None)


def _rests_on(study: Study, question: Question) -> None:
    """Say what the figures rest on."""
    coverage = study.coverage(question)
    if not isinstance(coverage, NoData):
        shell.notes(wording.trust_notes(study.district, coverage))


def _lead(study: Study, question: Question, answer: Answer) -> None:
    """Draw the answer and how good it is; what stands in its way where there is none."""
    if answer.fault is not None:
        shell.answer(shell.escape(answer.fault.message()))
        if answer.fault.key == "site_unreachable":
            _unreachable(study, siting_asked.wanted(study, question))
    if answer.planned is not None:
        lines = _lines(answer.planned)
        shell.answer(wording.marked(lines[0]))
        shell.figures(_cards(answer.planned))
        shell.notes(lines[1:])
        _search(answer.planned)


def _unreachable(study: Study, asked: Wanted) -> None:
    """Name the residents whom no site reaches, and offer to ask for the share that can be met."""
    task = siting_asked.task_of(study, asked)
    shell.notes([words.unserved_line(explain.unserved(study.district, task))])
    most = rounding.cut(most_covered(task) / float(task.instance.weight.sum()) * 100, 1)
    st.button(
        t("siting.ask_share", share=f"{most:g}"),
        key="siting:ask_share",
        disabled=most < 1,
        on_click=state.put,
        args=(siting_asked.share(), most),
    )


def _said(planned: Planned) -> words.Said:
    study, question = planned.study, planned.asked.question
    return words.Said(
        wording.inline(service_name(study.district, question)),
        _limit(question),
        at_least(study, question),
        numbered=True,
        before_known=not isinstance(study.coverage(question), NoData),
    )


def _lines(planned: Planned) -> list[str]:
    study, said = planned.study, _said(planned)
    lines = words.plan_lines(planned.task, planned.plan, planned.asked.group, said)
    left = words.unserved_line(explain.unserved(study.district, planned.task))
    return [*lines, left] if left else lines


def _limit(question: Question) -> str:
    metres = question.criterion.metres
    if metres is not None:
        return t("unit.metres", n=f"{metres:,g}")
    return t("unit.minutes", n=f"{question.criterion.minutes:g}")


def _cards(planned: Planned) -> list[tuple[str, str]]:
    plan, said = planned.plan, _said(planned)
    before, after = figures(plan.instance, ~plan.instance.sites.is_new), plan.figures
    if not said.before_known:
        before = before._replace(mean_minutes=np.nan, worst_minutes=np.nan)
    everyone = float(plan.instance.weight.sum())
    rates = {
        "before": words.rate_before(before.covered / everyone, said),
        "after": rounding.bound(after.covered / everyone, at_least=said.at_least),
    }
    gained = rounding.about_short(after.covered - before.covered)
    cards = [
        (t("siting.arrow", **rates), t("siting.card_rate")),
        (gained if said.before_known else t("site.no_data"), t("siting.card_gained")),
        (_minutes(before.mean_minutes, after.mean_minutes), t("siting.card_mean")),
    ]
    if plan.objective is Objective.WORST:
        worst = _minutes(before.worst_minutes, after.worst_minutes)
        return [*cards, (worst, t("siting.card_worst"))]
    return [*cards, (_gap(plan), t("siting.card_gap"))]


def _minutes(before: float, after: float) -> str:
    told = (rounding.fixed(value, 1) for value in (before, after))
    return t("siting.arrow", **dict(zip(("before", "after"), told, strict=True)))


def _gap(plan: SitePlan) -> str:
    gap = plan.gap
    return rounding.percent(gap) if gap < float("inf") else t("unit.not_known")


def _search(planned: Planned) -> None:
    """Draw how far the search for a better plan is, or the way to go on with it."""
    if planned.plan.proof is Proof.OPTIMAL:
        return
    is_at_work = job_view.running(siting_jobs.EXACT)
    found = job_view.made(siting_jobs.EXACT, "siting.cancelled")
    if found is not None and found is not planned.plan:
        st.rerun()  # it ended since the answer was drawn
    if not is_at_work:
        st.button(
            t("siting.search_on", minutes=f"{siting_jobs.LONGER_S / 60:g}"),
            key="siting:search_on",
            icon=":material/search:",
            on_click=siting_jobs.search_on,
            args=(planned,),
        )


def _sites(planned: Planned) -> None:
    """List the sites that open by their numbers; a click looks at one."""
    shell.heading(t("siting.sites"))
    plan = planned.plan
    if not plan.opened:
        shell.notes([t("siting.none_new")])
    reach, names = reach_of_each(plan), site_tables.plan_names(plan)
    param = siting_asked.picked((*plan.instance.sites.ids,))
    chosen = state.value(param)
    for number, row in enumerate(reach.to_dict("records"), 1):
        site = str(row["id"])
        sub = t(
            "siting.site_sub",
            alone=rounding.people(row["alone"]),
            lost=rounding.people(row["lost"]),
        )
        shell.pick_row(
            shell.Row(
                str(row["name"] or site),
                sub,
                rounding.about_short(row["reaches"]),
                rank=number,
                chosen=site == chosen,
            ),
            t("siting.look_at", name=names[site]),
            key=f"site-{number}",
            on_click=state.toggle,
            args=(param, site),
        )
    if planned.asked.constraints.floor_area_m2 and not reach["area_known"].all():
        shell.notes([t("siting.area_unknown", n=int((~reach["area_known"]).sum()))])
