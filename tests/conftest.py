"""A tiny district for every test: five streets by five, two areas, made by hand.

``facts_dir`` is a folder in the facts' format that a test may change before building;
``district_dir`` is a district folder built from it; ``district`` is that folder read.
Streets are 100 m apart; junction (column, row) has the number 100 + 5 * row + column.
The street of row 0 is a primary road, the one of column 0 a tertiary one; one segment
is a stair. Cells are 100 m wide; the district is all but the easternmost column.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import settings

from circle.config import ROOT
from circle.config import settings as installation
from circle.i18n import use_language
from circle.load import build, read_district

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import District

settings.register_profile("steady", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("steady")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it is asked for (``-m soak``)."""
    if "soak" not in config.option.markexpr:
        items[:] = [item for item in items if item.get_closest_marker("soak") is None]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give the workers whole files, and one of them all the browser's: one server, one browser."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - not where xdist is off

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "browser" if "/browser/" in file else file

    return ByFile(config, log)


SIZE = 5
WEST, SOUTH = 116.4, 39.9
LON_M, LAT_M = 85_390.0, 111_030.0
"""Metres in a degree at the place of the tiny district."""


def place(east_m: float, north_m: float) -> tuple[float, float]:
    """Return longitude and latitude, `east_m` and `north_m` from the south-west corner."""
    return round(WEST + east_m / LON_M, 7), round(SOUTH + north_m / LAT_M, 7)


def node(column: int, row: int) -> int:
    """Return the number of a junction."""
    return 100 + SIZE * row + column


def _junctions() -> list[dict[str, object]]:
    found = []
    for row in range(SIZE):
        for column in range(SIZE):
            lon, lat = place(100 * column, 100 * row)
            control = "traffic_signals" if (column, row) == (2, 2) else ""
            found.append(
                {"osm_node": node(column, row), "lon": lon, "lat": lat, "control": control}
            )
    return found


def _segment(begin: tuple[int, int], end: tuple[int, int]) -> dict[str, object]:
    along = begin[1] == end[1]
    kind = "residential"
    if along and begin[1] == 0:
        kind = "primary"
    elif not along and begin[0] == 0:
        kind = "tertiary"
    elif (begin, end) == ((3, 3), (4, 3)):
        kind = "footway;steps"
    ends = (place(100 * column, 100 * row) for column, row in (begin, end))
    return {
        "from_node": node(*begin),
        "to_node": node(*end),
        "length_m": 100.5,
        "class": kind,
        "name": f"横{begin[1]}路" if along else f"纵{begin[0]}路",
        "shape": " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in ends),
        "shape_kind": "straight",
        "observed": "2026-01",
        "osm_ways": "1",
    }


def _segments() -> list[dict[str, object]]:
    across = [_segment((c, r), (c + 1, r)) for r in range(SIZE) for c in range(SIZE - 1)]
    up = [_segment((c, r), (c, r + 1)) for c in range(SIZE) for r in range(SIZE - 1)]
    return across + up


def _cells() -> list[dict[str, float]]:
    found: list[dict[str, float]] = []
    for row in range(4):
        for column in range(4):
            (west, south), (east, north) = (
                place(100 * (column + i) - 0.5, 100 * (row + i) - 0.5) for i in (0, 1)
            )
            found.append(
                {"west": west, "south": south, "east": east, "north": north}
                | {"total": 100.01 + row, "age_0_14": 10.5, "age_15_59": 60.25}
                | {"age_60_64": 9.99, "age_65_plus": 20.33 + column}
                | {"share_inside": 1.0 if column < 3 else 0.37}
            )
    return found


def _facility(
    name: str, kind: str, east_m: float, north_m: float, verified: str, inside: str
) -> dict[str, object]:
    lon, lat = place(east_m, north_m)
    return {
        "id": name,
        "name": f"设施{name}",
        "name_en": f"Place {name}",
        "category": kind,
        "address": "横1路1弄2号",
        "lon": lon,
        "lat": lat,
        "position_basis": "house number",
        "position_accuracy_m": 40,
        "verified": verified,
        "inside": inside,
        **dict.fromkeys(("opened", "floor_area_m2", "capacity", "capacity_unit"), ""),
        **dict.fromkeys(("services", "hours"), ""),
        "source": "made by hand",
    }


