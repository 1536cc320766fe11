"""What every list and map of wishes has: pages, and the signs of the kinds on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.web import shell, state
from circle.web import wishes_state as view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.model import District, Kind
    from circle.wishes.browsing import Point


def pager(total: int) -> None:
    """Draw which page of a list this is, and the ways to those before and after."""
    last = max(1, -(-total // view.PAGE))
    shown = state.value(view.page()) or 1
    if last == 1 and shown == 1:
        return
    with st.container(key="wishes-pager", horizontal=True, vertical_alignment="center"):
        for name, to, there in (
            ("before", min(shown - 1, last), shown > 1),
            ("after", shown + 1, shown < last),
        ):
            st.button(
                t(f"wishes.page_{name}"),
                key=f"wishes:{name}",
                disabled=not there,
                on_click=state.put,
                args=(view.page(), to if to > 1 else None),
            )
        shell.notes([t("wishes.page", page=shown, last=last, total=total)])


def kinds_of(district: District, points: Iterable[Point]) -> list[Kind]:
    """Return the kinds that are on a map, in the district's order."""
    present = {point.kind for point in points}
    return [kind for kind in district.kinds.values() if kind.id in present]
