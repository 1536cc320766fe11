"""The one content of a report: every format is written from it, and computes nothing.

::

    choice ── settled ──► answers ──► chapters, plates, layers ──► Report ──► docx, pdf, …
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import circle
from circle.config import settings
from circle.i18n import in_language, t
from circle.i18n.rounding import percent
from circle.load import layer_sources
from circle.report.content import chapters, reference_systems
from circle.report.content.answers import answers, settled
from circle.report.content.elements import Choice, Imprint, Report
from circle.report.content.gis_layers import layers
from circle.store import zone
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle.model import District, StandardSet
    from circle.report.content.answers import Answers
    from circle.report.content.elements import Section
    from circle.study import Study

_EPOCH = "SOURCE_DATE_EPOCH"


def build(
    study: Study,
    choice: Choice,
    standards: Mapping[str, StandardSet],
    tell: Callable[[float], bool] | None = None,
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
    tell
        Told the share of the work done, 0 to 1; returns whether to go on.

    Raises
    ------
    UnknownNameError
        For a kind, profile, area or standard that is not there.
    InputError
        For a limit out of range.
    CancelledError
        When `tell` said not to go on.
    """
    choice = settled(study.district, choice, standards)
    with in_language(choice.language):
        found = answers(study, choice, standards, tell)
        imprint = _imprint(found)
        return Report(
            district=study.district,
            choice=choice,
            imprint=imprint,
            sections=_sections(found, imprint),
            layers=layers(found),
        )


def _sections(found: Answers, imprint: Imprint) -> tuple[Section, ...]:
    return (
        chapters.summary(found, imprint),
        chapters.district(found),
        chapters.method(found),
        *chapters.coverage(found),
        *chapters.gap_zones(found),
        chapters.together(found),
        chapters.capacity(found),
        chapters.heritage_and_roads(found),
        chapters.limits_of_data(found),
        chapters.sources(found, imprint),
        *chapters.appendix(found),
    )


def _imprint(found: Answers) -> Imprint:
    district, choice = found.district, found.choice
    epsg, name = reference_systems.resolve(choice.crs, district)
    return Imprint(
        title=choice.title or t("report.title", district=district.name),
        subtitle=_subtitle(found),
        district=str(district.name),
        period=choice.period or t("report.as_of", date=district.observed),
        issuer=choice.issuer or t("report.unstated"),
        version=choice.version or t("report.unstated"),
        map_number=choice.map_number or settings().map_number or t("report.no_map_number"),
        made=_now(district),
        observed=district.observed,
        data_hash=district.scenario_id,
        software=f"circle {circle.__version__}",
        crs=epsg,
        crs_name=name,
        map_crs=f"{district.crs} · {reference_systems.name(district.crs)}",
        sources=t("report.sources_line", sources=layer_sources(district)),
        summary=chapters.summary_text(found),
        caution=_caution(found),
    )


def _subtitle(found: Answers) -> str:
    basis = (
        str(found.standard.name)
        if found.standard is not None
        else t("details.by_minutes", minutes=f"{found.choice.minutes:g}")
    )
    return t("report.subtitle", basis=basis, profile=found.profile.name)


def _caution(found: Answers) -> str:
    """Say what is modelled, unverified or not known to be complete."""
    table = found.district.facilities
    unsure = int((~table["verified"].astype(bool)).sum())
    lines = [t("report.caution_people")]
    partial = [one.name for one, cover in found.covered if cover.at_least]
    if partial:
        lines.append(t("report.caution_lists", names=wording.listed(partial)))
    if unsure:
        share = percent(unsure / len(table))
        lines.append(t("report.caution_unverified", n=unsure, share=share))
    return t("report.gap").join(lines)


def _now(district: District) -> datetime:
    """Return the present minute in the district's time, or the one that the builder states."""
    stated = os.environ.get(_EPOCH, "")
    try:
        moment = datetime.fromtimestamp(int(stated), UTC) if stated else datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.now(UTC)
    return moment.astimezone(zone(district)).replace(microsecond=0)
