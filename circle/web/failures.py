"""Failures on the page: a sentence and how to mend it, never a traceback."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import CircleError, DataError, StoreError
from circle.i18n import t
from circle.load import finding_text
from circle.web import state
from circle.web.shell import escaped_markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_FINDINGS = 20
_log = logging.getLogger(__name__)


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error that the page's work raises, instead of breaking off."""
    try:
        yield
    except CircleError as error:
        st.error(escaped_markdown(error.message()))
        if isinstance(error, StoreError):
            state.keep_typed()
            st.button(t("error.again"), key="again", icon=":material/refresh:")
        for finding in error.findings[:_MOST_FINDINGS] if isinstance(error, DataError) else ():
            st.warning(escaped_markdown(finding_text(finding)))
    except Exception:  # noqa: BLE001 - logged, and never shown as a traceback
        _log.exception("a page failed")
        st.error(t("error.unexpected"))
