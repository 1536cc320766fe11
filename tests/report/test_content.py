"""The one content of a report: every figure as the pages have it, nothing twice."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from pypdf import PdfReader

from circle.config import settings
from circle.demand import figure_in
from circle.errors import CancelledError, InputError, UnknownNameError
from circle.i18n import in_language, rounding, t
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.measures.gaps import gaps
from circle.model import Coverage, Question
from circle.network.speeds import impedance
from circle.places.extract import of_areas
from circle.report.content.assemble import build
from circle.report.content.choices import ANNEXES, HERITAGE_PLACES, WISH_LEDGER, Crs
from circle.report.content.elements import (
    Bullets,
    Choice,
    Facts,
    Map,
    Paragraph,
    Table,
)
from circle.report.content.gis_layers import limits
from circle.report.document import pdf
from circle.report.document.column_widths import fitted
from circle.report.metadata import readme
from circle.report.print_map import render
from circle.study import Study
from circle.words import tables, wording
from tests import small
from tests.asking import coverage
from tests.languages import foreign, proper_names
from tests.report.sample import picture

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from circle.report.content.elements import Report

STANDARDS = standard_sets(settings().standards)


@pytest.fixture(scope="module")
def district() -> District:
    return read_district(settings().district)


@pytest.fixture(scope="module", params=["zh", "en"])
def report(request: pytest.FixtureRequest, district: District) -> Report:
    return build(Study(district), Choice(language=request.param), STANDARDS)


def texts(report: Report) -> list[str]:
    said = [part.title for part in report.sections]
    for part in report.sections:
        for block in part.blocks:
            if isinstance(block, Paragraph):
                said.append(block.text)
            elif isinstance(block, Bullets):
                said += block.items
            elif isinstance(block, Facts):
                said += [word for pair in block.pairs for word in pair]
            elif isinstance(block, Table):
                said += [block.title, block.note, *map(str, block.frame.columns)]
                said += [cell for row in block.cells() for cell in row]
            else:
                said += [block.title, block.alt, block.note]
    return said


def test_chapters_are_all_there_in_order(report: Report) -> None:
    chapters = [part.id for part in report.sections if part.level == 1]
    assert chapters[:10] == [
        "summary", "indicators", "gaps", "district", "coverage", "capacity", "heritage", "lifts",
        "lanes",
        "method",
    ]  # fmt: skip
    assert chapters[10:] == [name for name in ANNEXES if name not in {HERITAGE_PLACES, WISH_LEDGER}]
    body = [part.id for part in report.sections if not part.appendix]
    assert [part.id for part in report.printed] == body


def test_the_body_has_at_most_twenty_pages_in_type_that_is_read(
    report: Report, tmp_path: Path
) -> None:
    blank = {
        sheet: picture(*(mm / 25.4 for mm in sheet.size_mm), 0)
        for sheet in (render.DETAIL, render.INLINE)
    }
    drawn = {
        each.id: blank[render.DETAIL if each.detail else render.INLINE] for each in report.maps
    }
    pdf.write(report, drawn, tmp_path / "report.pdf")
    assert len(PdfReader(tmp_path / "report.pdf").pages) <= 20
    body = [block for part in report.printed for block in part.blocks if isinstance(block, Table)]
    assert min(fitted(table, appendix=False).size_pt for table in body) >= 9


def test_annexes_are_printed_where_they_are_chosen(report: Report, district: District) -> None:
    chosen = replace(report.choice, annexes=("quality", "facilities"))
    printed = replace(report, choice=chosen).printed
    assert [part.id for part in printed if part.appendix] == ["facilities", "quality"]
    with pytest.raises(UnknownNameError):
        build(Study(district), Choice(annexes=("secrets",)), STANDARDS)


def test_minutes_of_heritage_are_computed_where_they_are_chosen(district: District) -> None:
    report = build(
        Study(district), Choice(kinds=("market",), annexes=(HERITAGE_PLACES,)), STANDARDS
    )
    (table,) = (each for each in report.tables if each.id == HERITAGE_PLACES)
    assert len(table.frame) == district.heritage["inside"].astype(bool).sum()


def test_the_ledger_numbers_every_listed_zone_and_leaves_room(report: Report) -> None:
    with in_language(report.choice.language):
        (ledger,) = (each.frame for each in report.tables if each.id == "ledger")
        listed = [each.frame for each in report.tables if each.id.startswith("gaps-")]
        assert ledger[t("report.col_number")].tolist() == list(range(1, len(ledger) + 1))
        places = [place for frame in listed for place in frame[t("details.col_zone")]]
        assert ledger[t("report.col_place")].tolist() == places
        for name in ("responsible", "measure", "deadline"):
            assert set(ledger[t(f"report.col_{name}")]) == {""}


def test_one_zone_of_services_in_one_house_is_told_once(report: Report) -> None:
    with in_language(report.choice.language):
        (gaps,) = (part for part in report.sections if part.id == "gaps")
        maps = [block.id for block in gaps.blocks if isinstance(block, Map)]
        assert maps == ["gap-canteen-1", "gap-health-1", "gap-market-1"]
        said = [block.text for block in gaps.blocks if isinstance(block, Paragraph)]
        canteen = next(each.name for each in report.district.kinds.values() if each.id == "canteen")
        assert sum(wording.inline(canteen) in text for text in said) == 2


def test_problems_that_are_mended_alike_stand_together(report: Report) -> None:
    (limits,) = (part for part in report.sections if part.id == "limits")
    problems = [block for block in limits.blocks if isinstance(block, Bullets)][-1].items
    assert len(problems) == 3
    assert not any(".:" in text or "。：" in text for text in texts(report))


def test_the_report_and_its_layers_speak_one_language(report: Report) -> None:
    said = texts(report)
    for layer in report.layers:
        columns = layer.frame.drop(columns=["geometry", "name_en", "name_zh"], errors="ignore")
        said += [layer.title, *layer.columns.values()]
        said += [text for _, column in columns.items() for text in column if isinstance(text, str)]
    assert foreign(said, report.choice.language, proper_names(report.district)) == []


def test_heritage_is_told_in_the_language_in_use(tianping: District) -> None:
    for language in ("zh", "en"):
        with in_language(language):
            near = Study(tianping).near_heritage("adult", unverified=False)
            table = tables.heritage(tianping, near)
            cells = [str(cell) for cell in table.to_numpy().ravel()]
        assert foreign(cells, language, proper_names(tianping)) == []


def test_the_summary_tells_the_worst_area_the_interval_and_what_to_do(report: Report) -> None:
    with in_language(report.choice.language):
        (frame,) = (each.frame for each in report.tables if each.id == "indicators")
        first = frame.iloc[:-1].sort_values(t("coverage.col_rate")).iloc[0]
        assert str(first[t("report.col_worst_area")]) in report.imprint.summary
        low, high = (f"{first[t(f'report.col_{column}')]:.0f}" for column in ("low", "high"))
        assert t("unit.percent_range", low=low, high=high) in report.imprint.summary
        (tasks,) = (block for block in report.sections[0].blocks if isinstance(block, Bullets))
        assert len(tasks.items) == 3


def test_headline_figures_are_numbers_with_their_sign_beside(report: Report) -> None:
    with in_language(report.choice.language):
        for name in ("indicators", "rates", "rates-by-profile", "heritage"):
            (frame,) = (each.frame for each in report.tables if each.id == name)
            assert pd.api.types.is_numeric_dtype(frame[t("coverage.col_rate")])
            assert set(frame[t("report.col_at_least")]) <= {"≥", ""}


def test_kinds_in_one_house_are_said(report: Report) -> None:
    said = [text for text in texts(report) if "乌鲁木齐南路66号" in text and len(text) > 20]
    names = report.district.kinds
    with in_language(report.choice.language):
        assert any(
            str(names["canteen"].name) in text and str(names["party_service"].name) in text
            for text in said
        )


def test_the_date_is_that_of_the_oldest_list(report: Report) -> None:
    dates = {service.as_of for service in report.district.registers.values() if service.as_of}
    assert report.imprint.observed in dates
    with in_language(report.choice.language):
        (lists,) = (each.frame for each in report.tables if each.id == "registers")
        assert report.imprint.observed == lists[t("data.col_as_of")].min()


def test_capacity_is_told_where_it_is_known_of_enough(report: Report) -> None:
    names = [each.id for each in report.tables if each.id.startswith("capacity-")]
    assert names == ["capacity-canteen", "capacity-ages-canteen"]  # of the markets one in ten


def test_the_chinese_edition_has_no_english_sentence(report: Report) -> None:
    if report.choice.language == "zh":
        held = [table for table in report.tables if table.id in {"facilities", "unverified"}]
        cells = [cell for table in held for row in table.cells() for cell in row]
        assert len(held) == 2
        assert not [cell for cell in cells if re.search("[a-z]{3,} [a-z]{2,}", cell)]


def test_documents_speak_of_no_page_and_no_file(report: Report) -> None:
    for text in texts(report):
        assert not re.search(r"\.csv|\.geojson|\.toml|\bverified [改t]|本页|点一行|Click", text), (
            text
        )


def test_values_of_different_units_have_decimals_of_their_own() -> None:
    frame = pd.DataFrame({"ours": [379.0, 2.6908, np.nan]})
    table = Table("t", "T", frame, mixed=frozenset({"ours"}))
    assert list(table.cells()) == [("379",), ("2.6908",), ("—",)]


def test_names_are_fit_for_files_and_stand_once(report: Report) -> None:
    for ids in (
        [one.id for one in report.tables],
        [one.id for one in report.maps],
        [one.id for one in report.layers],
        [one.id for one in report.sections],
    ):
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z0-9_-]+", name) for name in ids), ids


def test_every_text_is_filled(report: Report) -> None:
    for said in texts(report):
        assert not re.search(r"\{\w+\}|\bnan\b|\bNone$|<NA>", said), said


@pytest.mark.parametrize("kind", ["market", "canteen", "party_service", "health"])
def test_figures_are_those_of_the_page(report: Report, district: District, kind: str) -> None:
    walk = impedance(district.network, district.profiles["older_adult"])
    found = coverage(district, walk, kind, 15)
    with in_language(report.choice.language):
        (table,) = (one for one in report.tables if one.id == f"coverage-{kind}")
        pd.testing.assert_frame_equal(table.frame, tables.coverage(district, found))
        own = next(part for part in report.sections if part.id == f"coverage-{kind}")
        sentence = wording.coverage_sentence(district, found, "residents")
        assert sentence in [one.text for one in own.blocks if isinstance(one, Paragraph)]
        (rates,) = (one for one in report.tables if one.id == "rates")
        of_kind = rates.frame[t("report.col_service")].eq(str(district.kinds[kind].name))
        whole = rates.frame[of_kind & rates.whole].iloc[0]
        assert whole[t("report.col_at_least")] == ("≥" if found.at_least else "")
        shown = f"{whole[t('coverage.col_rate')]:g} %"
        rate = figure_in(found.table)["rate"]
        assert shown == rounding.percent(rate, at_least=found.at_least)
        assert rates.whole[of_kind].tolist() == [False] * len(district.areas) + [True]


def test_each_listed_zone_has_its_map(report: Report, district: District) -> None:
    walk = impedance(district.network, district.profiles["older_adult"])
    zones = gaps(district, coverage(district, walk, "canteen", 15))
    listed = [zone for zone in zones if zone.residents >= 10][:6]
    maps = {one.id: one for one in report.maps}
    for zone in listed:
        own = maps[f"gap-canteen-{zone.rank}"]
        assert own.detail
        assert [one.rank for one in own.zones if one.marked] == [zone.rank]
        west, south, east, north = zone.geometry.bounds
        assert own.bounds[0] < west
        assert own.bounds[1] < south
        assert own.bounds[2] > east
        assert own.bounds[3] > north
    (table,) = (one for one in report.tables if one.id == "gaps-canteen")
    assert len(table.frame) == len(listed)


def test_what_is_modelled_or_unverified_is_said(report: Report) -> None:
    with in_language(report.choice.language):
        assert t("report.caution_people") in report.imprint.caution
        assert t("report.modelled") in texts(report)
        assert report.imprint.caution in texts(report)
        assert report.imprint.map_number == t("report.no_map_number")


def test_layers_name_every_column_and_stay_on_the_district(report: Report) -> None:
    names = [layer.id for layer in report.layers]
    assert names == [
        "isochrones", "demand_points", "gap_zones", "facilities", "heritage", "areas",
        "boundary", "network", "lift_projects", "lanes", "missing_links",
    ]  # fmt: skip
    for layer in report.layers:
        assert set(layer.columns) == set(layer.frame.columns) - {"geometry"}
        assert layer.frame.crs == report.district.crs
        assert layer.frame.geometry.is_valid.all()
        if layer.colour:
            values = {str(value) for value in layer.frame[layer.colour]}
            assert {f"{float(v):g}" if layer.id == "isochrones" else v for v in values} <= set(
                layer.palette
            )


def test_the_demand_layer_adds_up(report: Report) -> None:
    (layer,) = (one for one in report.layers if one.id == "demand_points")
    inside = report.district.demand[report.district.demand["inside"].astype(bool)]
    assert layer.frame["residents"].sum() == pytest.approx(inside["residents"].sum(), abs=0.1)
    assert layer.frame.loc[layer.frame["in_canteen"] == 1, "min_canteen"].max() <= 15


def test_isochrones_are_those_of_the_facilities_that_count(report: Report) -> None:
    (layer,) = (one for one in report.layers if one.id == "isochrones")
    assert set(layer.frame["minutes"]) == {5.0, 10.0, 15.0}
    assert layer.frame["verified"].all()
    of_one = layer.frame[layer.frame["facility"] == layer.frame["facility"].iloc[0]]
    by_limit = of_one.set_index("minutes").geometry.area
    assert by_limit[5.0] < by_limit[10.0] < by_limit[15.0]


def test_limits_of_isochrones() -> None:
    assert limits(15.0) == (5.0, 10.0, 15.0)
    assert limits(7.5) == (5.0, 7.5)
    assert limits(5.0) == (5.0,)


def test_a_standard_judges(district: District) -> None:
    report = build(Study(district), Choice(standard="shanghai-15min"), STANDARDS)
    assert "上海 15 分钟社区生活圈导则" in report.imprint.subtitle
    ids = [part.id for part in report.sections]
    assert "coverage-health-centre" in ids
    (asked,) = (one for one in report.tables if one.id == "requirements")
    assert len(asked.frame) == len(STANDARDS["shanghai-15min"].requirements)
    # two services of one kind are told apart in words
    said = " ".join(texts(report))
    assert "社区卫生服务中心" in said
    assert "社区卫生服务站" in said


def test_a_report_of_an_area_is_its_own(district: District) -> None:
    area = district.areas[1]
    report = build(Study(district), Choice(areas=(area.id,), kinds=("market",)), STANDARDS)
    assert area.name.zh in report.imprint.title
    (rates,) = (table for table in report.tables if table.id == "rates")
    assert rates.frame.iloc[:, 1].tolist() == [area.name.zh, t("common.district_compared")]
    (by_age,) = (table for table in report.tables if table.id == "coverage-market")
    assert set(by_age.frame[t("coverage.col_area")]) == {area.name.zh}
    answer = Study(district).coverage(Question.by_minutes("market", "older_adult", 15))
    assert isinstance(answer, Coverage)
    live = figure_in(answer.table, "residents", area.id)
    assert rounding.percent(live["rate"]) in report.imprint.summary
    (homes,) = (layer for layer in report.layers if layer.id == "demand_points")
    assert homes.frame["residents"].sum() == pytest.approx(live["residents"], abs=0.1)
    (zones,) = (layer for layer in report.layers if layer.id == "gap_zones")
    assert zones.frame["residents"].sum() == pytest.approx(live["uncovered"], abs=1)
    (outline,) = (layer for layer in report.layers if layer.id == "boundary")
    assert outline.frame.geometry[0].symmetric_difference(area.polygon).area < 1
    assert all(shown.bounds[2] < district.boundary.bounds[2] for shown in report.maps[:1])


def test_areas_together_add_up_to_the_whole(district: District) -> None:
    """Whatever areas are chosen, no zone counts a resident of another."""
    question = Question.by_minutes("canteen", "older_adult", 15)
    whole = sum(zone.residents for zone in Study(district).gaps(question))
    parts = [of_areas(district, [area.id]) for area in district.areas]
    assert whole == pytest.approx(
        sum(zone.residents for part in parts for zone in Study(part).gaps(question))
    )
    assert of_areas(district, [district.areas[0].id]) is parts[0]
    assert of_areas(district, []) is district


def test_kinds_that_a_standard_does_not_ask_for(district: District) -> None:
    asked = Choice(standard="shanghai-15min", kinds=("health", "party_service"))
    report = build(Study(district), asked, STANDARDS)
    kind = district.kinds["party_service"].name
    unjudged = t("report.unjudged", names=kind, standard=STANDARDS["shanghai-15min"].name)
    assert unjudged in texts(report)
    assert f"{t('datafiles.unjudged')}{t('unit.colon')}{kind}" in readme(report)
    with pytest.raises(InputError) as refused:
        build(Study(district), replace(asked, kinds=("party_service",)), STANDARDS)
    assert refused.value.key == "kinds_not_asked"
    by_default = build(Study(district), Choice(standard="shanghai-15min"), STANDARDS)
    judged = {part.id for part in by_default.sections}
    assert {f"coverage-{r.id}" for r in STANDARDS["shanghai-15min"].defaults} <= judged


def test_names_that_are_not_there_are_refused(district: District) -> None:
    for wrong in (
        Choice(kinds=("palace",)),
        Choice(profiles=("ghost",)),
        Choice(areas=("moon",)),
        Choice(standard="../../etc"),
    ):
        with pytest.raises(UnknownNameError):
            build(Study(district), wrong, STANDARDS)
    for minutes in (0.0, -1.0, 1e9, float("nan")):
        with pytest.raises(InputError):
            build(Study(district), Choice(minutes=minutes), STANDARDS)


def test_it_stops_when_told_to(district: District) -> None:
    told: list[float] = []

    def stop_at_half(share: float) -> bool:
        told.append(share)
        return share < 0.5

    with pytest.raises(CancelledError):
        build(Study(district), Choice(), STANDARDS, stop_at_half)
    assert told == sorted(told)


def test_the_date_is_the_one_stated(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = build(Study(district), Choice(kinds=("market",)), STANDARDS).imprint.made
    assert made.isoformat() == "2023-11-15T06:13:20+08:00"


def test_the_cover_says_what_was_stated(district: District) -> None:
    stated = Choice(
        kinds=("market",), title="标题 <b>", period="2026 上半年", issuer="某局", version="送审稿",
        map_number="GS(2026)1号", crs=Crs.ZONE,
    )  # fmt: skip
    imprint = build(Study(district), stated, STANDARDS).imprint
    assert (imprint.title, imprint.period, imprint.issuer) == ("标题 <b>", "2026 上半年", "某局")
    assert (imprint.version, imprint.map_number) == ("送审稿", "GS(2026)1号")
    assert imprint.crs == "EPSG:4549"
    assert "CGCS2000" in imprint.crs_name


def test_a_district_without_much_still_has_a_report() -> None:
    own = small.district()
    lacking = dict.fromkeys(("capacity", "capacity_unit", "position_basis", "source"), "")
    old = own.heritage.assign(inside=True, batch="", grade="")
    own = replace(own, facilities=own.facilities.assign(**lacking), heritage=old)
    report = build(Study(own), Choice(), STANDARDS)
    assert all(isinstance(one, Map) for one in report.maps)
    bare = replace(own, heritage=own.heritage.iloc[:0], facilities=own.facilities.iloc[:0])
    report = build(Study(bare), Choice(), STANDARDS)
    assert [part.id for part in report.sections][:2] == ["summary", "indicators"]
    assert not any("nan" in said for said in texts(report))


def test_cells_of_a_table() -> None:
    frame = pd.DataFrame(
        {"a": [1234, 5], "b": [0.25, np.nan], "c": ["x", None], "d": [1.0, np.inf]}
    )
    table = Table("t", "T", frame)
    assert list(table.cells()) == [("1,234", "0.25", "x", "1"), ("5", "—", "—", "—")]


def test_places_are_told_to_a_metre_whatever_their_digits(canteens: Report) -> None:
    (table,) = (one for one in canteens.tables if one.id == "facilities")
    degrees = [list(table.frame.columns).index(t(f"details.col_{axis}")) for axis in ("lon", "lat")]
    for row in table.cells():
        assert all(re.fullmatch(r"\d+\.\d{5}", row[column]) for column in degrees)
