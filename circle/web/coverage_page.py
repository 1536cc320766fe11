"""The Coverage page: controls, answer, map, gap zones; details below."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.measures.coverage import by_other_rule
from circle.measures.gaps import listed
from circle.model import CAP_MINUTES, NOT_IN_ANY, WHOLE, Criterion, NoData, Question, Rule
from circle.places.facilities import coverable_kinds
from circle.web import (
    controls,
    coverage_details,
    coverage_map,
    downloads,
    memo,
    params,
    shell,
    sign_in,
    state,
)
from circle.words import wording

if TYPE_CHECKING:
    import pandas as pd

    from circle.measures.uncertainty import Uncertainty
    from circle.model import Coverage, District, Gap, Requirement
    from circle.study import Study

_OFFERED = "_own_area_offered"
_SENIORS = "residents_60_plus"
_GROUPS = ("residents", _SENIORS, "residents_65_plus", "age_0_14", "age_15_59", "age_60_64")


def show() -> None:
    """Draw the page."""
    study = memo.study()
    district = study.district
    shell.header(district.name, t("coverage.subtitle"), district.observed)
    shell.data_notice(district)
    question = _controls(district)
    group = state.value(_group())
    with st.spinner(t("coverage.loading"), show_time=False):
        coverage = study.coverage(question)
        zones = study.gaps(question)
    stage = shell.stage()
    if isinstance(coverage, NoData):
        _nothing(district, coverage, stage)
        return
    with st.spinner(t("coverage.sure_loading"), show_time=False):
        sure = study.uncertainty(question)
    with stage.lead:
        shell.answer(wording.marked(wording.coverage_sentence(district, coverage, group)))
        _figures(district, coverage, sure, group)
        _with_and_without_unverified(study, coverage, question, group)
    with stage.map:
        coverage_map.control()
        coverage_map.show(study, question, coverage, zones)
    with stage.side:
        _zones(study, question, coverage, zones)
        _areas(district, coverage, sure, group)
        _rests_on(district, coverage, sure, group)
    coverage_details.show(study, question, coverage, zones, group)
    downloads.sources(district)


def _group() -> state.Param[str]:
    return params.group(_GROUPS, _SENIORS)


def _controls(district: District) -> Question:
    kind, profile, limit = params.kind(district), params.slow_profile(district), params.limit()
    unverified = params.flag("unverified", default=False)
    with st.sidebar:
        asked = _standard(
            controls.select(
                t("coverage.kind"),
                coverable_kinds(district),
                kind,
                lambda name: str(district.kinds[name].name),
            )
        )
        if not asked:
            controls.minutes(t("coverage.minutes"), limit)
        controls.profile(district, profile)
        controls.select(t("coverage.group"), _GROUPS, _group(), lambda name: t(f"group.{name}"))
        controls.segmented(
            t("coverage.unverified"),
            [False, True],
            unverified,
            lambda on: t("coverage.include" if on else "coverage.exclude"),
            titled=True,
        )
        controls.toggle(t("coverage.show_heritage"), params.flag("heritage", default=False))
        controls.toggle(t("coverage.show_roads"), params.flag("roads", default=False))
        controls.toggle(t("coverage.show_gaps"), params.flag("gaps", default=True))
    requirement = memo.requirement(asked)
    criterion = Criterion.of(requirement) if requirement else Criterion(state.value(limit))
    return Question(
        kind=state.value(kind),
        profile=state.value(profile),
        criterion=criterion,
        unverified=state.value(unverified),
    )


def _standard(kind: str) -> str:
    """Draw the choice of a standard's requirement for the kind; return it, or "" for none."""
    offered = {"": t("coverage.own_minutes")}
    for standard in memo.standards().values():
        for asked in standard.requirements:
            if asked.kind == kind:
                offered[f"{standard.id}/{asked.id}"] = _requirement_name(str(standard.name), asked)
    names = tuple(offered)
    return controls.select(
        t("standard.title"), names, params.standard(names), lambda name: offered[name]
    )


def _requirement_name(of_set: str, asked: Requirement) -> str:
    limits = []
    if asked.metres is not None:
        limits.append(t("unit.metres", n=f"{asked.metres:g}"))
    if asked.minutes is not None:
        limits.append(t("unit.minutes", n=f"{asked.minutes:g}"))
    return f"{of_set} · {asked.name} {' / '.join(limits)}"


def _nothing(district: District, no_data: NoData, stage: shell.Stage) -> None:
    """Say that the requirement asks for what the district has no data of."""
    with stage.lead:
        shell.answer(shell.escape(wording.no_data_sentence(district, no_data)))
        shell.notes([t(f"standard.reason.{no_data.reason}"), t("coverage.bring")])
    with stage.map:
        coverage_map.without_answer(district)
    downloads.sources(district)


def _figures(district: District, coverage: Coverage, sure: Uncertainty | None, group: str) -> None:
    row = figure_in(coverage.table, group)
    low = coverage.at_least
    label = t("coverage.figure_rate_low" if low else "coverage.figure_rate")
    if sure is not None and row["residents"] > 0:
        label += t("coverage.interval", **_interval(figure_in(sure.table, group)))
    cards = [(wording.share(coverage, row["rate"]), label)]
    for whose in ("residents", _SENIORS):
        out = t("coverage.figure_none_known" if low else "coverage.figure_uncovered")
        count = rounding.about_short(figure_in(coverage.table, whose)["uncovered"])
        cards.append((count, t(f"group_of.{whose}") + t("unit.gap") + out))
    for _, worst in _worst_first(coverage, group)[:1].iterrows():
        cards.append(
            (
                wording.area_names(district).get(worst["area"], "—"),
                t("coverage.figure_worst", rate=wording.share(coverage, worst["rate"])),
            )
        )
    shell.figures(cards)


