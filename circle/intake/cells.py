"""Text of one cell → value of one type, as text again; what it says is never guessed away."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from circle.hours import opening_hours
from circle.intake.layers import plain
from circle.load.contacts import is_phone, is_website
from circle.model import doorways, gates, lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EMPTY = ("(空)", "(empty)")
"""What a cell says that is to be emptied: an empty cell changes nothing."""
LONGEST = 2000
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_UNIT = re.compile(r"(?:m2|m²|㎡|平方米|平米|平|米|m|人|户|层|个|处|°|度|[EN])$|^(?:东经|北纬)")
_DMS = re.compile(
    r"(?:[东西]经|[南北]纬|[EWNS])?\s*(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′分]\s*(?:(\d{1,2}(?:\.\d+)?)"
    r"\s*(?:\"|″|''|′′|秒))?\s*([EWNS])?",
)
_ERRORS = {"#n/a", "#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#spill!", "#calc!"}
_DASHES = {"-", "--", "—", "——", "/", "\\"}
_NONE = _DASHES | {"无数据", "n/a", "na", "null", "none", "nan", "未知", "不详", "待定"}
_OWN_NONE = {"text", "lift", "blockers", "gate_state", "passes"}
"""Types whose own words have none among them."""
_YES = {
    "1",
    "1.0",
    "是",
    "有",
    "对",
    "已",
    "已核实",
    "√",
    "✓",
    "✔",
    "v",
    "y",
    "yes",
    "true",
    "t",
    "official",
}
_NO = {
    "0",
    "0.0",
    "否",
    "无",
    "错",
    "未",
    "未核实",
    "×",
    "✗",
    "✘",
    "x",
    "n",
    "no",
    "false",
    "f",
    "unofficial",
}
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_BROKEN = re.compile("\ufffd|锟斤拷|烫烫烫")
_MISREAD = ("cp1252", "latin-1", "gb18030")
_HAN = re.compile("[㐀-鿿、。·（）]*[㐀-鿿]{2}[㐀-鿿、。·（）0-9]*")
_NARROW = {
    wide: unicodedata.normalize("NFKC", chr(wide))
    for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_DATE = re.compile(r"(\d{4})[年./-](\d{1,2})(?:[月./-](\d{1,2})日?)?月?")
_DAYS = dict(zip("一二三四五六日", ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), strict=True))
_DAYS["天"] = "Su"
_CLOCK = re.compile(r"(?<!\d)(\d):(?=\d\d)")


class Cell(NamedTuple):
    """What a cell says.

    Attributes
    ----------
    value
        As it is stored; "" for nothing.
    fault
        Key of the remark where it cannot be used; "" where it can.
    word
        Key of the remark where it is taken otherwise than it stands; "" where it is not.
    """

    value: str
    fault: str = ""
    word: str = ""


def tidy(text: str) -> str:
    """Return a text without what is not seen: NBSP and blanks around, zero-width characters.

    An apostrophe that keeps a text from being run as a formula is none of it.
    """
    seen = _UNSEEN.sub("", text).replace("\u00a0", " ").replace("\u3000", " ").strip()
    return seen[1:] if seen[:1] == "'" and seen[1:2] in {"=", "+", "-", "@"} else seen


def damage(text: str) -> str:
    """Return the key of what makes a cell unusable whatever its column; "" for nothing."""
    if _BROKEN.search(text) or _misread(text):
        return "broken_encoding"
    if len(text) > LONGEST:
        return "too_long"
    if _CONTROL.search(text):
        return "control"
    if tidy(text).casefold() in _ERRORS:
        return "error_cell"
    if tidy(text)[:1] in {"=", "＝"} and not _FORMULA_TEXT.fullmatch(text.strip()):
        return "formula"
    return ""


def _misread(text: str) -> bool:
    """Say whether a text is UTF-8 that was read as something else: it turns to Chinese."""
    if text.isascii():
        return False
    for encoding in _MISREAD:
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if meant != text and _HAN.fullmatch(meant):
            return True
    return False


def read_cell(text: str, kind: str, kinds: Mapping[str, str]) -> Cell:
    """Return what a cell of a type says.

    Parameters
    ----------
    text
        As it stands in the file.
    kind
        The column's type; see layers.toml.
    kinds
        The district's kinds by every name, as `circle.intake.layers.plain` writes it.
    """
    if fault := damage(text):
        return Cell("", fault)
    quoted = _FORMULA_TEXT.fullmatch(text.strip())
    plain_text = tidy(quoted[1] if quoted else text)
    cell = _read(plain_text, kind, kinds)
    if quoted and not cell.word:
        return cell._replace(word="formula_text")
    return cell


def _read(text: str, kind: str, kinds: Mapping[str, str]) -> Cell:
    if not text:
        return Cell("")
    if unicodedata.normalize("NFKC", text).casefold() in EMPTY:
        return Cell(EMPTY[0])
    if kind == "kind":
        return _kind(text, kinds)
    if unicodedata.normalize("NFKC", text).casefold() in (_DASHES if kind in _OWN_NONE else _NONE):
        return Cell("", word="said_none")
    return _READERS.get(kind, _text)(text)


def number_of(text: str) -> tuple[str, str] | None:
    """Return a number as plain text with the word of what was left out; None for no number."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    word = "" if narrow == text else "full_width"
    if _NUMBER.fullmatch(narrow):
        return narrow, word
    bare = _UNIT.sub("", narrow.replace(" ", "")).strip()
    if _NUMBER.fullmatch(bare):
        return bare, "unit"
    if _THOUSANDS.fullmatch(bare):
        return bare.replace(",", ""), "thousands"
    return None


