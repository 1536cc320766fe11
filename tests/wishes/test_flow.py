"""The way of a wish on both kinds of database: what may follow, who may have it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from circle.errors import InputError, StoreError, UnknownNameError
from circle.store import audit
from circle.wishes import answers, flow, recording, tables
from circle.wishes.nouns import (
    BY_STAFF,
    NEXT,
    SETTLED,
    SHOWABLE,
    Level,
    Reason,
    State,
    UnitKind,
    Visibility,
    Visited,
)
from tests.wishes.wishing import add, at, published

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Wish

DAY = date(2026, 3, 1)


def steps(store: Store, wish: Wish) -> list[tuple[str, str]]:
    return [(event.before, event.after) for event in recording.history(store, wish.id)]


def test_the_whole_way(store: Store, units: tuple[int, int]) -> None:
    wish = published(store)
    assert (wish.state, wish.visibility, wish.version) == (
        State.PUBLISHED,
        Visibility.PUBLIC,
        3,
    )
    assert wish.area == "west"
    wish = flow.claim(store, "small", wish.id, units[0], by="赵")
    with pytest.raises(InputError, match="其他单位认领"):
        flow.claim(store, "small", wish.id, units[1], by="钱")
    flow.claim(store, "small", wish.id, units[1], by="钱", share=True)
    with pytest.raises(InputError, match="已认领"):
        flow.claim(store, "small", wish.id, units[1], by="钱", share=True)
    assert [claim.unit for claim in flow.claims(store, "small")] == list(units)
    wish = flow.progress(store, "small", wish.id, units[0], "已量好尺寸", by="赵")
    assert wish.state is State.IN_PROGRESS
    wish = flow.expect(store, "small", wish, DAY, by="赵")
    with pytest.raises(InputError, match="理由"):
        flow.expect(store, "small", wish, DAY + timedelta(days=9), by="赵")
    wish = flow.expect(store, "small", wish, DAY + timedelta(days=9), by="赵", reason="等材料")
    wish = flow.wait(store, "small", wish, "等审批", by="赵")
    wish = flow.assign(store, "small", wish, Level.AREA, by="赵", reason="网格办不了")
    assert (wish.level, wish.waits, wish.expected) == (Level.AREA, "等审批", date(2026, 3, 10))
    assert wish.level_since > wish.recorded
    wish = flow.progress(store, "small", wish.id, units[1], "开张了", by="钱", done=True)
    assert (wish.state, wish.waits) == (State.FULFILLED, "")
    refusals: list[Callable[[], object]] = [
        lambda: flow.wait(store, "small", wish, "x", by="a"),
        lambda: flow.assign(store, "small", wish, Level.GRID, by="a", reason="x"),
        lambda: flow.expect(store, "small", wish, DAY, by="a"),
        lambda: flow.progress(store, "small", wish.id, units[0], "x", by="a"),
        lambda: flow.move(store, "small", wish, State.REVIEWED, by="a"),  # without a reason
    ]
    for refused in refusals:
        with pytest.raises(InputError):
            refused()
    wish = flow.move(store, "small", wish, State.REVIEWED, by="李梅", remark="又关门了")
    assert (wish.state, wish.visibility) == (State.REVIEWED, Visibility.STAFF)
    assert flow.claims(store, "small") == ()
    assert steps(store, wish)[:4] == [
        ("recorded", "reviewed"),
        ("reviewed", "published"),
        ("published", "claimed"),
        ("claimed", "claimed"),
    ]
    assert steps(store, wish)[-1] == ("fulfilled", "reviewed")
    about = audit.entries(store, subject=f"wish/{wish.id}")
    assert len(about) == 1 + len(recording.history(store, wish.id))
    assert audit.verify(audit.lines(store))[0] == []


def put(store: Store, wish: Wish, state: State) -> Wish:
    values = {"state": state.value, "reason": None, "visibility": Visibility.STAFF.value}
    if state is State.NOT_TAKEN_UP:
        values["reason"] = Reason.REFERRED.value
    with store.writing() as connection:
        of_it = tables.wishes.c.id == wish.id
        connection.execute(sa.update(tables.wishes).where(of_it).values(values))
    return recording.get(store, "small", wish.id)


def test_what_may_not_follow_is_refused(file_store: Store) -> None:
    wish = add(file_store)
    for before, after in product(State, State):
        now = put(file_store, wish, before)
        reason = Reason.REFERRED if after is State.NOT_TAKEN_UP else None

        def step(now: Wish = now, after: State = after, reason: Reason | None = reason) -> Wish:
            return flow.move(file_store, "small", now, after, by="a", reason=reason, remark="说明")

        if after in NEXT[before] & BY_STAFF:
            assert step().state is after
        else:
            with pytest.raises(InputError, match="状态不能"):
                step()
            assert recording.get(file_store, "small", wish.id) == now


def test_closed_is_not_fulfilled_and_says_why(store: Store) -> None:
    wish = add(store)
    with pytest.raises(InputError, match="理由"):
        flow.move(store, "small", wish, State.NOT_TAKEN_UP, by="a")
    with pytest.raises(InputError, match="合并"):
        flow.move(store, "small", wish, State.NOT_TAKEN_UP, by="a", reason=Reason.DUPLICATE)
    with pytest.raises(InputError, match="理由"):
        flow.move(store, "small", wish, State.REVIEWED, by="a", reason=Reason.REFERRED)
    wish = flow.move(store, "small", wish, State.NOT_TAKEN_UP, by="a", reason=Reason.WITHDRAWN)
    assert (wish.state, wish.reason) == (State.NOT_TAKEN_UP, Reason.WITHDRAWN)


def test_merging(store: Store) -> None:
    first, second, third = (published(store) for _ in range(3))
    second = flow.merge(store, "small", second, first.id, by="a")
    assert (second.state, second.reason, second.merged_into) == (
        State.NOT_TAKEN_UP,
        Reason.DUPLICATE,
        first.id,
    )
    for into in (first.id, second.id, 999):
        with pytest.raises(InputError, match="不能并入"):
            flow.merge(store, "small", first, into, by="a")
    first = flow.merge(store, "small", first, third.id, by="a")
    assert recording.get(store, "small", second.id).merged_into == third.id
    again = flow.move(store, "small", first, State.REVIEWED, by="a", remark="不是一回事")
    assert (again.merged_into, again.reason) == (None, None)


def test_visibility_is_apart(store: Store) -> None:
    wish = add(store)
    with pytest.raises(InputError, match="审核并公布"):
        flow.show(store, "small", wish, Visibility.PUBLIC, by="a")
    wish = flow.show(store, "small", published(store), Visibility.STAFF, by="a")
    assert (wish.state, wish.visibility) == (State.PUBLISHED, Visibility.STAFF)
    wish = flow.show(store, "small", wish, Visibility.PUBLIC, by="a")
    assert wish.visibility is Visibility.PUBLIC
    assert SHOWABLE.isdisjoint({State.RECORDED, State.REVIEWED})
    assert SETTLED < SHOWABLE


def test_an_editor_who_read_an_older_wish_is_told(store: Store, home: District) -> None:
    wish = add(store)
    newer = recording.edit(store, home, wish, text="想要一个大菜市场", by="a")
    stale: list[Callable[[], object]] = [
        lambda: recording.edit(store, home, wish, text="想要小的", by="b"),
        lambda: flow.move(store, "small", wish, State.REVIEWED, by="b"),
        lambda: flow.wait(store, "small", wish, "等", by="b"),
    ]
    for change in stale:
        with pytest.raises(InputError, match="刚被他人改过"):
            change()
    assert recording.get(store, "small", wish.id) == newer
    assert (newer.text, newer.version) == ("想要一个大菜市场", 2)


def test_a_place_is_masked_once(store: Store, home: District) -> None:
    wish = add(store)
    shown = (wish.shown_lon, wish.shown_lat)
    assert shown != (wish.lon, wish.lat)
    for text in ("第一次改", "第二次改"):
        wish = recording.edit(store, home, wish, text=text, at=at(250), by="a")
        assert (wish.shown_lon, wish.shown_lat) == shown
    wish = recording.edit(store, home, wish, at=at(900), by="a")
    assert wish.area == "east"


def test_sent_twice_it_is_one(store: Store, home: District) -> None:
    first, second = (add(store, submission="form-1") for _ in range(2))
    assert first == second
    assert len(recording.listed(store, "small")) == 1
    given: dict[str, Any] = {"on": DAY, "by": "a", "submission": "o-1"}
    opinion = answers.rate(store, home, "m1", 4, **given)
    assert answers.rate(store, home, "m1", 4, **given) == opinion
    visit = answers.add_visit(
        store, home, Visited.SHOP, need="想要停车位", on=DAY, about="other", by="a", submission="v"
    )
    again = answers.add_visit(
        store, home, Visited.SHOP, need="想要停车位", on=DAY, about="other", by="a", submission="v"
    )
    assert visit == again
    assert [each.source.value for each in recording.listed(store, "small", kind="other")] == [
        "visit"
    ]
    assert answers.visits(store, "small") == (visit,)


def test_ratings_are_told_from_five_up(store: Store, home: District) -> None:
    for number in range(5):
        if number == 4:
            told = answers.rated(store, "small")["m1"]
            assert (told.count, told.average) == (None, None)
        answers.rate(
            store, home, "m1", 1 + number, remark="还行", on=DAY, by="a", submission=f"{number}"
        )
    told = answers.rated(store, "small")["m1"]
    assert (told.count, told.average) == (5, 3.0)
    assert len(answers.opinions(store, "small", "m1")) == 5
    assert answers.opinions(store, "small", "c1") == ()


def test_a_contact_is_kept_apart(store: Store) -> None:
    unit = answers.add_unit(store, "small", "丙书店", UnitKind.UNIT, contact="021-64370000", by="a")
    assert answers.units(store, "small") == (unit,)
    assert answers.contact(store, unit.id) == "021-64370000"
    assert "64370000" not in "".join(audit.lines(store))
    with pytest.raises(InputError, match="已有名为"):
        answers.add_unit(store, "small", "丙书店", UnitKind.UNIT, by="a")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "想"},
        {"text": "想" * 501},
        {"text": "想\u200b要"},
        {"text": "想\0要"},
        {"text": "\ud800要"},
        {"text": "请联系王阿姨"},
        {"kind": "cinema"},
        {"age_group": "age_7"},
        {"at": (0.0, 0.0)},
        {"at": (float("nan"), 31.0)},
        {"at": (1e308, -1e308)},
        {"by": " "},
        {"by": "王" * 81},
        {"submission": ""},
        {"submission": "x" * 65},
        {"submission": "心"},
        {"submission": "a\n"},
    ],
)
def test_what_cannot_be_taken_is_told_and_writes_nothing(
    file_store: Store, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as caught:
        add(file_store, **wrong)
    assert caught.value.message("zh") != caught.value.message("en")
    assert recording.listed(file_store, "small") == ()


def test_wrong_answers(file_store: Store, home: District) -> None:
    given: dict[str, Any] = {"on": DAY, "by": "a", "submission": "o"}
    for rating in (0, 6, True, 2.5):
        with pytest.raises(InputError):
            answers.rate(file_store, home, "m1", rating, **given)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError):
        answers.rate(file_store, home, "none", 3, **given)
    later: dict[str, Any] = {
        "on": datetime.now(UTC).date() + timedelta(days=3),
        "by": "a",
        "submission": "o",
    }
    with pytest.raises(InputError, match="今天之后"):
        answers.rate(file_store, home, "m1", 3, **later)
    with pytest.raises(InputError, match="人名"):
        answers.rate(file_store, home, "m1", 3, remark="李师傅态度好", **given)
    assert not file_store.in_use


def test_of_another_district_there_is_none(store: Store) -> None:
    wish = published(store)
    calls: list[Callable[[], object]] = [
        lambda: recording.get(store, "other", wish.id),
        lambda: flow.move(store, "other", wish, State.NOT_TAKEN_UP, by="a", reason=Reason.REFERRED),
        lambda: flow.claim(store, "other", wish.id, 1, by="a"),
        lambda: recording.erase(store, "other", wish.id, by="a", reason="b"),
    ]
    for call in calls:
        with pytest.raises(InputError, match="没有编号"):
            call()
    assert recording.listed(store, "other") == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wish SET state = 'closed'",
        "UPDATE wish SET state = 'not_taken_up'",
        "UPDATE wish SET reason = 'referred'",
        "UPDATE wish SET state = 'recorded', visibility = 'public'",
        "UPDATE wish SET shown_lon = NULL",
        "UPDATE wish SET merged_into = 1",
        "UPDATE wish SET level = 'city'",
        "INSERT INTO wish_claim VALUES (999, 999, '2026-01-01 00:00:00')",
    ],
)
def test_the_database_refuses_what_cannot_be(store: Store, statement: str) -> None:
    published(store)
    with pytest.raises(StoreError), store.writing() as connection:
        connection.execute(sa.text(statement))


def test_steps_between_levels_and_what_was_said_last(store: Store, units: tuple[int, int]) -> None:
    assert recording.stamp(store, "small") == (0, 0)
    wish = flow.assign(store, "small", published(store), Level.AREA, by="赵", reason="两格之间")
    wish = flow.assign(store, "small", wish, Level.GRID, by="李", reason="可以办")
    flow.claim(store, "small", wish.id, units[0], by="a")
    for said in ("已联系", "办好了"):
        flow.progress(store, "small", wish.id, units[0], said, by="a", done=said == "办好了")
    steps = flow.handed_on(store, "small", most=1)
    assert [(step.before, step.after, step.remark) for step in steps] == [
        ("area", "grid", "可以办")
    ]
    assert flow.count_handed_on(store, "small") == 2
    assert flow.last_words(store, "small") == {wish.id: "办好了"}
    assert recording.stamp(store, "small") == (1, 8)
    assert flow.count_handed_on(store, "other") == 0
    assert (flow.handed_on(store, "other", most=9), flow.last_words(store, "other")) == ((), {})