def _worst_first(coverage: Coverage, group: str) -> pd.DataFrame:
    """Return the rows of the areas where somebody of the group lives."""
    named = ~coverage.table["area"].isin([WHOLE, NOT_IN_ANY])
    rows = coverage.table[coverage.table["group"].eq(group) & named]
    return rows.dropna().sort_values("rate")


def _interval(row: pd.Series) -> dict[str, str]:
    """Return what the draws say: the interval and the verdict, in words."""
    return {
        "low": rounding.whole_percent(row["low"]),
        "high": rounding.whole_percent(row["high"]),
        "verdict": wording.sure_words(str(row["verdict"]), str(row["depends_on"])),
    }


def _with_and_without_unverified(
    study: Study, coverage: Coverage, question: Question, group: str
) -> None:
    """Set the figure with unverified facilities beside the one without."""
    other = study.coverage(replace(question, unverified=not question.unverified))
    if isinstance(other, NoData):
        return
    verified, both = (other, coverage) if coverage.unverified else (coverage, other)
    if both.unverified_counted == 0:
        return
    lines = []
    for name, counted in (("verified", verified), ("all", both)):
        row = figure_in(counted.table, group)
        what = t(f"coverage.both_{name}", n=counted.facilities_counted)
        rate = wording.share(counted, row["rate"])
        lines.append(shell.Row(what, rounding.people(row["covered"]), rate))
    shell.rows(lines)


def _zones(study: Study, question: Question, coverage: Coverage, zones: tuple[Gap, ...]) -> None:
    district, known = study.district, "_none_known" if coverage.at_least else ""
    shell.heading(t(f"coverage.gaps_title{known}"))
    if not zones:
        if nobody := wording.without_rate(figure_in(coverage.table), "residents"):
            shell.notes([nobody])
        else:
            st.success(t("coverage.gaps_none", limit=wording.limit_text(coverage)))
        return
    param = params.gap()
    marked = state.value(param)
    shown = listed(zones)
    for zone in shown:
        chosen = marked == str(zone.rank)
        name = wording.gap_name(zone)
        shell.pick_row(
            shell.Row(
                name,
                wording.gap_line(district, zone),
                wording.gap_beyond(zone),
                rank=zone.rank,
                alarming=True,
                chosen=chosen,
            ),
            t("coverage.mark", name=name),
            key=f"mark-{zone.rank}",
            on_click=state.toggle,
            args=(param, str(zone.rank)),
        )
        if chosen:
            shell.notes(
                [wording.zone_sentence(district, coverage, zone), *_verdict(study, question, zone)]
            )
    rest = [zone for zone in zones if zone not in shown]
    if (left := sum(zone.residents for zone in rest)) >= 1:
        shell.notes([t("coverage.gap_more", n=len(rest), people=rounding.people(left))])
    by_metres = "_metres" if coverage.rule is Rule.METRES else ""
    shell.notes([t(f"coverage.gaps_note{by_metres}", cap=f"{CAP_MINUTES:g}")])


def _verdict(study: Study, question: Question, zone: Gap) -> list[str]:
    """Say what the draws make of a zone."""
    table = study.zone_table(question, zone)
    if table is None:
        return []
    return [t("sure.interval", **_interval(table[table["group"].eq("residents")].iloc[0]))]


def _areas(district: District, coverage: Coverage, sure: Uncertainty | None, group: str) -> None:
    """List the areas, worst first; a click explains one."""
    shell.heading(t("coverage.areas_title"))
    known = "_none_known" if coverage.at_least else ""
    names = wording.area_names(district)
    param = params.area(district)
    _own_area_first(district, param)
    chosen = state.value(param)
    for _, row in _worst_first(coverage, group).iterrows():
        area = str(row["area"])
        sub = t(f"coverage.area_sub{known}", people=rounding.people(row["uncovered"]))
        interval = None if sure is None else _interval(figure_in(sure.table, group, area))
        if interval is not None and interval["verdict"]:
            sub += f" · {interval['verdict']}"
        shell.pick_row(
            shell.Row(
                names.get(area, area),
                sub,
                wording.share(coverage, row["rate"]),
                chosen=chosen == area,
            ),
            t("coverage.explain", name=names.get(area, area)),
            key=f"area-{area}",
            on_click=state.toggle,
            args=(param, area),
        )
        if chosen == area:
            lines = [wording.area_sentence(district, coverage, area, group)]
            if interval is not None:
                lines.append(t("sure.interval", **interval))
            shell.notes(lines)


def _own_area_first(district: District, param: state.Param[str]) -> None:
    """Explain the area that an official works for, once, where the address names none."""
    if st.session_state.setdefault(_OFFERED, False) or param.name in st.query_params:
        return
    st.session_state[_OFFERED] = True
    who = sign_in.visitor()
    if who.areas:
        areas = [a.id for a in district.areas if who.may_see(a.id, a.name.zh, a.name.en)]
        state.put(param, areas[0] if areas else "")


def _rests_on(district: District, coverage: Coverage, sure: Uncertainty | None, group: str) -> None:
    """Say what the figures rest on."""
    lines = wording.trust_notes(district, coverage)
    if (asked := coverage.standard) is not None:
        of_set = memo.standards()[asked.standard]
        lines += wording.rule_notes(asked, of_set.others(asked))
        if (table := by_other_rule(district, coverage)) is not None:
            row = figure_in(table, group)
            lines.append(wording.other_rule(asked, wording.share(coverage, row["rate"])))
    lines += [
        wording.pace_sentence(district, coverage, group),
        wording.assumptions(sure),
        t("coverage.people_note", **wording.residents_data(district)),
    ]
    shell.notes(filter(None, lines))
