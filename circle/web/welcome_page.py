"""The page to sign in: who one is here, and how to be known by name."""

from __future__ import annotations

import streamlit as st

from circle.i18n import t
from circle.identity import SIGN_IN_PAGE
from circle.web import notice, shell, sign_in


def show() -> None:
    """Draw the page."""
    who = sign_in.visitor()
    shell.bar(t("welcome.subtitle"))
    with st.container(key="plain-page"):
        if sign_in.is_local():
            shell.answer(shell.escape(t("welcome.local", role=t(f"shell.role_{who.role}"))))
        elif who.signed_in:
            key = "welcome.signed_in_none" if who.role == "public" else "welcome.signed_in"
            role = t(f"shell.role_{who.role}")
            shell.answer(shell.escape(t(key, name=who.name, role=role)))
        else:
            shell.answer(shell.escape(t("welcome.sentence")))
            notice.sign_in_options()
        if who.start(sign_in.existing()) != SIGN_IN_PAGE:
            notice.start_button(who)
