"""What Streamlit's own parts are called, and the one script that names them."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import streamlit as st

from circle.i18n import in_language
from circle.web import names
from circle.web.server.headers import policy

STATIC = Path(st.__file__).with_name("static") / "static" / "js"


def test_every_name_is_one_that_streamlit_has() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    with in_language("en"):
        ours = {name: named for name, named in names.names().items() if name != "Map"}
    frame = ours.pop("circle.web.map_view.map")
    assert frame == "Map"
    assert all(name == named for name, named in ours.items())
    assert not [name for name in ours if name.split("{")[0].strip(" :,") not in scripts]


def test_in_chinese_every_name_is_chinese() -> None:
    with in_language("zh"):
        named = names.names()
    assert all(re.search("[一-鿿]", name) for name in named.values())
    assert named["circle.web.map_view.map"] == named["Map"]


def test_the_pages_may_run_that_script() -> None:
    digest = base64.b64encode(hashlib.sha256(names.script().encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy("/coverage")
    assert "</" not in names.script()
    assert not re.search(r"\b(eval|Function|innerHTML|fetch)\b", names.script())
