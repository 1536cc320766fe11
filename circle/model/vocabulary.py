"""Words, enumerations and names that every other noun uses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circle.i18n import language

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Strings = NDArray[Any]

AGE_GROUPS = ("age_0_14", "age_15_59", "age_60_64", "age_65_plus")
"""Columns of residents by age; `residents` is a column of its own, not their sum."""
RESIDENT_COLUMNS = ("residents", *AGE_GROUPS)
SENIORS = {
    "residents_60_plus": ("age_60_64", "age_65_plus"),
    "residents_65_plus": ("age_65_plus",),
}
"""Groups that are added up from columns of residents."""
GROUPS = (*RESIDENT_COLUMNS, *SENIORS)
"""All groups of residents that figures are given for."""
SHOWN_GROUPS = (
    "residents",
    "residents_60_plus",
    "residents_65_plus",
    "age_0_14",
    "age_15_59",
    "age_60_64",
)
"""The groups that are shown, in their order; ``age_65_plus`` is ``residents_65_plus``."""
ASK_AT = ("committee",)
"""Residents ask at their committee where a district says nothing else."""
WHOLE = ""
"""The area that stands for the whole district."""
NOT_IN_ANY = "(none)"
"""The area that stands for residents who live in none of a level's units."""
MAX_MINUTES = 120.0
"""No limit of a walk is longer."""
CAP_MINUTES = 60.0
"""Minutes beyond this, or without any way, count as this where they are averaged or ranked."""
LEVEL_FILES = {
    "area": "areas.geojson",
    "committee": "committees.geojson",
    "grid": "grid.geojson",
}
"""The levels below the district, and the layer that brings each; areas are always there."""


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of wording in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh


SPEED_CV = 0.2
"""Standard deviation over mean of people's walking speeds, where a profile states none.

Over 65: mean 3.81, 15th percentile 3.02 feet a second (Gates et al. 2006, 326
people), for a normal spread (3.81 - 3.02) / 1.036 / 3.81 = 0.20. Assumed to be
the same for every other profile.
"""


class Completeness(StrEnum):
    """How complete the list of a kind of facility is."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """How far a requirement has been checked against the official text."""

    CHECKED = "checked"
    SECONDARY = "secondary"
    CONFLICT = "conflict"
    MEMORY = "memory"


class Rule(StrEnum):
    """What a requirement is judged by."""

    MINUTES = "minutes"
    METRES = "metres"


class Cause(StrEnum):
    """Why residents are out of reach."""

    NO_FACILITY = "no_facility"
    DETOUR = "detour"
    JUST_BEYOND = "just_beyond"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who walks, and how.

    Attributes
    ----------
    speed_m_s
        Speed on the level, metres a second.
    steps_allowed
        False for wheels: segments with steps are barred.
    seconds_per_step
        Time for one step of a stair (the mean of up and down), used where a
        segment's steps are counted; else a stair is walked at `speed_m_s`.
    signal_wait_s
        Wait at each signal-controlled junction passed, seconds.
    speed_cv
        How much people of this profile differ: standard deviation of their
        speeds over the mean.
    speed_percentile
        Which percentile of their speeds `speed_m_s` is: 50 for the middle, 15 where
        85 of a hundred are faster.
    """

    id: str
    name: Text
    speed_m_s: float
    steps_allowed: bool = True
    seconds_per_step: float | None = None
    signal_wait_s: float = 0.0
    source: Text = Text("", "")
    speed_cv: float = SPEED_CV
    speed_percentile: float = 50.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in a file: where it is, what it is, how to mend it.

    `key` and `values` make the sentences ``finding.KEY.what`` and
    ``finding.KEY.mend`` of the language files. `row` counts as a spreadsheet
    does: the header is row 1. `column` is a column or a property.
    """

    file: str
    key: str
    row: int | None = None
    column: str | None = None
    values: tuple[tuple[str, str], ...] = ()
