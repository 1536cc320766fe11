"""What becomes of a wish: each step is checked, written to its history and to the audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from circle.errors import InputError
from circle.i18n import t
from circle.store.audit import Action
from circle.wishes import tables
from circle.wishes.nouns import (
    BY_STAFF,
    NEXT,
    SETTLED,
    SHOWABLE,
    Claim,
    Level,
    Reason,
    State,
    Visibility,
)
from circle.wishes.recording import changing, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from circle.store import Store
    from circle.wishes.nouns import Event, Wish
    from circle.wishes.recording import Step


def move(  # noqa: PLR0913 - what a step is
    store: Store,
    district_id: str,
    wish: Wish,
    to: State,
    *,
    by: str,
    reason: Reason | None = None,
    remark: str = "",
) -> Wish:
    """Take a wish to another state: reviewed, published, fulfilled, not taken up, reopened.

    Publishing shows it to the public, and reopening hides it. What is claimed and in
    progress follows from `claim` and `progress`; a duplicate from `merge`.

    Parameters
    ----------
    store, district_id
        Where; whose.
    wish
        As it was read: one that was changed since is refused.
    to
        One that may follow, see `circle.wishes.nouns.NEXT`.
    by
        Who decides.
    reason
        Why it is not taken up; needed then, and only then.
    remark
        What is said to it; needed for reopening.

    Raises
    ------
    InputError
        When the step cannot be taken.
    StoreError
        When nothing can be written there.
    """
    said = _remark(remark, needed=wish.state in SETTLED)
    with changing(store, district_id, wish, Action.WISH_STATE, by=by) as step:
        if to not in NEXT[step.wish.state] & BY_STAFF:
            raise InputError("wish.step", before=_word(step.wish.state), after=_word(to))
        if (reason is None) == (to is State.NOT_TAKEN_UP) or reason is Reason.DUPLICATE:
            raise InputError("wish.reason")
        _enter(step, to, said)
        step.values["reason"] = reason and reason.value
        step.told["reason"] = reason and reason.value
        if to is State.PUBLISHED:
            step.values["visibility"] = Visibility.PUBLIC.value
        if to is State.REVIEWED:
            step.values |= {"visibility": Visibility.STAFF.value, "merged_into": None}
        if to is not State.FULFILLED:
            _let_go(step)
    return step.after


def show(store: Store, district_id: str, wish: Wish, to: Visibility, *, by: str) -> Wish:
    """Show a wish to the public, or to staff alone; its state stays.

    Raises
    ------
    InputError
        When it is not reviewed and published yet, or was changed meanwhile.
    StoreError
        When nothing can be written there.
    """
    with changing(store, district_id, wish, Action.WISH_SHOW, by=by) as step:
        if to is Visibility.PUBLIC and step.wish.state not in SHOWABLE:
            raise InputError("wish.not_shown")
        step.values["visibility"] = to.value
        step.before, step.changed_to = step.wish.visibility.value, to.value
    return step.after


def merge(store: Store, district_id: str, wish: Wish, into: int, *, by: str) -> Wish:
    """Say that a wish says the same as another one, which goes on for both.

    Raises
    ------
    InputError
        When that one is the same, not there or itself not taken up; or this is settled.
    StoreError
        When nothing can be written there.
    """
    with changing(store, district_id, wish, Action.WISH_MERGE, by=by) as step:
        of_it = tables.wishes.c.id == into, tables.wishes.c.district == district_id
        target = store.rows(step.connection, sa.select(tables.wishes).where(*of_it))
        if into == wish.id or not target or target[0].state == State.NOT_TAKEN_UP.value:
            raise InputError("wish.merge", number=into)
        if State.NOT_TAKEN_UP not in NEXT[step.wish.state]:
            raise InputError(
                "wish.step", before=_word(step.wish.state), after=_word(State.NOT_TAKEN_UP)
            )
        _enter(step, State.NOT_TAKEN_UP, "")
        step.values |= {"reason": Reason.DUPLICATE.value, "merged_into": into}
        step.told["into"] = into
        _let_go(step)
        pointing = tables.wishes.c.merged_into == wish.id  # those that were merged into this
        onward = sa.update(tables.wishes).where(pointing).values(merged_into=into)
        step.connection.execute(onward)
    return step.after


def claim(
    store: Store, district_id: str, wish_id: int, unit: int, *, by: str, share: bool = False
) -> Wish:
    """Have a unit take a published wish up; the first one has it, unless it is shared.

    Parameters
    ----------
    store, district_id, wish_id
        Where; whose; which.
    unit
        The unit's number.
    by
        Who says so.
    share
        Whether it joins the units that have it.

    Raises
    ------
    InputError
        When the wish is not to be had, a unit has it already, or there is no such unit.
    StoreError
        When nothing can be written there.
    """
    with changing(store, district_id, wish_id, Action.WISH_CLAIM, by=by) as step:
        _check_unit(store, step, district_id, unit)
        holders = _holders(store, step)
        if unit in holders:
            raise InputError("wish.claimed_already")
        taken = step.wish.state in {State.CLAIMED, State.IN_PROGRESS}
        if taken and not share:
            raise InputError("wish.taken")
        if not taken and State.CLAIMED not in NEXT[step.wish.state]:
            raise InputError("wish.not_open", state=_word(step.wish.state))
        now = datetime.now(UTC).replace(tzinfo=None)
        row = {"wish": wish_id, "unit": unit, "at": now}
        step.connection.execute(sa.insert(tables.claims).values(row))
        step.unit, step.told["unit"] = unit, unit
        _enter(step, step.wish.state if taken else State.CLAIMED, "")
    return step.after


def release(
    store: Store, district_id: str, wish_id: int, unit: int, *, by: str, reason: str
) -> Wish:
    """Have a unit give a wish back; without any it is published and open again.

    Raises
    ------
    InputError
        When the unit does not have it, or no reason is given.
    StoreError
        When nothing can be written there.
    """
    said = _remark(reason, needed=True)
    with changing(store, district_id, wish_id, Action.WISH_CLAIM, by=by) as step:
        holders = _holders(store, step)
        if unit not in holders:
            raise InputError("wish.not_theirs")
        of_it = tables.claims.c.wish == wish_id, tables.claims.c.unit == unit
        step.connection.execute(sa.delete(tables.claims).where(*of_it))
        step.unit, step.told["unit"] = unit, unit
        alone = len(holders) == 1 and step.wish.state not in SETTLED
        _enter(step, State.PUBLISHED if alone else step.wish.state, said)
    return step.after


def progress(  # noqa: PLR0913 - what a report of progress is
    store: Store,
    district_id: str,
    wish_id: int,
    unit: int,
    remark: str,
    *,
    by: str,
    done: bool = False,
) -> Wish:
    """Write down what a unit did for a wish it has; it is in progress then, or fulfilled.

    Raises
    ------
    InputError
        When the unit does not have it, it is settled, or nothing is said.
    StoreError
        When nothing can be written there.
    """
    said = _remark(remark, needed=True)
    with changing(store, district_id, wish_id, Action.WISH_PROGRESS, by=by) as step:
        if unit not in _holders(store, step):
            raise InputError("wish.not_theirs")
        if step.wish.state not in {State.CLAIMED, State.IN_PROGRESS}:
            raise InputError("wish.not_open", state=_word(step.wish.state))
        step.unit, step.told["unit"] = unit, unit
        _enter(step, State.FULFILLED if done else State.IN_PROGRESS, said)
        if done:
            step.values["waits"] = ""
    return step.after


def expect(
    store: Store, district_id: str, wish: Wish, on: date, *, by: str, reason: str = ""
) -> Wish:
    """Say when a wish is to be fulfilled; a later date than before is an extension.

    Raises
    ------
    InputError
        When it is settled, an extension has no reason, or it was changed meanwhile.
    StoreError
        When nothing can be written there.
    """
    extends = wish.expected is not None and on > wish.expected
    said = _remark(reason, needed=extends)
    with changing(store, district_id, wish, Action.WISH_DATE, by=by) as step:
        _refuse_settled(step)
        step.values["expected"] = on
        step.before = "" if step.wish.expected is None else step.wish.expected.isoformat()
        step.changed_to, step.remark = on.isoformat(), said
    return step.after


def wait(store: Store, district_id: str, wish: Wish, why: str, *, by: str) -> Wish:
    """Say why a wish waits; with nothing to say, it waits no longer.

    Raises
    ------
    InputError
        When it is settled, or was changed meanwhile.
    StoreError
        When nothing can be written there.
    """
    said = _remark(why, needed=False)
    with changing(store, district_id, wish, Action.WISH_WAIT, by=by) as step:
        _refuse_settled(step)
        step.values["waits"], step.remark = said, said
    return step.after


def assign(store: Store, district_id: str, wish: Wish, to: Level, *, by: str, reason: str) -> Wish:
    """Give a wish to another level: escalated, or handed back, with a reason.

    Raises
    ------
    InputError
        When it is at that level, settled, or no reason is given.
    StoreError
        When nothing can be written there.
    """
    said = _remark(reason, needed=True)
    with changing(store, district_id, wish, Action.WISH_LEVEL, by=by) as step:
        _refuse_settled(step)
        if to is step.wish.level:
            raise InputError("wish.level")
        step.values["level"] = to.value
        step.values["level_since"] = datetime.now(UTC).replace(tzinfo=None)
        step.before, step.changed_to, step.remark = step.wish.level.value, to.value, said
    return step.after


def claims(store: Store, district_id: str) -> tuple[Claim, ...]:
    """Return which units have which wishes of a district.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    ours = sa.select(tables.wishes.c.id).where(tables.wishes.c.district == district_id)
    statement = sa.select(tables.claims).where(tables.claims.c.wish.in_(ours))
    statement = statement.order_by(tables.claims.c.wish, tables.claims.c.at)
    with store.reading() as connection:
        return tuple(tables.claim(row) for row in store.rows(connection, statement))