def _rectangle(west_m: float, east_m: float, **properties: object) -> dict[str, object]:
    corners = ((west_m, -5), (east_m, -5), (east_m, 405), (west_m, 405), (west_m, -5))
    ring = [place(*corner) for corner in corners]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def _collection(*features: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def write_facts(folder: Path) -> Path:
    """Write the tiny district's facts into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, list[Any]] = {
        "junctions": _junctions(),
        "segments": _segments(),
        "residents": _cells(),
        "facilities": [
            _facility("market-a", "market", 100, 105, "address", "yes"),
            _facility("market-b", "market", 390, 300, "address", "no"),
            _facility("canteen-a", "canteen", 205, 200, "no", "yes"),
            _facility("health-a", "health", 300, 310, "address", "yes"),
        ],
        "registers": [
            {"kind": "market", "completeness": "complete", "as_of": "2026-02", "basis": "list"},
            {"kind": "canteen", "completeness": "partial", "as_of": "2025", "basis": "two named"},
            {"kind": "health", "completeness": "near complete", "as_of": "", "basis": "40 of 41"},
        ],
        "walking": [
            {"key": "adult", "value_m_per_s": "1.333", "source": "rule", "note": ""},
            {"key": "older_adult", "value_m_per_s": "0.92", "source": "rule", "note": ""},
            {"key": "wheelchair", "value_m_per_s": "0.667", "source": "rule", "note": ""},
            {"key": "stairs_up", "value_m_per_s": "0.93 s/step", "source": "", "note": ""},
            {"key": "stairs_down", "value_m_per_s": "0.94 s/step", "source": "", "note": ""},
        ],
        "heritage": [
            {"kind": "优秀历史建筑", "name": "老宅", "address": "横2路8弄3号", "batch": "第一批"}
            | {"built": "1930", "grade": "", "lon": place(205, 205)[0], "lat": place(205, 205)[1]}
            | {"inside": True, "uri": "http://data.example/h/1", "position_accuracy_m": 50}
        ],
        "metro_stations": [{"name": "中心站", "lon": place(200, 0)[0], "lat": place(200, 0)[1]}],
    }
    for name, rows in tables.items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    named = {"name": "小街道", "name_en": "Tiny Subdistrict", "time_zone": "Asia/Shanghai"}
    whole = _rectangle(-5, 337, observed="2026-04-01", **named)
    (folder / "boundary.geojson").write_text(_collection(whole), encoding="utf-8")
    status = {"status": "unofficial", "note": "drawn for a test"}
    west = _rectangle(-5, 150, name="西片区", name_en="West area", **status)
    east = _rectangle(150, 337, name="东片区", name_en="East area", **status)
    (folder / "areas.geojson").write_text(_collection(west, east), encoding="utf-8")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once() -> None:
    """Have Streamlit look through the installed packages once, not for every AppTest (0.4 s)."""
    if "streamlit" in sys.modules:
        from streamlit.components.v2 import manifest_scanner  # noqa: PLC0415 - as below

        scan = cache(manifest_scanner.scan_component_manifests)
        manifest_scanner.scan_component_manifests = scan


@pytest.fixture(autouse=True)
def store_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the store's file of this test, not yet there: none touches the project's own."""
    file = tmp_path / "store" / "circle.sqlite"
    monkeypatch.setenv("CIRCLE_STORE", str(file))
    installation.cache_clear()
    yield file
    installation.cache_clear()


@pytest.fixture
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run in the local mode, served on this machine alone, as ``make run`` does."""
    from streamlit import config  # noqa: PLC0415 - most tests know nothing of Streamlit

    monkeypatch.setenv("CIRCLE_MODE", "local")
    before = config.get_option("server.address")
    config.set_option("server.address", "127.0.0.1")
    installation.cache_clear()
    yield
    config.set_option("server.address", before)
    installation.cache_clear()


@pytest.fixture(autouse=True)
def _chinese() -> None:
    """Start every test in the first language, whatever the one before it spoke."""
    use_language("zh")


@pytest.fixture(scope="session")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the tiny district's ``facts`` and ``tiny``, built of them, to copy."""
    folder = tmp_path_factory.mktemp("district")
    build(write_facts(folder / "facts"), folder / "tiny")
    return folder


@pytest.fixture
def facts_dir(tiny_once: Path, tmp_path: Path) -> Path:
    """Return a folder of facts of the tiny district, free to be changed."""
    return Path(shutil.copytree(tiny_once / "facts", tmp_path / "facts"))


@pytest.fixture
def district_dir(tiny_once: Path, tmp_path: Path) -> Path:
    """Return a district folder built from the same facts, free to be changed."""
    return Path(shutil.copytree(tiny_once / "tiny", tmp_path / "tiny"))


@pytest.fixture(scope="session")
def district(tiny_once: Path) -> District:
    """Return the tiny district, read once."""
    return read_district(tiny_once / "tiny")


@pytest.fixture(scope="session")
def tianping() -> District:
    """Return the embedded district, read once; what a test changes it changes in a copy."""
    return read_district(ROOT / "data" / "tianping")
