"""What is shown in place of a page: who you are, why it is not shown, how to go on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.web import shell, sign_in

if TYPE_CHECKING:
    from circle.errors import SettingError
    from circle.identity import Identity

_log = logging.getLogger(__name__)


def refused(who: Identity) -> None:
    """Say that the visitor may not open this page: sign in, or go home.

    Parameters
    ----------
    who
        The visitor.
    """
    if sign_in.is_local() or who.signed_in:
        shell.bar(t("sign_in.refused_title"))
        with st.container(key="plain-page"):
            shell.answer(shell.escape(_not_allowed(who)))
            start_button(who)
        return
    shell.bar(t("sign_in.title"))
    with st.container(key="plain-page"):
        shell.answer(shell.escape(t("sign_in.staff_only")))
        sign_in_options()
        start_button(who)


def sign_in_options() -> None:
    """Offer to sign in, where one can; else say how it stands."""
    if sign_in.lapsed():
        shell.notes([t("sign_in.lapsed")])
    elif st.query_params.get(sign_in.FAILED):
        shell.notes([t("sign_in.failed")])
    if sign_in.ready():
        if st.button(t("sign_in.button"), type="primary", key="sign-in") and not sign_in.start():
            st.error(t("sign_in.broken"))
        shell.notes([t("sign_in.comes_back")])
        return
    fault = sign_in.fault()
    shell.notes([t("sign_in.by_proxy" if fault is None else "sign_in.closed")])
    if fault is not None:
        with st.expander(t("sign_in.for_operators")):
            shell.notes([t(f"sign_in.fault_{fault}"), t("sign_in.see_operations")])


def start_button(who: Identity) -> None:
    """Draw the way to the page that the visitor starts from."""
    pages = sign_in.existing()
    if st.button(t("sign_in.home"), key="go-home"):
        st.switch_page(f"pages/{who.start(pages)}.py")


def faulty(error: SettingError) -> None:
    """Say that a setting of the installation cannot be used."""
    _log.error("%s", error)
    st.error(shell.escaped_markdown(error.message()))


def _not_allowed(who: Identity) -> str:
    role = t(f"shell.role_{who.role}")
    if not who.signed_in:
        return t("sign_in.refused_role", role=role)
    key = "sign_in.refused_none" if who.role == "public" else "sign_in.refused"
    return t(key, name=who.name, role=role)
