"""What every command shares: exit codes, reading numbers, printing the answer."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import orjson

from circle.errors import DataError, InputError

if TYPE_CHECKING:
    import argparse

OK, FAULT, USAGE = 0, 1, 2


def refuse(options: argparse.Namespace) -> None:
    """Refuse what needs no district to be told, before anything is loaded.

    Raises
    ------
    InputError
        When options exclude each other, or a number is none.
    DataError
        When there is no such folder.
    """
    given = vars(options)
    if "minutes" in given and "standard" in given:
        minutes_of(options)
    if "top" in given:
        top_of(options)
    if given.get("json") and given.get("geojson"):
        raise InputError("one_form")
    folder = given.get("district") or given.get("folder")
    if folder is not None and not folder.is_dir():
        raise DataError("no_folder", folder=folder.name)


def point(text: str) -> tuple[float, float]:
    """Read longitude and latitude."""
    numbers = text.split(",")
    try:
        lon, lat = (float(number) for number in numbers)
    except ValueError:
        raise InputError("point_text", text=text) from None
    return lon, lat


def numbers(text: str, most: int = 12) -> list[float]:
    """Read numbers with commas between, at most `most`."""
    parts = text.split(",")
    if len(parts) > most:
        raise InputError("too_many", text=text, most=most)
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise InputError("number", text=text) from None


def number_of(text: str) -> float:
    """Read one number."""
    return numbers(text, 1)[0]


def minutes_of(options: argparse.Namespace, otherwise: str = "15") -> float:
    """Read ``--minutes``, which a standard takes the place of.

    Raises
    ------
    InputError
        When there are both, or it is not one number.
    """
    if options.standard is not None and options.minutes is not None:
        raise InputError("standard_minutes")
    return numbers(otherwise if options.minutes is None else options.minutes, 1)[0]


def top_of(options: argparse.Namespace) -> int:
    """Read ``--top``: how many are told."""
    try:
        count = int(options.top)
    except ValueError:
        raise InputError("top", text=options.top) from None
    if count < 1:
        raise InputError("top", text=options.top)
    return count


def rounded(value: float, decimals: int = 4) -> float | None:
    """Return a figure as it is reported; None where there is none."""
    return round(value, decimals) if math.isfinite(value) else None


def emit(answer: object) -> None:
    """Write the answer to stdout as JSON."""
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")


def print_to_stderr(*lines: str) -> None:
    """Write lines to stderr."""
    for line in lines:
        sys.stderr.write(line + "\n")
