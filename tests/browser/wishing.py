"""Wishes in the store of the application that browser tests look at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from circle.load import read_district
from circle.store import Store
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import Level, State, UnitKind

if TYPE_CHECKING:
    from pathlib import Path

BY, TEXT, AT = "李梅", "沿街缺一处可以歇脚的座椅", (121.4438, 31.2078)
OPENED = 1
"""Number of the wish that has a unit, a date, a reason for waiting and a history."""


def fill(store_file: Path, district_folder: Path) -> None:
    """Publish five wishes about one place; the first is claimed, waits and was handed up."""
    store, district = Store(str(store_file)), read_district(district_folder)
    place = {"text": TEXT, "kind": "canteen", "at": AT, "by": BY}
    for key in range(5):
        wish = recording.add(store, district, **place, submission=f"made-{key}")  # type: ignore[arg-type]
        for state in (State.REVIEWED, State.PUBLISHED):
            wish = flow.move(store, district.id, wish, state, by=BY)
    unit = answers.add_unit(store, district.id, "天平社区服务中心", UnitKind.UNIT, by=BY)
    wish = flow.claim(store, district.id, OPENED, unit.id, by=BY)
    day = wish.recorded.date() + timedelta(days=30)
    wish = flow.expect(store, district.id, wish, day, by=BY)
    wish = flow.wait(store, district.id, wish, "等人行道改造完工", by=BY)
    flow.assign(store, district.id, wish, Level.AREA, by=BY, reason="涉及两个网格")
