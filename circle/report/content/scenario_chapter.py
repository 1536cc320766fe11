"""The chapter of a scenario: its edits, every service before and after, who gains on a map."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from circle import scenario
from circle.demand import figure_in
from circle.i18n import rounding, t
from circle.maps import grades
from circle.report.content import report_maps
from circle.report.content.elements import Paragraph, Section, Table, Tone
from circle.study import Study
from circle.words import changed, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.measures.difference import Difference
    from circle.model import District
    from circle.report.content.answers import Answers, Service
    from circle.report.content.elements import Block, Map

_GROUP = "residents"


def chapter(answers: Answers) -> Iterator[Section]:
    """Yield the chapter; nothing where no scenario is laid over the district.

    Of a report of some areas too it is about the whole district, which the edits are of.
    """
    study = answers.around or answers.study
    base, plan = scenario.without_plan(study.district)
    if plan is None:
        return
    before = Study(base, study.memo)
    compared = [
        (service, difference)
        for service, coverage in answers.covered
        if (difference := study.difference(before, coverage.question)) is not None
    ]
    lead = t("report.scenario_lead", name=plan.plan.name, n=len(plan.plan.edits))
    blocks: list[Block] = [
        Paragraph(lead, Tone.WARNING),
        Table("edits", t("report.table_edits"), _edits(base, plan)),
    ]
    if compared:
        frame = _rates(before, study, [difference for _, difference in compared])
        note = t("report.scenario_note")
        blocks.append(Table("scenario", t("report.table_scenario"), frame, note))
    if most := _most_changed(compared):
        service, difference = most
        interval = study.interval(before, difference.after.question)
        blocks.append(Paragraph(changed.sentence(study.district, difference, interval, _GROUP)))
        if answers.around is None:
            blocks += _maps(answers, before, service, difference)
    yield Section("scenario", t("report.scenario"), tuple(blocks))


def _edits(base: District, plan: scenario.Plan) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("report.col_number"): [str(n) for n in range(1, len(plan.plan.edits) + 1)],
            t("report.col_edit"): [changed.edit_line(base, edit) for edit in plan.plan.edits],
            t("report.col_reason"): [edit.reason for edit in plan.plan.edits],
        }
    )


def _rates(before: Study, after: Study, differences: list[Difference]) -> pd.DataFrame:
    intervals = [after.interval(before, each.after.question) for each in differences]
    return changed.by_kinds(after.district, differences, intervals, _GROUP)


def _most_changed(
    compared: list[tuple[Service, Difference]],
) -> tuple[Service, Difference] | None:
    """Return the service in which most residents gain or lose; None where nobody does."""
    touched = [
        (float(people["gaining"] + people["losing"]), service, difference)
        for service, difference in compared
        for people in [figure_in(difference.people, _GROUP)]
    ]
    most = max(touched, key=lambda row: row[0], default=None)
    return None if most is None or most[0] <= 0 else most[1:]


def _maps(
    answers: Answers, before: Study, service: Service, difference: Difference
) -> Iterator[Map]:
    """Yield who reaches the service before and after, and the minutes that are won and lost."""
    zones = before.gaps(difference.before.question)
    states = {
        "before": (before, replace(service, zones=zones), difference.before),
        "after": (answers.study, service, difference.after),
    }
    for name, (study, there, coverage) in states.items():
        yield replace(
            report_maps.of_service(replace(answers, study=study), there, coverage),
            id=f"scenario-{name}-{service.key}",
            title=t(f"report.map_scenario_{name}", name=service.name),
            detail=True,
        )
    rows = tables.people(answers.district, _GROUP).rows
    people = figure_in(difference.people, _GROUP)
    gaining, losing = (rounding.people(people[who]) for who in ("gaining", "losing"))
    yield replace(
        report_maps.of_service(answers, service, difference.after),
        id=f"scenario-{service.key}",
        title=t("report.map_scenario", name=service.name),
        alt=t("whatif.who", gaining=gaining, losing=losing).strip(),
        graded=grades.by_won(difference.won[rows]),
    )
