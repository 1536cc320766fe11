"""A wish that is deleted on request is gone, with all that was written of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from circle.errors import InputError
from circle.store import audit, backup
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import Visited
from tests.store.test_transfer import holds
from tests.wishes.wishing import add, published

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from circle.store import Store

CANARY = "金丝雀九号xQ7"


def test_no_byte_of_it_stays(
    store: Store,
    kind: str,
    home: District,
    units: tuple[int, int],
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tmp_path: Path = request.getfixturevalue("tmp_path")
    folder = tmp_path / "store"
    if kind == "postgresql":
        folder = request.getfixturevalue("server").folder
    kept = [add(store, text=f"心愿之{n}") for n in range(20)]
    wish = published(store, text=f"想要{CANARY}")
    wish = recording.edit(store, home, wish, text=f"还想要{CANARY}", by="a")
    flow.claim(store, "small", wish.id, units[0], by="a")
    wish = flow.progress(store, "small", wish.id, units[0], f"在办{CANARY}", by="a")
    wish = flow.wait(store, "small", wish, f"等{CANARY}", by="a")
    flow.merge(store, "small", kept[0], wish.id, by="a")
    given = {"need": f"要{CANARY}", "on": date(2026, 3, 1), "by": "a", "submission": "v"}
    visit = answers.add_visit(store, home, Visited.SHOP, about="other", **given)  # type: ignore[arg-type]
    opinion = answers.rate(
        store, home, "m1", 1, remark=CANARY, on=date(2026, 3, 1), by="a", submission="o"
    )
    if kind == "postgresql":
        request.getfixturevalue("server").ask("ANALYZE", str(store.url.database))
    assert holds(folder, CANARY)
    assert visit.wish is not None
    for number in (wish.id, visit.wish):
        assert recording.erase(store, "small", number, by="李梅", reason="本人要求")
    assert answers.erase_opinion(store, "small", opinion.id, by="李梅", reason="本人要求")
    assert holds(folder, CANARY) == []
    assert CANARY not in caplog.text
    assert {each.id for each in recording.listed(store, "small")} == {each.id for each in kept}
    assert recording.get(store, "small", kept[0].id).merged_into is None
    assert (answers.visits(store, "small"), answers.opinions(store, "small")) == ((), ())
    lines = audit.lines(store)
    assert audit.verify(lines)[0] == []
    assert sum("erase" in line for line in lines) == 4
    backup.save(store, tmp_path / "after.jsonl")
    assert holds(tmp_path, CANARY) == []
    newest = add(store)
    assert newest.id > opinion.id  # a number is never given twice
    with pytest.raises(InputError):
        answers.erase_opinion(store, "small", opinion.id, by="a", reason="b")
