"""Addresses taken apart, and found on the streets of the embedded district."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.geo.datum import DATUMS, from_wgs84, to_wgs84
from circle.intake.geocoder import Method, geocoder_of, geocoding
from circle.intake.grammar import Address, read_address

if TYPE_CHECKING:
    from circle.model import District


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("高安路50弄", Address("高安路", lane=50)),
        ("上海市徐汇区天平路街道高安路５０弄3號101室", Address("高安路", lane=50, number=3)),
        ("永嘉路291弄3支弄66号", Address("永嘉路", 291, 3, 66)),
        ("广元路153-7号", Address("广元路", number=153)),
        ("高安路73弄1、2号", Address("高安路", 73, 0, 1)),
        ("高安路五十三弄", Address("高安路", lane=53)),
        ("中山南二路100号", Address("中山南二路", number=100)),
        ("医学院路", Address("医学院路")),
        ("Rua da Praia, 123", Address("ruadapraia", number=123)),
        ("", None),
        ("号", None),
    ],
)
def test_grammar(text: str, address: Address | None) -> None:
    assert read_address(text) == address


def test_classes(tianping: District) -> None:
    geocoder = geocoder_of(tianping)
    assert geocoder.find("不知路3号") is None
    known = geocoder.find("衡山路2号")
    between = geocoder.find("高安路51号")
    street = geocoder.find("医学院路")
    assert known is not None
    assert between is not None
    assert street is not None
    methods = [each.method for each in (known, between, street)]
    assert methods == [Method.POINT, Method.INTERPOLATED, Method.CENTROID]
    assert known.accuracy_m < between.accuracy_m < street.accuracy_m
    traditional = geocoder.find("復興中路1333弄")
    assert traditional is not None
    assert traditional.street == "复兴中路"


def test_measured_by_leaving_out(tianping: District) -> None:
    table, measured = geocoder_of(tianping).measured(), geocoding(tianping)["all"]
    assert "point" not in set(table["method"])
    assert measured.addresses == len(table)
    assert measured.median_m == pytest.approx(sorted(table["error_m"])[len(table) // 2], abs=2)
    assert (round(measured.median_m), round(measured.p90_m)) == (43, 155)
    assert measured.within > 0.89


@pytest.mark.parametrize("datum", DATUMS)
def test_there_and_back(datum: str) -> None:
    rng = np.random.default_rng(1)
    china = np.column_stack([rng.uniform(74, 134, 500), rng.uniform(18, 53, 500)])
    off = np.abs(to_wgs84(from_wgs84(china, datum), datum) - china).max()
    assert off * 111_320 < 0.01
    paris = np.array([[2.35, 48.85]])
    assert (from_wgs84(paris, datum) == paris).all()


def test_an_epsg_code() -> None:
    (place,) = to_wgs84(np.array([[500_000.0, 3_450_000.0]]), "EPSG:4549")
    assert place[0] == pytest.approx(120.0)
    assert math.isclose(place[1], 31.17, abs_tol=0.02)
