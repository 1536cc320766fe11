"""The part of a page that answers: a click in it runs it alone, not the page around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.web import guard, state
from circle.web.failures import errors_shown

if TYPE_CHECKING:
    from collections.abc import Callable


def part(draw: Callable[[], None], *, every_s: float | None = None) -> None:
    """Draw a part of the page that runs alone when something in it is used.

    Such a run passes neither ``app.py`` nor the page's first statement: who the visitor
    is, what that opens and which language is in use are asked again here.

    Parameters
    ----------
    draw
        Draws it. It reads the address anew, and keeps nothing of an earlier run that
        another visitor or a change of the data could make untrue.
    every_s
        Seconds after which it runs again by itself; None: it does not.
    """
    page, drawn = state.page(), False

    @st.fragment(run_every=every_s)
    def run() -> None:
        nonlocal drawn
        if drawn:
            guard.again(page)
        drawn = True
        with errors_shown():
            draw()

    run()
