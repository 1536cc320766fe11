"""The chapters of a report: words and tables from the answers, in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import ages_known, figure_in, residents_unknown
from circle.i18n import rounding, t
from circle.intake.geocoder import geocoding
from circle.measures import heritage
from circle.measures.gaps import listed
from circle.model import CAP_MINUTES, NoData
from circle.places.facilities import countable, in_one_house
from circle.places.heritage import buildings
from circle.quality import Severity
from circle.report.content import report_maps, report_tables
from circle.report.content.elements import Bullets, Facts, Pair, Paragraph, Section, Table, Tone
from circle.words import data_tables, tables, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import Coverage, District, Gap
    from circle.quality import Check
    from circle.report.content.answers import Answers, Service
    from circle.report.content.elements import Block, Imprint

_M2_PER_KM2 = 1e6
_M_PER_KM = 1000.0
_ENOUGH_ADDRESSES = 20
"""So many known addresses tell how far off the others are."""


def summary_text(answers: Answers) -> str:
    """Return the answer in short: the least covered service, how sure, its worst area, all."""
    lines = []
    for service, coverage in _ranked(answers)[:1]:
        lines += [
            wording.coverage_sentence(answers.district, coverage, "residents"),
            _interval(service),
            _worst_area(answers, coverage),
        ]
    lines.append(_together(answers, "residents") or "")
    return t("report.gap").join(line for line in lines if line)


def summary(answers: Answers, imprint: Imprint) -> Section:
    """Return the page for those who read one page: main rates, what to do, and the caution."""
    pairs = [
        Pair(_with_interval(service), report_tables.rate_of(coverage, "residents"))
        for service, coverage in _ranked(answers)
    ][:4]
    blocks: list[Block] = [Paragraph(imprint.summary, Tone.LEAD)]
    if pairs:
        blocks += [Paragraph(t("report.rates_of_all")), Facts(tuple(pairs), big=True)]
    for _, coverage in _ranked(answers)[:1]:
        older = wording.coverage_sentence(answers.district, coverage, "residents_60_plus")
        blocks.append(Paragraph(older, see=("table:indicators",)))
    blocks += [Paragraph(line) for line in _one_house(answers)]
    if tasks := _tasks(answers):
        blocks += [Paragraph(t("report.tasks")), Bullets(tasks)]
    if zones := sum(len(listed(service.zones)) for service in answers.services):
        blocks.append(Paragraph(t("report.task_ledger", n=zones), see=("table:ledger",)))
    blocks.append(Paragraph(imprint.caution, Tone.WARNING))
    return Section("summary", t("report.summary"), tuple(blocks))


def indicators(answers: Answers) -> Section:
    """Return the figures of every service in tables: as a whole, by area, by walker."""
    district = answers.district
    lead = t("report.indicators_lead", profile=wording.profile_label(answers.profile))
    blocks: list[Block] = [
        Paragraph(t("report.gap").join((_basis(answers), lead)), see=("section:groups",)),
    ]
    if answers.unjudged:
        names = wording.listed(answers.unjudged)
        blocks.append(Paragraph(t("report.unjudged", names=names, standard=answers.basis)))
    note = t("report.at_least_note") if _is_low(answers) else ""
    frame = report_tables.indicators(answers)
    together = frame[t("report.col_service")].eq(t("report.all_services")).to_numpy(np.bool_)
    blocks.append(Table("indicators", t("report.table_indicators"), frame, note, together))
    if answers.covered:
        frame = report_tables.rates(answers)
        by_area = report_tables.whole(district, frame)
        below = t("report.interval_note")
        blocks.append(Table("rates", t("report.table_rates"), frame, below, by_area))
    return Section("indicators", t("report.indicators"), tuple(blocks))


def district(answers: Answers) -> Section:
    """Return what the district is: ground, residents, areas, facilities."""
    district = answers.district
    people = tables.people(district, "residents").count.sum()
    seniors = tables.people(district, "residents_60_plus").count.sum()
    known, everyone = ages_known(district)
    seniors = np.nan if everyone and not known else seniors
    if residents_unknown(district):
        people = seniors = np.nan
    km = float(district.network.segment_length_m.sum()) / _M_PER_KM
    pairs = (
        Pair(t("report.area"), t("report.km2", n=f"{district.boundary.area / _M2_PER_KM2:.2f}")),
        Pair(t("report.residents"), rounding.people(people)),
        Pair(t("report.residents_60"), _share_of(seniors, known)),
        Pair(t("report.areas"), wording.listed(area.name for area in district.areas) or "—"),
        Pair(t("report.streets"), t("report.km", n=f"{km:,.1f}")),
        Pair(t("report.heritage_places"), _historic(district)),
        Pair(t("report.roads"), _never_widened(district)),
    )
    asked = {service.coverage.question.kind for service in answers.services}
    registers = data_tables.registers(district, answers.quality)
    registers = registers[answers.quality.registers["kind"].isin(asked).to_numpy()]
    told = [name for name in registers if name != t("data.col_basis")]
    registers = registers[[name for name in told if (registers[name] != "").any()]]
    blocks: list[Block] = [Facts(pairs)]
    if district.part_of:
        areas = wording.listed(area.name for area in district.areas)
        blocks.append(Paragraph(t("report.only_areas", names=areas), Tone.NOTE))
    if any(not area.official for area in district.areas):
        blocks.append(Paragraph(t("common.area_unofficial"), Tone.NOTE))
    blocks += [
        report_maps.of_district(answers),
        Table("registers", t("report.table_registers"), registers, t("report.registers_note")),
    ]
    return Section("district", t("report.district"), tuple(blocks))


def method(answers: Answers) -> Section:
    """Return how the figures are made, in brief."""
    choice = answers.choice
    counted = t("report.with_unverified" if choice.unverified else "report.without_unverified")
    steps = ("streets", "residents", "rate", "gaps", "sure", "isochrones")
    profiles = [
        {
            t("report.col_profile"): str(walk.profile.name),
            t("report.col_speed"): rounding.metres_a_minute(walk.profile.speed_m_s),
            t("report.col_stairs"): wording.yes_or_no(walk.profile.steps_allowed),
            t("report.col_wait"): round(walk.profile.signal_wait_s, 1),
        }
        for walk in answers.walks
    ]
    blocks: list[Block] = [Paragraph(counted)]
    if answers.standard is not None and str(answers.standard.note):
        blocks.append(Paragraph(str(answers.standard.note), Tone.NOTE))
    blocks.append(Bullets(tuple(t(f"report.method_{step}") for step in steps)))
    blocks.append(Table("profiles", t("report.table_profiles"), pd.DataFrame(profiles)))
    if answers.standard is not None:
        frame = report_tables.requirements(answers)
        blocks.append(Table("requirements", t("report.table_requirements"), frame))
    return Section("method", t("report.method"), tuple(blocks))


def coverage(answers: Answers) -> Iterator[Section]:
    """Give a section for every service, then who has all of them."""
    lead = t("report.coverage_lead", profile=wording.profile_label(answers.profile))
    yield Section("coverage", t("report.coverage"), (Paragraph(lead, see=("table:rates",)),))
    for service in answers.services:
        yield _service(answers, service)
    yield _all_services(answers)
    if len(answers.walks) > 1 and answers.covered:
        note = t("report.at_least_note") if _is_low(answers) else ""
        frame = report_tables.by_profile(answers)
        table = Table("rates-by-profile", _by_profile(answers), frame, note)
        yield Section("walkers", t("report.walkers"), (table,), level=2)


def gap_zones(answers: Answers) -> Section:
    """Return the numbered ledger of gap zones, and the worst of each service with its map."""
    lead = t("report.gaps_lead", basis=answers.basis, profile=answers.profile.name)
    blocks: list[Block] = [Paragraph(lead, see=("section:gap-details",))]
    ledger = report_tables.ledger(answers)
    if len(ledger):
        blocks.append(Table("ledger", t("report.table_ledger"), ledger))
    if not answers.covered:
        blocks.append(Paragraph(t("report.no_ledger"), Tone.WARNING))
    told: list[tuple[str, Gap]] = []
    for service, coverage in _ranked(answers):
        for zone in listed(service.zones)[:1]:
            if same := [name for name, other in told if _alike(answers.district, zone, other)]:
                names = {"name": service.name, "other": wording.inline(same[0])}
                blocks.append(Paragraph(t("report.same_zone", **names)))
                continue
            told.append((service.name, zone))
            blocks.append(Paragraph(wording.zone_sentence(answers.district, coverage, zone)))
            blocks.append(report_maps.of_zone(answers, service, coverage, zone))
        if not service.zones:
            nobody = wording.without_rate(figure_in(coverage.table), "residents")
            blocks.append(Paragraph(nobody or t("report.no_gaps", name=service.name)))
    return Section("gaps", t("report.gaps"), tuple(blocks))


def _alike(district: District, zone: Gap, other: Gap) -> bool:
    """Say whether two services lack the same people, with the nearest of both in one house."""
    if zone.nearest < 0 or other.nearest < 0 or not np.array_equal(zone.rows, other.rows):
        return False
    places = district.facilities[["x", "y"]].to_numpy(np.float64)
    return bool((places[zone.nearest] == places[other.nearest]).all())


def _all_services(answers: Answers) -> Section:
    """Return who has all services."""
    provision = answers.provision
    if provision.table is None:
        blocks: tuple[Block, ...] = (Paragraph(t("completeness.none")),)
        return Section("services", t("report.together"), blocks, level=2)
    lines = [
        line for group in report_tables.GROUPS if (line := _together(answers, group)) is not None
    ]
    blocks = tuple(Paragraph(line) for line in lines[:-1])
    blocks += tuple(Paragraph(line, see=("table:services",)) for line in lines[-1:])
    if text := wording.without_data(answers.district, provision):
        blocks = (*blocks, Paragraph(text, Tone.NOTE))
    if (count_map := report_maps.of_count(answers)) is not None:
        blocks = (*blocks, count_map)
    return Section("services", t("report.together"), blocks, level=2)


def capacity(answers: Answers) -> Section:
    """Return how much capacity is within reach, and how evenly minutes are shared."""
    blocks: list[Block] = []
    if few := [capacity for capacity in answers.capacities if not capacity.is_known]:
        counts = (
            t(
                "report.capacity_of",
                kind=answers.district.kinds[capacity.kind].name,
                known=capacity.capacity_known,
                count=capacity.facilities_counted,
            )
            for capacity in few
        )
        blocks.append(Paragraph(t("report.capacity_unknown", counts=wording.listed(counts))))
    for capacity in (each for each in answers.capacities if each.is_known):
        kind = answers.district.kinds[capacity.kind].name
        words = wording.capacity_known(capacity)
        limit = f"{answers.choice.minutes:g}"
        how = t("details.capacity_how", minutes=limit, metres=f"{capacity.deliver_m:,.0f}")
        low = (t("details.capacity_low"),) if capacity.supply_at_least else ()
        frame = report_tables.of_main_groups(
            report_tables.without_repeated_whole(
                answers, tables.capacity(answers.district, capacity)
            )
        )
        title = t("report.table_capacity", kind=kind)
        of_whole = report_tables.whole(answers.district, frame)
        note = t("report.gap").join((words, how, *low))
        blocks.append(Table(f"capacity-{capacity.kind}", title, frame, note, of_whole))
    blocks.append(Paragraph(t("report.equity_lead")))
    frame = report_tables.evenness(answers)
    note = t("details.equity_cap", cap=f"{CAP_MINUTES:g}")
    blocks.append(Table("equity", t("report.table_equity"), frame, note))
    return Section("capacity", t("report.capacity"), tuple(blocks))


def heritage_and_roads(answers: Answers) -> Section:
    """Return who lives beside heritage and along protected roads, and how they fare."""
    blocks: list[Block] = [
        Paragraph(t("report.heritage_lead")),
        report_maps.of_heritage(answers),
    ]
    if answers.covered:
        frame = report_tables.beside(answers)
        note = t("report.at_least_note") if _is_low(answers) else ""
        blocks.append(Table("heritage", t("report.table_beside"), frame, note))
    notes = [t("details.heritage_note", metres=f"{heritage.BESIDE_M:g}")]
    roads = answers.district.never_widened
    if len(roads):
        names = wording.listed(roads["name"].astype(str))
        notes.append(f"{t('report.table_roads')}{t('unit.colon')}{names}{t('unit.stop')}")
    blocks.append(Paragraph(t("report.gap").join(notes), Tone.NOTE))
    return Section("heritage", t("report.heritage"), tuple(blocks))


def limits_of_data(answers: Answers) -> Section:
    """Return what is modelled, unverified or missing."""
    district = answers.district
    unverified = district.facilities[~district.facilities["verified"].astype(bool)]
    problems = [each for each in answers.quality.checks if each.severity is Severity.PROBLEM]
    people = t("report.assume_people", **wording.residents_data(district))
    lived: tuple[str, ...] = (people, t("report.assume_frontage"))
    if residents_unknown(district):
        lived = (t("data.no_residents"),)
    blocks: list[Block] = [
        Paragraph(t("report.modelled"), Tone.WARNING),
        Bullets((*lived, t("report.assume_speed"))),
        *(Paragraph(text) for text in _assumptions(answers)),
        *(Paragraph(text) for text in _by_address(district)),
    ]
    if problems:
        blocks += [
            Paragraph(t("report.problems"), see=("section:quality",)),
            Bullets(_problems(problems)),
        ]
    if len(unverified):
        frame = report_tables.unverified(district, unverified)
        blocks.append(Table("unverified", t("report.table_unverified"), frame))
    return Section("limits", t("report.limits"), tuple(blocks), level=2)


def _by_address(district: District) -> list[str]:
    """Return how far off places are that are found by their address, where that can be told."""
    measured = geocoding(district).get("all")
    if measured is None or measured.addresses < _ENOUGH_ADDRESSES:
        return []
    median, p90 = (f"{metres:.0f}" for metres in (measured.median_m, measured.p90_m))
    count = f"{measured.addresses:,}"
    return [t("intake.report.measured", count=count, median=median, p90=p90)]


def sources(imprint: Imprint) -> Section:
    """Return where the data is from, under which licence, and the number of the map."""
    pairs = (
        Pair(t("report.map_number"), imprint.map_number),
        Pair(t("report.crs"), f"{imprint.crs} · {imprint.crs_name}"),
        Pair(t("report.map_crs"), imprint.map_crs),
        Pair(t("report.data_hash"), imprint.data_hash),
        *([Pair(t("report.audit_head"), imprint.audit_head)] if imprint.audit_head else []),
        Pair(t("report.software"), imprint.software),
        Pair(t("report.made"), imprint.made.strftime("%Y-%m-%d %H:%M")),
    )
    blocks: list[Block] = [
        Paragraph(imprint.sources, see=("section:origins",)),
        Facts(pairs),
        Paragraph(t("report.map_law"), Tone.NOTE),
    ]
    return Section("sources", t("report.sources"), tuple(blocks), level=2)


def _service(answers: Answers, service: Service) -> Section:
    """Return the section of one service: sentence, table with intervals, map, what it rests on."""
    coverage = service.coverage
    if isinstance(coverage, NoData):
        blocks: tuple[Block, ...] = (
            Paragraph(wording.no_data_sentence(answers.district, coverage), Tone.WARNING),
            Paragraph(t(f"standard.reason.{coverage.reason}")),
            Paragraph(t(f"coverage.bring.{coverage.reason}")),
        )
        return Section(f"coverage-{service.key}", service.name, blocks, level=2)
    district = answers.district
    notes = wording.trust_notes(district, coverage)
    if paces := wording.pace_sentence(district, coverage, "residents"):
        notes.append(paces)
    if coverage.standard is not None and answers.standard is not None:
        notes += wording.rule_notes(coverage.standard, answers.standard.others(coverage.standard))
    blocks = (
        *(
            Paragraph(wording.coverage_sentence(district, coverage, group))
            for group in report_tables.GROUPS
        ),
        report_maps.of_service(answers, service, coverage),
        Bullets(tuple(notes)),
    )
    return Section(f"coverage-{service.key}", service.name, blocks, level=2)


def _ranked(answers: Answers) -> list[tuple[Service, Coverage]]:
    """Return the services with data, the least covered first."""
    return sorted(answers.covered, key=lambda pair: float(figure_in(pair[1].table)["rate"]))


def _is_low(answers: Answers) -> bool:
    return any(coverage.at_least for _, coverage in answers.covered)


def _basis(answers: Answers) -> str:
    """Return by what the report judges, in a sentence."""
    if answers.standard is None:
        return t("report.basis_minutes", minutes=f"{answers.choice.minutes:g}")
    return t(
        "report.basis_standard", name=answers.standard.name, document=answers.standard.document
    )


def _interval(service: Service) -> str:
    """Return the interval of a rate in a sentence; "" where there is none."""
    return "" if service.uncertainty is None else t("report.interval", range=_range(service))


def _with_interval(service: Service) -> str:
    """Return the name of a service with the interval of its rate, where there is one."""
    if service.uncertainty is None:
        return service.name
    return t("report.with_interval", name=service.name, range=_range(service))


def _range(service: Service) -> str:
    if service.uncertainty is None:
        return "—"
    row = figure_in(service.uncertainty.table)
    return rounding.whole_percents(row["low"], row["high"])


def _worst_area(answers: Answers, coverage: Coverage) -> str:
    """Return the worst covered area in a sentence; "" where there are not several."""
    worst = report_tables.worst_area(answers, coverage.table)
    if worst is None:
        return ""
    low = rounding.is_bound(worst.rate, at_least=coverage.at_least)
    key = "report.worst_area_at_least" if low else "report.worst_area"
    return t(key, name=worst.name, rate=rounding.percent(worst.rate, at_least=low))


def _one_house(answers: Answers) -> list[str]:
    """Return where facilities of several of the services stand at one place."""
    covered = {coverage.kind: coverage.table["covered"] for _, coverage in answers.covered}
    houses = in_one_house(answers.district, list(covered), unverified=answers.choice.unverified)
    names = answers.district.kinds
    sentences = []
    for house in houses:
        kinds = list(dict.fromkeys(house["kind"]))
        same = all(np.allclose(covered[kind], covered[kinds[0]]) for kind in kinds)
        key = "report.one_house_same" if same else "report.one_house"
        place = house["address"].iloc[0] or wording.name_of(house.iloc[0])
        sentences.append(t(key, place=place, kinds=wording.listed(names[k].name for k in kinds)))
    return sentences


def _tasks(answers: Answers) -> tuple[str, ...]:
    """Return what to do first: lists, positions, the worst zone."""
    district = answers.district
    by_kind = {coverage.kind: coverage for _, coverage in _ranked(answers)}
    names = {kind: district.kinds[kind].name for kind in by_kind}
    open_lists = [names[kind] for kind, each in by_kind.items() if not each.register.is_complete]
    left_out = sum(coverage.unverified_left_out for coverage in by_kind.values())
    tasks = []
    if open_lists:
        tasks.append(t("report.task_lists", names=wording.listed(open_lists)))
    if left_out:
        tasks.append(t("report.task_positions", n=left_out))
    for service, _ in _ranked(answers)[:1]:
        for zone in listed(service.zones)[:1]:
            key = "report.task_zone_constrained" if zone.constrained else "report.task_zone"
            people = rounding.people(zone.residents)
            name = wording.gap_name(zone)
            tasks.append(t(key, zone=name, people=people, service=wording.inline(service.name)))
    return tuple(tasks)


def _together(answers: Answers, group: str) -> str | None:
    provision = answers.provision
    if provision.table is None or len(provision.services) < 2:  # noqa: PLR2004 - one is no set
        return None
    return wording.together_sentence(provision, group, answers.basis)


def _problems(problems: list[Check]) -> tuple[str, ...]:
    """Return what is wrong with the data; what is mended in the same way stands together."""
    by_mend: dict[str, list[str]] = {}
    for check in problems:
        by_mend.setdefault(data_tables.mend(check), []).append(data_tables.what(check))
    return tuple(t("report.gap").join((*whats, mend)) for mend, whats in by_mend.items())


def _assumptions(answers: Answers) -> list[str]:
    drawn = (service.uncertainty for service in answers.services)
    return list(dict.fromkeys(wording.assumptions(each) for each in drawn if each is not None))


def _historic(district: District) -> str:
    """Return how many protected buildings there are; that it is not known where none is listed."""
    if not countable(district, "heritage"):
        return t("unit.not_known")
    inside = district.heritage[district.heritage["inside"].astype(bool)]
    return t("report.places", n=f"{buildings(inside):,}")


def _never_widened(district: District) -> str:
    """Return how many roads are never to be widened; that it is not known without a list."""
    if not any(layer.id == "never_widened_roads" for layer in district.layers):
        return t("unit.not_known")
    return t("report.count_roads", n=len(district.never_widened))


def _share_of(part: float, whole: float) -> str:
    return f"{rounding.people(part)} · {rounding.percent(part / whole if whole else np.nan)}"


def _by_profile(answers: Answers) -> str:
    whole = wording.inline(wording.whole_name(answers.district))
    return t("report.table_by_profile", whole=whole)
