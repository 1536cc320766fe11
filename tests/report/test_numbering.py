from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from circle.i18n import in_language
from circle.report.content.elements import Bullets, Facts, Paragraph, Section, Table
from circle.report.content.numbering import Part, Referring, numbered
from circle.report.document.composition import Figure, Fitted, sheets
from tests.report.sample import chart, coverage, sample


def _parts(*levels: int, annex: str = "") -> list[Section]:
    return [Section(f"s{i}", "", (), level, annex) for i, level in enumerate(levels)]


def _numbers(sections: list[Section]) -> list[str]:
    return [part.number for part in numbered(sections)]


def test_chapters_and_sections() -> None:
    assert _numbers(_parts(1, 2, 3, 3, 2, 1, 2)) == [
        *("1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1"),
    ]


def test_a_level_that_is_left_out_is_not_counted_as_nothing() -> None:
    assert _numbers(_parts(2, 3, 1, 3, 9, 9)) == ["1", "1.1", "2", "2.1", "2.1.1", "2.1.2"]


def test_appendices_come_last_and_have_letters() -> None:
    parts = list(numbered([*_parts(1, 2, annex="a"), *_parts(1), *_parts(1, annex="a")]))
    assert [part.label for part in parts] == ["1", "附录 A", "A.1", "附录 B"]
    assert [part.fresh for part in parts] == [True, True, False, False]
    with in_language("en"):
        assert parts[1].label == "Appendix A"


def test_more_appendices_than_letters() -> None:
    assert _numbers(_parts(*[1] * 28, annex="a"))[24:] == ["Y", "Z", "AA", "BB"]


def test_anchors_are_their_own() -> None:
    anchors = [part.anchor for part in numbered(sample().sections)]
    assert len(set(anchors)) == len(anchors)


def test_tables_and_figures_are_counted_through_the_report() -> None:
    first = Section("a", "", (coverage("zh"), chart("zh", 1)), annex="a")
    last = Section("b", "", (chart("zh", 2), coverage("zh"), coverage("zh")))
    counted = [(type(b.block), b.number) for part in numbered([first, last]) for b in part.blocks]  # type: ignore[union-attr]
    kinds = [kind.__name__ for kind, _ in counted]
    assert kinds == ["Map", "Table", "Table", "Table", "Map"]
    assert [number for _, number in counted] == [1, 1, 2, 3, 2]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_the_report_is_lost_between_pages(language: str) -> None:
    report = sample(language)
    pieces = [piece for sheet in sheets(report) for piece in sheet.pieces]
    assert {p.map.id for p in pieces if isinstance(p, Figure)} == {one.id for one in report.maps}
    assert [p.numbered.number for p in pieces if isinstance(p, Fitted)] == [1, 2, 3, 4, 5]
    assert len([p for p in pieces if isinstance(p, Part)]) == len(report.sections)
    assert len(pieces) == sum(1 + len(section.blocks) for section in report.sections)


def test_a_heading_lies_with_its_table() -> None:
    columns = {f"a long title of column {i} in words": ["twelve-letter"] for i in range(12)}
    table = Table("t", "t", pd.DataFrame(columns))
    chapter = (Section("a", "甲", ()), Section("b", "乙", (table, chart("zh", 1)), level=2))
    report = replace(sample(), sections=chapter)
    assert [(sheet.landscape, len(sheet.pieces)) for sheet in sheets(report)] == [
        (True, 3),
        (False, 1),
    ]


def test_a_paragraph_before_a_wide_table_lies_with_it() -> None:
    columns = {f"a long title of column {i} in words": ["twelve-letter"] for i in range(12)}
    table = Table("t", "t", pd.DataFrame(columns))
    blocks = (Paragraph("甲"), table, Paragraph("乙"))
    report = replace(sample(), sections=(Section("a", "甲", blocks),))
    assert [(sheet.landscape, len(sheet.pieces)) for sheet in sheets(report)] == [
        (True, 3),
        (False, 1),
    ]


def test_only_what_is_there_is_referred_to() -> None:
    text = Paragraph("甲", see=("table:t", "section:b", "map:t", "table:none"))
    parts = [Section("a", "甲", (text, coverage("zh", "t"))), Section("b", "乙", (), annex="b")]
    (first, _) = numbered(parts)
    assert isinstance(first.blocks[0], Referring)
    assert [each.label for each in first.blocks[0].references] == ["表 1", "附录 A"]
    (alone,) = numbered([Section("a", "甲", (text,))])
    assert alone.blocks == (text,)


def test_a_list_of_nothing_is_left_out() -> None:
    blocks = (Bullets(()), Facts(()), Facts((), big=True), Bullets(("甲",)))
    (sheet,) = sheets(replace(sample(), sections=(Section("a", "甲", blocks),)))
    assert sheet.pieces[1:] == (Bullets(("甲",)),)
