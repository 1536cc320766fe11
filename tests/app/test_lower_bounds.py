"""A rate that is at least so much reads cut off wherever it is told, one that is whole rounded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from circle.cli import OK, coverage_command, main
from circle.i18n import t
from circle.measures.disclosure import Rate
from circle.model import NoData
from circle.report.content import report_tables
from circle.study import Study
from circle.web.overview_page import rate_text
from circle.words import tables, wording
from tests.app.reading import answer, failed, figures, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from circle.model import Coverage, District, Question

    Opener = Callable[..., AppTest]

CUT, NEAREST = "69.4", "69.5"


@pytest.fixture(params=[(0.69463, True, CUT), (0.6946, True, CUT), (0.69463, False, NEAREST)])
def told(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[bool, str]:
    """Have every coverage be of one rate; return whether it is a bound, and how it reads."""
    share, at_least, said = request.param
    ask = Study.coverage

    def coverage(study: Study, question: Question) -> Coverage | NoData:
        asked = ask(study, question)
        if isinstance(asked, NoData):
            return asked
        table = asked.table.assign(rate=share, covered=asked.table["residents"] * share)
        return replace(asked, table=table, at_least=at_least)

    monkeypatch.setattr(Study, "coverage", coverage)
    monkeypatch.setattr(coverage_command, "at_level", lambda _, coverage, _level: coverage.table)
    return at_least, said


def test_pages(open_page: Opener, told: tuple[bool, str]) -> None:
    at_least, said = told
    app = open_page("coverage", kind="canteen", area="jialan", view="areas")
    assert not failed(app)
    mark = "≥ " if at_least else ""
    assert f"{said} %" in answer(app)
    assert f"{mark}{said} %" in str(figures(app))
    assert t("coverage.figure_worst", rate=f"{mark}{said} %") in text(app)
    other = ({CUT, NEAREST} - {said}).pop()
    assert f"{other} %" not in text(app)
    rates = app.dataframe[0].value[t("coverage.col_rate_low" if at_least else "coverage.col_rate")]
    assert set(rates) == {float(said)}


def test_command(told: tuple[bool, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("coverage", "--kinds", "canteen")) == OK
    assert f"{told[1]} %" in capsys.readouterr().out


def test_tables_of_pages_and_reports(tianping: District, told: tuple[bool, str]) -> None:
    at_least, said = told
    study = Study(tianping)
    question = study.services("older_adult", 15.0, unverified=False)[0]
    coverage = study.coverage(question)
    assert not isinstance(coverage, NoData)
    rate = t("coverage.col_rate_low" if at_least else "coverage.col_rate")
    assert set(tables.coverage(tianping, coverage)[rate]) == {float(said)}
    assert said in wording.area_sentence(tianping, coverage, "jialan", "residents")
    assert report_tables.rate_of(coverage, "residents").endswith(f"{said} %")


@pytest.mark.parametrize(("share", "said"), [(0.29, "29 %"), (0.6999, "69 %"), (0.0029, "0.2 %")])
def test_the_overview_cuts_off_too(share: float, said: str) -> None:
    assert rate_text(Rate(share, share), at_least=True) == t("unit.at_least", rate=said)
