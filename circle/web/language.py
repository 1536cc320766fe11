"""The language of a visit: the address's, else this session's, else the installation's."""

from __future__ import annotations

import streamlit as st

from circle.config import settings
from circle.errors import SettingError
from circle.i18n import LANGUAGES, use_language
from circle.web import state

LANGUAGE = state.choice("lang", LANGUAGES, "zh")
HELD = "_language"


def choose_language() -> str:
    """Use the language of the address, else the one of this session; return it."""
    asked = st.query_params.get(LANGUAGE.name)
    held = st.session_state.get(HELD) or _first_language()
    code = held if asked is None else LANGUAGE.read(asked)
    st.session_state[HELD] = code
    if asked is None and code != LANGUAGE.default:
        st.query_params[LANGUAGE.name] = code
    use_language(code)
    return code


def switch_language(code: str) -> None:
    """Set the language of this session and of the address."""
    st.session_state[HELD] = code
    state.put(LANGUAGE, code)
    use_language(code)


def _first_language() -> str:
    try:
        return settings().language
    except SettingError:  # the page shows it
        return LANGUAGE.default
