"""The annexes of a report: the tables behind it, and every gap zone with its map."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from circle.i18n import rounding, t
from circle.measures.completeness import lacking
from circle.measures.gaps import listed
from circle.places.facilities import service_name
from circle.report.content import report_maps, report_tables, wish_chapter
from circle.report.content.choices import HERITAGE_PLACES, WISH_LEDGER
from circle.report.content.elements import Paragraph, Section, Table
from circle.words import data_tables, tables, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import Coverage
    from circle.report.content.answers import Answers, Service
    from circle.report.content.elements import Block

_MEASURED = ("ours", "published", "difference")


def annexes(answers: Answers) -> Iterator[Section]:
    """Give the sections behind the report, in the order of `choices.ANNEXES`."""
    yield from _gap_details(answers)
    for name, blocks in (
        ("groups", _groups(answers)),
        ("lacks", _lacks(answers)),
        (WISH_LEDGER, wish_chapter.ledger(answers)),
        ("facilities", _facilities(answers)),
        (HERITAGE_PLACES, _heritage(answers)),
        ("quality", _quality(answers)),
        ("origins", _origins(answers)),
    ):
        held = tuple(blocks)
        if held:
            yield Section(name, t(f"report.annex.{name}"), held, annex=name)


def _gap_details(answers: Answers) -> Iterator[Section]:
    """Give the gap zones of every service, each with a map; the worst has its map before."""
    services = [(service, coverage) for service, coverage in answers.covered if service.zones]
    if not services:
        return
    name = "gap-details"
    lead = (Paragraph(t("report.gap_details_lead")),)
    yield Section(name, t(f"report.annex.{name}"), lead, annex=name)
    for service, coverage in services:
        known = "_none_known" if coverage.at_least else ""
        heading = t(f"report.gaps_of{known}", name=service.name)
        blocks = (_ranking(answers, service, coverage), *_zones(answers, service, coverage))
        yield Section(f"gaps-{service.key}", heading, blocks, level=2, annex=name)


def _ranking(answers: Answers, service: Service, coverage: Coverage) -> Table:
    zones = listed(service.zones)
    few = [zone for zone in service.zones if zone not in zones]
    rest = sum(zone.residents for zone in few)
    more = t("coverage.gap_more", n=len(few), people=rounding.people(rest))
    title = t("report.table_gaps", name=service.name)
    frame = tables.zones(answers.district, coverage, zones)
    return Table(f"gaps-{service.key}", title, frame, more if rest >= 1 else "")


def _zones(answers: Answers, service: Service, coverage: Coverage) -> Iterator[Block]:
    """Give each zone but the worst in words and on a map."""
    for zone in listed(service.zones)[1:]:
        yield Paragraph(wording.zone_sentence(answers.district, coverage, zone))
        yield report_maps.of_zone(answers, service, coverage, zone)


def _groups(answers: Answers) -> Iterator[Block]:
    """Give coverage by area with intervals and by age, then capacity by age."""
    district = answers.district
    for service, coverage in answers.covered:
        by_area = report_tables.by_area(answers, coverage, service.uncertainty)
        by_age = report_tables.without_repeated_whole(answers, tables.coverage(district, coverage))
        note = t("report.interval_note") if service.uncertainty is not None else ""
        for name, frame, below in (("areas", by_area, note), ("groups", by_age, "")):
            yield Table(
                f"{'coverage' if name == 'groups' else name}-{service.key}",
                t(f"report.table_{name}", name=service.name),
                frame,
                below,
                report_tables.whole(district, frame),
            )

    for capacity in (each for each in answers.capacities if each.is_known):
        table = tables.capacity(district, capacity)
        frame = report_tables.without_repeated_whole(answers, table)
        title = t("report.table_capacity_ages", kind=district.kinds[capacity.kind].name)
        of_whole = report_tables.whole(district, frame)
        yield Table(f"capacity-ages-{capacity.kind}", title, frame, whole=of_whole)


def _lacks(answers: Answers) -> Iterator[Block]:
    """Give who lacks which services."""
    district, provision = answers.district, answers.provision
    if provision.table is None:
        return
    short = lacking(district, provision)
    if len(short):
        names = [str(service_name(district, each.question)) for each in provision.services]
        frame = tables.provision(district, provision, short, names)
        frame = report_tables.without_repeated_whole(answers, frame).reset_index(drop=True)
        yield Table("services", t("report.table_lacks"), frame)


def _facilities(answers: Answers) -> Iterator[Block]:
    degrees = {t(f"details.col_{axis}"): tables.DEGREE_DECIMALS for axis in ("lon", "lat")}
    frame = report_tables.facilities(answers.district, answers.district.facilities)
    yield Table("facilities", t("report.table_facilities"), frame, least_decimals=degrees)


def _heritage(answers: Answers) -> Iterator[Block]:
    """Give the minutes from every heritage place, where they are chosen."""
    if HERITAGE_PLACES not in answers.choice.annexes:
        return
    near = answers.study.near_heritage(answers.profile.id, unverified=answers.choice.unverified)
    frame = tables.heritage(answers.district, near)
    if len(frame):
        yield Table(HERITAGE_PLACES, t("report.table_heritage"), frame)


def _quality(answers: Answers) -> Iterator[Block]:
    frame = data_tables.checks(answers.quality)
    mixed = frozenset(t(f"data.col_{name}") for name in _MEASURED)
    yield Table("quality", t("report.table_quality"), frame, mixed=mixed)


def _origins(answers: Answers) -> Iterator[Block]:
    """Give what each list rests on, and where each layer is from."""
    district = answers.district
    bases = report_tables.bases(district, answers.quality)
    origins = report_tables.origins(district)
    yield from chain(
        [Table("bases", t("report.table_bases"), bases)] if len(bases) else [],
        [Table("sources", t("report.table_sources"), origins)] if len(origins) else [],
    )
