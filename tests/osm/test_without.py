"""A district of streets alone: everything answers, and says what it has no data of."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from circle.cli import main
from circle.i18n import t
from circle.load import read_district
from circle.model import NoData, Question
from circle.quality import quality
from circle.quality.panel import missing
from circle.report.content import assemble
from circle.report.content.elements import Choice, Facts, Paragraph, Table
from circle.study import Study
from circle.web import params
from circle.words import data_tables, tables, wording
from tests.app.conftest import ROOT
from tests.app.reading import failed, text
from tests.osm.conftest import boundary, grid

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a district of streets and a clinic, without residents, areas, heritage."""
    place = tmp_path_factory.mktemp("without")
    town = grid()
    town.node(600, 50, 5, amenity="clinic", name="Posto")
    alley = [town.node(601, 20, 40), town.node(602, 60, 40)]
    town.way(601, alley, {"highway": "residential", "name": "Beco"})
    osm, shape = town.write(place / "town.osm"), boundary(place / "b.geojson", name="Centro")
    assert main(["build", "--osm", str(osm), "--boundary", str(shape), str(place / "out")]) == 0
    return place / "out"


@pytest.fixture
def streets(folder: Path) -> District:
    return read_district(folder)


def test_no_residents_are_no_coverage_of_zero(streets: District) -> None:
    study = Study(streets)
    answer = study.coverage(Question.by_minutes("health", "adult", 15.0))
    assert isinstance(answer, NoData)
    assert answer.reason == "residents"
    assert study.published([answer.question]) == {}


def test_a_walk_is_told_and_its_residents_are_not_known(streets: District) -> None:
    at = params.at(streets).default
    circle = Study(streets).life_circle("adult", at, (5.0, 15.0))
    assert circle.residents.isna().all(axis=None)
    assert circle.nearest["kind"].tolist() == ["health"]
    assert circle.isochrones[-1].area_km2 > 0
    bands = tables.bands(streets, circle)
    assert bands[t("explore.col_residents")].isna().all()
    unlisted = [str(streets.kinds["market"].name), t("common.heritage")]
    assert bands[unlisted].isna().all(axis=None)
    assert bands[str(streets.kinds["health"].name)].notna().all()
    assert t("unit.dash") in tables.comparison(streets, [circle], ["a"])["a"].tolist()
    nowhere = replace(streets, facilities=streets.facilities.iloc[:0])
    circle = Study(nowhere).life_circle("adult", at, (5.0, 15.0))
    assert wording.life_circle_sentence(nowhere, circle, "家") == (
        "从家步行 15 分钟能走到什么算不出：没有设施数据。"
    )


def test_a_visit_begins_in_the_district_without_places_and_residents(streets: District) -> None:
    object.__setattr__(streets, "start", None)
    lon, lat = params.at(streets).default
    assert math.isfinite(lon)
    assert -51.21 < lon < -51.19
    assert -30.06 < lat < -30.04


def test_what_is_missing_is_listed(streets: District) -> None:
    assert {"residents", "areas", "committees"} <= set(missing(streets))
    panel = quality(streets)
    assert {"residents_none", "apart_unpeopled"} <= {check.key for check in panel.checks}
    assert data_tables.apart(streets, panel)[t("data.col_residents")].isna().all()


def test_commands_say_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--district", str(folder), "--json"]) == 1
    kinds = json.loads(capsys.readouterr().out)["kinds"]
    assert {answer["no_data"] for answer in kinds.values()} == {"residents"}
    assert main(["--lang", "en", "coverage", "--district", str(folder)]) == 1
    assert "no data of residents" in capsys.readouterr().err
    assert main(["--lang", "en", "gaps", "--kind", "health", "--district", str(folder)]) == 1
    assert "no data of residents" in capsys.readouterr().err


def test_a_western_longitude_is_no_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["time", "--from", "-51.2,-30.05", "--to", "-51.199,-30.05", "--profile", "adult"]
    assert main([*words, "--district", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)
    assert main(["isochrone", "--at", "-51.2,-30.05", "--district", str(folder)]) == 0


def test_a_report_leaves_out_tables_of_nothing(streets: District) -> None:
    report = assemble.build(Study(streets), Choice(language="zh"), {})
    assert report.imprint.caution.startswith("没有居民数据")
    frames = [
        block.frame
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
    ]
    assert frames
    assert not any(frame.empty for frame in frames)
    said = [
        block.text
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    ]
    assert any("没有居民数据" in text for text in said)
    assert t("report.no_ledger") in said
    facts = {
        pair.label: pair.text
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Facts)
        for pair in block.pairs
    }
    unknown = ("report.residents", "report.heritage_places", "report.roads")
    assert {facts[t(key)] for key in unknown} == {t("unit.not_known")}
    assert facts[t("report.residents_60")].startswith(t("unit.not_known"))


@pytest.mark.usefixtures("on_this_machine")
@pytest.mark.parametrize("page", ["explore", "coverage", "data", "home", "overview", "about"])
def test_every_page_opens(folder: Path, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setenv("CIRCLE_DISTRICT", str(folder))
    app: Any = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(f"pages/{page}.py")
    app.run()
    assert failed(app) == []
    if page in {"coverage", "overview", "data"}:
        assert "没有居民数据" in text(app)
