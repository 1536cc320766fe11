r"""Minutes between a flat and the street: the stairs up and down, and the lift.

A flat on floor $f$ is $n = f - 1$ floors above the street. On the stairs a person takes

$$ t_{\downarrow} = n\,s\,p_{\downarrow}, \qquad
   t_{\uparrow} = n\,s\,p_{\uparrow} + r\,\max(\lceil n / k \rceil - 1, 0), $$

with $s$ steps a floor, $p$ seconds a step, and a rest of $r$ seconds after each $k$ floors of
the way up, of older adults alone. With a running lift the person waits $w$, boards and leaves
it in $b$, the doors take $d$, and the ride is $n h / v$. A lift with a split entry stops half
a floor below the flat: half a floor of stairs is left. Each person takes the quicker way, and
one that no stairs can be asked of has only the lift, level with the flat.

People differ: $p$ is lognormal about its mean with the coefficient of variation of its source,
$w$ uniform from 0 to twice its mean. `Times` hold `SAMPLE` people of equal weight, laid out
evenly over both; their mean and quantiles are exact for these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from circle.doors.numbers import numbers

if TYPE_CHECKING:
    from circle.doors.numbers import Number
    from circle.model import Bools, Floats, Profile

SAMPLE = 128
"""People that stand for all of a profile."""
_GOLDEN = (math.sqrt(5) - 1) / 2
_STANDARD, _RESTS = "adult", "older_adult"


@dataclass(frozen=True, slots=True)
class Assumed:
    """The inputs of one draw; `Assumed.central` is what is told where nothing is drawn.

    Attributes
    ----------
    steps
        Steps a floor.
    pace
        By what all seconds a step are multiplied.
    rest_s
        How long an older adult rests.
    wait_s
        The mean wait for a lift.
    """

    steps: float
    pace: float
    rest_s: float
    wait_s: float

    @classmethod
    def central(cls) -> Assumed:
        """Return the values as stated."""
        return cls(*(numbers()[name].value for name in DRAWN))

    @classmethod
    def drawn(cls, random: np.random.Generator, count: int) -> list[Assumed]:
        """Return draws of all inputs, each evenly between its low and its high."""
        stated = [numbers()[name] for name in DRAWN]
        values = random.uniform(
            [each.low for each in stated], [each.high for each in stated], (count, len(stated))
        )
        return [cls(*row) for row in values.tolist()]


DRAWN = ("house.steps_a_floor", "pace.spread", "rest.seconds", "lift.wait")
"""The inputs of `Assumed`, in its order."""


@dataclass(frozen=True, slots=True)
class Stairs:
    """How a profile takes stairs: seconds a step up and down; `able` is False on wheels."""

    up: Number
    down: Number
    rests: bool
    able: bool


@dataclass(frozen=True, eq=False)
class Times:
    """Seconds of `SAMPLE` people for each of n flats, down to the street and up again.

    Shapes (`SAMPLE`, n); infinite where there is no way for them.
    """

    out: Floats
    home: Floats

    @property
    def mean(self) -> tuple[Floats, Floats]:
        """The mean of both, shapes (n,)."""
        return self.out.mean(axis=0), self.home.mean(axis=0)

    @property
    def longer(self) -> Floats:
        """The longer of both means, shape (n,): there and back are within reach by it."""
        return np.maximum(*self.mean)

    def quantile(self, share: float) -> tuple[Floats, Floats]:
        """Return the seconds that a share of people do not exceed, shapes (n,)."""
        out, home = (
            np.quantile(each, share, axis=0, method="inverted_cdf")
            for each in (self.out, self.home)
        )
        return out, home


def stairs_of(profile: Profile) -> Stairs:
    """Return how a profile takes stairs.

    One that is not among ours walks them as an adult, by the ratio of their level speeds.
    """
    known = numbers()
    name = profile.id if f"stairs.{profile.id}.up" in known else _STANDARD
    slower = 1.0 if name == profile.id else known[f"level.{_STANDARD}"].value / profile.speed_m_s
    up, down = (
        replace(number, value=number.value * slower)
        for number in (known[f"stairs.{name}.up"], known[f"stairs.{name}.down"])
    )
    return Stairs(up, down, rests=name == _RESTS, able=profile.steps_allowed)


def times(
    profile: Profile,
    floor: Floats,
    lift: Bools,
    split: Bools,
    assumed: Assumed | None = None,
) -> Times:
    """Return how long a profile takes between its flat and the street.

    Parameters
    ----------
    profile
        Who lives there.
    floor
        Shape (n,): on which floor, the street's being 1; below it counts as it.
    lift
        Shape (n,): whether a lift runs.
    split
        Shape (n,): whether it stops half a floor from the flat.
    assumed
        The inputs; None for those stated.
    """
    above = np.maximum(np.asarray(floor, np.float64) - 1.0, 0.0)
    flats = _Flats(above, lift & (above > 0), np.where(split, 0.5, 0.0))
    stairs, given = stairs_of(profile), assumed or Assumed.central()
    return Times(
        out=_quicker(stairs, stairs.down, flats, given),
        home=_quicker(stairs, stairs.up, flats, given),
    )


@dataclass(frozen=True, eq=False)
class _Flats:
    """Floors above the street, whether a lift runs, and floors left between lift and flat."""

    above: Floats
    lift: Bools
    left: Floats


def _quicker(stairs: Stairs, step: Number, flats: _Flats, given: Assumed) -> Floats:
    """Return the seconds of the quicker way, shape (`SAMPLE`, n)."""
    pace = _lognormal(step.value * given.pace, step.cv)[:, None] * given.steps
    waits = 2 * given.wait_s * (np.arange(SAMPLE) * _GOLDEN % 1.0)[:, None]
    by_lift = waits + _ride_s(flats.above - flats.left) + pace * flats.left
    by_lift = np.where(flats.lift, by_lift, np.inf)
    if stairs.able:
        rest_s = given.rest_s if stairs.rests and step is stairs.up else 0.0
        after = numbers()["rest.after_floors"].value
        rests = rest_s * np.maximum(np.ceil(flats.above / after) - 1, 0)
        quicker: Floats = np.minimum(pace * flats.above + rests, by_lift)
        return quicker
    reached = np.where(flats.left > 0, np.inf, by_lift)
    return np.where(flats.above > 0, reached, 0.0)


def _ride_s(floors: Floats) -> Floats:
    known = numbers()
    fixed = known["lift.boarding"].value + known["lift.doors"].value
    height: Floats = floors * known["house.floor_height_m"].value
    return height / known["lift.speed"].value + fixed


def _lognormal(mean: float, cv: float) -> Floats:
    """Return `SAMPLE` values of equal weight, lognormal, whose mean is the one asked for."""
    return _spread(cv) * mean


@cache
def _spread(cv: float) -> Floats:
    sigma = math.sqrt(math.log1p(cv**2))
    shares = [(person + 0.5) / SAMPLE for person in range(SAMPLE)]
    values = np.exp([sigma * NormalDist().inv_cdf(share) for share in shares])
    scaled: Floats = values / values.mean()
    return scaled
