from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.places.search import build_index, find
from tests import small

PLACES = build_index(small.district())


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("甲市场", "甲市场"),
        ("market a", "甲市场"),
        ("jiashichang", "甲市场"),
        ("jsc", "甲市场"),
        ("乙路", "乙路"),
        ("yilu", "乙路"),
        ("甲路77弄", "甲路77弄"),
        (" 甲路 2号", "旧居"),
        ("甲路１号", "甲市场"),
    ],
)
def test_finds(query: str, name: str) -> None:
    assert find(PLACES, query)[0].name == name


def test_a_street_lies_on_its_longest_segment_inside() -> None:
    street = next(p for p in PLACES if p.kind == "street" and p.name == "甲路")
    first = PLACES[0]
    assert street.lon > first.lon
    assert abs(street.lat - first.lat) < 1e-4


@pytest.mark.parametrize("query", ["", "   ", "·", "没有这里", "x" * 10_000])
def test_finds_nothing_quietly(query: str) -> None:
    assert find(PLACES, query) == []


@given(st.text(max_size=200))
def test_any_text_is_taken(query: str) -> None:
    assert len(find(PLACES, query)) <= 8
