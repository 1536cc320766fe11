"""Who goes out of a doorway, how often, and how they take its stairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle.doors.numbers import numbers
from circle.model import AGE_GROUPS, Profile, Text

if TYPE_CHECKING:
    from circle.doors.homes import Homes
    from circle.doors.numbers import Number
    from circle.model import Floats


@dataclass(frozen=True, eq=False)
class Travellers:
    """Residents of an age group, shape (h,), who go out as often as `outings` says."""

    profile: Profile
    outings: Number
    people: Floats


def travellers_of(homes: Homes) -> list[Travellers]:
    """Return who lives behind a register's doorways, by age.

    Where the four ages of a floor are not known, those of 60 and older are taken to go out as
    rarely as those of 65 and older, everyone else as often as those of 15 to 59; where not
    even their number is known, all as those of 15 to 59.
    """
    ages = {age: homes.group(age) for age in AGE_GROUPS}
    everyone, older = homes.group("residents"), homes.group("residents_60_plus")
    known = sum(ages.values()) >= np.maximum(everyone, older) - 0.5
    ages["age_15_59"] = np.where(known, ages["age_15_59"], np.maximum(everyone - older, 0.0))
    ages["age_65_plus"] = np.where(known, ages["age_65_plus"], older)
    for age in ("age_0_14", "age_60_64"):
        ages[age] = np.where(known, ages[age], 0.0)
    groups = []
    for age, people in ages.items():
        outings = numbers()[f"outings.{age}"]
        profile = Profile(outings.profile, Text(outings.profile, outings.profile), 1.0)
        groups.append(Travellers(profile, outings, people))
    return groups
