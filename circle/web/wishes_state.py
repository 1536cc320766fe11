"""What the page of wishes keeps: in the address what is looked at, in the session what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from circle.errors import InputError, StoreError
from circle.i18n import t
from circle.web import shell, sign_in, state
from circle.web.language import choose_language
from circle.wishes.browsing import Order
from circle.wishes.nouns import OTHER_KIND, Level, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from circle.model import District

PAGE = 20
"""So many wishes stand on a page of the list."""
PARTS = ("wishes", "opinions", "visits", "units")
ALL = "*"
"""Stands for no choice: chips know no empty one."""
WAITS = (ALL, "7", "30", "90")
NOT_TOLD = "-"
"""Stands in the address for wishes whose kind the public is not told."""
AUTHOR = "wishes:by"
_TYPED, _NO_FIELD = ("step:", "draft:", "opinion:", "visit:", "unit:"), (":frame", ":send")
_SAID, _PROBLEM = "wishes:said", "wishes:problem"
_MOST_NUMBER, _MOST_AMONG = 2**31 - 1, 20


class Said(NamedTuple):
    """What was done, and what takes it back."""

    text: str
    undo: Callable[[], object] | None = None


def part() -> state.Param[str]:
    """Return which part of the page staff look at."""
    return state.choice("part", PARTS)


def wish() -> state.Param[int | None]:
    """Return the number of the wish that is opened; None for none."""
    return state.Param("wish", _number, _write, None)


def among() -> state.Param[tuple[int, ...]]:
    """Return the wishes that were chosen on the map; none for all."""
    return state.Param("among", _numbers, lambda given: state.join(map(str, given)), ())


def page() -> state.Param[int | None]:
    """Return which page of the list is shown; None for the first."""
    return state.Param("page", _number, _write, None)


def new() -> state.Param[bool]:
    """Return whether a wish is being recorded."""
    return state.Param("new", state.flag, state.write_flag, default=False)


def stage(*, public: bool) -> state.Param[str]:
    """Return the state that wishes are listed of; `ALL` for all.

    The public chooses by chips and staff from a list: two widgets, so two names.
    """
    name = "how" if public else "state"
    return state.choice(name, (ALL, *(each.value for each in State)))


def about(district: District, *, public: bool) -> state.Param[str]:
    """Return the kind that wishes are listed of; `ALL` for all."""
    name, more = ("told", (NOT_TOLD,)) if public else ("about", ())
    return state.choice(name, (ALL, *district.kinds, OTHER_KIND, *more))


def area(district: District) -> state.Param[str]:
    """Return the area that wishes are listed of; `ALL` for all."""
    return state.choice("in", (ALL, *(each.id for each in district.areas)))


def level() -> state.Param[str]:
    """Return the level that wishes are listed of; `ALL` for all."""
    return state.choice("level", (ALL, *(each.value for each in Level)))


def unit(numbers: Iterable[int | str]) -> state.Param[str]:
    """Return the unit whose wishes are listed; `ALL` for all."""
    return state.choice("unit", (ALL, *map(str, numbers)))


def waits() -> state.Param[str]:
    """Return for how many days wishes wait that are listed; `ALL` for all."""
    return state.choice("waits", WAITS)


def order() -> state.Param[str]:
    """Return which wishes stand first."""
    return state.choice("order", tuple(each.value for each in Order))


def address_of(numbers: tuple[int, ...]) -> dict[str, str]:
    """Return what the page's address holds to show one wish, or a list of some, whatever it was."""
    plain = dict.fromkeys(("state", "about", "in", "level", "unit", "waits"), ALL)
    shown = {"part": PARTS[0], "new": state.write_flag(on=False), "page": "1"}
    if len(numbers) == 1:
        return shown | {wish().name: _write(numbers[0])}
    return shown | plain | {among().name: among().format(numbers), wish().name: ""}


def facility(district: District) -> state.Param[str]:
    """Return the facility whose opinions are looked at; empty for none."""
    return state.choice("facility", ("", *district.facilities["id"].astype(str)))


