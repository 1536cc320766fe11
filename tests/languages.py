"""Sentences of the other language, found in what an edition says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.model import District

_HAN = "\u3400-\u9fff"
_ENGLISH = re.compile(r"[A-Za-z][a-z'’-]+(?:,? [A-Za-z][a-z'’-]*){2,}")
"""Three words on end; no name of a thing in the data's Chinese has as many."""
_CHINESE = re.compile(f"[{_HAN}]{{2,}}")
"""One alone is the letter of a sign."""
_NAMED = re.compile(f"“[^”]*”|\\([{_HAN}]{{2,4}}\\)|(?:[A-Z][a-z]+ )+License")
"""What is quoted, a term of the other language in brackets, a licence by its name."""
_GAP = re.compile(f"(?<=[{_HAN}])(?=[0-9])|(?<=[0-9])(?=[{_HAN}])")
"""Where words set a blank between Chinese and figures."""
_ROOMS = ("解忧杂货铺", "晚晴关爱")
"""Rooms whose names a Chinese reader would look for."""


def proper_names(district: District) -> list[str]:
    """Return the names of the data's places, streets and areas, the longest first."""
    tables = [district.facilities, district.heritage]
    tables += [] if district.places is None else [district.places]
    names = {
        str(name)
        for table in tables
        for column in ("name", "address", "name_en")
        if column in table
        for name in table[column]
    }
    for streets in district.network.segment_name:
        names.update(str(streets).split(";"))
    names |= {str(district.name.zh), *_ROOMS, *(area.name.zh for area in district.areas)}
    names |= {_GAP.sub(" ", name) for name in names}
    return sorted(filter(None, names), key=len, reverse=True)


def foreign(texts: Iterable[str], language: str, names: list[str]) -> list[str]:
    """Return the texts that say something in the other language, but for names and terms."""
    found = _ENGLISH if language == "zh" else _CHINESE
    suspects = {text for text in texts if found.search(text)}
    for name in names:
        suspects = {text for text in suspects if name not in text} | {
            text.replace(name, "") for text in suspects if name in text
        }
    return sorted(text for text in suspects if found.search(_NAMED.sub("", text)))
