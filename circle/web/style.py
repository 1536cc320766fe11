"""The look of the app: one style sheet, put into every page."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import streamlit as st

from circle.i18n import language

_ENGLISH = '.stApp { font-feature-settings: "palt"; }'
"""Chinese fonts set the quotation marks of English text as wide as a character."""


@cache
def style_sheet() -> str:
    """Return the style sheet."""
    return files("circle.web").joinpath("style.css").read_text(encoding="utf-8")


def apply_style() -> None:
    """Put the style sheet into the page."""
    st.html(f"<style>{style_sheet()}{_ENGLISH if language() == 'en' else ''}</style>")
