"""Opening hours as rules: on which days each holds, and from when to when.

The library opening-hours checks the grammar and says which days a selector of
days holds; lists with blanks, remarks alone, ``||``, open ends, holidays on a
weekday and nights that end on another rule's day are read here, since the library
reads them otherwise than the specification
(https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # see its stubs

LONGEST = 255
"""Characters of hours that are read, as in OpenStreetMap."""

DAY = 24 * 60
"""Minutes of a day."""

_PIECE = re.compile(r'"[^"]*"|\|\||[;,]|[^";,|]+|["|]')
_SUN = r"(?:sunrise|sunset|dawn|dusk)"
_TIME = rf"(?:\d{{1,2}}:\d\d|\({_SUN}[+-]\d{{1,2}}:\d\d\)|{_SUN})"
_STRETCH = rf"{_TIME}(?:-{_TIME}\+?|\+)"
_SPAN = re.compile(rf"({_TIME})(?:-({_TIME}))?(\+)?", re.IGNORECASE)
_RULE = re.compile(
    rf"(?P<days>.*?)\s*(?P<times>{_STRETCH}(?:,{_STRETCH})*|24/7)?"
    r'\s*(?P<word>\b(?:open|off|closed|unknown))?\s*(?P<remark>"[^"]*")?',
    re.IGNORECASE,
)
_NAME = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_ITEM = rf"(?:PH|SH|{_NAME}(?:-{_NAME}|\[[-\d,]+\])?)(?:\s*[+-]?\d+ days?)?"
_LIST = rf"{_ITEM}(?:,{_ITEM})*"
_BETWEEN = {";": "; ", ",": ", ", "||": " || "}
_DAYS = re.compile(rf"(?:(?P<dates>.*?)\s)??(?P<lists>{_LIST}(?: {_LIST})*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, as written.

    Attributes
    ----------
    begin, end
        As ``09:00``, ``sunset`` or ``(sunset-01:00)``; `end` is empty where none is stated.
    is_open_end
        Whether it lasts for a time not stated after `end`, or after `begin` without one.
    """

    begin: str
    end: str
    is_open_end: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    separator
        What stands before it: ``;`` for a rule in place of those before it, ``,``
        for one beside them, ``||`` for one where none before it holds, as a
        remark alone is read whatever stands before it.
    dates
        Months, weeks and years; empty for all.
    lists
        Lists of weekdays and holidays, all of which must hold a day.
    spans
        Empty for the whole day.
    word
        ``open``, ``closed`` or ``unknown``.
    remark
        Words for people.
    """

    separator: str
    dates: str
    lists: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...]
    word: str
    remark: str


def rules_of(written: str) -> tuple[Rule, ...]:
    """Return the rules of hours.

    Raises
    ------
    ValueError
        If the hours cannot be read, or cannot be read safely: days without times,
        times that repeat, words before the days.
    """
    text = unicodedata.normalize("NFKC", written).strip().rstrip("; ")
    if not text or len(text) > LONGEST:
        raise ValueError(written)
    chunks = _chunks(text)
    joined = "".join(f"{_BETWEEN[separator]}{chunk}" for separator, chunk in chunks)
    rules = tuple(_rule(separator, chunk) for separator, chunk in chunks)
    selectors = [item for rule in rules for items in rule.lists for item in items]
    try:
        for part in [joined.removeprefix("; "), *selectors, *(rule.dates for rule in rules)]:
            OpeningHours(part or "24/7")
    except ParserError:
        raise ValueError(written) from None
    return rules


def _chunks(text: str) -> list[tuple[str, str]]:
    """Return the rules as written, each with what stands before it."""
    chunks, separator, chunk = [], ";", ""
    pieces = _PIECE.findall(text)
    for number, piece in enumerate(pieces):
        if piece in {";", "||"} or (piece == "," and _ends(chunk, "".join(pieces[number + 1 :]))):
            chunks.append((separator, chunk))
            separator, chunk = piece, ""
        elif piece.startswith('"'):
            chunk = f"{chunk} {piece}".strip()
        elif piece == ",":
            chunk += ","
        else:
            words = re.sub(r"\s+", " ", piece).replace(" - ", "-").strip()
            chunk += words if chunk.endswith(",") or not chunk else f" {words}" if words else ""
    return [*chunks, (separator, chunk)]


def _ends(chunk: str, rest: str) -> bool:
    """Say whether a comma ends a rule; a list of days or of times goes on after it."""
    rule = _RULE.fullmatch(chunk)
    if rule is None or not any(rule.group("times", "word", "remark")):
        return False
    return rest[:1].isspace() and re.match(rf"\s*{_TIME}", rest, re.IGNORECASE) is None


def _rule(separator: str, chunk: str) -> Rule:
    rule = _RULE.fullmatch(chunk)
    if rule is None or re.search(r':\d|"', days := rule["days"].replace(": ", " ")):
        raise ValueError(chunk)
    days = days.rstrip(":")
    times, word, remark = rule.group("times", "word", "remark")
    word = (word or "").lower().replace("off", "closed")
    if not times and word in {"", "open"}:
        if not remark or word:
            raise ValueError(chunk)
        word = "unknown"
        # Words alone after stated hours are of all other times: no hours are taken back.
        separator = separator if days else "||"
    spans = _spans_of(times or "")
    if word == "closed" and any(span.is_open_end for span in spans):
        raise ValueError(chunk)
    lists = _DAYS.fullmatch(days)
    return Rule(
        separator=separator,
        dates=(lists["dates"] or "") if lists else days,
        lists=_lists(lists["lists"]) if lists else (),
        spans=spans,
        word=word or "open",
        remark=(remark or "").strip('"'),
    )


def _lists(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the lists of days: they are parted by blanks, their items by commas."""
    lists = [part.group() for part in re.finditer(_LIST, text, re.IGNORECASE)]
    return tuple(
        tuple(item.group() for item in re.finditer(_ITEM, part, re.IGNORECASE)) for part in lists
    )


def _spans_of(times: str) -> tuple[Span, ...]:
    if times == "24/7":
        return (Span("00:00", "24:00", is_open_end=False),)
    return tuple(
        Span(begin.lower(), end.lower(), is_open_end=plus == "+")
        for begin, end, plus in _SPAN.findall(times)
    )
