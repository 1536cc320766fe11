"""The entry: who comes, in which language, and which pages there are."""

from __future__ import annotations

import streamlit as st

from circle.i18n import t
from circle.web.guard import choose_language, resume

choose_language()
page = st.navigation(
    [
        st.Page("pages/explore.py", title=t("explore.title"), default=True),
        st.Page("pages/coverage.py", title=t("coverage.title")),
        st.Page("pages/report.py", title=t("reporting.page")),
        st.Page("pages/data.py", title=t("data.title")),
    ]
)
resume()
page.run()
