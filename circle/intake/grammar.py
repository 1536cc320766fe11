"""The grammar of an address: 路 or 街, 弄, 支弄, 号; elsewhere a street and a number."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from circle.places.search import normal

LONGEST = 200
"""Characters of an address that are read."""
_WRITTEN = str.maketrans(
    {"號": "号", "衖": "弄", "臺": "台", "樓": "楼", "-": "-"} | dict.fromkeys("‐‑‒–—―~～至", "-")
)
_ROOM = re.compile(
    r"(?<=[号弄楼])\s*(?:\d+|[一二三四五六七八九十]+)?\s*(?:层|楼|室|单元|幢|栋|座|F|f).*$"
)
_REGION = re.compile(
    r"^(?:中国)?(?:[一-鿿]{2,8}?(?:省|自治区))?(?:[一-鿿]{2,7}?市)?(?:[一-鿿]{1,7}?[区县])?"
    r"(?:[一-鿿]{2,7}?(?:街道|镇|乡))?(?=[一-鿿A-Za-z0-9·]+?(?:路|街|道|弄|巷|里|村|坊|大道|公路))"
)
_STREET = r"(?:路|街|大道|公路|道|巷|村|坊|里)"
_CHINESE = re.compile(
    rf"(?P<street>[^\d,;、]+\d{{1,3}}{_STREET}|[^\d,;、]*?{_STREET}(?=[\d近靠旁邻与和交]|$)"
    rf"|[^\d,;、]*?{_STREET})"
    r"(?:(?P<lane>\d{1,5})弄)?(?:(?P<sub>\d{1,5})支弄)?(?P<number>\d{1,5})?"
)
_NUMBER_FIRST = re.compile(r"(?P<number>\d{1,5})[A-Za-z]?\s+(?P<street>\D{2,})")
_NUMBER_LAST = re.compile(r"(?P<street>\D*[^\W\d])[\s,.]*(?:(?P<number>\d{1,5})\b)?")
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SAID = re.compile(r"(?<=[路街道巷弄])[〇零一二两三四五六七八九十百千]{1,7}(?=支?弄|号)")


class Address(NamedTuple):
    """A street, the lane (弄) on it, the lane off that lane (支弄), the house; 0 for none.

    `street` is as `circle.places.search.normal` writes it.
    """

    street: str
    lane: int = 0
    sub: int = 0
    number: int = 0

    @property
    def on_street(self) -> int:
        """The number that counts along the street: the lane's, else the house's."""
        return self.lane or self.number


def read_address(text: str) -> Address | None:
    """Return what an address says; None where it names no street.

    Full-width digits, dashes of all kinds, numerals in words and 號 are understood; the
    city, the district and the room are left out, and so is all after the first number of
    several (``73弄1、2号``, ``153-7号``).
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_WRITTEN).strip()
    if not plain:
        return None
    if not any("㐀" <= letter <= "鿿" for letter in plain):
        return _elsewhere(plain)
    plain = re.sub(r"[\s()()]+", "", plain)
    plain = _SAID.sub(lambda said: str(_counted(said[0])), plain)
    plain = _REGION.sub("", _ROOM.sub("", plain), count=1)
    match = _CHINESE.match(plain)
    if match is None:
        return None
    lane, sub, number = (int(match[part] or 0) for part in ("lane", "sub", "number"))
    return Address(normal(match["street"]), lane, sub, number)


def _counted(said: str) -> int:
    """Return a number in Chinese numerals: 五十三, 一百零二, 五〇."""
    if not set(said) & set(_TENS):
        return int("".join(str(_DIGITS[c]) for c in said))
    whole = digit = 0
    for letter in said:
        if letter in _TENS:
            whole, digit = whole + max(digit, 1) * _TENS[letter], 0
        else:
            digit = _DIGITS[letter]
    return whole + digit


def _elsewhere(plain: str) -> Address | None:
    match = _NUMBER_FIRST.fullmatch(plain) or _NUMBER_LAST.match(plain)
    if match is None:
        return None
    street = normal(match["street"])
    return Address(street, number=int(match["number"] or 0)) if street else None
