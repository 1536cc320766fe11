"""Every messy file of the corpus: its truth is found, and nothing of it is lost in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from circle.config import ROOT
from circle.errors import CircleError
from circle.i18n import LANGUAGES
from circle.intake.importing import prepare
from circle.intake.merge import Merged
from circle.intake.remarks import Severity
from tests.intake.corpus import CASES, Case

if TYPE_CHECKING:
    from pathlib import Path

    from circle.intake.importing import Prepared
    from circle.intake.rows import Row


@pytest.fixture(scope="module")
def tiny(tiny_once: Path) -> Path:
    """Return the tiny district's folder; `prepare` writes nothing into it."""
    return tiny_once / "tiny"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_truth_is_found(case: Case, tiny: Path, tmp_path: Path) -> None:
    path = case.make(tmp_path)
    if case.error:
        with pytest.raises(CircleError) as refused:
            prepare(tiny, case.layer, path, case.wishes)
        assert refused.value.key == case.error
        assert len({refused.value.message(code) for code in LANGUAGES}) == len(LANGUAGES)
        return
    prepared = prepare(tiny, case.layer, path, case.wishes)
    merged = prepared.merged
    counts = (len(merged.added), len(merged.changed), merged.unchanged, prepared.repeated)
    errors = {row.line.number: _keys(row, Severity.ERROR) for row in prepared.rows if row.bad}
    assert errors.keys() == case.bad.keys()
    for number, keys in errors.items():
        assert keys <= case.bad[number], number
        assert keys
    assert counts == case.rows
    for number, keys in case.words.items():
        (said,) = [row for row in prepared.rows if row.line.number == number]
        assert keys <= _keys(said)
    assert {remark.key for remark in prepared.of_file} == case.of_file
    assert {remark.key for remark in prepared.aside} == case.aside
    assert prepared.refused == case.refused
    _nothing_lost(prepared, case)
    for remark in prepared.remarks:
        assert len({remark.text(code) for code in LANGUAGES}) == len(LANGUAGES)


def test_corpus_is_counted_in_the_docs() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert f"{len(CASES)} " in (ROOT / "docs" / "data.md").read_text(encoding="utf-8")


def _keys(row: Row, severity: Severity | None = None) -> set[str]:
    return {remark.key for remark in row.remarks if severity in {None, remark.severity}}


def _nothing_lost(prepared: Prepared, case: Case) -> None:
    """Every line is a row, the header or named; every cell of a row stands or is spoken of."""
    header = prepared.sheet.header is None
    assert len(prepared.rows) + len(prepared.aside) + header == case.lines
    merged = prepared.merged
    origin = {id(row) for row in merged.origin if row is not None}
    for row in prepared.rows:
        fate = (row.bad, id(row) in origin, not row.entries and "repeated" in _keys(row))
        assert sum(fate) == 1, row
    if isinstance(merged, Merged) and not prepared.refused:
        for record, brought in zip(merged.table.to_dict("records"), merged.origin, strict=True):
            if brought is not None:
                _cells_stand(prepared, brought, record)


def _cells_stand(prepared: Prepared, row: Row, record: dict[Any, Any]) -> None:
    spoken_of = {remark.column for remark in row.remarks}
    columns = prepared.columns
    unused = {remark.column for remark in prepared.of_file if remark.key == "column_unused"}
    for name, target, cell in zip(columns.header, columns.targets, row.line.cells, strict=False):
        text = cell.strip("\u00a0\u3000\u200b ")
        if not text or name in spoken_of:
            continue
        if target is None:
            assert name in unused
        elif target.type in {"kind", "flag"}:
            assert record[target.id]
        elif target.type == "degree" and prepared.datum != "wgs84":
            assert abs(float(record[target.id]) - float(text)) < 0.02
        elif target.type in {"degree", "count"}:
            assert float(record[target.id]) == float(text)
        elif target.type != "pair":
            assert record[target.id] == text
