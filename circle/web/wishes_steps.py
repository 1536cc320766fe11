"""What may follow for a wish, as buttons: each says by a rule when it is there and what it takes.

A step acts on the wish as it was drawn. Where somebody else changed it meanwhile, it is not
taken: the page says who did what, shows the wish as it is now, and keeps what was typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.store import opened
from circle.web import memo, shell, state, wishes_fields
from circle.web import wishes_state as view
from circle.wishes import flow, recording
from circle.wishes.nouns import NEXT, SETTLED, SHOWABLE, Level, Reason, State, Visibility
from circle.words import wish_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Unit, Wish

_OPENED, _CONFLICT = "wishes:step", "wishes:conflict"
_TAKEN = frozenset({State.CLAIMED, State.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class Case:
    """A wish as it was drawn.

    Attributes
    ----------
    district, wish
        Whose; which.
    held
        The units that have it.
    units
        All units by number.
    """

    district: District
    wish: Wish
    held: tuple[int, ...]
    units: Mapping[int, Unit]

    @property
    def typed(self) -> wishes_fields.Typed:
        """What stands in the fields of its steps."""
        return wishes_fields.Typed(self.wish.id)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that may follow.

    Attributes
    ----------
    when
        Whether it may.
    take
        Does it, with what was typed; returns the wish as it is then, None where it is gone.
    fields
        Draws what is to be typed; None where one click does it.
    undo
        Given the wish before and after, returns what takes the step back; either is None
        where nothing does.
    """

    when: Callable[[Case], bool]
    take: Callable[[Case], Wish | None]
    fields: Callable[[Case], None] | None = None
    undo: Callable[[Case, Wish], Callable[[], object] | None] | None = None


def show(case: Case) -> None:
    """Draw the steps that may follow, and the fields of the one that was chosen."""
    wish = case.wish
    known = {name: step for name, step in STEPS.items() if step.when(case)}
    chosen = st.session_state.get(_OPENED)
    with st.container(key="wishes-steps", horizontal=True):
        for number, (name, step) in enumerate(known.items()):
            st.button(
                t(f"wishes.step.{name}"),
                key=f"step-{name}",
                type="primary" if number == 0 and name in _FORWARD else "secondary",
                on_click=_take if step.fields is None else _open,
                args=(case, name),
            )
    if chosen is None or chosen[0] != wish.id or chosen[1] not in known:
        return
    name = chosen[1]
    with st.container(key="wishes-step", border=True):
        shell.heading(t(f"wishes.step.{name}"))
        if (draw := known[name].fields) is not None:
            draw(case)
        with st.container(horizontal=True):
            st.button(t("wishes.step_send"), key="step-send", type="primary", on_click=_take,
                      args=(case, name))  # fmt: skip
            st.button(t("wishes.step_leave"), key="step-leave", on_click=_leave, args=(case,))


def editing(wish: Wish | None) -> bool:
    """Return whether a wish is being edited: the map is where its place is chosen then."""
    return wish is not None and st.session_state.get(_OPENED) == (wish.id, "edit")


def conflict(district: District, store: Store, wish: Wish, units: Mapping[int, Unit]) -> None:
    """Say who changed the wish meanwhile, and show both where something was typed."""
    found = st.session_state.get(_CONFLICT)
    if found is None or found[0] != wish.id:
        return
    _, drawn, typed = found
    events = recording.history(store, wish.id)
    if not events:
        return
    last = wish_words.event_line(district, events[-1], units)
    st.warning(shell.escaped_markdown(t("wishes.changed_by", what=last)))
    rows = [
        (t(f"wishes.field.{name}"), wishes_fields.said(district, name, now), mine)
        for name, now in (("text", wish.text), ("kind", wish.kind), ("age", wish.age_group))
        for mine in [wishes_fields.said(district, name, typed.get(name, getattr(drawn, _OF[name])))]
        if mine != wishes_fields.said(district, name, now)
    ]
    if rows:
        columns = [t("wishes.field_name"), t("wishes.now_there"), t("wishes.yours")]
        shell.table(pd.DataFrame(rows, columns=columns))


