"""Districts without older residents, without residents, and without known ages, on the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from circle.cli import OK, main
from circle.load import build, read_district
from tests.app.reading import answer, failed, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]

AGES = ["age_0_14", "age_15_59", "age_60_64", "age_65_plus"]
CASES = {
    "nobody of 60 or older": (AGES[2:], "0", "there are none"),
    "nobody": (["total", *AGES], "0", "there are none"),
    "ages not known": (AGES, "", "ages of residents are not known"),
}


def nobody(folder: Path) -> bool:
    return read_district(folder).demand["residents"].sum() == 0


@pytest.fixture(params=list(CASES))
def case(
    request: pytest.FixtureRequest,
    facts_dir: Path,
    tmp_path: Path,
    show_district: Callable[[Path], None],
) -> str:
    """Show the tiny district with some columns of its residents filled with one value."""
    columns, value, why = CASES[request.param]
    file = facts_dir / "residents.csv"
    cells = pd.read_csv(file, dtype=str)
    cells[columns] = value
    cells.to_csv(file, index=False)
    build(facts_dir, tmp_path / "shown")
    show_district(tmp_path / "shown")
    return why


def test_coverage_says_why_there_is_no_rate(open_page: Opener, case: str) -> None:
    asked = {"kind": "market", "group": "residents_60_plus", "within": "3", "lang": "en"}
    app = open_page("coverage", view="spread", **asked)
    assert not failed(app)
    assert case in answer(app)


@pytest.mark.parametrize("page", ["coverage", "overview"])
def test_pages_open_on_a_group_that_is_known(open_page: Opener, case: str, page: str) -> None:
    app = open_page(page, kind="market", within="3", lang="en")
    assert not failed(app)
    assert (case in answer(app)) is ("not known" not in case)


def test_the_overview_and_the_report_do_too(open_page: Opener, case: str) -> None:
    asked = {"kind": "market", "group": "residents_60_plus", "lang": "en"}
    app = open_page("overview", **asked)
    assert not failed(app)
    assert case in answer(app)
    app = open_page("report", lang="en")
    assert not failed(app)
    words = " ".join([text(app), *(str(warning.value) for warning in app.warning)])
    assert ("ages of residents are not known" in words) is ("not known" in case)


def test_commands_have_figures_or_none(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (("coverage",), ("gaps", "--kind", "market"), ("score",)):
        assert main([*command, "--district", str(tmp_path / "shown")]) == OK
        told = capsys.readouterr().out
        assert "nan" not in told, case
        assert ("限内" in told) is (command[0] == "gaps" and not nobody(tmp_path / "shown"))
