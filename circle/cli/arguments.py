"""What the commands share: their options, walker and standard, printing the answer."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from circle import store
from circle.config import settings
from circle.errors import DataError, InputError
from circle.i18n import t
from circle.load.standards import standard_sets
from circle.model import Question, Rule
from circle.places.facilities import profile_named, usual_profile
from circle.study import Study

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from circle.model import Coverage, Requirement, StandardSet

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - it has no other name

OK, FAULT, USAGE = 0, 1, 2
ENDINGS = {"residents": "", "residents_60_plus": "_60_plus", "residents_65_plus": "_65_plus"}
"""The age groups that commands report, and how the names of their figures end."""
WALKER = ("--profile", "--district")
"""The options of every command about walking: who, and in which district."""
_NEGATIVE = re.compile(r"-[0-9.]+(,-?[0-9.]+)*$")
_NO_STANDARD = ("no_folder", "standards_none")
_SHARED: dict[str, dict[str, Any]] = {
    "--district": {"type": Path, "metavar": "DIR"},
    "--profile": {"help": "default: the older adult, where there is one"},
    "--minutes": {"help": "default 15"},
    "--standard": {"metavar": "SET", "help": "judge by a standard instead of minutes"},
    "--unverified": {"choices": ("include", "exclude"), "default": "exclude"},
    "--json": {"action": "store_true"},
}


def add_command(
    commands: Commands,
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
    *shared: str,
) -> argparse.ArgumentParser:
    """Add a command to the parser, with the options that it shares with others."""
    parser = commands.add_parser(name, help=text)
    parser._negative_number_matcher = _NEGATIVE  # noqa: SLF001 - a western longitude is no option
    for option in shared:
        parser.add_argument(option, **_SHARED[option])
    parser.set_defaults(run=run)
    return parser


def study_of(options: argparse.Namespace) -> Study:
    """Return the study of the district asked for; a profile not named is the usual one.

    Raises
    ------
    UnknownNameError
        When the profile asked for is none of the district's.
    """
    district = store.open_district(options.district or settings().district)
    if options.profile is None:
        options.profile = usual_profile(district)
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


def standard_sets_here() -> dict[str, StandardSet]:
    """Return the standards of this installation; none where there is no file.

    Raises
    ------
    DataError
        When a file has faults.
    """
    try:
        return standard_sets(settings().standards)
    except DataError as error:
        if error.key in _NO_STANDARD:
            return {}
        raise


def asked_for(standard: StandardSet, kinds: str | None) -> list[Requirement]:
    """Return what a standard asks of some kinds, or of all.

    Raises
    ------
    InputError
        When it asks nothing of one of them.
    """
    if kinds is None:
        return list(standard.defaults)
    requirements: list[Requirement] = []
    for kind in (word.strip() for word in kinds.split(",")):
        matching = [
            requirement
            for requirement in standard.defaults
            if kind in {requirement.kind, requirement.service, requirement.id}
        ]
        if not matching:
            raise _unknown(standard, kind)
        requirements += [requirement for requirement in matching if requirement not in requirements]
    return requirements


def one_asked_for(standard: StandardSet, kind: str) -> Requirement:
    """Return the one requirement of a standard for a kind, or of that name.

    Raises
    ------
    InputError
        When there is none, or the standard asks for several of the kind.
    """
    exact = [requirement for requirement in standard.requirements if requirement.id == kind]
    requirements = exact or asked_for(standard, kind)
    if len(requirements) > 1:
        raise _unknown(standard, kind)
    return requirements[0]


def described(asked: Requirement) -> dict[str, Any]:
    """Return a requirement as plain data."""
    return {
        "id": asked.id,
        "set": asked.standard,
        "name": str(asked.name),
        "kind": asked.kind,
        "minutes": asked.minutes,
        "metres": asked.metres,
        "judged_by": asked.judged_by.value,
        "status": asked.status.value,
    }


def described_or_none(asked: Requirement | None) -> dict[str, Any] | None:
    """Return a requirement as plain data; None where none asks."""
    return None if asked is None else described(asked)


def limit_text(coverage: Coverage) -> str:
    """Return the limit that judges, in words."""
    asked = coverage.standard
    if asked is not None and coverage.rule is Rule.METRES:
        return t("cli.limit_metres", n=f"{asked.metres:g}")
    return t("cli.limit_minutes", n=f"{coverage.minutes:g}")


def _unknown(standard: StandardSet, name: str) -> InputError:
    known = ", ".join(requirement.id for requirement in standard.defaults)
    return InputError("standard_service", standard=standard.id, name=name, known=known)
