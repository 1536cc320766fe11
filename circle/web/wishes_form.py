"""Recording a wish: the text first, then what and where; what the public would see below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.store import opened
from circle.web import draft, search_box, shell, state
from circle.web import wishes_state as view
from circle.wishes import recording
from circle.wishes.masking import DEPTH
from circle.wishes.nouns import ANY_AGE, OTHER_KIND
from circle.wishes.tables import LONGEST_TEXT
from circle.words import wish_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.model import District
    from circle.wishes.recording import Preview

FORM = "wish"
_SPOT = state.Param[Any]("spot", state.lonlat, state.write_lonlat, None)
_PROBLEMS = "wishes:problems"
_SEARCH = "search:wish"


def _fields(district: District) -> draft.Fields:
    age = state.choice("age", wish_words.AGE_CHOICES, wish_words.NO_AGE)
    return {
        "text": draft.text("text"),
        "kind": state.choice("kind", (*district.kinds, OTHER_KIND), ""),
        "age": age,
        "spot": _SPOT,
    }


def spot() -> tuple[float, float] | None:
    """Return the place that was chosen for the wish; None for none."""
    held: tuple[float, float] | None = draft.value(FORM, _SPOT)
    return held


def put_spot(district: District, at_: tuple[float, float] | None) -> None:
    """Choose a place for the wish; one outside the district is refused."""
    try:
        recording.preview(district, "", at_)
    except InputError as error:
        st.session_state[_PROBLEMS] = {"spot": error}
        return
    st.session_state.pop(_PROBLEMS, None)
    held = None if at_ is None else (round(at_[0], 6), round(at_[1], 6))
    st.session_state[draft.key(FORM, "spot")] = held


def search(district: District) -> None:
    """Draw the search for an address above the map."""
    search_box.for_spot(district, _SEARCH, put_spot)


def show(district: District) -> None:
    """Draw the form."""
    fields = _fields(district)
    problems: dict[str, InputError] = st.session_state.pop(_PROBLEMS, {})
    with st.container(key="wishes-form"):
        shell.heading(t("wishes.record"))
        text = st.text_area(
            t("wishes.form_text"),
            key=draft.key(FORM, "text"),
            max_chars=LONGEST_TEXT,
            height=112,
            placeholder=t("wishes.form_hint"),
        )
        seen = recording.preview(district, text or "", spot())
        _refusals(seen, problems.get("text"))
        _choice(district, problems.get("kind"))
        _place(district, problems.get("spot"))
        _age()
        st.button(
            t("wishes.form_send"),
            key="wishes:send",
            type="primary",
            width="stretch",
            on_click=_record,
            args=(district,),
        )
        _preview(district, seen)
        st.button(t("wishes.form_close"), key="wishes:close", on_click=state.put,
                  args=(view.new(), False))  # fmt: skip
        shell.notes([t("wishes.draft_kept")])
        draft.keep(FORM, fields)


def _refusals(seen: Preview, problem: InputError | None) -> None:
    """Say below the text what keeps it from being recorded."""
    with st.container(key="wishes-refused"):
        for piece in seen.private:
            why = t(f"wishes.private.{piece.what}")
            st.error(shell.escaped_markdown(t("wishes.refused", piece=piece.text, why=why)))
        if problem is not None and not seen.private:
            st.error(shell.escaped_markdown(problem.message()))


def _choice(district: District, problem: InputError | None) -> None:
    st.pills(
        t("wishes.fact.about"),
        (*district.kinds, OTHER_KIND),
        format_func=lambda kind: wish_words.kind_name(district, kind),
        key=draft.key(FORM, "kind"),
    )
    if problem is not None:
        st.error(shell.escaped_markdown(problem.message()))


def _place(district: District, problem: InputError | None) -> None:
    chosen = spot()
    with st.container(key="wishes-place", gap="small"):
        lines = [t("wishes.form_place")]
        if chosen is None:
            lines.append(t("wishes.form_everywhere"))
        else:
            lines.append(t("wishes.form_spot", area=_area(district, chosen)))
        shell.labelled(lines)
        if problem is not None:
            st.error(shell.escaped_markdown(problem.message()))
        if chosen is not None:
            st.button(
                t("wishes.form_no_place"),
                key="wishes:no-place",
                on_click=put_spot,
                args=(district, None),
            )


def _area(district: District, chosen: tuple[float, float]) -> str:
    area = recording.preview(district, "", chosen).area
    return wish_words.area_name(district, area) or str(district.name)


def _age() -> None:
    st.pills(
        t("wishes.fact.age"),
        wish_words.AGE_CHOICES,
        format_func=wish_words.age_choice_name,
        key=draft.key(FORM, "age"),
    )


def _preview(district: District, seen: Preview) -> None:
    """Draw what the public would see, once the wish is published."""
    kind = st.session_state.get(draft.key(FORM, "kind"))
    about = wish_words.kind_name(district, kind) if kind else ""
    area = wish_words.area_name(district, seen.area)
    parts = _told((about, area, t("wishes.preview_age")))
    shell.preview(
        t("wishes.preview"),
        seen.text or t("wishes.preview_none"),
        [parts, t("wishes.preview_place", n=DEPTH) if spot() else t("wishes.preview_no_place")],
    )


def _told(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _record(district: District) -> None:
    """Write the wish down; what was typed stays where that cannot be done."""
    fields = _fields(district)
    values = {name: draft.value(FORM, field) for name, field in fields.items()}

    def write() -> view.Said | None:
        try:
            return _written(district, fields, values)
        except InputError as error:
            if (field := _FIELD.get(error.key)) is None:
                raise
            st.session_state[_PROBLEMS] = {field: error}
            return None

    view.act(write)


_FIELD = {
    "wish.text": "text",
    "wish.private": "text",
    "wish.no_kind": "kind",
    "wish.outside": "spot",
}
"""The field that each refusal is about."""


def _written(district: District, fields: draft.Fields, values: dict[str, Any]) -> view.Said:
    if not values["kind"]:
        raise InputError("wish.no_kind")
    wish = recording.add(
        opened(),
        district,
        text=values["text"],
        kind=values["kind"],
        at=values["spot"],
        age_group=ANY_AGE if values["age"] == wish_words.NO_AGE else values["age"],
        by=view.author(),
        submission=draft.submission(FORM),
    )
    draft.sent(FORM, fields)
    st.session_state[_SEARCH] = ""
    return view.Said(t("wishes.recorded", number=wish.id))
