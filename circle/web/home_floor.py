"""On which floor the home is, and whether a lift goes there: the times of From my home with it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from circle.doors.vertical import times
from circle.i18n import t
from circle.i18n.rounding import whole_minutes
from circle.model.doorways import MOST_FLOORS
from circle.web import controls, state
from circle.words import nearby

if TYPE_CHECKING:
    from circle.model import Profile

LIFTS = ("none", "level", "split")
_MINUTE_S = 60.0


class Floor(NamedTuple):
    """Where in the house the home is, and how long a walker takes to the street and back up.

    `out_s` and `home_s` are infinite for one who has no way down; `who` is the walker in words.
    """

    floor: int
    lift: str
    out_s: float
    home_s: float
    who: str

    @property
    def indoors_s(self) -> float:
        """The seconds that every walk gets longer by; none where there is no way down."""
        return self.out_s if math.isfinite(self.out_s) else 0.0

    @property
    def name(self) -> str:
        """The floor and the lift, as they follow the name of a home."""
        return t(f"home.floor_{self.lift}", floor=self.floor)

    @property
    def note(self) -> str:
        """What the times include."""
        if not math.isfinite(self.out_s):
            return t("home.no_way_down", floor=self.floor, who=self.who)
        out, home = _text(self.out_s), _text(self.home_s)
        return t("home.floor_note", out=out, home=home)


def asked() -> None:
    """Draw the choice of floor, and of a lift where that matters."""
    st.number_input(
        t("home.floor"),
        min_value=1,
        max_value=MOST_FLOORS,
        step=1,
        placeholder=t("home.floor_not_asked"),
        **state.tied(_floor()),
    )
    if (state.value(_floor()) or 1) > 1:
        controls.chips(t("home.lift"), LIFTS, _lift(), lambda name: t(f"home.lift_{name}"))


def chosen(profile: Profile) -> Floor | None:
    """Return the floor that is chosen, as a walker gets from it; None where none is."""
    floor = state.value(_floor())
    if floor is None:
        return None
    lift = "none" if floor == 1 else state.value(_lift())
    out, home = times(
        profile, np.array([float(floor)]), np.array([lift != "none"]), np.array([lift == "split"])
    ).mean
    return Floor(floor, lift, float(out[0]), float(home[0]), nearby.pace(profile))


def say(floor: Floor | None) -> None:
    """Say so where a walker has no way down."""
    if floor is not None and not math.isfinite(floor.out_s):
        st.warning(floor.note)


def _text(seconds: float) -> str:
    """Return a time indoors: in whole minutes, below one in seconds to the next ten."""
    tens = math.ceil(seconds / 10) * 10
    if tens < _MINUTE_S:
        return t("home.seconds", n=tens)
    return t("unit.minutes", n=whole_minutes(seconds / _MINUTE_S))


def _floor() -> state.Param[int | None]:
    def parse(raw: str) -> int:
        return int(state.one_of([str(floor) for floor in range(1, MOST_FLOORS + 1)])(raw))

    return state.Param("floor", parse, lambda floor: "" if floor is None else str(floor), None)


def _lift() -> state.Param[str]:
    return state.choice("lift", LIFTS)
