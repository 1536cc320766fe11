"""Bytes → text: the encoding is told by the bytes, never by what a file says of itself."""

from __future__ import annotations

import codecs
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DAMAGED = 0.1
"""Up to this share of characters that are none, a text is damaged UTF-8, not another encoding."""


class Decoded(NamedTuple):
    """A text and its encoding; what is no character is U+FFFD."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """Return bytes as text: UTF-8 or UTF-16 by its mark, else UTF-8, else GB18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(data[len(mark) :].decode(encoding, "replace"), encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    utf8, gb18030 = data.decode("utf-8", "replace"), data.decode("gb18030", "replace")
    beyond = sum(letter > "\x7f" for letter in utf8)
    if utf8.count("\ufffd") <= _DAMAGED * beyond:
        return Decoded(utf8, "utf-8")
    return Decoded(gb18030, "gb18030")
