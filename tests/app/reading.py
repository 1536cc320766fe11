"""What a person reads on a page, out of an `AppTest`."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

_ANSWER = re.compile(r'<p class="lc-answer"[^>]*>(.*?)</p>', re.DOTALL)
_UNBROKEN = re.compile(r'<span class="lc-unbroken">(.*?)</span>')
MAP = "circle.web.map_view.map"
shared: dict[str, bytes] = {}
"""What the maps were given by address: `tests.app.conftest` keeps it."""
_FIGURE = re.compile(r'<div class="lc-figure"><dd>(.*?)</dd>')


def html(app: AppTest) -> str:
    """Return all HTML that the page put in itself, but for the style sheet and the script."""
    bodies = (str(element.proto.body) for element in app.get("html"))
    return "".join(body for body in bodies if not body.startswith(("<style", "<script")))


def text(app: AppTest) -> str:
    """Return what is read in the page's own HTML."""
    joined = _UNBROKEN.sub(r"\1", html(app))
    return unescape(re.sub("<[^>]+>", " ", joined))


def answer(app: AppTest) -> str:
    """Return the answer in one sentence."""
    (found,) = _ANSWER.findall(html(app))
    return unescape(re.sub("<[^>]+>", "", found))


def figures(app: AppTest) -> list[str]:
    """Return the big figures."""
    return [unescape(found) for found in _FIGURE.findall(html(app))]


def maps(app: AppTest) -> list[Any]:
    """Return the page's maps: no other frame of it."""
    return [one for one in app.get("component_instance") if one.proto.component_name == MAP]


def drawn(app: AppTest) -> dict[str, Any]:
    """Return what the page's one map was given, by function of ``circle.js``; its ground too."""
    (component,) = maps(app)
    given: dict[str, Any] = json.loads(component.proto.json_args)
    (layers,) = component.proto.special_args
    ground = {"ground": json.loads(shared[given["ground"]])}
    return ground | {
        layer["draw"]: json.loads(shared.get(layer["shared"], "{}")) | layer["data"]
        for layer in json.loads(layers.bytes)
    }


def told(app: AppTest) -> str:
    """Return what the page's one map was given, as text."""
    return json.dumps(drawn(app), ensure_ascii=False)


def asked(app: AppTest, name: str) -> str | None:
    """Return a query parameter: AppTest holds it bare or in a list."""
    found = app.query_params.get(name)
    if isinstance(found, list):
        return str(found[-1])
    return None if found is None else str(found)


def failed(app: AppTest) -> list[str]:
    """Return the exceptions and errors that the page shows."""
    return [str(element.value) for element in (*app.exception, *app.error)]
