"""The Coverage page: controls, answer, map, gap zones; details below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.measures.coverage import by_other_rule
from circle.measures.gaps import FEW_RESIDENTS, by_size, listed
from circle.model import CAP_MINUTES, SHOWN_GROUPS, Criterion, NoData, Question, Rule
from circle.places.facilities import coverable_kinds
from circle.web import (
    controls,
    coverage_details,
    coverage_map,
    coverage_measures,
    coverage_wishes,
    downloads,
    memo,
    params,
    shell,
    sign_in,
    state,
)
from circle.web.coverage_measures import MEASURES, SENIORS, Asked
from circle.web.part import part
from circle.words import wording

if TYPE_CHECKING:
    from circle.measures.uncertainty import Uncertainty
    from circle.model import Coverage, District, Gap, Requirement
    from circle.study import Study
    from circle.web.coverage_measures import Measure

_OFFERED = "_own_area_offered"


def show() -> None:
    """Draw the page."""
    district = memo.study().district
    shell.header(district.name, t("coverage.subtitle"), district.observed)
    shell.data_notice(district)
    question = controls_of(district)
    standard_notice(district, question.kind)
    part(lambda: _answered(question))
    part(lambda: _below(question))


def _answered(question: Question) -> None:
    study = memo.study()
    district = study.district
    group = state.value(group_param(district))
    with st.spinner(t("coverage.loading"), show_time=False):
        coverage = study.coverage(question)
        zones = study.gaps(question)
    stage = shell.stage()
    if isinstance(coverage, NoData):
        _nothing(district, coverage, stage)
        return
    asked = Asked(study, question, coverage, group)
    measure = state.value(coverage_map.measure())
    with st.spinner(t("coverage.sure_loading"), show_time=False):
        sure = study.uncertainty(question)
        told = MEASURES[measure](asked)
    with stage.lead:  # above the map on a phone: drawn before it, so that nothing jumps
        shell.answer(wording.marked(told.sentence))
        shell.figures(told.cards)
        if told.beside:
            shell.rows(told.beside)
    with stage.map:
        coverage_map.control()
        coverage_map.show(asked, told, drawn(zones))
    with stage.side:
        areas(district, told)
        _zones(study, question, coverage, zones)
        _rests_on(district, coverage, sure, group)


def _below(question: Question) -> None:
    """Draw what no choice in the answer changes: a part of its own, left as it stands."""
    study = memo.study()
    coverage = study.coverage(question)
    if not isinstance(coverage, NoData):
        zones, group = study.gaps(question), state.value(group_param(study.district))
        coverage_details.show(study, question, coverage, zones, group)
    downloads.sources(study.district)


def group_param(district: District) -> state.Param[str]:
    """Return whose coverage is told."""
    return params.group(SHOWN_GROUPS, params.known_group(district, SENIORS))


def controls_of(district: District, *, zones: bool = True) -> Question:
    """Draw what is asked, in the sidebar; without `zones` no switch of the gap zones."""
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
        controls.select(
            t("coverage.group"),
            SHOWN_GROUPS,
            group_param(district),
            lambda name: t(f"group.{name}"),
        )
        controls.segmented(
            t("coverage.unverified"),
            [False, True],
            unverified,
            lambda on: t("coverage.include" if on else "coverage.exclude"),
            titled=True,
        )
        controls.heritage()
        controls.toggle(t("coverage.show_roads"), params.flag("roads", default=False))
        if zones:
            controls.toggle(t("coverage.show_gaps"), params.flag("gaps", default=True))
        coverage_wishes.control()
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
        for asked in standard.of_kind(kind):
            offered[f"{standard.id}/{asked.id}"] = _requirement_name(str(standard.name), asked)
    return controls.select(
        t("standard.title"), tuple(offered), _standard_param(kind), lambda name: offered[name]
    )


def _standard_param(kind: str) -> state.Param[str]:
    """Return the requirement for the kind; an address may name its set alone."""
    meant: dict[str, str] = {}
    for standard in memo.standards().values():
        if of_kind := standard.of_kind(kind):
            names = [f"{standard.id}/{asked.id}" for asked in of_kind]
            meant |= {standard.id: names[0]} | {name: name for name in names}
    return params.standard(meant)


def standard_notice(district: District, kind: str) -> None:
    """Say so where the address names a standard that does not ask for the kind."""
    if name := params.unusable(_standard_param(kind)):
        known = [standard.id for standard in memo.standards().values() if standard.of_kind(kind)]
        words = t(
            "standard.unusable",
            name=name,
            of=wording.inline(district.kinds[kind].name),
            known=wording.listed(known) or t("standard.none_usable"),
        )
        st.warning(shell.escaped_markdown(words))


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
        shell.notes([t(f"standard.reason.{no_data.reason}"), t(f"coverage.bring.{no_data.reason}")])
    with stage.map:
        coverage_map.without_answer(district)


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
    for zone in _shown(zones):
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
    _others(zones)
    by_metres = "_metres" if coverage.rule is Rule.METRES else ""
    shell.notes([t(f"coverage.gaps_note{by_metres}", cap=f"{CAP_MINUTES:g}")])


def _others(zones: tuple[Gap, ...]) -> None:
    """Say how many zones are not listed, those of a few residents apart."""
    shown = _shown(zones)
    many, few = by_size(zones)
    lines = []
    for key, some in (("gap_more", many), ("gap_few", few)):
        rest = [zone for zone in some if zone not in shown]
        if (left := sum(zone.residents for zone in rest)) >= 1:
            lines.append(
                t(
                    f"coverage.{key}",
                    n=len(rest),
                    people=rounding.people(left),
                    few=f"{FEW_RESIDENTS:g}",
                )
            )
    if lines:
        shell.notes(lines)


def _marked(zones: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return the zone that the address names, if there is one."""
    return tuple(zone for zone in zones if str(zone.rank) == state.value(params.gap()))


def _shown(zones: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return the zones that are listed: the worst, and the one that is marked."""
    first = listed(zones)
    return (*first, *(zone for zone in _marked(zones) if zone not in first))


def drawn(zones: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return the zones on the map: those listed, or where these are off the marked one alone."""
    return _shown(zones) if state.value(params.flag("gaps", default=True)) else _marked(zones)


def _verdict(study: Study, question: Question, zone: Gap) -> list[str]:
    """Say what the draws make of a zone."""
    table = memo.zone_table(study, question, zone)
    if table is None:
        return []
    row = table[table["group"].eq("residents")].iloc[0]
    return [t("sure.interval_zone", **coverage_measures.interval_words(row))]


def areas(district: District, told: Measure) -> None:
    """List the areas by the measure, weakest first; a click explains one."""
    if not told.areas:
        return
    shell.heading(told.title)
    names = wording.area_names(district)
    param = params.area(district)
    _own_area_first(district, param)
    chosen = state.value(param)
    for row in told.areas:
        name = names.get(row.area, row.area)
        shell.pick_row(
            shell.Row(name, row.sub, row.figure, share=row.share, chosen=chosen == row.area),
            t("coverage.explain", name=name),
            key=f"area-{row.area}",
            on_click=state.toggle,
            args=(param, row.area),
        )
        if chosen == row.area:
            shell.notes(row.explained)
    if told.notes:
        shell.notes(told.notes)


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
