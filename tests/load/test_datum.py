"""Coordinates of map services: moved when stated, noticed when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.errors import DataError
from circle.geo.datum import gcj02_offset, to_wgs84
from circle.load import build, finding_text, read_district

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import Floats

SHANGHAI = np.array([[121.4438, 31.2078]])
METRES = np.array([95_300.0, 110_900.0])
"""In a degree there."""


def gcj02(lonlat: Floats) -> Floats:
    return lonlat + gcj02_offset(lonlat)


def test_offsets_are_those_known_of_the_place() -> None:
    assert (gcj02_offset(SHANGHAI) * METRES)[0] == pytest.approx([438, -210], abs=3)
    away = SHANGHAI - to_wgs84(SHANGHAI, "bd09")
    assert (away * METRES)[0] == pytest.approx([1049, 492], abs=10)


@given(st.floats(73, 137), st.floats(4, 53))
def test_there_and_back(lon: float, lat: float) -> None:
    place = np.array([[lon, lat]])
    assert np.abs(to_wgs84(gcj02(place), "gcj02") - place).max() * 111_000 < 0.01


def test_elsewhere_nothing_moves() -> None:
    paris = np.array([[2.35, 48.85]])
    assert (to_wgs84(paris, "gcj02") == paris).all()
    assert (to_wgs84(SHANGHAI, "wgs84") == SHANGHAI).all()
    with pytest.raises(ValueError, match="etrs89"):
        to_wgs84(SHANGHAI, "etrs89")


@pytest.fixture
def shifted(facts_dir: Path) -> Path:
    """Return facts whose facilities are in GCJ-02, on the streets of their addresses."""
    file = facts_dir / "facilities.csv"
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table["address"] = ["横1路2号", "横3路5号", "横2路1号", "横3路8号"]
    true = table[["lon", "lat"]].to_numpy(float)
    table[["lon", "lat"]] = [[f"{v:.7f}" for v in row] for row in gcj02(true)]
    table["inside"] = ""
    table.to_csv(file, index=False)
    return facts_dir


def test_another_datum_is_noticed_and_moved(shifted: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        build(shifted, tmp_path / "out")
    (finding,) = refused.value.findings
    assert "--datum gcj02" in finding_text(finding)
    assert not (tmp_path / "out").exists()
    district = build(shifted, tmp_path / "out", "gcj02")
    table = district.facilities.set_index("id")
    west, south = 116.4, 39.9
    market = table.loc["market-a"]
    assert (market["lon"] - west) * 85_390 == pytest.approx(100, abs=0.1)
    assert (market["lat"] - south) * 111_030 == pytest.approx(105, abs=0.1)
    trusted = build(shifted, tmp_path / "trusted", "wgs84")
    assert trusted.facilities["lon"].iloc[0] > table["lon"].iloc[0]
    assert read_district(tmp_path / "out").base_id == district.base_id
