"""Lifts in a report: what was published for everybody, a register's doorways for staff alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.doors.example import example_register
from circle.i18n import t
from circle.report.content.assemble import build
from circle.report.content.choices import Wishes
from circle.report.content.elements import Choice
from circle.study import Study
from circle.words import lifts as words
from tests.report.test_content import texts

if TYPE_CHECKING:
    from circle.model import District
    from circle.report.content.elements import Report

CHOICE = Choice(kinds=("market",), profiles=("adult",), minutes=2)


@pytest.fixture(scope="module")
def registered(district: District) -> District:
    """Give the tiny district with the made-up register for its own."""
    return replace(district, doorways=example_register(district))


def told(district: District, **choice: object) -> Report:
    return build(Study(district), replace(CHOICE, **choice), {})  # type: ignore[arg-type]


def lifts_of(report: Report) -> list[str]:
    chapters = [section for section in report.sections if section.id == "lifts"]
    return [block.id for each in chapters for block in each.blocks if hasattr(block, "id")]


def test_no_chapter_where_nothing_is_known(district: District) -> None:
    assert lifts_of(told(district)) == []


def test_staff_read_the_programme_reach_by_age_and_the_ranking(registered: District) -> None:
    report = told(registered)
    assert lifts_of(report) == ["lift-board", "lift-reach", "lift-ranking", "lift-numbers"]
    (ranking,) = (table for table in report.tables if table.id == "lift-ranking")
    minutes = ranking.frame[t("lifts.column.minutes_week")]
    assert minutes.is_monotonic_decreasing
    assert ranking.frame[t("lifts.column.rank")].tolist() == list(range(1, len(minutes) + 1))
    (layer,) = (layer for layer in report.layers if layer.id == "doorways")
    frame, register = layer.frame, registered.doorways
    assert register is not None
    assert frame["id"].tolist() == register["id"].tolist()
    xy = np.column_stack([frame.geometry.x, frame.geometry.y])
    assert xy == pytest.approx(register[["x", "y"]].to_numpy())
    first = frame[frame["lift_rank"].eq(1)].iloc[0]
    assert first["address"] == ranking.frame[t("lifts.column.doorway")].iloc[0]
    assert round(first["won_week"]) == minutes.iloc[0]
    assert frame.loc[frame["lift"].eq("running"), "lift_rank"].isna().all()


def test_the_public_reads_totals_and_no_doorway(registered: District) -> None:
    report = told(registered, wishes=Wishes.PUBLISHED)
    assert lifts_of(report) == ["lift-stages"]
    assert "doorways" not in {layer.id for layer in report.layers}
    assert registered.doorways is not None
    said = " ".join(texts(report))
    hidden = [*registered.doorways["address"], *registered.doorways["compound"]]
    assert not [text for text in hidden if text in said]


def test_what_was_published_stands_with_its_source(canteens: Report) -> None:
    assert lifts_of(canteens) == ["lift-programme", "lift-projects"]
    (figures,) = (table for table in canteens.tables if table.id == "lift-programme")
    assert figures.frame[t("lifts.column.doorways")].tolist() == [303, 56, 136]
    assert set(figures.frame[t("lifts.column.source")]) == {t("report.lifts.cited")}
    assert t("lifts.no_register") in " ".join(texts(canteens))
    (layer,) = (layer for layer in canteens.layers if layer.id == "lift_projects")
    assert layer.frame["source"].notna().all()
    assert layer.palette.keys() == {"running", "under_way"}
    assert layer.labels["running"] == words.lift_text("running")
