"""The page Levels 网格 → 片区 → 街道: where matters are settled, how long others wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.i18n.rounding import percent
from circle.store import opened
from circle.web import downloads, memo, shell
from circle.wishes import answers, flow, levels, recording
from circle.wishes.nouns import SETTLED
from circle.words import wish_tables, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle.model import District
    from circle.store import Store
    from circle.wishes.nouns import Wish

MOST = 50
"""So many of what waits longest, and of what was handed on last, are shown."""


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    shell.header(district.name, t("levels.subtitle"), "")
    store, now = opened(), datetime.now(UTC)
    wishes = recording.listed(store, district.id)
    with st.container(key="plain-page"):
        if not wishes:
            shell.answer(shell.escape(t("levels.none")))
            shell.notes([t("levels.empty")])
            return
        table = levels.by_level(wishes, now)
        shell.answer(wording.marked(sentence(table)))
        _figures(store, district, wishes, table)
        shell.heading(t("levels.by_level"))
        downloads.table(wish_tables.by_level(table), file=t("levels.file"))
        shell.notes([t("levels.note", days=levels.LONG_DAYS)])
        _units(store, district, wishes, now)
        _longest(store, district, wishes, now)
        _handed_on(store, district)


def sentence(table: pd.DataFrame) -> str:
    """Return in a sentence where matters are settled, and how many are open."""
    settled, waits = int(table["settled"].sum()), int(table["open"].sum())
    long, days = f"{int(table['long'].sum()):,}", levels.LONG_DAYS
    rest = t("levels.open", n=f"{waits:,}", long=long, days=days)
    if not settled:
        return t("levels.nothing_settled", rest=rest)
    shares = {str(level): percent(share) for level, share in table["settled_share"].items()}
    return t("levels.settled", n=f"{settled:,}", rest=rest, **shares)


def _figures(store: Store, district: District, wishes: Sequence[Wish], table: pd.DataFrame) -> None:
    settled = sum(wish.state in SETTLED for wish in wishes)
    shell.figures(
        [
            (f"{len(wishes) - settled:,}", t("levels.figure_open")),
            (f"{int(table['long'].sum()):,}", t("levels.figure_long", days=levels.LONG_DAYS)),
            (f"{flow.count_handed_on(store, district.id):,}", t("levels.figure_handed_on")),
            (f"{settled:,}", t("levels.figure_settled")),
        ]
    )


def _units(store: Store, district: District, wishes: Sequence[Wish], now: datetime) -> None:
    shell.heading(t("levels.by_unit"))
    table = levels.by_unit(wishes, flow.claims(store, district.id), now)
    if table.empty:
        shell.notes([t("levels.no_unit")])
        return
    units = answers.units(store, district.id)
    downloads.table(wish_tables.by_unit(table, units), file=t("levels.file_units"))


def _longest(store: Store, district: District, wishes: Sequence[Wish], now: datetime) -> None:
    shell.heading(t("levels.longest"))
    held = wish_tables.holders(flow.claims(store, district.id), answers.units(store, district.id))
    table = wish_tables.waiting(district, wishes, held, now, MOST)
    if table.empty:
        shell.notes([t("levels.nothing_open")])
        return
    downloads.table(table, file=t("levels.file_longest"))


def _handed_on(store: Store, district: District) -> None:
    shell.heading(t("levels.handed_on"))
    events = flow.handed_on(store, district.id, most=MOST)
    if not events:
        shell.notes([t("levels.none_handed_on")])
        return
    downloads.table(wish_tables.handed_on(district, events), file=t("levels.file_handed_on"))
