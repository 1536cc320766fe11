"""Rows of lists of historic buildings, counted as buildings."""

from __future__ import annotations

from collections import Counter

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from circle.places.heritage import buildings

ROWS = st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from(["路1号", "路2号", "", None])))


def table(rows: list[tuple[str, str | None]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kind", "address"])


def test_a_building_on_two_lists_is_one() -> None:
    assert buildings(table([])) == 0
    assert buildings(table([("甲", "路1号"), ("乙", " 路1号 ")])) == 1
    assert buildings(table([("甲", "路1号"), ("甲", "路1号"), ("乙", "路1号")])) == 2
    assert buildings(table([("甲", ""), ("乙", None)])) == 2


@given(rows=ROWS)
def test_it_is_the_largest_list_at_each_address(rows: list[tuple[str, str | None]]) -> None:
    on_list = Counter(rows)
    addresses = {address for _, address in rows if address}
    known = sum(max(on_list["甲", address], on_list["乙", address]) for address in addresses)
    assert buildings(table(rows)) == known + sum(1 for _, address in rows if not address)
