"""Opening hours against a second program, opening_hours of npm, at many moments.

`hours/recorded.txt` holds what it says of each value at the moments of `hours/moments.txt`
(o, c, u: open, closed, not known; a number repeats the next letter; ``-``: refused), in
Shanghai; `hours/record.mjs` writes it anew.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from circle.hours.opening_hours import State, open_at, valid

ZONE = "Asia/Shanghai"
PLACE = (121.44, 31.2)
FOLDER = Path(__file__).parent / "hours"
MOMENTS = [
    datetime.fromisoformat(line).replace(tzinfo=ZoneInfo(ZONE))
    for line in (FOLDER / "moments.txt").read_text(encoding="utf-8").split()
]
VERSION, *ROWS = (FOLDER / "recorded.txt").read_text(encoding="utf-8").splitlines()
THEIRS = {value: said for said, _, value in (row.partition("\t") for row in ROWS)}
EVERY = 4
"""Of each value so many parts of the moments are compared in turn."""

REFUSED = {
    "days without times would be open all day": {"Mo-Fr", "Sa,Su", "Mo-Fr open", "open"},
    "not as the specification writes it": {
        *("Mo-Fr: 09:00-17:00", "Mo-Fr: 09:00-17:00; Sa: 10:00-14:00", "Mo-Fr open 09:00-17:00"),
        *("Mo-Fr 9-17", "Mo-Fr 09.00-17.00", "Mo-Fr 9am-5pm", "Mon-Fri 09:00-17:00"),
        *("Monday-Friday 09:00-17:00", "daily 09:00-17:00", "Mo-Fr 09:00–17:00"),
        *("Mo-Fr 09:00-17:00 Sa 10:00-12:00", "Mo-Fr 09:00-17:00,Sa 10:00-14:00"),
        *("09:00-17:00 Mo-Fr", "Mo-Su 10:00-20:00; Dec 24,31 10:00-14:00"),
    },
    "from a weekday of a month to one of another": {
        "Oct Su[-1]-Mar Su[-1] 09:00-16:00", "Nov Fr[3]-Dec Fr[1] 10:00-12:00",
    },
}  # fmt: skip
DIFFERENT = {
    "words beside times are told with these hours, which stay open": (
        r'(?:\d\d:\d\d|24/7) "'
    ),
    "words alone take back no hours that are stated": r'[;,] "[^"]*"$',
    "a night ends as stated, whatever the rule of the next day": (
        r"(?:Fr-Sa|Fr,Sa|Sa|Su-Th|Fr|Mo-Th) \d\d:\d\d-(?:0\d|26):\d\d; (?:Sa|Su|Fr)"
    ),
    "the holidays are those announced, or other festival days": "PH -1 day",
}  # fmt: skip


def theirs(said: str) -> str:
    return re.sub(r"(\d+)(.)", lambda run: run[2] * int(run[1]), said)


@pytest.fixture(scope="module")
def compared() -> list[tuple[str, datetime, str, str]]:
    """Return each value and moment with the letters of this program and of the other."""
    return [
        (value, MOMENTS[n], open_at(value, MOMENTS[n], ZONE, PLACE).state[0], letters[n])
        for number, (value, said) in enumerate(THEIRS.items())
        if said != "-" and valid(value)
        for letters in [theirs(said)]
        for n in range(number % EVERY, len(MOMENTS), EVERY)
    ]


def test_enough_is_recorded() -> None:
    assert re.fullmatch(r"opening_hours \d+\.\d+\.\d+", VERSION)
    assert len(THEIRS) == len(ROWS) >= 450
    assert all(len(theirs(said)) == len(MOMENTS) for said in THEIRS.values() if said != "-")


def test_what_only_the_other_program_reads_is_known() -> None:
    refused = {value for value, said in THEIRS.items() if said != "-" and not valid(value)}
    assert refused == set().union(*REFUSED.values())


def test_they_differ_only_where_it_is_known_why(
    compared: list[tuple[str, datetime, str, str]],
) -> None:
    unknown = State.UNKNOWN[0]
    different = {value for value, _, our, their in compared if our not in (their, unknown)}
    used = {why for why, form in DIFFERENT.items() if any(re.search(form, v) for v in different)}
    assert {v for v in different if not any(re.search(f, v) for f in DIFFERENT.values())} == set()
    assert used == set(DIFFERENT)


def test_unknown_is_rare_where_the_other_program_knows(
    compared: list[tuple[str, datetime, str, str]],
) -> None:
    """These are open ends, whose closing time the other program guesses."""
    unsure = [value for value, _, our, their in compared if our == State.UNKNOWN[0] != their]
    assert len(unsure) < 0.005 * len(compared)
    assert all("+" in value for value in unsure)
