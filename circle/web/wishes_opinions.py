"""Opinions of facilities: the average for all, from five ratings up; remarks for staff alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from circle.i18n import t
from circle.store import opened, zone
from circle.web import controls, downloads, draft, shell
from circle.web import wishes_state as view
from circle.wishes import answers
from circle.wishes.nouns import LEAST_SHOWN
from circle.wishes.tables import LONGEST_REMARK
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Opinion, Rated

FORM = "opinion"
STARS = (1, 2, 3, 4, 5)
_FIELDS: draft.Fields = {"remark": draft.text("remark")}


def rated(district: District, store: Store) -> None:
    """Draw the facilities that at least five people rated, the best first."""
    told = [each for each in answers.rated(store, district.id).values() if each.count is not None]
    if not told:
        return
    names = _names(district)
    shell.heading(t("wishes.rated"))
    shell.rows(
        [
            shell.Row(names[each.facility], t("wishes.ratings", n=each.count), _average(each))
            for each in sorted(told, key=lambda each: -(each.average or 0))
            if each.facility in names
        ]
    )
    shell.notes([t("wishes.rated_note", n=LEAST_SHOWN)])


def show(district: District) -> None:
    """Draw the part of the page for staff."""
    store = opened()
    told = answers.rated(store, district.id)
    shell.answer(wording.marked(_sentence(told)))
    left, right = st.columns([3, 2], gap="large")
    names = _names(district)
    with left:  # before what stands below it on a phone, which would jump
        _list(district, told)
    with right:
        facility = controls.select(
            t("wishes.facility"),
            ("", *names),
            view.facility(district),
            lambda name: names[name] if name else t("wishes.choose"),
        )
        if view.may_act():
            _form(district, facility)
        else:
            shell.notes([t("wishes.read_only")])
    with left:
        if facility:
            _remarks(district, store, facility)


def _sentence(told: Mapping[str, Rated]) -> str:
    shown = sum(each.count is not None for each in told.values())
    return t("wishes.opinions_none") if not told else t(
        "wishes.opinions", rated=len(told), shown=shown, n=LEAST_SHOWN
    )  # fmt: skip


def _names(district: District) -> dict[str, str]:
    rows = district.facilities.to_dict("records")
    return {str(row["id"]): wording.name_of({str(k): v for k, v in row.items()}) for row in rows}


def _average(told: Rated) -> str:
    return t("wishes.too_few") if told.average is None else t(
        "wishes.average", average=f"{told.average:.1f}"
    )  # fmt: skip


def _list(district: District, told: Mapping[str, Rated]) -> None:
    shell.heading(t("wishes.rated"))
    names = _names(district)
    known = [each for each in told.values() if each.facility in names]
    if not known:
        shell.notes([t("wishes.opinions_begin")])
        return
    rows = [
        (names[each.facility], str(each.count or t("unit.dash")), _average(each))
        for each in sorted(known, key=lambda each: names[each.facility])
    ]
    columns = [t("wishes.facility"), t("wishes.col_count"), t("wishes.col_average")]
    table = pd.DataFrame(rows, columns=columns)
    shell.table(table)
    downloads.files(table, file=t("wishes.opinions_file"))
    shell.notes([t("wishes.rated_note", n=LEAST_SHOWN)])


def _form(district: District, facility: str) -> None:
    shell.heading(t("wishes.rate"))
    today = datetime.now(zone(district)).date()
    st.segmented_control(t("wishes.rating"), STARS, key="opinion:rating")
    st.text_area(
        t("wishes.label.remark_staff"),
        key=draft.key(FORM, "remark"),
        max_chars=LONGEST_REMARK,
        height=80,
    )
    on = st.date_input(t("wishes.on"), today, max_value=today, format="YYYY-MM-DD",
                       key="opinion:on")  # fmt: skip
    st.button(
        t("wishes.rate_send"), key="opinion:send", type="primary", on_click=_send,
        args=(district, facility, on),
    )  # fmt: skip
    draft.keep(FORM, _FIELDS)


def _send(district: District, facility: str, on: date) -> None:
    def write() -> view.Said:
        day = st.session_state.get("opinion:on") or on
        answers.rate(
            opened(),
            district,
            facility,
            st.session_state.get("opinion:rating") or 0,
            remark=draft.value(FORM, _FIELDS["remark"]),
            on=day,
            by=view.author(),
            submission=draft.submission(FORM),
        )
        draft.sent(FORM, _FIELDS)
        st.session_state["opinion:rating"] = None
        return view.Said(t("wishes.rate_done"))

    view.act(write)


def _remarks(district: District, store: Store, facility: str) -> None:
    shell.heading(t("wishes.remarks"))
    given = answers.opinions(store, district.id, facility)
    if not given:
        shell.notes([t("wishes.remarks_none")])
    for opinion in given[: view.PAGE]:
        _remark(district, opinion)


def _remark(district: District, opinion: Opinion) -> None:
    with st.container(key=f"opinion-{opinion.id}"):
        stars = t("wishes.average", average=opinion.rating)
        sub = f"{t('wishes.number', number=opinion.id)} · {opinion.on.isoformat()}"
        shell.rows([shell.Row(opinion.remark or t("wishes.no_remark"), sub, stars)])
        if view.may_act():
            view.erasing(
                f"opinion-{opinion.id}",
                lambda why: answers.erase_opinion(
                    opened(), district.id, opinion.id, by=view.author(), reason=why
                ),
            )
