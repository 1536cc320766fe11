"""A page in one language says nothing of the data in the other."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.app.reading import maps, text
from tests.languages import foreign, proper_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streamlit.testing.v1 import AppTest

    from circle.model import District

    Opener = Callable[..., AppTest]

_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
"""A text in the script of a map."""
_CREDIT = "© OpenStreetMap contributors"
"""As its licence has it on every map."""
PAGES: dict[str, dict[str, object]] = {
    "home": {"at": "121.4438,31.2078"},
    "explore": {"heritage": 1},
    "coverage": {"view": "heritage", "gap": 1},
    "whatif": {"point": "121.4438,31.2078"},
    "data": {},
    "audit": {},
    "levels": {},
    "lifts": {"example": 1, "part": "consent"},
    "overview": {},
    "help": {"audience": "planners", "part": "method"},
    "about": {},
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_one_language(
    open_page: Opener, tianping: District, page: str, language: str
) -> None:
    app = open_page(page, lang=language, **PAGES[page])
    assert not app.exception
    assert foreign(_texts(app), language, [*proper_names(tianping), _CREDIT]) == []


def _texts(app: AppTest) -> Iterator[str]:
    yield from text(app).split("  ")
    for frame in app.dataframe:
        yield from map(str, frame.value.columns)
        yield from map(str, frame.value.to_numpy().ravel())
    for drawn in maps(app):
        for script in json.loads(drawn.proto.json_args).values():
            for literal in _LITERAL.findall(str(script)):
                yield unescape(re.sub("<[^>]+>", " ", json.loads(literal)))
