"""A file that is brought → what it would change; `applying` puts that in place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from circle.errors import InputError
from circle.geo.datum import DATUMS
from circle.intake import layouts
from circle.intake.columns import match, stated_columns
from circle.intake.formats import read_sheet
from circle.intake.header import table_of
from circle.intake.layers import layer_named, plain
from circle.intake.merge import Merged, Present, check_duplicates, merge
from circle.intake.positions import Evidence, locate, place, place_by_address, read_datum
from circle.intake.remarks import Remark, Severity, of_finding, remark
from circle.intake.rows import Filled, kinds_by_name, read_rows
from circle.intake.units import MergedUnits, merge_units, read_shapes
from circle.load.checks import Content, content_findings
from circle.load.folder import Folder, read_folder, rescue
from circle.load.read import read_district
from circle.load.text_tables import columns_of
from circle.load.versions import present

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from circle.intake.columns import Match
    from circle.intake.layers import Layer
    from circle.intake.rows import Row
    from circle.intake.sheet import Sheet
    from circle.load.versions import Made
    from circle.model import District, Finding

_MOST_PASSES = 50
_MINUTES = 15.0


@dataclass(frozen=True)
class Wishes:
    """How a file is to be read, as somebody states it.

    Attributes
    ----------
    datum
        Of its coordinates; "" for what the file itself states.
    columns
        ``名称=name,…``, or the same as pairs; see `circle.intake.columns.stated_columns`.
    sheet
        Sheet or layer of the file; "" for the first.
    filled
        What is filled in where a row says nothing.
    whole
        Whether the file is the whole list, so that what it lacks is removed.
    trusted
        Whether the datum is taken as declared though known places speak against it.
    made
        Who imports, and why, for the folder's versions; None for the account that the
        program runs under.
    """

    datum: str = ""
    columns: str | Mapping[str, str] = ""
    sheet: str = ""
    filled: Filled = field(default_factory=Filled)
    whole: bool = False
    trusted: bool = False
    made: Made | None = None


@dataclass(frozen=True, eq=False)
class Prepared:
    """What a file would change.

    Attributes
    ----------
    rows
        Every row of the file, good and bad, with what is said of each.
    aside
        The lines that are no rows (titles, totals, notes), each with what it is taken for.
    of_file
        What is said of the file as a whole.
    by_address
        How many rows were placed by their address, by method.
    present
        What the district folder held when it was read, by file.
    """

    layer: Layer
    folder: Folder
    district: District
    sheet: Sheet
    columns: Match
    rows: tuple[Row, ...]
    aside: tuple[Remark, ...]
    of_file: tuple[Remark, ...]
    merged: Merged | MergedUnits
    datum: str
    evidence: Evidence | None
    by_address: Counter[str]
    wishes: Wishes
    present: Mapping[str, str]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """All that is said, of the file first, then line by line."""
        of_rows = [each for row in self.rows for each in row.remarks]
        lines = sorted([*self.aside, *of_rows], key=lambda each: each.row or 0)
        return (*self.of_file, *lines)

    @property
    def bad(self) -> tuple[Row, ...]:
        """The rows that are not accepted."""
        return tuple(row for row in self.rows if row.bad)

    @property
    def refused(self) -> bool:
        """Whether the file as a whole is not accepted."""
        return any(each.severity is Severity.ERROR for each in self.of_file)

    @property
    def likely_datum(self) -> str:
        """The datum that the evidence speaks for where the file is refused for it; "" for none."""
        told = (dict(each.values) for each in self.of_file if each.severity is Severity.ERROR)
        named = (values.get("fits") or values.get("datum", "") for values in told)
        return next((name for name in named if name in DATUMS), "")

    @property
    def repeated(self) -> int:
        """How many rows say the same as one before."""
        return sum(not row.entries and not row.bad for row in self.rows)

    @property
    def changes_anything(self) -> bool:
        """Whether the district would be another."""
        return bool(self.merged.added or self.merged.changed or self.merged.removed)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of facilities whose list changes."""
        if not isinstance(self.merged, Merged) or self.layer.id != "facilities":
            return ()
        before, after = (
            Counter(
                tuple(pair for pair in row.items() if pair[1]) for row in table.to_dict("records")
            )
            for table in (self.folder.tables["facilities.csv"], self.merged.table)
        )
        changed = {dict(row)["kind"] for row in (before - after) + (after - before)}
        return tuple(kind for kind in self.district.kinds if kind in changed)


def prepare(
    folder: Path,
    layer_name: str,
    path: Path,
    wishes: Wishes,
    progress: Callable[[str], None] = lambda _: None,
) -> Prepared:
    """Read a file and work out what it would change; nothing is written.

    Parameters
    ----------
    folder
        A district folder.
    layer_name
        A layer of `circle.intake.layers.layers`.
    path
        The file.
    wishes
        How it is to be read.
    progress
        Told what is at work: ``reading``, ``placing``, ``merging``.

    Raises
    ------
    InputError
        When the file is none that can be read, or a wish cannot be taken.
    DataError
        When the district folder has faults.
    """
    layer = layer_named(layer_name)
    declared = read_datum(wishes.datum) if wishes.datum else ""
    stated = stated_columns(wishes.columns, layer) if wishes.columns else {}
    rescue(folder)
    progress("reading")
    held_now = present(folder)
    held, district = read_folder(folder), read_district(folder)
    if wishes.filled.kind:
        wishes = replace(wishes, filled=replace(wishes.filled, kind=_kind(wishes, district)))
    wishes = replace(wishes, datum=declared)
    sheet = read_sheet(path, wishes.sheet)
    remembered = layouts.remembered(folder, layer)
    header, lines, aside = table_of(sheet, layer, {**layouts.names(remembered), **stated})
    layout = layouts.of_header(remembered, header)
    columns = match(header, layer, {**layout, **stated}, sheet.file)
    rows = read_rows(lines, sheet, columns, layer, wishes.filled, kinds_by_name(district))
    work = _Work(layer, held, district, sheet, columns, rows, wishes, progress)
    merged, placed = work.polygons() if layer.level else work.table()
    of_file = [*sheet.remarks, *columns.remarks, *placed.remarks]
    if layout and not stated:
        of_file.append(remark(sheet.file, None, "layout_used", Severity.NOTE))
    if not rows:
        of_file.append(remark(sheet.file, None, "no_rows", Severity.ERROR))
    return Prepared(
        layer=layer,
        folder=held,
        district=district,
        sheet=sheet,
        columns=columns,
        rows=tuple(rows),
        aside=aside,
        of_file=tuple(of_file),
        merged=merged,
        datum=placed.datum,
        evidence=placed.evidence,
        by_address=placed.by_address,
        wishes=wishes,
        present=held_now,
    )


