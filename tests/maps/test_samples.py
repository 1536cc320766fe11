"""Signs outside a map look as in it."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree as ET

from circle.maps.assets import STATIC
from circle.maps.legend import gaps_row
from circle.maps.symbol_images import HATCH, image

_SVG = "{http://www.w3.org/2000/svg}"


def drawn() -> ET.Element:
    svg = gaps_row()["items"][0]["sign"]
    return ET.fromstring(base64.b64decode(image(svg).partition(",")[2]))  # noqa: S314 - our own


def test_the_hatch_is_the_one_of_the_drawing_script() -> None:
    script = (STATIC / "circle.js").read_text(encoding="utf-8")
    joined = re.sub(r"' \+\s*'", "", script)
    assert HATCH in joined


def test_an_image_has_the_sign_and_the_hatch_it_is_filled_with() -> None:
    found = drawn()
    (pattern,) = found.iter(f"{_SVG}pattern")
    assert found.find(f"{_SVG}rect") is not None
    assert f"url(#{pattern.get('id')})" in ET.tostring(found, encoding="unicode")


def test_an_image_has_the_colours_of_the_dark_map() -> None:
    (style,) = drawn().iter(f"{_SVG}style")
    said = style.text or ""
    assert said.startswith("@media (prefers-color-scheme: dark)")
    assert ".circle-ring { stroke: var(--dark)" in said
    assert ".circle-mark { fill: var(--dark)" in said
    assert said.count("[fill=") == 3
    assert said.count("{") == said.count("}")