def handed_on(store: Store, district_id: str, *, most: int) -> tuple[Event, ...]:
    """Return the newest steps of a district's wishes from level to level.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = _steps_between_levels(sa.select(tables.events), district_id)
    statement = statement.order_by(tables.events.c.id.desc()).limit(most)
    with store.reading() as connection:
        return tuple(tables.event(row) for row in store.rows(connection, statement))


def count_handed_on(store: Store, district_id: str) -> int:
    """Return how many steps from level to level there were.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    statement = sa.select(sa.func.count()).select_from(tables.events)
    with store.reading() as connection:
        counted = connection.execute(_steps_between_levels(statement, district_id))
        return int(counted.scalar_one())


def last_words(store: Store, district_id: str) -> dict[int, str]:
    """Return by wish what was said last of its progress or of a change of its state.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    ours = sa.select(tables.wishes.c.id).where(tables.wishes.c.district == district_id)
    events = tables.events.c
    actions = [Action.WISH_PROGRESS.value, Action.WISH_STATE.value]
    statement = sa.select(events.id, events.wish, events.remark).where(
        events.action.in_(actions), events.remark != "", events.wish.in_(ours)
    )
    with store.reading() as connection:
        rows = store.rows(connection, statement.order_by(events.id))
    return {row.wish: row.remark for row in rows}


def _steps_between_levels(statement: sa.Select[Any], district_id: str) -> sa.Select[Any]:
    ours = sa.select(tables.wishes.c.id).where(tables.wishes.c.district == district_id)
    between = tables.events.c.action == Action.WISH_LEVEL.value
    return statement.where(between, tables.events.c.wish.in_(ours))


def _enter(step: Step, state: State, remark: str) -> None:
    step.values["state"] = state.value
    step.before, step.changed_to, step.remark = step.wish.state.value, state.value, remark


def _let_go(step: Step) -> None:
    of_it = tables.claims.c.wish == step.wish.id
    step.connection.execute(sa.delete(tables.claims).where(of_it))


def _holders(store: Store, step: Step) -> Sequence[int]:
    of_it = tables.claims.c.wish == step.wish.id
    statement = sa.select(tables.claims.c.unit, tables.claims.c.wish).where(of_it)
    return [row.unit for row in store.rows(step.connection, statement)]


def _check_unit(store: Store, step: Step, district_id: str, unit: int) -> None:
    of_it = tables.units.c.id == unit, tables.units.c.district == district_id
    if not store.rows(step.connection, sa.select(tables.units).where(*of_it)):
        raise InputError("wish.no_unit", number=unit)


def _refuse_settled(step: Step) -> None:
    if step.wish.state in SETTLED:
        raise InputError("wish.settled", state=_word(step.wish.state))


def _remark(text: str, *, needed: bool) -> str:
    if not needed and not text.strip():
        return ""
    return line(text, tables.LONGEST_REMARK, "wish.remark")


def _word(state: State) -> str:
    return t(f"wishes.state.{state.value}")
