"""What pages read of wishes: filtered, counted and paged as the whole list would be."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from circle.errors import InputError
from circle.store import audit
from circle.wishes import answers, browsing, flow, recording, tables
from circle.wishes.browsing import Filter, Order
from circle.wishes.nouns import (
    AGES,
    OTHER_KIND,
    SETTLED,
    Level,
    Source,
    State,
    UnitKind,
    Visited,
)
from circle.wishes.published import shown
from tests.wishes.wishing import add, at, published

if TYPE_CHECKING:
    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Wish

MANY = 160
EVERY = MANY + 1


def written(store: Store) -> tuple[Wish, ...]:
    """Write made-up wishes to a store, some claimed; return all of them, newest first."""
    draw = random.Random(7)  # noqa: S311 - no secret
    unit = answers.add_unit(store, "small", "甲居委", UnitKind.COMMITTEE, by="a").id
    now = datetime.now(UTC).replace(tzinfo=None)
    rows: list[dict[str, Any]] = []
    for number in range(1_000, 1_000 + MANY):
        state = draw.choice(list(State))
        hidden = state in {State.RECORDED, State.REVIEWED} or draw.random() < 0.1
        rows.append(
            {
                "id": number,
                "district": "small",
                "version": 1,
                "submission": f"m{number}",
                "text": "想要椅子",
                "kind": draw.choice(["market", "canteen", OTHER_KIND]),
                **dict.fromkeys(("lon", "lat"), draw.random()),
                **dict.fromkeys(("shown_lon", "shown_lat"), draw.random()),
                "area": draw.choice(["west", "west", "east", ""]),
                "age_group": draw.choice(AGES),
                "source": "resident",
                "state": state.value,
                "visibility": "staff" if hidden else "public",
                "reason": "referred" if state is State.NOT_TAKEN_UP else None,
                "waits": "",
                "level": draw.choice(list(Level)).value,
                "level_since": now - timedelta(days=draw.randrange(80), hours=1),
                "recorded": now,
                "updated": now,
            }
        )
    with store.writing() as connection:
        connection.execute(sa.insert(tables.wishes), rows)
        claims = [{"wish": row["id"], "unit": unit, "at": now} for row in rows[::3]]
        connection.execute(sa.insert(tables.claims), claims)
    return recording.listed(store, "small")


def test_a_page_is_what_the_whole_list_says(store: Store) -> None:
    wishes = written(store)
    now = datetime.now(UTC)
    held = {claim.wish: claim.unit for claim in flow.claims(store, "small")}
    (unit,) = set(held.values())
    open_ = [wish for wish in wishes if wish.state not in SETTLED]
    waiting = [wish for wish in open_ if wish.level_since < now - timedelta(days=30)]
    cases: list[tuple[Filter, list[Wish]]] = [
        (Filter(), list(wishes)),
        (Filter(waiting_days=30), waiting),
        (
            Filter(kind="market", area="west", level=Level.AREA),
            [w for w in wishes if (w.kind, w.area, w.level) == ("market", "west", Level.AREA)],
        ),
        (
            Filter(states=frozenset({State.CLAIMED, State.FULFILLED}), unit=unit),
            [w for w in wishes if w.id in held and w.state in {"claimed", "fulfilled"}],
        ),
        (Filter(among=(1_003, 1_009, 7)), [w for w in wishes if w.id in {1_003, 1_009}]),
    ]
    for asked, expected in cases:
        assert expected
        board = browsing.board(store, "small", asked, most=EVERY)
        assert list(board.wishes) == expected
        assert board.total == len(expected)
        assert board.by_state == {s: Counter(w.state for w in wishes)[s] for s in State}
        assert board.long == len(waiting)
        second = browsing.board(store, "small", asked, skip=7, most=5)
        assert list(second.wishes) == expected[7:12]
        places = browsing.points(store, "small", asked, masked=False)
        assert [(p.id, p.lon, p.kind) for p in places] == [(w.id, w.lon, w.kind) for w in expected]
    longest = browsing.board(store, "small", Filter(), order=Order.LONGEST, most=EVERY).wishes
    assert list(longest) == sorted(wishes, key=lambda wish: (wish.level_since, wish.id))
    assert browsing.points(store, "small", Filter())[0].lon == wishes[0].shown_lon
    assert browsing.holders(store, [1_000, 1_001]) == {1_000: (unit,)}


def test_the_wall_is_what_is_public_of_the_whole_list(store: Store) -> None:
    public = shown(written(store))
    assert {wish.kind for wish in public} > {"market"}
    whole = browsing.wall(store, "small", most=EVERY)
    assert whole.wishes == public
    assert whole.total == len(public)
    assert whole.by_kind == Counter(wish.kind for wish in public)
    assert whole.by_state == {s: Counter(w.state for w in public)[s] for s in State}
    for kind in whole.by_kind:
        for state in (None, State.CLAIMED):
            expected = [w for w in public if w.kind == kind and state in {None, w.state}]
            wall = browsing.wall(store, "small", kind=kind, state=state, skip=2, most=3)
            assert (wall.total, list(wall.wishes)) == (len(expected), expected[2:5])
            places = browsing.public_points(store, "small", kind=kind, state=state)
            placed = [(w.id, w.lon, w.lat) for w in expected if w.lon is not None]
            assert [(p.id, p.lon, p.lat) for p in places] == placed
    assert browsing.public_wish(store, "small", public[0].id) == public[0]
    hidden = {wish.id for wish in recording.listed(store, "small")} - {w.id for w in public}
    for number in (min(hidden), 5):
        with pytest.raises(InputError):
            browsing.public_wish(store, "small", number)
    assert not browsing.wall(store, "small", among=[min(hidden)], most=9).wishes
    assert not browsing.wall(store, "elsewhere", most=9).wishes


def test_a_rare_kind_cannot_be_asked_for(store: Store) -> None:
    """A filter by the kind that is withheld would tell it."""
    for _ in range(5):
        published(store)
    rare = published(store, kind="canteen", text="食堂")
    assert browsing.wall(store, "small", kind="canteen", most=9).total == 0
    (wish,) = browsing.wall(store, "small", kind="", most=9).wishes
    assert (wish.id, wish.kind, wish.lon) == (rare.id, "", None)
    assert rare.id not in {p.id for p in browsing.public_points(store, "small")}


def test_a_visit_becomes_a_wish_once(store: Store, home: District) -> None:
    day = datetime.now(UTC).date() - timedelta(days=1)
    visit = answers.add_visit(
        store, home, Visited.SHOP, need="需要卸货车位", on=day, by="a", submission="v"
    )
    first = answers.make_wish(store, home, visit.id, at=at(250), by="b")
    assert (first.text, first.kind, first.source) == ("需要卸货车位", OTHER_KIND, Source.VISIT)
    assert answers.make_wish(store, home, visit.id, by="c") == first
    assert [each.wish for each in answers.visits(store, "small")] == [first.id]
    assert len(recording.listed(store, "small")) == 1
    with pytest.raises(InputError):
        answers.make_wish(store, home, 999, by="a")
    with pytest.raises(InputError):
        answers.make_wish(store, home, visit.id, by=" ")
    assert audit.verify(audit.lines(store))[0] == []


def test_a_visit_is_erased_and_its_wish_stays(file_store: Store, home: District) -> None:
    day = datetime.now(UTC).date() - timedelta(days=1)
    visit = answers.add_visit(
        file_store, home, Visited.FIRM, need="canary-need", on=day, by="a", submission="v"
    )
    wish = add(file_store)
    with pytest.raises(InputError):
        answers.erase_visit(file_store, "elsewhere", visit.id, by="a", reason="请求")
    assert answers.erase_visit(file_store, "small", visit.id, by="a", reason="请求")
    assert answers.visits(file_store, "small") == ()
    assert recording.get(file_store, "small", wish.id) == wish
    assert file_store.file is not None
    assert b"canary" not in file_store.file.read_bytes()
    assert audit.verify(audit.lines(file_store))[0] == []


def test_points_are_of_wishes_with_a_place(file_store: Store) -> None:
    nowhere = add(file_store, at=None)
    placed = add(file_store)
    assert [p.id for p in browsing.points(file_store, "small", Filter())] == [placed.id]
    assert nowhere.id != placed.id
