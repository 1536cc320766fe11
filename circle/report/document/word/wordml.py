"""Pieces of WordprocessingML, written straight: thousands of cells in a moment."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from circle.i18n import language
from circle.report.printable import one_line

Element = Any
"""An element: python-docx has a class for each tag."""

_EITHER_WIDTH = re.compile("[·—‘’“”…×°±]")
"""Characters that Word sets in the Latin font unless a hint marks them as Chinese."""
_FIELD_PARTS = ("begin", "separate", "end")


def element(tag: str, *children: Element, **attributes: object) -> Element:
    """Return ``<w:tag>`` with attributes of the same namespace."""
    node = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        node.set(qn(f"w:{name}"), str(value))
    node.extend(children)
    return node


def run(text: object, style: str = "", half_points: int = 0) -> Element:
    """Return a run of plain text, in a character style or a size where one is named."""
    clean = one_line(text)
    properties = []
    if style:
        properties.append(element("rStyle", val=style))
    if language() == "zh" and _EITHER_WIDTH.search(clean):
        properties.append(element("rFonts", hint="eastAsia"))
    if half_points:
        properties.append(element("sz", val=half_points))
    text_node = element("t")
    text_node.text = clean
    text_node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    node = element("r", text_node)
    if properties:
        node.insert(0, element("rPr", *properties))
    return node


def paragraph(style: str, *content: Element, **properties: object) -> Element:
    """Return a paragraph in a style; `properties` are ``<w:name w:val=value>`` in schema order."""
    settings = [element(name, val=value) for name, value in properties.items()]
    return element("p", element("pPr", element("pStyle", val=style), *settings), *content)


def field(instruction: str, result: object = "", style: str = "") -> list[Element]:
    """Return the runs of a field, with its text until Word brings it up to date."""
    code = element("instrText")
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    begin, separate, end = (element("fldChar", fldCharType=kind) for kind in _FIELD_PARTS)
    runs = [element("r", part) for part in (begin, code, separate, end)]
    if style:
        for node in runs:
            node.insert(0, element("rPr", element("rStyle", val=style)))
    return [*runs[:3], run(result, style), runs[3]]
