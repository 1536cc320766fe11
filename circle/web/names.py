"""What Streamlit's own parts are called, for those who hear the page.

Streamlit names its buttons and regions in English alone. A script of ours, allowed
by its hash, gives them the names of the language in use, and says which language
the page is in.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import streamlit as st

from circle.i18n import language, sentences, t
from circle.web.shell import escape

_SECTION = "names."
_MAP_FRAME = "circle.web.map_view.map"
"""The title that a map's frame has in every language."""


@cache
def script() -> str:
    """Return the script."""
    return files("circle.web").joinpath("names.js").read_text(encoding="utf-8")


def apply_names() -> None:
    """Name the page's parts in the language in use."""
    words = escape(json.dumps(names(), ensure_ascii=False))
    st.html(f'<div data-lc-names="{words}" lang="{language()}" hidden></div>')
    st.html(f"<script>{script()}</script>", unsafe_allow_javascript=True)


def names() -> dict[str, str]:
    """Return the names in the language in use by Streamlit's own."""
    keys = [key for key in sentences("en") if key.startswith(_SECTION)]
    named = {t(key, language="en", name="{name}"): t(key, name="{name}") for key in keys}
    return named | {_MAP_FRAME: t("names.map")}
