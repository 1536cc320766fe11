from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from circle.geo.crs import to_metric
from circle.i18n import in_language
from circle.report.content.choices import Crs
from circle.report.content.reference_systems import in_degrees, name, resolve
from circle.report.file_names import cut, fields, sheets, stem, stems, storable
from circle.report.tabular.values import storable_values
from tests import small
from tests.report.sample_data import FIT, HOSTILE, tianping


def test_plain_texts_lose_only_what_no_file_holds() -> None:
    assert tuple(map(storable, HOSTILE)) == FIT
    assert storable("a\tb\r\nc 😀𠮷\u3000") == "a\tb\r\nc 😀𠮷\u3000"


def test_files_are_named_in_ascii_and_once() -> None:
    assert stem("../../etc/passwd") == "etc-passwd"
    assert stem("覆盖") == "file"
    assert stems(["a", "A", "a-2", "覆盖", "b"]) == ["a", "a-2", "a-2-2", "file", "b"]
    assert len(stem("x" * 500)) == 100


def test_sheets_are_named_as_excel_allows() -> None:
    found = sheets([*HOSTILE, "History", "甲" * 40, "甲" * 40, "😀" * 20, "a", "A"])
    assert len({one.casefold() for one in found}) == len(found)
    for one in found:
        assert 0 < len(one.encode("utf-16-le")) <= 62
        assert not set(one) & set("[]:*?/\\'")
        assert one.lower() != "history"
    assert found[-4:] == ["甲" * 27 + " (2)", "😀" * 15, "a", "A (2)"]


def test_fields_stay_apart_in_ten_signs() -> None:
    assert fields(["residents", "residents_60_plus", "residents_65_plus"]) == [
        "residents",
        "resi60plus",
        "resi65plus",
    ]
    found = fields([*(f"residents_{n}" for n in range(120)), "覆盖", "60_plus", "", "Residents"])
    assert len({one.upper() for one in found}) == len(found)
    assert all(1 <= len(one) <= 10 and one.isascii() and one[0].isalpha() for one in found)


@pytest.mark.parametrize(("most", "left"), [(0, ""), (1, "a"), (2, "a"), (3, "a"), (4, "a甲")])
def test_a_text_is_cut_between_signs(most: int, left: str) -> None:
    assert cut("a甲😀", most) == left


def test_flat_values() -> None:
    frame = pd.DataFrame(
        {
            "n": [1.5, np.inf, -np.inf, np.nan],
            "whole": [1, 2, 3, 4],
            "flag": [True, None, False, None],
            "day": [dt.date(2026, 1, 2), None, dt.date(2026, 1, 3), pd.NaT],
            "at": [pd.Timestamp("2026-01-02"), pd.Timestamp("2026-01-02 03:04"), pd.NaT, pd.NaT],
            "mixed": [1, "甲\x00", None, [1, 2]],
        },
        index=[5, 5, 7, 9],
    )
    found = storable_values(frame)
    assert found["n"].tolist()[0] == 1.5
    assert found["n"].isna().tolist() == [False, True, True, True]
    assert found["whole"].tolist() == [1, 2, 3, 4]
    assert found["flag"].tolist() == [True, pd.NA, False, pd.NA]
    assert found["day"].tolist() == ["2026-01-02", None, "2026-01-03", None]
    assert found["at"].tolist() == ["2026-01-02", "2026-01-02T03:04:00", None, None]
    assert found["mixed"].tolist() == ["1", "甲", None, "[1, 2]"]
    assert list(storable_values(pd.DataFrame({"a\x01": [], 3: []})).columns) == ["a", "3"]


@pytest.mark.parametrize(
    ("choice", "code", "word"),
    [
        (Crs.CGCS2000, "EPSG:4490", "2000 国家大地坐标系"),
        (Crs.WGS84, "EPSG:4326", "WGS 84"),
        (Crs.ZONE, "EPSG:4549", "中央经线东经 120°"),
    ],
)
def test_systems(choice: Crs, code: str, word: str) -> None:
    found, said = resolve(choice, tianping())
    assert found == code
    assert word in said
    assert in_degrees(found) == (choice is not Crs.ZONE)
    with in_language("en"):
        assert resolve(choice, tianping())[1].isascii() or choice is Crs.ZONE


def test_the_zone_is_of_the_district_s_longitude() -> None:
    ((east, north),) = to_metric(107.9, 34.3, "EPSG:4549")
    square = shapely.box(east - 10, north - 10, east + 10, north + 10)
    moved = replace(small.district(), boundary=square, crs="EPSG:4549")
    assert resolve(Crs.ZONE, moved)[0] == "EPSG:4545"
    assert "东经 108°" in resolve(Crs.ZONE, moved)[1]
    assert name("EPSG:32650") == "WGS 84 / UTM zone 50N，单位米"


@pytest.mark.parametrize(
    ("zone", "system"),
    [("Asia/Shanghai", "EPSG:4490"), ("Asia/Urumqi", "EPSG:4490"), ("Asia/Seoul", "EPSG:4326")],
)
def test_the_usual_system_is_that_of_the_country(zone: str, system: str) -> None:
    own = replace(small.district(), time_zone=zone)
    assert resolve(None, own)[0] == system
    assert resolve(Crs.ZONE, own)[0] == "EPSG:4549"