_OF = {"text": "text", "kind": "kind", "age": "age_group"}


def _open(case: Case, name: str) -> None:
    st.session_state[_OPENED] = (case.wish.id, name)
    if name == "edit":
        wishes_fields.begin_edit(case.wish)


def _leave(case: Case) -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state.pop(_CONFLICT, None)
    case.typed.forget()


def _take(case: Case, name: str) -> None:
    """Take a step; what was typed stays where that cannot be done."""
    st.session_state.pop(_CONFLICT, None)

    def write() -> view.Said | None:
        try:
            after = STEPS[name].take(case)
        except InputError as error:
            if error.key != "wish.changed":
                raise
            typed = case.typed.all() if name == "edit" else {}
            st.session_state[_CONFLICT] = (case.wish.id, case.wish, typed)
            return None
        undo = STEPS[name].undo
        back = None if undo is None or after is None else undo(case, after)
        _leave(case)
        if after is None:
            return wishes_fields.erased(case.wish)
        return view.Said(
            t("wishes.step_done", number=case.wish.id, step=t(f"wishes.step.{name}")), back
        )

    view.act(write)


def _move(case: Case, to: State, **more: Any) -> Wish:  # noqa: ANN401 - of `flow.move`
    return flow.move(opened(), case.district.id, case.wish, to, by=view.author(), **more)


def _show_to(case: Case, wish: Wish, to: Visibility) -> Wish:
    return flow.show(opened(), case.district.id, wish, to, by=view.author())


def _claim(case: Case) -> Wish:
    unit = case.typed.number("unit")
    share = bool(case.held)
    return flow.claim(opened(), case.district.id, case.wish.id, unit, by=view.author(), share=share)


def _unclaiming(case: Case, after: Wish) -> Callable[[], Wish]:
    del after  # a claim holds however the wish is changed
    unit = case.typed.number("unit")
    return lambda: _unclaim(case, unit)


def _unclaim(case: Case, unit: int) -> Wish:
    why = t("wishes.undone_reason")
    return flow.release(
        opened(), case.district.id, case.wish.id, unit, by=view.author(), reason=why
    )


def _progress(case: Case, *, done: bool) -> Wish:
    unit, remark = case.typed.number("unit"), case.typed.text("remark")
    return flow.progress(
        opened(), case.district.id, case.wish.id, unit, remark, by=view.author(), done=done
    )


def _release(case: Case) -> Wish:
    unit, why = case.typed.number("unit"), case.typed.text("remark")
    return flow.release(
        opened(), case.district.id, case.wish.id, unit, by=view.author(), reason=why
    )


def _refuse(case: Case) -> Wish:
    reason = case.typed.text("reason")
    if reason not in set(Reason):
        raise InputError("wish.reason")
    remark = case.typed.text("remark")
    return _move(case, State.NOT_TAKEN_UP, reason=Reason(reason), remark=remark)


def _merge(case: Case) -> Wish:
    into = case.typed.number("into")
    return flow.merge(opened(), case.district.id, case.wish, into, by=view.author())


def _wait(case: Case, wish: Wish, why: str) -> Wish:
    return flow.wait(opened(), case.district.id, wish, why, by=view.author())


def _expect(case: Case) -> Wish:
    on, why = case.typed.day("on"), case.typed.text("remark")
    return flow.expect(opened(), case.district.id, case.wish, on, by=view.author(), reason=why)


def _assign(case: Case, wish: Wish, to: str, why: str) -> Wish:
    if to not in set(Level):
        raise InputError("wish.level")
    return flow.assign(opened(), case.district.id, wish, Level(to), by=view.author(), reason=why)


def _edit(case: Case, wish: Wish, values: dict[str, Any]) -> Wish:
    return recording.edit(opened(), case.district, wish, by=view.author(), **values)


