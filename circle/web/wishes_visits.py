"""Five-ones 五个一: what shops and firms need, asked on visits; a click makes it a wish."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.store import opened, zone
from circle.web import downloads, draft, shell, state, wishes_list
from circle.web import wishes_state as view
from circle.wishes import answers
from circle.wishes.nouns import OTHER_KIND, Visited
from circle.wishes.tables import LONGEST_REMARK, LONGEST_TEXT
from circle.words import wish_words, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District
    from circle.wishes.nouns import Visit

FORM = "visit"
_DAY, _ABOUT = "visit:on", "visit:about"
_FIELDS: draft.Fields = {
    "kind": state.choice("kind", tuple(each.value for each in Visited), ""),
    "need": draft.text("need"),
    "follow_up": draft.text("follow_up"),
}


def show(district: District) -> None:
    """Draw the part of the page."""
    visits = answers.visits(opened(), district.id)
    shell.answer(wording.marked(_sentence(visits)))
    left, right = st.columns([3, 2], gap="large")
    with left:  # before what stands below it on a phone, which would jump
        _list(district, visits)
    with right:
        if view.may_act():
            _form(district)
        else:
            shell.notes([t("wishes.read_only")])


def _sentence(visits: Sequence[Visit]) -> str:
    if not visits:
        return t("wishes.visits_none")
    made = sum(visit.wish is not None for visit in visits)
    return t("wishes.visits", n=len(visits), wishes=made)


def _form(district: District) -> None:
    shell.heading(t("wishes.visit_record"))
    st.pills(
        t("wishes.visited_label"), [each.value for each in Visited],
        format_func=lambda name: t(f"wishes.visited.{name}"), key=draft.key(FORM, "kind"),
    )  # fmt: skip
    st.text_area(
        t("wishes.need"), key=draft.key(FORM, "need"), max_chars=LONGEST_TEXT, height=100,
        placeholder=t("wishes.need_hint"),
    )  # fmt: skip
    st.text_area(
        t("wishes.follow_up"), key=draft.key(FORM, "follow_up"), max_chars=LONGEST_REMARK, height=80
    )
    today = datetime.now(zone(district)).date()
    st.date_input(t("wishes.visited_on"), today, max_value=today, format="YYYY-MM-DD", key=_DAY)
    st.selectbox(
        t("wishes.visit_about"),
        (*district.kinds, OTHER_KIND),
        index=None,
        format_func=lambda kind: wish_words.kind_name(district, kind),
        placeholder=t("wishes.visit_no_wish"),
        key=_ABOUT,
    )
    st.button(
        t("wishes.visit_send"), key="visit:send", type="primary", on_click=_send, args=(district,)
    )
    draft.keep(FORM, _FIELDS)


def _send(district: District) -> None:
    def write() -> view.Said:
        kind = draft.value(FORM, _FIELDS["kind"])
        if kind not in set(Visited):
            raise InputError("wish.visited")
        visit = answers.add_visit(
            opened(),
            district,
            Visited(kind),
            need=draft.value(FORM, _FIELDS["need"]),
            follow_up=draft.value(FORM, _FIELDS["follow_up"]),
            on=st.session_state.get(_DAY) or datetime.now(zone(district)).date(),
            about=st.session_state.get(_ABOUT) or "",
            by=view.author(),
            submission=draft.submission(FORM),
        )
        draft.sent(FORM, _FIELDS)
        st.session_state[_ABOUT] = None
        key = "wishes.visit_done" if visit.wish is None else "wishes.visit_wish"
        return view.Said(t(key, number=visit.wish))

    view.act(write)


def _list(district: District, visits: Sequence[Visit]) -> None:
    shell.heading(t("wishes.visits_list"))
    if not visits:
        shell.notes([t("wishes.visits_begin")])
        return
    skip = ((state.value(view.page()) or 1) - 1) * view.PAGE
    for visit in visits[skip : skip + view.PAGE]:
        _visit(district, visit)
    wishes_list.pager(len(visits))
    downloads.files(_table(visits), file=t("wishes.visits_file"))


def _visit(district: District, visit: Visit) -> None:
    with st.container(key=f"visit-{visit.id}"):
        sub = [
            t("wishes.number", number=visit.id),
            t(f"wishes.visited.{visit.kind.value}"),
            visit.on.isoformat(),
        ]
        made = "" if visit.wish is None else t("wishes.is_wish", number=visit.wish)
        shell.rows([shell.Row(visit.need, " · ".join(sub), made, more=visit.follow_up)])
        with st.container(horizontal=True):
            if visit.wish is not None:
                st.button(t("wishes.open", number=visit.wish), key=f"visit-open-{visit.id}",
                          on_click=_open, args=(visit.wish,))  # fmt: skip
            elif view.may_act():
                st.button(t("wishes.make_wish"), key=f"visit-wish-{visit.id}", on_click=_make,
                          args=(district, visit))  # fmt: skip
            if view.may_act():
                view.erasing(
                    f"visit-{visit.id}",
                    lambda why: answers.erase_visit(
                        opened(), district.id, visit.id, by=view.author(), reason=why
                    ),
                )


def _make(district: District, visit: Visit) -> None:
    def write() -> view.Said:
        wish = answers.make_wish(opened(), district, visit.id, by=view.author())
        return view.Said(t("wishes.visit_wish", number=wish.id))

    view.act(write)


def _open(wish: int) -> None:
    state.put(view.part(), "wishes")
    state.put(view.wish(), wish)


def _table(visits: Sequence[Visit]) -> pd.DataFrame:
    rows = [
        (visit.id, visit.on.isoformat(), t(f"wishes.visited.{visit.kind.value}"), visit.need,
         visit.follow_up, visit.wish)
        for visit in visits
    ]  # fmt: skip
    names = ("number", "on", "visited", "need", "follow_up", "wish")
    return pd.DataFrame(rows, columns=[t(f"wishes.col_{name}") for name in names])
