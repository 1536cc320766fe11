"""The server: the app behind its middleware layers. ``make run`` and ``make serve`` start this.

``streamlit run serve.py`` finds the name ``app`` in this file.
"""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from circle.web.server.first_style import FirstStyle
from circle.web.server.middleware import AccessControl, checked
from circle.web.server.patience import limit_half_open
from circle.web.server.sign_in_return import SignInReturn
from circle.web.server.start import check_store
from circle.web.server.visits import ending
from circle.web.server.warming import begin

rules = checked()
check_store()
begin()
limit_half_open()
app = st.App(
    "app.py",
    lifespan=ending,
    middleware=[
        Middleware(AccessControl, rules=rules),
        Middleware(SignInReturn, base=rules.base),
        Middleware(FirstStyle, base=rules.base),
    ],
)