def chosen(param: state.Param[str]) -> str:
    """Return what was chosen; "" for all."""
    held = state.value(param)
    return "" if held == ALL else held


def look_at(param: state.Param[Any], value: object) -> None:
    """Look at something else, from its first page on."""
    state.put(param, value)
    state.put(page(), None)


def author() -> str:
    """Return who does this: the name that they signed in by, else the one that is typed."""
    return sign_in.visitor().name or str(st.session_state.get(AUTHOR, ""))


def author_field() -> None:
    """Ask for a name where nobody is signed in."""
    if not sign_in.visitor().name:
        held = st.session_state.get(AUTHOR, "")
        st.session_state[AUTHOR] = held  # it outlives the parts of the page that do not draw it
        st.text_input(t("wishes.by"), key=AUTHOR, max_chars=80, placeholder=t("wishes.by_hint"))


def may_act() -> bool:
    """Return whether the visitor may record wishes and take them further."""
    return sign_in.visitor().may("wish")


def act(write: Callable[[], Said | None]) -> bool:
    """Do something that was asked for, and keep what is to be said of it; tell whether it was done.

    It is called by a button, before the page is drawn anew. Whether the visitor may is asked
    again: the page that the button stands on may be an old one.
    """
    choose_language()
    for key in (_SAID, _PROBLEM):
        st.session_state.pop(key, None)
    if not may_act():
        st.session_state[_PROBLEM] = t("wishes.read_only")
        return False
    try:
        st.session_state[_SAID] = write()
    except (InputError, StoreError) as error:
        st.session_state[_PROBLEM] = error.message()
        return False
    return True


def tell() -> None:
    """Say what was done, with what takes it back, or why it was not; once."""
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(shell.escaped_markdown(problem))
    said: Said | None = st.session_state.pop(_SAID, None)
    if said is None:
        return
    with st.container(key="wishes-said"):
        st.success(shell.escaped_markdown(said.text))
        if said.undo is not None:
            st.button(
                t("wishes.undo"),
                key="wishes:undo",
                icon=":material/undo:",
                on_click=_take_back,
                args=(said.undo,),
            )


def hold() -> None:
    """Keep what was typed where the fields are not drawn, since the store cannot be read."""
    for key in [str(each) for each in st.session_state]:
        if key.startswith(_TYPED) and not key.endswith(_NO_FIELD):
            st.session_state[key] = st.session_state[key]


def refuse(problem: str) -> None:
    """Keep why something was not done, to be told on the page."""
    st.session_state[_PROBLEM] = problem


def erasing(name: str, erase: Callable[[str], bool]) -> None:
    """Draw how a record is deleted on request: with a reason, and what that means."""
    with st.popover(t("wishes.step.erase"), key=f"erase-{name}"):
        st.warning(t("wishes.erase_meaning"))
        st.text_input(t("wishes.label.why"), key=f"erase-why:{name}")
        st.button(
            t("wishes.step.erase"), key=f"erase-send:{name}", on_click=_erase, args=(name, erase)
        )


def _erase(name: str, erase: Callable[[str], bool]) -> None:
    def write() -> Said:
        whole = erase(str(st.session_state.get(f"erase-why:{name}", "")))
        return Said(t("wishes.record_erased" if whole else "wishes.record_erased_log"))

    act(write)


def _take_back(undo: Callable[[], object]) -> None:
    def write() -> Said:
        undo()
        return Said(t("wishes.undone"))

    act(write)


def _number(raw: str) -> int | None:
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= len(str(_MOST_NUMBER))):
        raise ValueError(raw)
    if not 0 < int(raw) <= _MOST_NUMBER:
        raise ValueError(raw)
    return int(raw)


def _write(number: int | None) -> str:
    return "" if number is None else str(number)


def _numbers(raw: str) -> tuple[int, ...]:
    parts = raw.split(",")
    if len(parts) > _MOST_AMONG:
        raise ValueError(raw)
    numbers = (_number(part) for part in parts)
    return tuple(sorted({number for number in numbers if number is not None}))
