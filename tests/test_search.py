from __future__ import annotations

from dataclasses import replace

import numpy as np
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
        ("佳陆", "甲路"),
        ("以路", "乙路"),
    ],
)
def test_finds(query: str, name: str) -> None:
    assert find(PLACES, query)[0].name == name


def test_a_street_lies_on_its_longest_segment_inside() -> None:
    street = next(p for p in PLACES if p.kind == "street" and p.name == "甲路")
    first = PLACES[0]
    assert street.lon > first.lon
    assert abs(street.lat - first.lat) < 1e-4


def test_what_is_written_so_comes_before_what_sounds_so() -> None:
    assert [place.name for place in find(PLACES, "以路3号")] == ["丙食堂"]
    assert find(PLACES, "路") == find(PLACES, "鲁") == []


def test_a_stretch_of_two_names_is_two_streets() -> None:
    whole = small.district()
    names = np.array(["甲路;丁路", "甲路", "乙路/戊路"], object)
    index = build_index(replace(whole, network=replace(whole.network, segment_name=names)))
    streets = {place.name: place.inside for place in index if place.kind == "street"}
    assert streets == {"甲路": True, "丁路": True, "乙路": False, "戊路": False}


@pytest.mark.parametrize("query", ["", "   ", "·", "没有这里", "x" * 10_000])
def test_finds_nothing_quietly(query: str) -> None:
    assert find(PLACES, query) == []


@given(st.text(max_size=200))
def test_any_text_is_taken(query: str) -> None:
    assert len(find(PLACES, query)) <= 8
