"""The entry: in which language, and which pages there are for whoever comes."""

from __future__ import annotations

import streamlit as st

from circle.web.guard import resume
from circle.web.language import choose_language
from circle.web.navigation import pages

choose_language()
page = st.navigation(pages(), expanded=True)
resume()
page.run()