def _kind(wishes: Wishes, district: District) -> str:
    by_name = kinds_by_name(district)
    kind = by_name.get(plain(wishes.filled.kind))
    if kind is None:
        raise InputError("kind", name=wishes.filled.kind, known=", ".join(district.kinds))
    return kind


class _Placed(NamedTuple):
    datum: str
    evidence: Evidence | None
    by_address: Counter[str]
    remarks: Sequence[Remark]


@dataclass(frozen=True)
class _Work:
    layer: Layer
    folder: Folder
    district: District
    sheet: Sheet
    columns: Match
    rows: list[Row]
    wishes: Wishes
    progress: Callable[[str], None]

    def table(self) -> tuple[Merged, _Placed]:
        """Merge the rows of a table, and leave out those that the check of a folder refuses."""
        layer, district, wishes = self.layer, self.district, self.wishes
        before = self.folder.tables.get(layer.file)
        if before is None:
            before = pd.DataFrame(columns=list(columns_of(layer.file)), dtype=object)
        present = Present(before, layer, district.crs)
        self.progress("placing")
        placed = _Placed("", None, Counter(), ())
        if layer.has_places:
            good = [row for row in self.rows if row.entries]
            placing = place(
                good, self.sheet, self.columns, district, wishes.datum, trusted=wishes.trusted
            )
            without = [row for row in good if not row.bad and not row.stated("lon")]
            new = [row for row in without if not present.keeps_place(row)]
            self._say_kept(without, new, present)
            by_address = place_by_address(new, self.columns, district)
            placed = _Placed(placing.datum, placing.evidence, by_address, placing.remarks)
            locate(good, district)
        self.progress("merging")
        check_duplicates(self.rows, present, self.columns, layer)
        whole = (wishes.filled.kind if layer.id == "facilities" else "") if wishes.whole else None
        for _ in range(_MOST_PASSES):
            merged = merge(self.rows, present, layer, whole=whole)
            if not self._check(merged):
                break
        return merged, placed

    def polygons(self) -> tuple[MergedUnits, _Placed]:
        """Merge the units of a level, and leave out those that the check refuses."""
        layer, wishes = self.layer, self.wishes
        shapes, remarks = read_shapes(self.rows, self.sheet, self.district, wishes.datum)
        if wishes.trusted:
            remarks = [replace(each, severity=Severity.NOTE) for each in remarks]
        present = self.folder.levels.get(layer.level, ())
        for _ in range(_MOST_PASSES):
            merged = merge_units(self.rows, shapes, present, layer, whole=wishes.whole)
            if not self._check_units(merged):
                break
        datum = wishes.datum or self.sheet.crs
        return merged, _Placed(datum, None, Counter(), remarks)

    def _say_kept(self, without: Sequence[Row], new: Sequence[Row], present: Present) -> None:
        """Say which rows bring an address and no coordinates to a place that is there."""
        placed_anew = set(map(id, new))
        for row in without:
            at = None if id(row) in placed_anew else present.find(row)
            address = row.stated("address")
            if at is not None and address and address != present.records[at].get("address", ""):
                called = self.columns.called("address")
                row.say("place_kept", Severity.NOTE, called, address)

    def _check(self, merged: Merged) -> bool:
        """Check the rows that are brought as the folder will be checked; say if any is refused."""
        numbers = [n for n, row in enumerate(merged.origin) if row is not None]
        brought = merged.table.iloc[numbers].reset_index(drop=True)
        findings = self._findings({self.layer.file: brought}) if numbers else []
        refused = False
        for finding in findings:
            if finding.row is None:
                continue
            row = merged.origin[numbers[finding.row - 2]]
            if row is not None and not row.bad:
                row.remarks.append(self._said(finding, row))
                refused = True
        return refused

    def _check_units(self, merged: MergedUnits) -> bool:
        meta = self.folder.meta
        content = Content(
            {},
            self.folder.boundary,
            {self.layer.level: merged.outlines},
            (),
            meta.crs if meta else None,
        )
        refused = False
        for finding in content_findings(content):
            row = None if finding.row is None else merged.origin[finding.row - 1]
            if row is not None and not row.bad:
                row.remarks.append(self._said(finding, row))
                refused = True
        return refused

    def _findings(self, tables: dict[str, pd.DataFrame]) -> list[Finding]:
        meta = self.folder.meta
        kinds = tuple(meta.kinds) if meta else None
        crs = meta.crs if meta else None
        return content_findings(Content(tables, self.folder.boundary, {}, kinds, crs))

    def _said(self, finding: Finding, row: Row) -> Remark:
        column = self.columns.called(finding.column) if finding.column else ""
        return of_finding(finding, self.sheet.file, row.line.number, column)