def _text(text: str) -> Cell:
    narrow = text.translate(_NARROW)
    return Cell(narrow, word="" if narrow == text else "full_width")


def _number(text: str) -> Cell:
    number = number_of(text)
    return Cell("", "not_number") if number is None else Cell(number[0], word=number[1])


def _count(text: str) -> Cell:
    cell = _number(text)
    if cell.value and float(cell.value) < 0:
        return Cell("", "below_zero")
    if cell.value and not float(cell.value) < 1e9:  # noqa: PLR2004 - more than people on earth
        return Cell("", "too_large")
    return cell


def _degree(text: str) -> Cell:
    narrow = unicodedata.normalize("NFKC", text).strip()
    if parts := _DMS.fullmatch(narrow):
        degrees, minutes, seconds = int(parts[1]), int(parts[2]), float(parts[3] or 0)
        if minutes >= 60 or seconds >= 60:  # noqa: PLR2004 - a clock's
            return Cell("", "not_number")
        south_west = narrow[:2] in {"西经", "南纬"} or (set(narrow) & {"W", "S"})
        value = degrees + minutes / 60 + seconds / 3600
        return Cell(f"{-value if south_west else value:.7f}", word="sexagesimal")
    if _DECIMAL_COMMA.fullmatch(narrow):
        return Cell(narrow.replace(",", "."), word="decimal_comma")
    number = number_of(text)
    if number is None:
        return Cell("", "not_number")
    if "e" in number[0].lower():
        return Cell(f"{float(number[0]):.7f}", word="rounded_off")
    return Cell(number[0], word=number[1])


def pair_of(text: str) -> tuple[Cell, Cell]:
    """Return longitude and latitude that stand in one cell."""
    parts = [part for part in re.split(r"[,;\s，；、/]+", tidy(text).strip("()[]（）")) if part]
    if len(parts) != 2:  # noqa: PLR2004 - a pair
        return Cell("", "not_pair"), Cell("", "not_pair")
    return _degree(parts[0]), _degree(parts[1])


def _flag(text: str) -> Cell:
    said = unicodedata.normalize("NFKC", text).casefold()
    if said in {"1", "0"}:
        return Cell(said)
    if said in _YES | _NO:
        return Cell("1" if said in _YES else "0")
    return Cell("", "not_flag")


def _kind(text: str, kinds: Mapping[str, str]) -> Cell:
    known = kinds.get(plain(text))
    return Cell("", "unknown_kind") if known is None else Cell(known)


def _date(text: str) -> Cell:
    narrow = unicodedata.normalize("NFKC", text)
    match = _DATE.fullmatch(narrow)
    if match is None:
        return Cell(narrow)
    year, month, day = match[1], int(match[2]), int(match[3] or 0)
    if not 1 <= month <= 12 or day > 31:  # noqa: PLR2004 - a calendar's
        return Cell("", "not_date")
    written = f"{year}-{month:02}" + (f"-{day:02}" if day else "")
    return Cell(written, word="" if written == text else "date")


def _hours(text: str) -> Cell:
    if opening_hours.valid(text):
        return Cell(text)
    said = unicodedata.normalize("NFKC", text)
    said = re.sub(r"[—–―~至]", "-", said)
    said = re.sub(r"每[日天]|全年|全周|周一-周日", "Mo-Su ", said).replace("工作日", "Mo-Fr ")
    said = re.sub(r"(?:周|星期|礼拜)([一二三四五六日天])", lambda day: _DAYS[day[1]], said)
    said = re.sub(r"(?:全天|24小时)(?:开放|营业|服务)?", "24/7", said)
    said = _CLOCK.sub(r"0\1:", re.sub(r"\s*-\s*", "-", said))
    said = re.sub(r"(?<=[a-z])(?=\d)", " ", re.sub(r"\s+", " ", said)).strip()
    said = re.sub(r"[;、](?=\d)", ",", said).removeprefix("Mo-Su 24/7") or "24/7"
    if opening_hours.valid(said):
        return Cell(said, word="hours")
    return Cell("", "bad_hours")


def _word(read: Callable[[str], str | None]) -> Callable[[str], Cell]:
    def reader(text: str) -> Cell:
        word = read(text)
        return Cell("", "register_word") if word is None else Cell(str(word))

    return reader


def _blockers(text: str) -> Cell:
    blockers = doorways.blockers_of(text)
    return Cell("", "register_word") if blockers is None else Cell(doorways.blockers_text(blockers))


def _by_floor(text: str) -> Cell:
    people = doorways.by_floor(unicodedata.normalize("NFKC", text))
    if people is None:
        return Cell("", "by_floor")
    return Cell(";".join("?" if n != n else f"{n:g}" for n in people))  # noqa: PLR0124 - NaN


def _checked(right: Callable[[str], bool], fault: str) -> Callable[[str], Cell]:
    def read(text: str) -> Cell:
        narrow = unicodedata.normalize("NFKC", text)
        narrow = re.sub(r"[‐‑‒–—]", "-", narrow)
        if not right(narrow):
            return Cell("", fault)
        return Cell(narrow, word="" if narrow == text else "full_width")

    return read


_READERS: dict[str, Callable[[str], Cell]] = {
    "text": _text,
    "number": _number,
    "count": _count,
    "degree": _degree,
    "flag": _flag,
    "date": _date,
    "hours": _hours,
    "phone": _checked(is_phone, "bad_phone"),
    "website": _checked(is_website, "bad_website"),
    "lift": _word(doorways.lift_of),
    "entry": _word(doorways.entry_of),
    "blockers": _blockers,
    "by_floor": _by_floor,
    "gate_state": _word(gates.state_of),
    "passes": _word(gates.passes_of),
    "lane_state": _word(lanes.state_of),
}
