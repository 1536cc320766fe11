"""The look of the app: one style sheet, put into every page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import streamlit as st

from circle.i18n import language, t

_ENGLISH = '.stApp { font-feature-settings: "palt"; }'
"""Chinese fonts set the quotation marks of English text as wide as a character."""


@cache
def style_sheet() -> str:
    """Return the style sheet."""
    return files("circle.web").joinpath("style.css").read_text(encoding="utf-8")


def apply_style() -> None:
    """Put the style sheet into the page."""
    extra = _ENGLISH if language() == "en" else ""
    st.html(f"<style>{style_sheet()}{extra}\n{_words()}</style>")


def _words() -> str:
    """Return what the style sheet has to say: when no server can, and in parts of Streamlit's."""
    said = {"lost": t("connection.lost"), "choose-file": t("bringing.choose_file")}
    rules = [
        '--lc-{}: "{}";'.format(name, text.replace("\\", "\\\\").replace('"', '\\"'))
        for name, text in said.items()
    ]
    return f":root {{ {' '.join(rules)} }}"