def _unediting(case: Case, after: Wish) -> Callable[[], Wish] | None:
    """Return what takes an edit back; of another place nothing, as it would be masked anew."""
    if (after.lon, after.lat) != (case.wish.lon, case.wish.lat):
        return None
    return lambda: _edit(case, after, _before(case.wish))


def _erase(case: Case) -> None:
    why = case.typed.text("remark")
    wishes_fields.note_scrubbed(
        recording.erase(opened(), case.district.id, case.wish.id, by=view.author(), reason=why)
    )
    memo.forget_reports()
    state.put(view.wish(), None)


def _before(wish: Wish) -> dict[str, Any]:
    return {"text": wish.text, "kind": wish.kind, "age_group": wish.age_group}


def _may(state_: State) -> Callable[[Case], bool]:
    return lambda case: state_ in NEXT[case.wish.state]


def _open_(case: Case) -> bool:
    return case.wish.state not in SETTLED


def _held(case: Case) -> bool:
    return bool(case.held) and case.wish.state in _TAKEN


_FORWARD = frozenset({"review", "publish", "claim", "progress"})
STEPS: dict[str, Step] = {
    "review": Step(
        lambda case: case.wish.state is State.RECORDED, lambda case: _move(case, State.REVIEWED)
    ),
    "publish": Step(
        lambda case: case.wish.state is State.REVIEWED,
        lambda case: _move(case, State.PUBLISHED),
        undo=lambda case, after: lambda: _show_to(case, after, Visibility.STAFF),
    ),
    "claim": Step(
        lambda case: case.wish.state is State.PUBLISHED,
        _claim,
        wishes_fields.unit_to_claim,
        _unclaiming,
    ),
    "progress": Step(
        _held, lambda case: _progress(case, done=False), wishes_fields.unit_and_remark
    ),
    "done": Step(
        _held,
        lambda case: _progress(case, done=True),
        wishes_fields.unit_and_remark,
    ),
    "share": Step(
        _held,
        _claim,
        wishes_fields.unit_to_claim,
        _unclaiming,
    ),
    "release": Step(_held, _release, wishes_fields.unit_and_remark),
    "wait": Step(
        _open_,
        lambda case: _wait(case, case.wish, case.typed.text("remark")),
        wishes_fields.why_waiting,
        lambda case, after: lambda: _wait(case, after, case.wish.waits),
    ),
    "expect": Step(_open_, _expect, wishes_fields.date_and_reason),
    "level": Step(
        _open_,
        lambda case: _assign(case, case.wish, case.typed.text("level"), case.typed.text("remark")),
        wishes_fields.level_and_reason,
        lambda case, after: (
            lambda: _assign(case, after, case.wish.level.value, t("wishes.undone_reason"))
        ),
    ),
    "show": Step(
        lambda case: case.wish.state in SHOWABLE and case.wish.visibility is Visibility.STAFF,
        lambda case: _show_to(case, case.wish, Visibility.PUBLIC),
        undo=lambda case, after: lambda: _show_to(case, after, Visibility.STAFF),
    ),
    "hide": Step(
        lambda case: case.wish.visibility is Visibility.PUBLIC,
        lambda case: _show_to(case, case.wish, Visibility.STAFF),
        undo=lambda case, after: lambda: _show_to(case, after, Visibility.PUBLIC),
    ),
    "refuse": Step(_may(State.NOT_TAKEN_UP), _refuse, wishes_fields.reason_and_remark),
    "merge": Step(_may(State.NOT_TAKEN_UP), _merge, wishes_fields.into),
    "reopen": Step(
        lambda case: case.wish.state in SETTLED,
        lambda case: _move(case, State.REVIEWED, remark=case.typed.text("remark")),
        wishes_fields.why,
    ),
    "edit": Step(
        lambda _: True,
        lambda case: _edit(case, case.wish, case.typed.edited()),
        wishes_fields.edited,
        _unediting,
    ),
    "erase": Step(lambda _: True, _erase, wishes_fields.why_erased),
}
"""By name, in the order of the buttons."""
