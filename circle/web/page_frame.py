"""What a page does by itself in the browser: see ``frame/page.js``."""

from __future__ import annotations

from pathlib import Path

import streamlit.components.v1 as components

from circle.i18n import t

_FILES = Path(__file__).parent / "frame"


def page_frame() -> None:
    """Put the frame into the page; what is seen of it is the switch of light and dark."""
    frame = components.declare_component("page", path=_FILES)
    frame(words=t("shell.theme"), key="page", default=None)
