"""The sheet to print, offered for download; made when it is asked for."""

from __future__ import annotations

import logging
from functools import partial

import streamlit as st

from circle.errors import FontError
from circle.i18n import t
from circle.report import fonts
from circle.report.home_sheet.sheet import Sheet, to_pdf
from circle.web.downloads import made_later
from circle.web.shell import escaped_markdown

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
        made_later(partial(to_pdf, sheet)),
        file_name=f"{t('sheet.file')}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        width="stretch",
    )
