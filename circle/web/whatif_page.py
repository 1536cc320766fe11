"""The What-if page: what edits would change, before, after and the difference on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd
import streamlit as st

from circle import scenario
from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.maps import grades, layers, legend
from circle.measures.difference import Fate
from circle.measures.gaps import by_size
from circle.model import NOT_IN_ANY, WHOLE, NoData
from circle.web import (
    controls,
    coverage_map,
    coverage_page,
    downloads,
    memo,
    shell,
    state,
    whatif_form,
    whatif_plan,
    whatif_saved,
)
from circle.web.coverage_measures import MEASURES, AreaRow, Asked, Measure
from circle.web.part import part
from circle.words import changed, measured, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.maps.drawing import Layer
    from circle.measures.difference import Difference
    from circle.model import District, Question
    from circle.scenario import Edit
    from circle.study import Study

VIEWS = ("difference", "before", "after")


class Both(NamedTuple):
    """The base and the scenario, one question, and what differs."""

    before: Study
    after: Study
    question: Question
    group: str
    difference: Difference
    interval: pd.DataFrame | None


def show() -> None:
    """Draw the page."""
    district = memo.study().district
    shell.header(district.name, t("whatif.subtitle"), district.observed)
    shell.data_notice(district)
    question = coverage_page.controls_of(district)
    coverage_page.standard_notice(district, question.kind)
    part(lambda: _answered(question))


def _view() -> state.Param[str]:
    return state.choice("view", VIEWS)


def _answered(question: Question) -> None:
    before = memo.study()
    whatif_saved.from_address(before.district, whatif_plan.take)
    _lead(before, question)
    group = state.value(coverage_page.group_param(before.district))
    whatif_saved.show(before.district, whatif_plan.work().plan, question, group)
    downloads.sources(before.district)


def _lead(before: Study, question: Question) -> None:
    """Draw the answer, the map, the edits and the figures."""
    plan = whatif_plan.work().plan
    stage = shell.stage()
    if whatif_plan.faults_of(before.district, plan):
        _without(before, stage, t("whatif.faulty"))
        return
    after = memo.study(scenario.resolved(before.district, scenario.plan_of(plan)))
    with st.spinner(t("coverage.loading"), show_time=False):
        difference = after.difference(before, question)
    if difference is None:
        _without(before, stage, _why_none(before, after, question))
        return
    with st.spinner(t("coverage.sure_loading"), show_time=False):
        interval = after.interval(before, question)
    group = state.value(coverage_page.group_param(before.district))
    both = Both(before, after, question, group, difference, interval)
    told = _told(both)
    with stage.lead:
        shell.answer(wording.marked(told.sentence if plan.edits else _nothing_yet(both)))
        shell.figures(told.cards)
    with stage.map:
        shown = _map(both, told)
    with stage.side:
        whatif_form.show(before.district)
        if st.button(t("siting.link"), key="whatif:siting", icon=":material/add_location_alt:"):
            st.switch_page("pages/siting.py")
        coverage_page.areas(before.district, shown)
        _zones(difference)
        shell.notes(changed.bound_note([difference.before, difference.after]))
        shell.notes(wording.trust_notes(after.district, difference.after))
    _below(both)


def _without(before: Study, stage: shell.Stage, sentence: str) -> None:
    with stage.lead:
        shell.answer(shell.escape(sentence))
    with stage.map:
        coverage_map.without_answer(before.district, whatif_form.take_click)
    with stage.side:
        whatif_form.show(before.district)


def _why_none(before: Study, after: Study, question: Question) -> str:
    for study in (before, after):
        answer = study.coverage(question)
        if isinstance(answer, NoData):
            which = t("whatif.before" if study is before else "whatif.after")
            said = wording.no_data_sentence(study.district, answer)
            return t("measured.in_area", name=which, sentence=said)
    raise TypeError(question)


def _nothing_yet(both: Both) -> str:
    now = wording.coverage_sentence(both.before.district, both.difference.before, both.group)
    return t("whatif.nothing", sentence=now)


def _told(both: Both) -> Measure:
    """Return the difference as a measure of the map and of the list of areas."""
    district, difference, group = both.after.district, both.difference, both.group
    people = figure_in(difference.people, group)
    rates = figure_in(difference.rates, group)
    rows = Asked(both.after, both.question, difference.after, group).people.rows
    return Measure(
        sentence=changed.sentence(district, difference, both.interval, group),
        cards=(
            (
                changed.points(rates["change"]),
                t("whatif.card_change", interval=changed.interval_words(both.interval, group)),
            ),
            (rounding.about_short(people["gaining"]), t("whatif.card_gain")),
            (rounding.about_short(people["losing"]), t("whatif.card_lose")),
            (_minutes(people["resident_minutes"]), t("whatif.card_minutes")),
        ),
        title=t("whatif.areas"),
        areas=tuple(_areas(both)),
        graded=grades.by_won(difference.won[rows]),
    )


def _areas(both: Both) -> Iterator[AreaRow]:
    difference, group = both.difference, both.group
    rates = difference.rates[difference.rates["group"].eq(group)].dropna(subset=["change"])
    named = rates[~rates["area"].isin([WHOLE, NOT_IN_ANY])]
    names = wording.area_names(both.after.district)
    for _, row in named.sort_values("change", kind="stable").iterrows():
        area = str(row["area"])
        said = changed.sentence(both.after.district, difference, both.interval, group, area)
        sub = f"{wording.share(difference.before, row['before'])} → "
        sub += wording.share(difference.after, row["after"])
        line = t("measured.in_area", name=names.get(area, area), sentence=said)
        yield AreaRow(area, changed.points(row["change"]), sub, row["after"], (line,))


def _minutes(won: float) -> str:
    digits = rounding.rounded(abs(won)) if abs(won) >= 1 else "0"
    return digits if digits == "0" else f"{'+' if won > 0 else '−'}{digits}"


def _map(both: Both, told: Measure) -> Measure:
    """Draw the map of the view that is chosen; return what the areas are listed by."""
    view = controls.segmented(
        t("whatif.view"), VIEWS, _view(), lambda name: t(f"whatif.{name}"), titled=False
    )
    study = both.before if view == "before" else both.after
    coverage = both.difference.before if view == "before" else both.difference.after
    asked = Asked(study, both.question, coverage, both.group)
    if view != "difference":
        coverage_map.control()
        told = MEASURES[state.value(coverage_map.measure())](asked)
        shell.notes([told.sentence])
    edits = () if view == "before" else whatif_plan.work().plan.edits
    over = coverage_map.Over(
        both.before.district,
        list(_drawn(both.before.district, edits)),
        [legend.outlines_row(t("whatif.links"), "edits")] if _lines(edits) else [],
        whatif_form.take_click,
    )
    coverage_map.show(asked, told, coverage_page.drawn(study.gaps(both.question)), over)
    return told


def _lines(edits: tuple[Edit, ...]) -> list[scenario.AddLink | scenario.MoveResidents]:
    """Return the edits from one place to another."""
    return [e for e in edits if isinstance(e, scenario.AddLink | scenario.MoveResidents)]


def _drawn(district: District, edits: tuple[Edit, ...]) -> Iterator[Layer]:
    """Yield the edits at their places, by number, and the places that are picked."""
    places = district.facilities.set_index("id")[["lon", "lat"]]
    if between := _lines(edits):
        lines = [
            {
                "geometry": {
                    "type": "LineString",
                    "coordinates": [[edit.lon, edit.lat], [edit.lon_to, edit.lat_to]],
                },
                "properties": {"name": changed.edit_line(district, edit)},
            }
            for edit in between
        ]
        yield layers.outlines(lines, key="edits")
    for number, edit in enumerate(edits, 1):
        at = (getattr(edit, "lon", None), getattr(edit, "lat", None))
        if at[0] is None and getattr(edit, "id", None) in places.index:
            at = tuple(places.loc[getattr(edit, "id", "")])
        if at[0] is not None and at[1] is not None:
            yield layers.lettered(float(at[0]), float(at[1]), str(number))
    for place, sign in whatif_form.picked(district):
        yield layers.lettered(*place, sign)


def _zones(difference: Difference) -> None:
    """List the gap zones that are not what they were."""
    shell.heading(t("whatif.zones"))
    moved = [change for change in difference.zones if change.fate is not Fate.SAME]
    same = len(difference.zones) - len(moved)
    if moved:
        shell.rows(
            [
                shell.Row(
                    wording.gap_name(change.zone),
                    changed.zone_line(change),
                    t(f"whatif.fate.{change.fate.value}"),
                    alarming=change.fate in {Fate.NEW, Fate.GROWN},
                )
                for change in sorted(moved, key=lambda c: -abs(c.after - c.before))[:12]
            ]
        )
    shell.notes([t("whatif.zones_same", n=same)])


def _below(both: Both) -> None:
    """Draw every figure before and after, with the edits that can change it."""
    shell.heading(t("whatif.figures"))
    shell.table(pd.DataFrame(list(_figures(both))))
    shell.notes([t("whatif.hours_note"), t("whatif.minutes_note")])
    shell.heading(t("whatif.by_age"))
    shell.table(changed.by_groups(both.difference, both.interval))
    shell.heading(t("whatif.by_area"))
    shell.table(changed.by_areas(both.after.district, both.difference, both.interval, both.group))
    with st.expander(t("whatif.by_kind"), key="whatif:kinds", on_change="rerun") as box:
        if box.open:
            with st.spinner(t("coverage.sure_loading"), show_time=False):
                shell.table(_by_kinds(both))


def _by_kinds(both: Both) -> pd.DataFrame:
    asked = memo.services(both.before, both.question)
    answers = [both.after.difference(both.before, question) for question in asked]
    known = [answer for answer in answers if answer is not None]
    sure = [both.after.interval(both.before, each.after.question) for each in known]
    return changed.by_kinds(both.after.district, known, sure, both.group)


def _figures(both: Both) -> Iterator[dict[str, str]]:
    difference, group = both.difference, both.group
    rates, people = figure_in(difference.rates, group), figure_in(difference.people, group)

    def row(name: str, before: str, after: str, change: str) -> dict[str, str]:
        return {
            t("whatif.col_what"): t(f"whatif.figure.{name}"),
            t("whatif.before"): before,
            t("whatif.after"): after,
            t("whatif.col_change"): change,
            t("whatif.col_reacts"): changed.reacts(name),
        }

    share = wording.share
    yield row(
        "coverage",
        share(difference.before, rates["before"]),
        share(difference.after, rates["after"]),
        changed.points(rates["change"]),
    )
    yield row("interval", "—", "—", changed.interval_words(both.interval, group))
    before, after = (
        len(by_size(study.gaps(both.question))[0]) for study in (both.before, both.after)
    )
    yield row("gaps", f"{before}", f"{after}", rounding.signed(after - before, 0))
    yield row("minutes", "—", "—", _minutes(people["resident_minutes"]))
    yield row("services", *_together(both))
    yield row("capacity", *_capacity(both))
    yield row("spread", *_spread(both))


def _together(both: Both) -> tuple[str, str, str]:
    values, at_least = [], False
    for study in (both.before, both.after):
        provision = study.together(memo.services(study, both.question))
        if provision.table is None:
            return "—", "—", "—"
        at_least |= provision.at_least
        values.append(float(figure_in(provision.table, both.group)["rate"]))
    before, after = (rounding.bound(value, at_least=at_least) for value in values)
    return before, after, changed.points(values[1] - values[0])


def _capacity(both: Both) -> tuple[str, str, str]:
    values = []
    for study in (both.before, both.after):
        capacity = study.capacity(both.question)
        if not capacity.is_known:
            return (t("unit.not_known"),) * 2 + ("—",)
        values.append(float(figure_in(capacity.table, both.group)["mean"]))
    before, after = (measured.amount(value) for value in values)
    return before, after, rounding.signed((values[1] - values[0]) * measured.PER, 1)


def _spread(both: Both) -> tuple[str, str, str]:
    values = []
    for study in (both.before, both.after):
        spread = study.spread(both.question)
        values.append(
            float("nan") if spread is None else float(figure_in(spread.table, both.group)["gini"])
        )
    before, after = (rounding.fixed(value, 3) for value in values)
    return before, after, rounding.signed(values[1] - values[0], 3)
