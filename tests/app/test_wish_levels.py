"""The page Levels: where wishes are settled, what waits, what was handed on and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.i18n import t
from circle.store import Store
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import Level, Reason, State, UnitKind
from tests.app.reading import answer, failed, figures, text
from tests.hostile import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from circle.model import District

    Opener = Callable[..., AppTest]


def fill(store: Store, district: District) -> None:
    """Write three wishes: one handed up and referred, one claimed, one only recorded."""
    unit = answers.add_unit(store, district.id, f"甲居委{SCRIPT}"[:80], UnitKind.COMMITTEE, by="a")
    wishes = [
        recording.add(
            store, district, text=f"要座椅 {SCRIPT}", kind="other", at=None, by="a", submission=key
        )
        for key in "abc"
    ]
    up = flow.assign(store, district.id, wishes[0], Level.AREA, by="李梅", reason="两个网格的事")
    flow.move(
        store, district.id, up, State.NOT_TAKEN_UP, by="a", reason=Reason.REFERRED, remark="转交"
    )
    for state in (State.REVIEWED, State.PUBLISHED):
        wishes[1] = flow.move(store, district.id, wishes[1], state, by="a")
    flow.claim(store, district.id, wishes[1].id, unit.id, by="a")


def test_without_wishes_it_explains_itself(open_page: Opener, store_file: Path) -> None:
    app = open_page("levels")
    assert not failed(app)
    assert answer(app) == t("levels.none")
    assert t("levels.empty") in text(app)
    assert not store_file.exists()


def test_where_matters_are_settled_and_what_waits(
    open_page: Opener,
    district: District,
    district_dir: Path,
    show_district: Callable[[Path], None],
    store_file: Path,
) -> None:
    fill(Store(str(store_file)), district)
    show_district(district_dir)
    app = open_page("levels")
    assert not failed(app)
    assert answer(app).startswith("已办结 1 件：0 % 在网格，100 % 在片区，0 % 在街道；在办 2 件")
    assert figures(app) == ["2", "0", "1", "1"]
    levels, units, longest, handed_on = (frame.value for frame in app.dataframe)
    assert list(levels[t("wishes.col.open")]) == [2, 0, 0]
    assert list(units[t("wishes.col.open")]) == [1]
    assert list(longest[t("wishes.col.state")]) == ["已认领", "已记录"]
    assert handed_on.iloc[0].tolist()[2:5] == ["网格", "片区", "两个网格的事"]
