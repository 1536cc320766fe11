"""The chapter on wishes, its map and layer, and the ledger that units hand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.i18n import t
from circle.maps import grades
from circle.model import derived
from circle.network.graph import segment_lines
from circle.report.content import report_maps
from circle.report.content.choices import WISH_LEDGER
from circle.report.content.elements import Bullets, Map, Paragraph, Section, Table, Tone
from circle.report.content.wishes import day, masked_xy
from circle.wishes import against_gaps, levels
from circle.wishes.nouns import SETTLED
from circle.words import wish_tables, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from circle.model import District
    from circle.report.content.answers import Answers
    from circle.report.content.elements import Block
    from circle.report.content.wishes import Matter, Told
    from circle.wishes.against_gaps import Against

_FILLED_IN = ("handler", "visited_on", "satisfied", "note")
"""Columns of the ledger that are left empty, for people to write in."""
_MARK = 40.0
"""So many residents have a mark of the size that a wish has on a printed map."""


def chapter(answers: Answers, now: datetime) -> Iterator[Section]:
    """Give the chapter on wishes, where the report tells of any."""
    told = answers.wishes
    if told is None:
        return
    public = not told.wishes
    key = "published" if public else "all"
    settled = sum(matter.state in SETTLED for matter in told.matters)
    blocks: list[Block] = [
        Paragraph(
            t(f"report.wishes.lead_{key}", n=f"{len(told.matters):,}", settled=f"{settled:,}"),
            see=(f"section:{WISH_LEDGER}",),
        ),
        Table("wishes", t("report.wishes.table_counts"), _counts(answers.district, told)),
    ]
    if not public:
        blocks += _levels(told, now)
    blocks += _against_gaps(answers, told)
    if told.placed:
        blocks.append(_map(answers.district, told))
    yield Section("wishes", t("report.wishes.title"), tuple(blocks))


def ledger(answers: Answers) -> Iterator[Table]:
    """Give the ledger of wishes, one a row, oldest first, with columns to be filled in."""
    told = answers.wishes
    if told is None:
        return
    district = answers.district
    matters = sorted(told.matters, key=lambda matter: matter.number)
    areas = {area.id: str(area.name) for area in district.areas}
    columns: dict[str, Sequence[object]] = {
        "number": [matter.number for matter in matters],
        "date": [day(district, matter.recorded) for matter in matters],
        "kind": [_kind(district, matter) for matter in matters],
        "text": [matter.text for matter in matters],
        "road": roads(district, matters),
        "area": [areas.get(matter.area, "") for matter in matters],
        "unit": [matter.unit for matter in matters],
        "level": [t(f"wishes.level.{m.level}") if m.level else "" for m in matters],
        "state": [t(f"wishes.state.{matter.state.value}") for matter in matters],
        "expected": [str(matter.expected or "") for matter in matters],
        "settled_on": [
            day(district, matter.updated) if matter.state in SETTLED else "" for matter in matters
        ],
        "result": [matter.result for matter in matters],
    }
    columns |= {name: [""] * len(matters) for name in _FILLED_IN}
    if not told.wishes:
        del columns["level"]
    frame = pd.DataFrame({t(f"wishes.col.{name}"): values for name, values in columns.items()})
    yield Table(WISH_LEDGER, t("report.wishes.table_ledger"), frame, t("report.wishes.ledger_note"))


def roads(district: District, matters: Sequence[Matter]) -> list[str]:
    """Return the street nearest to each masked place; "" where there is none."""
    placed = [row for row, matter in enumerate(matters) if matter.lon is not None]
    told = [""] * len(matters)
    streets, names = _named_streets(district)
    if placed and names:
        nearest = streets.nearest(shapely.points(masked_xy(matters, district.crs)))
        for row, at in zip(placed, np.atleast_1d(nearest).tolist(), strict=True):
            told[row] = names[at].replace(";", t("unit.and"))
    return told


@derived
def _named_streets(district: District) -> tuple[shapely.STRtree, list[str]]:
    names = district.network.segment_name
    named = np.array([bool(str(name or "")) for name in names], np.bool_)
    lines = segment_lines(district.network)[named]
    return shapely.STRtree(lines), [str(name) for name in np.asarray(names, object)[named]]


def _kind(district: District, matter: Matter) -> str:
    return wish_tables.kind_name(district, matter.kind) or t("report.wishes.withheld")


def _counts(district: District, told: Told) -> pd.DataFrame:
    frame = wish_tables.counted(district, ((each.kind, each.state) for each in told.matters))
    name = t("wishes.col.kind")
    return frame.assign(**{name: frame[name].replace("", t("report.wishes.withheld"))})


def _levels(told: Told, now: datetime) -> Iterator[Block]:
    """Give the share settled at each level, and what units have open."""
    frame = wish_tables.by_level(levels.by_level(told.wishes, now))
    note = t("levels.note", days=levels.LONG_DAYS)
    yield Table("wish-levels", t("report.wishes.table_levels"), frame, note)
    by_unit = levels.by_unit(told.wishes, told.claims, now)
    if len(by_unit):
        frame = wish_tables.by_unit(by_unit, told.units)
        yield Table("wish-units", t("report.wishes.table_units"), frame)


def _against_gaps(answers: Answers, told: Told) -> Iterator[Block]:
    """Give whether people ask for what is missing, by kind."""
    results: dict[str, Against] = {}
    for service, coverage in answers.covered:
        if coverage.kind not in results:
            asked = told.wishes or told.matters
            results[coverage.kind] = against_gaps.of_kind(
                answers.district, asked, coverage.kind, service.zones
            )
    if not any(result.wishes for result in results.values()):
        return
    kinds = answers.district.kinds
    yield Bullets(
        tuple(
            against_gaps.sentence(result, wording.inline(kinds[kind].name))
            for kind, result in results.items()
        )
    )
    frame = wish_tables.against_gaps(answers.district, results)
    how = t("wishes.gaps.how", draws=f"{against_gaps.DRAWS:,}", few=against_gaps.FEWEST)
    yield Table("wishes-and-gaps", t("report.wishes.table_gaps"), frame, how)
    if not told.wishes:
        yield Paragraph(t("report.wishes.masked_gaps"), Tone.NOTE)


def _map(district: District, told: Told) -> Map:
    return Map(
        id="wishes",
        title=t("report.wishes.map"),
        alt=t("report.wishes.map_alt", n=f"{len(told.placed):,}"),
        bounds=report_maps.around(district),
        places=district.facilities.iloc[:0],
        xy=masked_xy(told.placed, district.crs),
        graded=grades.by_wish_state([matter.state for matter in told.placed]),
        people=np.full(len(told.placed), _MARK),
        note=t("report.wishes.masked"),
    )
