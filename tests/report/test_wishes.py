"""Wishes in a report: places masked, only what may be told, a ledger to fill in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.errors import UnknownNameError
from circle.geo.crs import to_lonlat
from circle.i18n import t
from circle.report import metadata
from circle.report.content.assemble import build
from circle.report.content.choices import WISH_LEDGER, Wishes
from circle.report.content.elements import Choice, Table
from circle.store import Store
from circle.study import Study
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import Level, State, UnitKind
from tests.conftest import place
from tests.report.test_content import texts

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from circle.report.content.elements import Report

CHOICE = Choice(kinds=("market",), profiles=("adult",), minutes=2)


@pytest.fixture
def store(district: District, store_file: Path) -> Store:
    """Write six published wishes for a canteen and one that is not, one of them fulfilled."""
    kept = Store(str(store_file))
    unit = answers.add_unit(kept, district.id, "甲居委", UnitKind.COMMITTEE, by="a").id
    for n in range(7):
        wish = recording.add(
            kept,
            district,
            text="未公布的一条" if n == 6 else f"要食堂之{n}",
            kind="market",
            at=place(20 + 18 * n, 150),
            by="a",
            submission=f"k{n}",
        )
        if n == 6:
            flow.assign(kept, district.id, wish, Level.AREA, by="a", reason="两格之间")
            continue
        for state in (State.REVIEWED, State.PUBLISHED):
            wish = flow.move(kept, district.id, wish, state, by="a")
    flow.claim(kept, district.id, wish_number(kept, district, 0), unit, by="a")
    number = wish_number(kept, district, 0)
    flow.progress(kept, district.id, number, unit, "内部的话", by="a", done=True)
    return kept


def wish_number(store: Store, district: District, place_in_order: int) -> int:
    return sorted(wish.id for wish in recording.listed(store, district.id))[place_in_order]


def told(district: District, **choice: object) -> Report:
    return build(Study(district), replace(CHOICE, **choice), {})  # type: ignore[arg-type]


def ledger_of(report: Report) -> Table:
    (table,) = (table for table in report.tables if table.id == WISH_LEDGER)
    return table


@pytest.mark.usefixtures("store")
def test_all_wishes_with_levels_gaps_map_and_ledger(store: Store, district: District) -> None:
    report = told(district)
    (chapter,) = (section for section in report.sections if section.id == "wishes")
    ids = [getattr(block, "id", "") for block in chapter.blocks]
    assert [name for name in ids if name] == [
        "wishes", "wish-levels", "wish-units", "wishes-and-gaps", "wishes",
    ]  # fmt: skip
    frame = ledger_of(report).frame
    assert len(frame) == 7
    assert frame[t("wishes.col.road")].str.startswith(("横", "纵")).all()
    assert frame[t("wishes.col.result")].tolist() == ["内部的话", *[""] * 6]
    for name in ("handler", "visited_on", "satisfied", "note"):
        assert set(frame[t(f"wishes.col.{name}")]) == {""}
    assert frame[t("wishes.col.level")].tolist()[-1] == "片区"
    (layer,) = (layer for layer in report.layers if layer.id == "wishes")
    assert len(layer.frame) == 7
    xy = np.column_stack([layer.frame.geometry.x, layer.frame.geometry.y])
    shown = {(w.shown_lon, w.shown_lat) for w in recording.listed(store, district.id)}
    for lon, lat in to_lonlat(xy, district.crs):
        assert any(np.allclose((lon, lat), np.array(place_, float), atol=2e-6) for place_ in shown)
    assert t("reporting.wishes_told_all") in dict(metadata.pairs(report)).values()


@pytest.mark.usefixtures("store")
def test_for_the_public_only_what_is_published(district: District) -> None:
    report = told(district, wishes=Wishes.PUBLISHED)
    said = " ".join(texts(report)) + report.layers[-1].frame.to_csv()
    for hidden in ("未公布的一条", "内部的话", "两格之间"):
        assert hidden not in said
    ids = {table.id for table in report.tables}
    assert "wishes" in ids
    assert not ids & {"wish-levels", "wish-units"}
    frame = ledger_of(report).frame
    assert len(frame) == 6
    assert t("wishes.col.level") not in frame
    assert t("report.wishes.masked_gaps") in said


@pytest.mark.usefixtures("store")
def test_some_areas_tell_of_theirs_alone(district: District) -> None:
    west, east = (told(district, areas=(area.id,)) for area in district.areas)
    assert len(ledger_of(west).frame) == 7
    assert "wishes" not in {section.id for section in east.sections}
    with pytest.raises(UnknownNameError, match="published"):
        told(district, wishes="secret")


@pytest.mark.parametrize("how", [Wishes.ALL, Wishes.NONE])
def test_without_wishes_a_report_is_as_it_was(
    district: District, how: str, store_file: Path, request: pytest.FixtureRequest
) -> None:
    if how == Wishes.NONE:
        request.getfixturevalue("store")
    report = told(district, wishes=how)
    assert store_file.exists() == (how == Wishes.NONE)
    assert "心愿" not in " ".join(texts(report))
    assert "wishes" not in {layer.id for layer in report.layers}
    assert "心愿" not in str(metadata.pairs(report))
