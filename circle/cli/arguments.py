"""What the commands share: reading their words, finding the walker, printing the answer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from circle import store
from circle.config import settings
from circle.errors import InputError
from circle.model import Question
from circle.places.facilities import profile_named
from circle.study import Study

if TYPE_CHECKING:
    import argparse

    from circle.model import Requirement

OK, FAULT, USAGE = 0, 1, 2
UNVERIFIED = ("include", "exclude")


def study_of(options: argparse.Namespace) -> Study:
    """Return the study of the district asked for; a profile not named is its first.

    Raises
    ------
    UnknownNameError
        When the profile asked for is none of the district's.
    """
    district = store.open_district(options.district or settings().district)
    if options.profile is None:
        options.profile = next(iter(district.profiles))
    profile_named(district, options.profile)
    return Study(district)


def question_of(options: argparse.Namespace, asked: str | Requirement) -> Question:
    """Return the question of a kind by the minutes asked for, or of a requirement."""
    minutes, unverified = minutes_of(options), options.unverified == "include"
    if isinstance(asked, str):
        return Question.by_minutes(asked, options.profile, minutes, unverified=unverified)
    return Question.by_standard(asked, options.profile, unverified=unverified)


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


def emit(answer: object) -> None:
    """Write the answer to stdout as JSON."""
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")


def print_to_stderr(*lines: str) -> None:
    """Write lines to stderr."""
    for line in lines:
        sys.stderr.write(line + "\n")


def add_walker(parser: argparse.ArgumentParser) -> None:
    """Add the options of every command about walking: who, and in which district."""
    parser.add_argument("--profile", help="default: the district's first")
    parser.add_argument("--district", type=Path, metavar="DIR")
