"""Whoever changes the district's data on a page: who may, from where, and how it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.config import settings
from circle.errors import CircleError, InputError
from circle.i18n import t
from circle.load.replacing import writable
from circle.load.versions import LONGEST_AUTHOR, LONGEST_REASON, Made
from circle.web import shell, sign_in

if TYPE_CHECKING:
    from pathlib import Path

_MESSAGE = "data:changed"


def folder() -> Path:
    """Return the district folder of this installation, links followed.

    Raises
    ------
    OutputError
        When it cannot be changed.
    """
    return writable(settings().district)


def allowed(act: str) -> bool:
    """Tell whether the visitor may do something here and now; say so where not."""
    if not sign_in.visitor().may(act):
        shell.notes([t("working.read_only")])
        return False
    try:
        folder()
    except CircleError as error:
        st.warning(shell.escaped_markdown(error.message()))
        return False
    return True


def who_and_why(key: str, hint: str = "") -> tuple[str, str]:
    """Draw the two fields that every change has; return who and why, as they are typed."""
    name = sign_in.visitor().name
    if name:
        shell.notes([t("sign_in.by_name", label=t("working.by"), name=name)])
    by = name or st.text_input(t("working.by"), max_chars=LONGEST_AUTHOR, key=f"{key}:by")
    reason = st.text_input(
        t("working.reason"), max_chars=LONGEST_REASON, key=f"{key}:reason", placeholder=hint
    )
    return by, reason


def made(act: str, by: str, reason: str) -> Made:
    """Return who changes the data by what, and why.

    Raises
    ------
    InputError
        When the visitor may not, or says no reason.
    """
    if not sign_in.visitor().may(act):
        raise InputError("version.not_allowed")
    if not reason.strip():
        raise InputError("version.reason_missing")
    return Made(act, sign_in.visitor().name or by, reason.strip())


def done(message: str) -> None:
    """Have the page say so when it is drawn anew."""
    st.session_state[_MESSAGE] = message


def say_done() -> None:
    """Draw what was done last, once."""
    if message := st.session_state.pop(_MESSAGE, None):
        st.success(shell.escaped_markdown(message))
