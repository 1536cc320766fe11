"""The sheet to print, offered for download; made when it is asked for."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import FontError
from circle.i18n import in_language, language, t
from circle.report import fonts
from circle.report.home_sheet.sheet import Sheet, to_pdf
from circle.web.shell import escaped_markdown

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


def download_button(sheet: Sheet) -> None:
    """Offer a sheet as a PDF; without a font that prints it, say what is missing."""
    st.html(f'<h2 class="hm-band">{t("sheet.offer_title")}</h2>')
    try:
        fonts.faces()
    except FontError as error:
        _log.warning("no sheet: %s", error)
        st.info(escaped_markdown(t("sheet.no_font")))
        return
    st.download_button(
        t("sheet.offer"),
        _maker(sheet),
        file_name=f"{t('sheet.file')}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        width="stretch",
    )


def _maker(sheet: Sheet) -> Callable[[], bytes]:
    """Return what makes the file: later, in another thread, in this visitor's language."""
    return partial(_pdf, sheet, language())


def _pdf(sheet: Sheet, spoken: str) -> bytes:
    with in_language(spoken):
        return to_pdf(sheet)
