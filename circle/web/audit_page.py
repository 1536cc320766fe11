"""The page Audit: who did what when, for stewards; whether it is as it was written, first."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.store import audit, opened, read_day, zone
from circle.store.audit_watch import Watch
from circle.web import controls, downloads, memo, shell, sign_in, state
from circle.words import audit_tables

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import pandas as pd

    from circle.store import Store
    from circle.store.audit_watch import Checked

ROWS = 100
"""So many entries stand on a page."""
_MOST_FAULTS = 20
_LONGEST_PAGE = 7


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    shell.header(district.name, t("audit.subtitle"), "")
    store, local = opened(), zone(district)
    with st.container(key="plain-page"):
        anew = bool(st.session_state.get(_ANEW))
        with st.spinner(t("audit.checking"), show_time=False):
            checked = _watch(store.address).look(store, datetime.now(UTC), anew=anew)
        shell.answer(shell.escape(sentence(checked, local)))
        if checked.head is None:
            shell.notes([t("audit.empty")])
            return
        _state(checked)
        _list(store, local)


def sentence(checked: Checked, local: ZoneInfo) -> str:
    """Return in a sentence whether the audit is as it was written."""
    if checked.head is None and not checked.faults:
        return t("audit.none")
    count = f"{checked.head.number if checked.head else 0:,}"
    if checked.faults:
        first = checked.faults[0].number
        return t("audit.broken", n=count, faults=f"{len(checked.faults):,}", first=first)
    at = checked.whole.astimezone(local).strftime("%Y-%m-%d %H:%M")
    return t("audit.whole", n=count, time=at)


_ANEW = "audit:anew"


def _state(checked: Checked) -> None:
    """Draw where the chain is broken, its head, and the button that checks all of it."""
    for fault in checked.faults[:_MOST_FAULTS]:
        st.error(t(f"audit.fault.{fault.key}", number=fault.number))
    shell.notes([t("audit.head", head=checked.head)])
    st.button(t("audit.check"), key=_ANEW)


@st.cache_resource(max_entries=4, show_spinner=False)
def _watch(address: str) -> Watch:  # noqa: ARG001 - of each store its own
    return Watch()


def _list(store: Store, local: ZoneInfo) -> None:
    """Draw the choice of entries and those chosen, newest first."""
    shell.heading(t("audit.entries"))
    chosen = _chosen(store, local)
    count = audit.count(store, chosen)
    if not count:
        shell.notes([t("audit.none_chosen")])
        return
    pages = -(-count // ROWS)
    param = state.Param("entries", _page, str, 1)
    page = min(state.value(param), pages)
    rows = audit.page(store, chosen, skipped=(page - 1) * ROWS, most=ROWS)
    st.dataframe(audit_tables.entries(rows, local), hide_index=True, width="stretch")
    _turning(param, page, pages, count)
    downloads.files_later(_saved(store, chosen, local), file=t("audit.file"))


def _chosen(store: Store, local: ZoneInfo) -> audit.Chosen:
    """Draw who, what and which day is asked for; return it."""
    names = ("", *(name for name in audit.authors(store) if name))
    who, act, on = st.columns(3)
    with who:
        by = controls.select(
            t("audit.by"), names, state.choice("who", names), lambda name: name or t("audit.all")
        )
    actions = ("", *(action.value for action in audit.Action))
    with act:
        action = controls.select(t("audit.act"), actions, state.choice("act", actions), _action)
    day = state.Param[date | None]("day", read_day, _written, None)
    with on:
        st.date_input(t("audit.day"), format="YYYY-MM-DD", **state.tied(day))
    since = until = None
    if (asked := state.value(day)) is not None:
        begin = datetime.combine(asked, time(), tzinfo=local)
        since = begin.astimezone(UTC) - timedelta(microseconds=1)
        until = datetime.combine(asked + timedelta(days=1), time(), tzinfo=local).astimezone(UTC)
    return audit.Chosen(action=action, by=by, since=since, until=until)


def _turning(param: state.Param[int], page: int, pages: int, count: int) -> None:
    """Draw how many entries there are, and the way to newer and older ones."""
    shell.notes([t("audit.pages", page=page, pages=f"{pages:,}", n=f"{count:,}")])
    if pages == 1:
        return
    with st.container(horizontal=True):
        for key, to in (("newer", page - 1), ("older", page + 1)):
            inside = 1 <= to <= pages
            st.button(
                t(f"audit.{key}"),
                key=f"audit:{key}",
                disabled=not inside,
                on_click=state.put,
                args=(param, to),
            )


def _saved(store: Store, chosen: audit.Chosen, local: ZoneInfo) -> downloads.MakesTable:
    """Return what makes the table of all entries chosen, and writes that it was saved."""
    by = sign_in.visitor().name or sign_in.local_name()

    def make() -> pd.DataFrame:
        table = audit_tables.entries(audit.page(store, chosen), local)
        told = {"entries": len(table)}
        audit.note(store, audit.Action.EXPORT, by=by, subject="audit", content=told)
        return table

    return make


def _action(name: str) -> str:
    return t(f"audit.action.{name}") if name else t("audit.all")


def _page(raw: str) -> int:
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= _LONGEST_PAGE and int(raw)):
        raise ValueError(raw)
    return int(raw)


def _written(day: date | None) -> str:
    return "" if day is None else day.isoformat()
