from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from circle.report.content.elements import Table
from circle.report.document.column_widths import Fit, fitted, line_mm
from circle.report.printable import longest_em, width_em
from tests.report.sample import LONG_NAME, coverage, wide


def _fit(columns: dict[str, list[object]], *, appendix: bool = False) -> Fit:
    return fitted(Table("t", "t", pd.DataFrame(columns)), appendix=appendix)


def test_lines() -> None:
    assert line_mm(landscape=False) == 160
    assert line_mm(landscape=True) == 247


def test_a_small_table_stands_upright_and_large() -> None:
    fit = fitted(coverage("zh"), appendix=False)
    assert (fit.landscape, fit.size_pt) == (False, 9)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wide_list_lies_in_the_appendix(language: str) -> None:
    fit = fitted(wide(language), appendix=True)
    assert fit.landscape
    assert np.isclose(sum(fit.shares), 1)


def test_columns_are_as_wide_as_what_they_hold() -> None:
    fit = _fit({"a": ["甲"], "b": ["菜市场位于横一路一弄二号的二楼"], "c": [1]})
    assert fit.shares[1] > 3 * fit.shares[0]


def test_one_long_name_does_not_starve_the_others() -> None:
    fit = _fit({"name": [*["甲"] * 99, LONG_NAME], "kind": ["社区食堂"] * 100, "n": [12_345] * 100})
    assert fit.rooms_em[1] >= 4
    assert fit.rooms_em[2] >= width_em("12,345")


def test_numbers_and_words_stay_whole_where_they_can() -> None:
    table = wide("en")
    fit = fitted(table, appendix=True)
    for room, name in zip(fit.rooms_em[1:], table.frame.columns[1:], strict=True):
        assert room >= longest_em(str(name)) - 1e-9
    assert fit.rooms_em[4] >= width_em("121.40000") - 1e-9


def test_figures_stand_at_the_right() -> None:
    fit = _fit({"a": ["88–94", "—"], "b": [1.5, np.nan], "c": ["2a", "3"], "d": ["", " "]})
    assert fit.figures == (True, True, False, False)


def test_too_many_columns_share_what_there_is() -> None:
    fit = _fit({f"{i}": ["Shanghai" * 3] for i in range(60)})
    assert fit.landscape
    assert np.isclose(sum(fit.shares), 1)


def test_an_empty_table() -> None:
    fit = _fit({"甲": [], "乙": []})
    assert np.isclose(sum(fit.shares), 1)


def test_columns_to_be_written_in_have_room() -> None:
    rows: dict[str, list[object]] = {f"column {i}": [f"row {i}"] for i in range(5)}
    fit = _fit(rows | {name: [""] for name in ("who", "what", "when")})
    assert min(fit.rooms_em[-3:]) >= 8


def test_room_goes_where_it_makes_a_table_lower() -> None:
    area: list[object] = ["Kangping area", "Wutong area", "Whole district"] * 4
    columns: dict[str, list[object]] = {"Service": ["Community health service"] * 12, "Area": area}
    columns |= {f"Interval to {n} (%)": [10 + n] * 12 for n in range(5)}
    fit = _fit(columns)
    assert fit.size_pt == 9
    assert fit.rooms_em[0] >= width_em("Community health service") - 1e-9
    assert fit.rooms_em[1] >= width_em("Whole district") - 1e-9


@pytest.mark.parametrize(("rows", "whole"), [(18, True), (60, False)])
def test_what_fits_on_a_page_is_kept_on_one(rows: int, *, whole: bool) -> None:
    assert _fit({"a": ["甲"] * rows, "b": [1] * rows}).whole == whole
