"""A printed figure is found again by the address below its table."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from circle.config import settings
from circle.i18n import t
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.model import Coverage, Question
from circle.report.content.assemble import build
from circle.report.content.elements import Choice, Map, Table
from circle.study import Study, of_standard
from circle.words import references, wording
from tests.app.reading import answer, failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(read_district(settings().district))


def asked(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    assert parts.path == "/coverage"
    return dict(parse_qsl(parts.query))


@pytest.mark.parametrize("by_standard", [False, True])
def test_the_page_gives_the_sentence_again(
    open_page: Opener,
    study: Study,
    by_standard: bool,  # noqa: FBT001
) -> None:
    question = Question.by_minutes("canteen", "wheelchair", 12.5, unverified=True)
    if by_standard:
        standard = standard_sets(settings().standards)["gb50180-2018"]
        question = next(q for q in of_standard(standard, "older_adult") if q.kind == "market")
    coverage = study.coverage(question)
    assert isinstance(coverage, Coverage)
    query = asked(references.address(study.district, question, group="residents"))
    app = open_page("coverage", **query)
    assert not failed(app)
    assert answer(app) == wording.coverage_sentence(study.district, coverage, "residents")
    assert not app.warning


def test_changed_data_are_said(open_page: Opener, study: Study) -> None:
    app = open_page("coverage", data="00000000ffff")
    assert "00000000ffff" in str(app.warning[0].value)
    assert references.data_id(study.district) in str(app.warning[0].value)
    for none in ("", "x", "<b>", study.district.scenario_id):
        assert not open_page("coverage", data=none).warning


def test_tables_and_maps_of_a_report_have_their_address(study: Study) -> None:
    report = build(study, Choice(kinds=("market",)), {})
    begin = t("report.found_at", address="")
    data = t("report.data_id", data=references.data_id(study.district))
    notes = [table.note for table in report.tables] + [shown.note for shown in report.maps]
    assert all(begin in note or data in note for note in notes)
    noted = {
        block.id: block.note.rpartition(begin)[2]
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table | Map) and begin in block.note
    }
    assert {"indicators", "rates", "ledger", "coverage-market", "gap-market-1"} <= set(noted)
    for address in noted.values():
        query = asked(address)
        assert (query["kind"], query["profile"], query["within"]) == ("market", "older_adult", "15")
        assert query["data"] == report.imprint.data_hash[: references.LENGTH]
