"""The chapters of a report: words and tables from the answers, in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import ages_known, figure_in
from circle.i18n import rounding, t
from circle.measures import heritage
from circle.measures.completeness import lacking
from circle.measures.gaps import listed
from circle.model import CAP_MINUTES, NoData
from circle.places.facilities import service_name
from circle.places.heritage import buildings
from circle.quality import Severity
from circle.report.content import report_maps, report_tables
from circle.report.content.elements import Bullets, Facts, Pair, Paragraph, Section, Table, Tone
from circle.words import data_tables, tables, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import Coverage
    from circle.report.content.answers import Answers, Service
    from circle.report.content.elements import Block, Imprint

_M2_PER_KM2 = 1e6
_M_PER_KM = 1000.0


def summary_text(answers: Answers) -> str:
    """Return the answer in three sentences: the best, the worst, all together."""
    ranked = _ranked(answers)
    lines = [
        wording.coverage_sentence(answers.district, coverage, "residents")
        for _, coverage in dict.fromkeys(ranked[:1] + ranked[-1:])
    ]
    if (together := _together(answers, "residents")) is not None:
        lines.append(together)
    return t("report.gap").join(lines)


def summary(answers: Answers, imprint: Imprint) -> Section:
    """Return the page for those who read one page: the main rates, gap zones and the caution."""
    pairs = [
        Pair(service.name, report_tables.rate_of(coverage, "residents"))
        for service, coverage in _ranked(answers)
    ][:4]
    bullets = [
        wording.coverage_sentence(answers.district, coverage, "residents_60_plus")
        for _, coverage in _ranked(answers)
    ]
    if (together := _together(answers, "residents_60_plus")) is not None:
        bullets.append(together)
    blocks: list[Block] = [Paragraph(imprint.summary, Tone.LEAD)]
    if pairs:
        blocks += [Paragraph(t("report.rates_of_all")), Facts(tuple(pairs), big=True)]
    blocks += [Paragraph(t("report.seniors")), Bullets(tuple(bullets))]
    worst = [_worst(answers, service) for service, _ in _ranked(answers) if service.zones]
    if worst:
        blocks += [Paragraph(t("report.worst_zones")), Bullets(tuple(worst))]
    blocks.append(Paragraph(imprint.caution, Tone.WARNING))
    return Section("summary", t("report.summary"), tuple(blocks))


def district(answers: Answers) -> Section:
    """Return what the district is: ground, residents, areas, facilities."""
    district = answers.district
    people = tables.people(district, "residents").count.sum()
    seniors = tables.people(district, "residents_60_plus").count.sum()
    known, everyone = ages_known(district)
    seniors = np.nan if everyone and not known else seniors
    historic = buildings(district.heritage[district.heritage["inside"].astype(bool)])
    km = float(district.network.segment_length_m.sum()) / _M_PER_KM
    pairs = (
        Pair(t("report.area"), t("report.km2", n=f"{district.boundary.area / _M2_PER_KM2:.2f}")),
        Pair(t("report.residents"), rounding.people(people)),
        Pair(t("report.residents_60"), _share_of(seniors, known)),
        Pair(t("report.areas"), wording.listed(area.name for area in district.areas) or "—"),
        Pair(t("report.streets"), t("report.km", n=f"{km:,.1f}")),
        Pair(t("report.heritage_places"), t("report.places", n=f"{historic:,}")),
        Pair(t("report.roads"), t("report.count_roads", n=len(district.never_widened))),
    )
    registers = data_tables.registers(district, answers.quality)
    registers = registers[[name for name in registers if (registers[name] != "").any()]]
    blocks: list[Block] = [Facts(pairs)]
    if district.part_of:
        areas = wording.listed(area.name for area in district.areas)
        blocks.append(Paragraph(t("report.only_areas", names=areas), Tone.NOTE))
    if any(not area.official for area in district.areas):
        blocks.append(Paragraph(t("common.area_unofficial"), Tone.NOTE))
    blocks += [
        report_maps.of_district(answers),
        Table("registers", t("report.table_registers"), registers, t("data.registers_note")),
    ]
    return Section("district", t("report.district"), tuple(blocks))


def method(answers: Answers) -> Section:
    """Return how the figures are made, in brief."""
    choice = answers.choice
    basis = (
        t("report.basis_standard", name=answers.standard.name, document=answers.standard.document)
        if answers.standard
        else t("report.basis_minutes", minutes=f"{choice.minutes:g}")
    )
    counted = t("report.with_unverified" if choice.unverified else "report.without_unverified")
    steps = ("streets", "residents", "rate", "gaps", "sure", "isochrones")
    profiles = [
        {
            t("report.col_profile"): str(walk.profile.name),
            t("report.col_speed"): round(walk.profile.speed_m_s * 60, 1),
            t("report.col_stairs"): wording.yes_or_no(walk.profile.steps_allowed),
            t("report.col_wait"): round(walk.profile.signal_wait_s, 1),
        }
        for walk in answers.walks
    ]
    blocks: list[Block] = [Paragraph(basis), Paragraph(counted)]
    if answers.standard is not None and str(answers.standard.note):
        blocks.append(Paragraph(str(answers.standard.note), Tone.NOTE))
    blocks.append(Bullets(tuple(t(f"report.method_{step}") for step in steps)))
    blocks.append(Table("profiles", t("report.table_profiles"), pd.DataFrame(profiles)))
    if answers.standard is not None:
        frame = report_tables.requirements(answers)
        blocks.append(Table("requirements", t("report.table_requirements"), frame))
    return Section("method", t("report.method"), tuple(blocks))


def coverage(answers: Answers) -> Iterator[Section]:
    """Give coverage by standard and area: the overview, then a section for every service."""
    blocks: list[Block] = [
        Paragraph(t("report.coverage_lead", profile=wording.profile_label(answers.profile)))
    ]
    if answers.unjudged:
        names = wording.listed(answers.unjudged)
        blocks.append(Paragraph(t("report.unjudged", names=names, standard=answers.basis)))
    if answers.covered:
        low = any(coverage.at_least for _, coverage in answers.covered)
        note = t("report.at_least_note") if low else ""
        for group in report_tables.GROUPS:
            title = t("report.table_rates", group=t(f"group_of.{group}"))
            frame = report_tables.rates(answers, group)
            whole = report_tables.whole(answers.district, frame)
            blocks.append(Table(f"rates-{group.replace('_', '-')}", title, frame, note, whole))
    if len(answers.walks) > 1 and answers.covered:
        title = t("report.table_by_profile")
        blocks.append(Table("rates-by-profile", title, report_tables.by_profile(answers)))
    yield Section("coverage", t("report.coverage"), tuple(blocks))
    for service in answers.services:
        yield _service(answers, service)


def gap_zones(answers: Answers) -> Iterator[Section]:
    """Give the gap zones of every service, the worst with a map each."""
    yield Section("gaps", t("report.gaps"), (Paragraph(t("report.gaps_lead")),))
    for service, coverage in answers.covered:
        known = "_none_known" if coverage.at_least else ""
        zones = listed(service.zones)
        blocks: list[Block] = []
        if not service.zones:
            nobody = wording.without_rate(figure_in(coverage.table), "residents")
            blocks.append(Paragraph(nobody or t("report.no_gaps", name=service.name)))
        else:
            frame = tables.zones(answers.district, coverage, service.zones)
            few = [zone for zone in service.zones if zone not in zones]
            rest = sum(zone.residents for zone in few)
            more = t("coverage.gap_more", n=len(few), people=rounding.people(rest))
            frame = frame[[zone in zones for zone in service.zones]].reset_index(drop=True)
            note = more if rest >= 1 else ""
            title = t("report.table_gaps", name=service.name)
            blocks.append(Table(f"gaps-{service.key}", title, frame, note))
        for zone in zones:
            blocks.append(Paragraph(wording.zone_sentence(answers.district, coverage, zone)))
            blocks.append(report_maps.of_zone(answers, service, coverage, zone))
        heading = t(f"report.gaps_of{known}", name=service.name)
        yield Section(f"gaps-{service.key}", heading, tuple(blocks), level=2)


def together(answers: Answers) -> Section:
    """Return who has all services, and who lacks which."""
    provision = answers.provision
    if provision.table is None:
        blocks: tuple[Block, ...] = (Paragraph(t("completeness.none")),)
        return Section("services", t("report.together"), blocks)
    names = [str(service_name(answers.district, each.question)) for each in provision.services]
    lines = [
        line for group in report_tables.GROUPS if (line := _together(answers, group)) is not None
    ]
    blocks = (Paragraph(wording.listed(names)), Bullets(tuple(lines)))
    if text := wording.without_data(answers.district, provision):
        blocks = (*blocks, Paragraph(text, Tone.NOTE))
    if (count_map := report_maps.of_count(answers)) is not None:
        blocks = (*blocks, count_map)
    short = lacking(answers.district, provision)
    if len(short):
        frame = report_tables.without_repeated_whole(
            answers, tables.provision(answers.district, provision, short, names)
        )
        blocks = (*blocks, Table("services", t("report.table_lacks"), frame.reset_index(drop=True)))
    return Section("services", t("report.together"), blocks)


def capacity(answers: Answers) -> Section:
    """Return how much capacity is within reach, and how evenly minutes are shared."""
    blocks: list[Block] = []
    for capacity in answers.capacities:
        kind = answers.district.kinds[capacity.kind].name
        if capacity.capacity_known == 0:
            blocks.append(Paragraph(t("details.capacity_none", kind=kind), Tone.NOTE))
            continue
        known = t(
            "details.capacity_known",
            known=capacity.capacity_known,
            count=capacity.facilities_counted,
            unit=wording.unit_name(capacity.unit) or "—",
        )
        limit = f"{answers.choice.minutes:g}"
        how = t("details.capacity_how", minutes=limit, metres=f"{capacity.deliver_m:,.0f}")
        low = (t("details.capacity_low"),) if capacity.supply_at_least else ()
        frame = report_tables.without_repeated_whole(
            answers, tables.capacity(answers.district, capacity)
        )
        title = t("report.table_capacity", kind=kind)
        note = " ".join((known, how, *low))
        blocks.append(
            Table(
                f"capacity-{capacity.kind}",
                title,
                frame,
                note,
                report_tables.whole(answers.district, frame),
            )
        )
    blocks.append(Paragraph(t("report.equity_lead")))
    frame = report_tables.evenness(answers)
    note = t("details.equity_note", cap=f"{CAP_MINUTES:g}")
    blocks.append(Table("equity", t("report.table_equity"), frame, note))
    return Section("capacity", t("report.capacity"), tuple(blocks))


def heritage_and_roads(answers: Answers) -> Section:
    """Return who lives beside heritage and along protected roads, and how they fare."""
    blocks: list[Block] = [
        Paragraph(t("report.heritage_lead")),
        report_maps.of_heritage(answers),
    ]
    for service, coverage in answers.covered:
        frame = tables.beside(answers.district, coverage, answers.beside, "residents")
        title = t("report.table_beside", name=service.name)
        blocks.append(Table(f"heritage-{service.key}", title, frame))
    note = t("details.heritage_note", metres=f"{heritage.BESIDE_M:g}")
    blocks.append(Paragraph(note, Tone.NOTE))
    roads = answers.district.never_widened
    if len(roads):
        frame = pd.DataFrame({t("coverage.show_roads"): roads["name"].astype(str)})
        title = t("report.table_roads")
        names = wording.listed(frame.iloc[:, 0])
        blocks.append(Paragraph(f"{title}{t('unit.colon')}{names}{t('unit.stop')}"))
    return Section("heritage", t("report.heritage"), tuple(blocks))


def limits_of_data(answers: Answers) -> Section:
    """Return what is modelled, unverified or missing."""
    district = answers.district
    unverified = district.facilities[~district.facilities["verified"].astype(bool)]
    problems, notes = (
        [check for check in answers.quality.checks if check.severity is severity]
        for severity in (Severity.PROBLEM, Severity.NOTE)
    )
    people = t("report.assume_people", **wording.residents_data(district))
    blocks: list[Block] = [
        Paragraph(t("report.modelled"), Tone.WARNING),
        Bullets((people, t("report.assume_frontage"), t("report.assume_speed"))),
        *(Paragraph(text) for text in _assumptions(answers)),
    ]
    if problems:
        lines = (f"{data_tables.what(check)} {data_tables.mend(check)}" for check in problems)
        blocks += [Paragraph(t("report.problems")), Bullets(tuple(lines))]
    if notes:
        lines = (data_tables.what(check) for check in notes)
        blocks += [Paragraph(t("report.notes")), Bullets(tuple(lines))]
    if len(unverified):
        frame = report_tables.unverified(district, unverified)
        blocks.append(Table("unverified", t("report.table_unverified"), frame))
    return Section("limits", t("report.limits"), tuple(blocks))


def sources(answers: Answers, imprint: Imprint) -> Section:
    """Return where the data is from, under which licence, and the number of the map."""
    pairs = (
        Pair(t("report.map_number"), imprint.map_number),
        Pair(t("report.crs"), f"{imprint.crs} · {imprint.crs_name}"),
        Pair(t("report.map_crs"), imprint.map_crs),
        Pair(t("report.data_hash"), imprint.data_hash),
        Pair(t("report.software"), imprint.software),
        Pair(t("report.made"), imprint.made.strftime("%Y-%m-%d %H:%M")),
    )
    blocks: list[Block] = [
        Paragraph(imprint.sources),
        Table("sources", t("report.table_sources"), data_tables.sources(answers.district)),
        Facts(pairs),
        Paragraph(t("report.map_law"), Tone.NOTE),
    ]
    return Section("sources", t("report.sources"), tuple(blocks))


def appendix(answers: Answers) -> Iterator[Section]:
    """Give the tables behind the report."""
    district = answers.district
    blocks: list[Block] = []
    for service, coverage in answers.covered:
        frame = report_tables.without_repeated_whole(answers, tables.coverage(district, coverage))
        title = t("report.table_groups", name=service.name)
        blocks.append(
            Table(
                f"coverage-{service.key}",
                title,
                frame,
                "",
                report_tables.whole(answers.district, frame),
            )
        )
    yield Section("groups", t("report.app_groups"), tuple(blocks), appendix=True)
    blocks = [
        Table(
            "facilities",
            t("report.table_facilities"),
            report_tables.facilities(district, district.facilities),
            least_decimals={
                t(f"details.col_{axis}"): tables.DEGREE_DECIMALS for axis in ("lon", "lat")
            },
        )
    ]
    yield Section("facilities", t("report.app_facilities"), tuple(blocks), appendix=True)
    near = answers.study.near_heritage(answers.profile.id, unverified=answers.choice.unverified)
    frame = tables.heritage(district, near)
    if len(frame):
        blocks = [Table("heritage-places", t("report.table_heritage"), frame)]
        yield Section("heritage-places", t("report.app_heritage"), tuple(blocks), appendix=True)
    frame = data_tables.checks(answers.quality)
    blocks = [Table("quality", t("report.table_quality"), frame)]
    yield Section("quality", t("report.app_quality"), tuple(blocks), appendix=True)


def _service(answers: Answers, service: Service) -> Section:
    """Return the section of one service: sentence, table with intervals, map, what it rests on."""
    coverage = service.coverage
    if isinstance(coverage, NoData):
        blocks: tuple[Block, ...] = (
            Paragraph(wording.no_data_sentence(answers.district, coverage), Tone.WARNING),
            Paragraph(t(f"standard.reason.{coverage.reason}")),
            Paragraph(t("coverage.bring")),
        )
        return Section(f"coverage-{service.key}", service.name, blocks, level=2)
    district = answers.district
    notes = wording.trust_notes(district, coverage)
    if paces := wording.pace_sentence(district, coverage, "residents"):
        notes.append(paces)
    if coverage.standard is not None and answers.standard is not None:
        notes += wording.rule_notes(coverage.standard, answers.standard.others(coverage.standard))
    frame = report_tables.by_area(answers, coverage, service.uncertainty)
    blocks = (
        *(
            Paragraph(wording.coverage_sentence(district, coverage, group))
            for group in report_tables.GROUPS
        ),
        Table(
            f"areas-{service.key}",
            t("report.table_areas", name=service.name),
            frame,
            t("report.interval_note") if service.uncertainty is not None else "",
            report_tables.whole(answers.district, frame),
        ),
        report_maps.of_service(answers, service, coverage),
        Bullets(tuple(notes)),
    )
    return Section(f"coverage-{service.key}", service.name, blocks, level=2)


def _ranked(answers: Answers) -> list[tuple[Service, Coverage]]:
    """Return the services with data, the least covered first."""
    return sorted(answers.covered, key=lambda pair: float(figure_in(pair[1].table)["rate"]))


def _worst(answers: Answers, service: Service) -> str:
    """Return the worst gap zone of a service in a line."""
    zone = service.zones[0]
    return t(
        "report.worst",
        service=service.name,
        name=wording.gap_name(zone),
        line=wording.gap_line(answers.district, zone),
        beyond=wording.gap_beyond(zone),
    )


def _together(answers: Answers, group: str) -> str | None:
    provision = answers.provision
    if provision.table is None or len(provision.services) < 2:  # noqa: PLR2004 - one is no set
        return None
    return wording.together_sentence(provision, group, answers.basis)


def _assumptions(answers: Answers) -> list[str]:
    drawn = (service.uncertainty for service in answers.services)
    return list(dict.fromkeys(wording.assumptions(each) for each in drawn if each is not None))


def _share_of(part: float, whole: float) -> str:
    return f"{rounding.people(part)} · {rounding.percent(part / whole if whole else np.nan)}"
