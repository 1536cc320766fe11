"""The one content of a report: every format is written from it, and computes nothing.

::

    choice ── settled ──► answers ──► chapters, maps, layers ──► Report ──► docx, pdf, …
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import circle
from circle.config import settings
from circle.demand import residents_unknown
from circle.i18n import in_language, t
from circle.i18n.rounding import percent
from circle.load import layer_sources
from circle.report.content import (
    annexes,
    chapters,
    gis_project,
    lane_chapter,
    lane_layers,
    lifts_chapter,
    reference_systems,
    scenario_chapter,
    wish_chapter,
)
from circle.report.content.answers import ask, settled
from circle.report.content.elements import Choice, Imprint, Map, Report, Table
from circle.report.content.gis_layers import layers
from circle.scenario import without_plan
from circle.store import audit, opened, scenarios, zone
from circle.words import references, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle.model import District, StandardSet
    from circle.report.content.answers import Answers
    from circle.report.content.elements import Block, Section
    from circle.scenario import Plan
    from circle.study import Study

_EPOCH = "SOURCE_DATE_EPOCH"
_OF_ALL = {
    "indicators": "areas",
    "rates": "areas",
    "rates-by-profile": "areas",
    "ledger": "zones",
    "services": "together",
    "equity": "spread",
    "heritage": "heritage",
}
"""The tables and maps of all services, and the part of the page Coverage that has them."""


def build(
    study: Study,
    choice: Choice,
    standards: Mapping[str, StandardSet],
    progress: Callable[[float], bool] | None = None,
    *,
    preview: bool = False,
) -> Report:
    """Return the report of a choice.

    Parameters
    ----------
    study
        Of the district, with its confirmed registers.
    choice
        What is asked; defaults are filled in.
    standards
        The standards of this installation, by id.
    progress
        Called with the share of the work done, 0 to 1; returns whether to go on.
    preview
        Whether it is only looked at: it has no layers then, which files of GIS alone need.

    Raises
    ------
    UnknownNameError
        For a kind, profile, area or standard that is not there.
    InputError
        For a limit out of range.
    CancelledError
        When `progress` returned False.
    """
    choice = settled(study.district, choice, standards)
    with in_language(choice.language):
        answers = ask(study, choice, standards, progress)
        imprint = _imprint(answers)
        gis = () if preview else (*layers(answers), *lane_layers.layers(answers))
        return Report(
            district=answers.district,
            choice=choice,
            imprint=imprint,
            sections=_sections(answers, imprint),
            layers=gis,
            project=() if preview else gis_project.tree(answers, gis),
        )


def _sections(answers: Answers, imprint: Imprint) -> tuple[Section, ...]:
    """Return the chapters; below each table and map stands where its figures are found again.

    A table of nothing is left out.
    """
    found_at, named = _addresses(answers), _data_named(answers)
    return tuple(
        replace(
            section,
            blocks=tuple(
                _with_reference(block, found_at, named)
                for block in section.blocks
                if not (isinstance(block, Table) and block.frame.empty)
            ),
        )
        for section in _chapters(answers, imprint)
    )


def _with_reference(block: Block, found_at: Mapping[str, str], named: str) -> Block:
    """Add where the figures of a table or map are found again, or of which data they are."""
    if not isinstance(block, Table | Map):
        return block
    address = found_at.get(block.id)
    reference = named if address is None else t("report.found_at", address=address)
    return replace(block, note=t("report.gap").join(filter(None, [block.note, reference])))


def _data_named(answers: Answers) -> str:
    """Return of which data the figures are; of a scenario that is kept nowhere also that."""
    data = references.data_id(answers.district)
    plan, number = _scenario(answers)
    unkept = plan is not None and not number
    return t("report.scenario_unkept" if unkept else "report.data_id", data=data)


def _scenario(answers: Answers) -> tuple[Plan | None, int]:
    """Return what is laid over the district, and the number that it is kept under; 0 for none."""
    base, plan = without_plan((answers.around or answers.study).district)
    if plan is None:
        return None, 0
    return plan, scenarios.number_of(opened(), base.id, plan.plan) or 0


def _addresses(answers: Answers) -> dict[str, str]:
    """Return by id of a table or map the address of the page that has its figures.

    None where it is of a scenario that is not kept: no page opens it.
    """
    district = answers.district
    base, plan = without_plan((answers.around or answers.study).district)
    number = _scenario(answers)[1]
    if plan is not None and not number:
        return {}
    asked = partial(references.address, base if number else district, scenario=number)
    found_at: dict[str, str] = {}
    chapter = ("edits", "scenario") if number else ()
    area = district.areas[0].id if district.part_of and len(district.areas) == 1 else ""
    for _, coverage in answers.covered[:1]:
        found_at = {
            name: asked(coverage.question, area=area, view=view) for name, view in _OF_ALL.items()
        } | {name: asked(coverage.question) for name in chapter}
    for service, coverage in answers.covered:
        key, question = service.key, coverage.question
        found_at |= {
            f"areas-{key}": asked(question, area=area),
            f"coverage-{key}": asked(question, area=area, view="areas"),
            f"gaps-{key}": asked(question, view="zones"),
            f"capacity-{question.kind}": asked(question.by_minutes_alone, view="capacity"),
            f"heritage-{key}": asked(question, view="heritage"),
        }
        if number:
            names = (f"scenario-before-{key}", f"scenario-after-{key}", f"scenario-{key}")
            found_at |= dict.fromkeys(names, asked(question))
        for gap in () if district.part_of else service.zones:
            found_at[f"gap-{key}-{gap.rank}"] = asked(question, gap=str(gap.rank))
    return found_at


def _chapters(answers: Answers, imprint: Imprint) -> tuple[Section, ...]:
    return (
        chapters.summary(answers, imprint),
        *scenario_chapter.chapter(answers),
        chapters.indicators(answers),
        chapters.gap_zones(answers),
        chapters.district(answers),
        *chapters.coverage(answers),
        chapters.capacity(answers),
        chapters.heritage_and_roads(answers),
        *lifts_chapter.chapter(answers),
        *lane_chapter.chapter(answers),
        *wish_chapter.chapter(answers, imprint.made),
        chapters.method(answers),
        chapters.limits_of_data(answers),
        chapters.sources(imprint),
        *annexes.annexes(answers),
    )


def _imprint(answers: Answers) -> Imprint:
    district, choice = answers.district, answers.choice
    observed = _oldest(answers)
    epsg, name = reference_systems.resolve(choice.crs, district)
    return Imprint(
        title=choice.title or t("report.title", district=district.name),
        subtitle=_subtitle(answers),
        district=str(district.name),
        period=choice.period or t("report.as_of", date=observed),
        issuer=choice.issuer or t("report.unstated"),
        version=choice.version or t("report.unstated"),
        map_number=choice.map_number or settings().map_number or t("report.no_map_number"),
        made=_now(district),
        observed=observed,
        data_hash=district.part_of or district.scenario_id,
        software=f"circle {circle.__version__}",
        crs=epsg,
        crs_name=name,
        map_crs=f"{district.crs} · {reference_systems.name(district.crs)}",
        sources=t("report.sources_line", sources=layer_sources(district)),
        summary=chapters.summary_text(answers),
        caution=_caution(answers),
        audit_head=str(audit.head(opened()) or ""),
    )


def _subtitle(answers: Answers) -> str:
    """Return what it is judged by; of a scenario first that it is one."""
    said = t("report.subtitle", basis=answers.basis, profile=answers.profile.name)
    _, plan = without_plan((answers.around or answers.study).district)
    return said if plan is None else t("report.scenario_of", name=plan.plan.name, subtitle=said)


def _oldest(answers: Answers) -> str:
    """Return the date of the data: of the oldest of the lists used that states one."""
    lists = {coverage.kind: coverage.register.as_of for _, coverage in answers.covered}
    return min([date for date in lists.values() if date] or [answers.district.observed])


def _caution(answers: Answers) -> str:
    """Return what is modelled, unverified or not known to be complete."""
    asked = {service.coverage.question.kind for service in answers.services}
    table = answers.district.facilities
    table = table[table["kind"].isin(asked)]
    unverified = int((~table["verified"].astype(bool)).sum())
    unknown = residents_unknown(answers.district)
    people = t("data.no_residents" if unknown else "report.caution_people")
    lines = [people, *wording.ages_notes(answers.district)]
    partial = [service.name for service, coverage in answers.covered if coverage.at_least]
    if partial:
        lines.append(t("report.caution_lists", names=wording.listed(partial)))
    if unverified:
        share = percent(unverified / len(table))
        lines.append(t("report.caution_unverified", n=unverified, share=share))
    return t("report.gap").join(lines)


def _now(district: District) -> datetime:
    """Return the present minute in the district's time, or the one that the builder states."""
    stated = os.environ.get(_EPOCH, "")
    try:
        moment = datetime.fromtimestamp(int(stated), UTC) if stated else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.now(UTC)
    return moment.astimezone(zone(district)).replace(microsecond=0)
