"""Streets mended by hand on the Data page: where, what, by whom; added and taken back."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import CircleError, InputError
from circle.i18n import t
from circle.load import street_edits
from circle.load.street_edits import LONGEST_NAME, MOST_STEPS, Wanted
from circle.maps import layers, legend
from circle.network.edits import Act
from circle.store import noted
from circle.web import controls, data_change, data_map, downloads, job_view, memo, shell, state
from circle.web.map_view import show_map
from circle.words import edit_tables, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from circle.load.versions import Made
    from circle.maps.drawing import Layer
    from circle.model import District
    from circle.web.jobs import Progress, Stop
    from circle.web.map_view import Click

_PUT = "edits:put"
_ACTS = (Act.LINK, Act.GATE_SHUT, Act.GATE, Act.STEPS)
Place = tuple[float, float] | None


def show(district: District) -> None:
    """Draw the edits there are on the map and as a list, and the form for another."""
    shell.heading(t("edits.title"))
    shell.notes([t("edits.note")])
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_map(district, _layers(district), key="edits", on_click=_take_click)
    with right:
        if data_change.allowed("edit"):
            _changing(district)
        _list(district)
    if len(district.street_edits):
        downloads.files(edit_tables.edits(district.street_edits), file=t("edits.file"))


def at() -> state.Param[Place]:
    """Return the place of the edit that is being made, degrees; None for none."""
    return state.Param("at1", state.lonlat, state.write_lonlat, None)


def to() -> state.Param[Place]:
    """Return the other end of a link, degrees; None for none."""
    return state.Param("at2", state.lonlat, state.write_lonlat, None)


def _act() -> state.Param[str]:
    return state.choice("act", [act.value for act in _ACTS])


def _layers(district: District) -> Iterator[Layer]:
    shown = memo.drawn(district, "data_edits", None, lambda: data_map.edits(district))
    yield layers.spots(shown.signs, selected=state.value(data_map.row()))
    ends = [state.value(at()), state.value(to()) if _is_link() else None]
    for letter, end in zip("AB", ends, strict=True):
        if end is not None:
            yield layers.lettered(*end, letter)
    rows = [legend.spots_row(key, text, letter) for key, text, letter in shown.legend]
    if rows:
        yield legend.layer(rows)


def _is_link() -> bool:
    return state.value(_act()) == Act.LINK.value


def _take_click(_: District, click: Click) -> None:
    """Mark an edit that was clicked; else take the point: of a link first one end, then the other.

    A third click begins anew.
    """
    if click.layer == "spot":
        state.toggle(data_map.row(), click.id)
        return
    point = (round(click.lon, 6), round(click.lat, 6))
    if _is_link() and state.value(at()) is not None and state.value(to()) is None:
        state.put(to(), point)
        return
    state.put(at(), point)
    state.put(to(), None)


def _changing(district: District) -> None:
    if job_view.running(_PUT):
        job_view.made(_PUT)
        return
    if (message := job_view.made(_PUT)) is not None:
        job_view.stop(_PUT)
        state.put(at(), None)
        state.put(to(), None)
        data_change.done(str(message))
        st.rerun()
    _form()
    _undoing(district)


def _form() -> None:
    names = tuple(act.value for act in _ACTS)
    act = Act(controls.chips(t("edits.act_label"), names, _act(), lambda n: t(f"edits.act.{n}")))
    shell.notes([t(f"edits.hint.{act.value}")])
    begin = _place(t("edits.from" if act is Act.LINK else "edits.at"), at())
    finish = _place(t("edits.to"), to()) if act is Act.LINK else None
    with st.form(f"edits:{act.value}"):
        hours = steps = name = ""
        if act is Act.GATE:
            hours = st.text_input(t("edits.hours"), placeholder="Mo-Su 06:00-22:00")
        if act in {Act.STEPS, Act.LINK}:
            steps = st.text_input(t("edits.steps"), max_chars=5)
        if act in {Act.LINK, Act.GATE, Act.GATE_SHUT}:
            name = st.text_input(t("edits.name"), max_chars=LONGEST_NAME)
        by, reason = data_change.who_and_why("edits", t("edits.reason_hint"))
        sent = st.form_submit_button(t("edits.put"), type="primary")
    if not sent:
        return
    with _said():
        if begin is None:
            raise InputError("edit.no_place")
        wanted = Wanted(act, begin, finish, _steps(steps), hours, name)
        made = data_change.made("edit", by, reason)
        _start(made, lambda folder: _added(folder, wanted, made))


def _place(label: str, param: state.Param[Place]) -> Place:
    """Draw a place that is clicked on the map or typed as longitude and latitude."""
    key = f"edits:{param.name}"
    state.hold(key, param.format(state.value(param)))
    st.text_input(
        label,
        key=key,
        placeholder="121.44,31.21",
        max_chars=40,
        on_change=_typed,
        args=(param, key),
    )
    return state.value(param)


def _typed(param: state.Param[Place], key: str) -> None:
    raw = str(st.session_state.get(key, "")).replace("，", ",").strip()
    state.put(param, param.read(raw))


def _steps(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not number.is_integer():
        raise InputError("edit.steps", most=MOST_STEPS)
    return int(number)


def _added(folder: Path, wanted: Wanted, made: Made) -> str:
    name = street_edits.add(folder, wanted, made)
    return t("edits.added", act=t(f"edits.act.{wanted.act.value}"), id=name)


def _undoing(district: District) -> None:
    chosen = state.value(data_map.row())
    if not district.street_edits["id"].astype(str).eq(chosen).any():
        return
    with st.form("edits:undo"):
        shell.notes([t("edits.undo_note", id=chosen)])
        by, reason = data_change.who_and_why("edits:undo")
        sent = st.form_submit_button(t("edits.undo"))
    if not sent:
        return
    with _said():
        made = data_change.made("edit", by, reason)

        def undone(folder: Path) -> str:
            street_edits.undo(folder, chosen, made)
            return t("edits.undone", id=chosen)

        _start(made, undone)


@contextmanager
def _said() -> Iterator[None]:
    """Draw an error that is met, instead of breaking off."""
    try:
        yield
    except CircleError as error:
        st.error(shell.escaped_markdown(error.message()))


def _start(made: Made, change: Callable[[Path], str]) -> None:
    here, district_id = data_change.folder(), memo.as_built().id

    def make(_: Path, progress: Progress, __: Stop) -> str:
        progress("writing", 0.5)
        with noted(made, district_id):
            return change(here)

    job_view.start(_PUT, make)
    st.rerun()


def _list(district: District) -> None:
    table = district.street_edits
    if table.empty:
        shell.notes([t("edits.none")])
        return
    chosen = state.value(data_map.row())
    for each in table.to_dict("records"):
        name, sub = edit_tables.told(each)
        identity = str(each["id"])
        shell.pick_row(
            shell.Row(name, sub, "", chosen=identity == chosen),
            t("data_map.choose", name=wording.inline(name)),
            key=f"edit-{identity}",
            on_click=state.toggle,
            args=(data_map.row(), identity),
        )
