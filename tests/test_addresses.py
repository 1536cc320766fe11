"""An address that is not listed: its street, and the known numbers nearest to it."""

from __future__ import annotations

import pytest

from circle.places.addresses import Address, near_address, parse
from circle.places.search import Place


def place(name: str, detail: str = "", kind: str = "heritage") -> Place:
    return Place(name, detail, kind, 121.4, 31.2, ())


PLACES = (
    place("老宅", "甲路99号"),
    place("甲路78弄1-3号"),
    place("新宅", "甲路104号"),
    place("又一宅", "甲路104号"),
    place("甲路", kind="street"),
    place("小甲路5号"),
    place("小甲路", kind="street"),
    place("无门牌", "乙路"),
    place("无地址"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("甲路100号", Address("甲路", 100)),
        ("甲路 100 弄 3 号 402 室", Address("甲路", 100)),
        ("Ｊｉａ路１２", Address("jia路", 12)),
        ("甲路", Address("甲路", 0)),
        ("100号", None),
        ("", None),
        ("   ", None),
        (",,,", None),
    ],
)
def test_parse(typed: str, found: Address | None) -> None:
    assert parse(typed) == found


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        # 104 is of the same side, four away; 99 is one away but across the street
        ("甲路100号", ["甲路104号", "甲路99号", "甲路78弄1-3号", "甲路"]),
        ("某市某区甲路77号", ["甲路78弄1-3号", "甲路99号", "甲路104号", "甲路"]),
        ("小甲路100号", ["小甲路5号", "小甲路"]),
        ("我家在甲路", ["甲路"]),
        ("小贾路100号", ["小甲路5号", "小甲路"]),
        ("丙路3号", []),
        ("乙路3号", []),
        ("路", []),
        ("", []),
        ("9" * 10_000, []),
        ("<script>甲路3号", ["甲路78弄1-3号", "甲路99号", "甲路104号", "甲路"]),
        ("((((((((a+)+)+)+)+$甲路3", ["甲路78弄1-3号", "甲路99号", "甲路104号", "甲路"]),
    ],
)
def test_near(typed: str, names: list[str]) -> None:
    found = near_address(PLACES, typed)
    assert [one.name for one in found] == names
    assert all(not one.detail for one in found)


def test_at_most() -> None:
    assert [one.name for one in near_address(PLACES, "甲路100号", most=1)] == ["甲路104号", "甲路"]
