r"""Draws of what is not known for certain: who is covered in each.

Monte Carlo with a fixed seed. Draw $d$ changes three inputs at once:

position
    Facility $f$ stands at one of `Assumptions.positions` places around its stated
    position, scattered as an isotropic normal whose 95 % radius is the stated
    accuracy $a_f$: $\sigma_f = a_f / \sqrt{-2 \ln 0.05} = a_f / 2.4477$ on each
    axis (the convention of FGDC 1998 for horizontal accuracy). Each place is
    snapped to the nearest street again; the walk off the street stays that of
    the stated position, because the error is in the coordinates, not in how far
    the door is from the street.
unverified
    A facility with a guessed position is there with probability
    `Assumptions.unverified`, else it is not. Verified ones always are.
homes
    Where the residents of a cell live within it is modelled, so each draw takes one
    of `Assumptions.allocations` allocations: the residents of demand point $i$ are
    weighted by $e_i$, exponentially distributed, and each cell keeps its sum (the
    Bayesian bootstrap of Rubin 1981 among the points of a cell).

A demand point $i$ is covered in draw $d$ when

$$ \min_{f\ \text{there}} t_{i f}(\text{place}_{fd}) \le T, $$

with $t$ the exact walking time at the profile's speed and $T$ the limit. With
nothing to draw this is `circle.measures.coverage.coverage`. That people of a profile
differ in pace is no uncertainty of a rate: `circle.measures.coverage.by_pace` tells it.

A second sample of every input is drawn as well, and each draw is repeated with
one input taken from it: from these `circle.measures.uncertainty` computes what a rate
depends on.

References
----------
FGDC (1998). Geospatial Positioning Accuracy Standards, Part 3: National Standard
for Spatial Data Accuracy. FGDC-STD-007.3-1998.

Rubin, D. B. (1981). The Bayesian bootstrap. The Annals of Statistics 9(1), 130-134.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle.errors import InputError
from circle.model import Snapped
from circle.network.snap import snap
from circle.places.facilities import on_street, positions
from circle.reach.travel import many_to_many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from circle.model import Bools, District, Floats, Impedance

INPUTS = ("position", "unverified", "homes")
"""What the draws change."""
TARGET = 0.99
"""Share of residents from which an area counts as covered.

What Shanghai's master plan 2017-2035 is reported to aim at for 15 minutes by
2035; secondary, to be checked against the plan's text.
"""
SEED = 20260410

BYTES = 64_000_000
"""No array of draws is larger than about this."""

_SIGMAS_IN_95 = math.sqrt(-2 * math.log(0.05))
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_RUNS = ((0, 0), (1, 0), (0, 1))
"""Of which sample position and presence are taken: all of the first, then one anew."""
_MOST = {"draws": 100_000, "positions": 1024, "allocations": 1024}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How far the inputs may be off, and what counts as covered.

    Attributes
    ----------
    position
        Multiple of each facility's stated accuracy; 0 for exact positions. A
        facility without a stated accuracy is taken to be as inaccurate as the
        worst of the district.
    unverified
        Probability that a facility with a guessed position is there, 0 to 1.
        One half says that nothing is known either way.
    target
        Share of residents from which an area counts as covered, 0 to 1.
    draws, positions
        How many draws, and how many places each facility is drawn from (1: the
        stated place alone).
    allocations
        How many ways the residents of a cell may live in it (1: as modelled).
    seed
        The same seed gives the same answer.
    """

    position: float = 1.0
    unverified: float = 0.5
    target: float = TARGET
    draws: int = 1000
    positions: int = 64
    allocations: int = 64
    seed: int = SEED


@dataclass(frozen=True, eq=False)
class Sample:
    """All that is drawn for p facilities, two samples of it.

    Attributes
    ----------
    places, each
        Shape (p * each,): the positions that each facility is drawn from, one
        facility after another.
    pick, there
        Shape (2, draws, p): at which of them it stands, and whether it is there.
    homes
        Shape (allocations, k): by what each demand point's residents are multiplied.
    home
        Shape (2, draws): which of these allocations is taken.
    idle
        Which of `INPUTS` do not vary.
    """

    places: Snapped
    each: int
    pick: NDArray[np.int64]
    there: Bools
    homes: Floats
    home: NDArray[np.int64]
    idle: tuple[bool, bool, bool]


@dataclass(frozen=True, slots=True)
class Draws:
    """What several states of a district draw alike, so that only what differs differs.

    Attributes
    ----------
    ids
        The facilities of all of them.
    each
        Places that each facility is drawn from.
    worst_m
        Accuracy of a facility without a stated one.
    points
        Demand points of the state with the most; the others have the first of them.
    """

    ids: tuple[str, ...]
    each: int
    worst_m: float
    points: int


def draws_of(states: Sequence[tuple[District, pd.DataFrame]], assumed: Assumptions) -> Draws:
    """Return the draws of some states: a district each, and its facilities of one kind."""
    worst = max(_worst_m(district) for district, _ in states)
    stated = [_accuracy_m(places, worst) * assumed.position for _, places in states]
    return Draws(
        ids=tuple(dict.fromkeys(str(name) for _, places in states for name in places["id"])),
        each=assumed.positions if any(radius.any() for radius in stated) else 1,
        worst_m=worst,
        points=max(len(district.demand) for district, _ in states),
    )


def check(assumed: Assumptions) -> None:
    """Refuse what is out of range.

    Raises
    ------
    InputError
        With the range.
    """
    ranges = {
        "target": (assumed.target, 0.0, 1.0),
        "position": (assumed.position, 0.0, 10.0),
        "unverified": (assumed.unverified, 0.0, 1.0),
        **{name: (getattr(assumed, name), 1, most) for name, most in _MOST.items()},
        "seed": (assumed.seed, 0, 2**63),
    }
    for name, (value, least, most) in ranges.items():
        if not least <= value <= most:
            raise InputError("spread", name=name, value=value, bounds=f"{least:g} – {most:g}")


def sample(
    district: District,
    impedance: Impedance,
    places: pd.DataFrame,
    assumed: Assumptions,
    draws: Draws | None = None,
) -> Sample:
    """Draw all inputs.

    Parameters
    ----------
    district
        The district, for the accuracy of its facilities.
    impedance
        Its streets as the profile walks them.
    places
        The p facilities of one kind, those with a guessed position included.
    assumed
        How far the inputs may be off.
    draws
        What is drawn alike with another state of the district; None: with none.
    """
    draws = draws or draws_of([(district, places)], assumed)
    each = draws.each
    radius = _accuracy_m(places, draws.worst_m) * assumed.position
    radius = radius if each > 1 else np.zeros(len(places))
    column = {name: row for row, name in enumerate(draws.ids)}
    mine = np.array([column[str(name)] for name in places["id"]], np.intp)
    turn, pick, chance, home = (
        np.random.default_rng(seed) for seed in np.random.SeedSequence(assumed.seed).spawn(4)
    )
    shape = (2, assumed.draws, len(draws.ids))
    sure = places["verified"].to_numpy(np.bool_)
    return Sample(
        places=_scattered(
            impedance, places, radius, each, turn.uniform(0, 2 * np.pi, shape[2])[mine]
        ),
        each=each,
        pick=pick.integers(0, each, shape)[:, :, mine],
        there=sure | (chance.random(shape)[:, :, mine] < assumed.unverified),
        homes=_homes(district, assumed.allocations, draws.points, home),
        home=home.integers(0, assumed.allocations, shape[:2]),
        idle=(
            each == 1,
            bool(sure.all()) or assumed.unverified in {0.0, 1.0},
            assumed.allocations == 1,
        ),
    )


def _homes(district: District, count: int, points: int, random: np.random.Generator) -> Floats:
    """Return `Sample.homes`: ones where nothing varies."""
    demand = district.demand
    if count == 1 or not len(demand):
        return np.ones((count, len(demand)))
    part = demand.groupby(["cell", "inside"], sort=False).ngroup().to_numpy()
    residents = demand["residents"].to_numpy(np.float64)
    weight = random.standard_exponential((count, points))[:, : len(demand)]
    of_cell = np.bincount(part, weights=residents)
    drawn = np.stack([np.bincount(part, weights=residents * row) for row in weight])
    scale = np.divide(of_cell, drawn, out=np.ones_like(drawn), where=drawn > 0)
    homes: Floats = weight * scale[:, part]
    return homes


def cover(
    impedance: Impedance, points: Snapped, sample: Sample, limit_s: float, covered: Bools
) -> None:
    """Mark who is covered in each draw.

    Parameters
    ----------
    impedance
        The streets as the profile walks them.
    points
        The k demand points.
    sample
        What was drawn.
    limit_s
        The limit at the profile's speed, seconds.
    covered
        Shape (1 + 2, draws, k), false; marked: first all inputs of the first
        sample, then again with the position, then what is there, from the second.
    """
    each, total = sample.each, sample.there.shape[2]
    farthest_s = limit_s + 1.0
    for block in blocks(total, max(1, BYTES // (8 * each * max(1, len(points.segment))))):
        places = sample.places.take(slice(block.start * each, block.stop * each))
        seconds = many_to_many(impedance, points, places, farthest_s)
        by_place = np.ascontiguousarray(seconds.T).reshape(-1, each, len(points.segment))
        for f, times in zip(range(block.start, block.stop), by_place, strict=True):
            within = times <= limit_s
            if not within.any():
                continue
            for run, (a, b) in enumerate(_RUNS):
                if run == 0 or not sample.idle[run - 1]:
                    _mark(covered[run], within, sample.pick[a, :, f], sample.there[b, :, f])
    for j, idle in enumerate(sample.idle[: len(_RUNS) - 1]):
        if idle:
            covered[j + 1] = covered[0]


def blocks(count: int, size: int) -> Iterator[slice]:
    """Cut `count` rows into blocks of at most `size`."""
    return (slice(start, min(start + size, count)) for start in range(0, count, size))


def _worst_m(district: District) -> float:
    stated = district.facilities["position_accuracy_m"]
    return 0.0 if stated.isna().all() else float(stated.max())


def _accuracy_m(places: pd.DataFrame, worst: float) -> Floats:
    return places["position_accuracy_m"].fillna(worst).to_numpy(np.float64)


def _scattered(
    impedance: Impedance, places: pd.DataFrame, radius: Floats, each: int, turn: Floats
) -> Snapped:
    """Spread each place over `each` equally likely positions, snapped to the street.

    The k-th is at the radius that holds a share (k + 1/2) / each of the normal,
    turned by the golden angle from the one before (a sunflower); `turn` is the
    angle of each place's first. Returns shape (p * each,).
    """
    stated = on_street(impedance, places)
    k = np.arange(each)
    away = np.sqrt(-2 * np.log1p(-(k + 0.5) / each)) * (radius / _SIGMAS_IN_95)[:, None]
    angle = k * _GOLDEN_ANGLE + turn[:, None]
    offset = away[:, :, None] * np.stack([np.cos(angle), np.sin(angle)], axis=2)
    moved = snap(impedance, (positions(places)[:, None, :] + offset).reshape(-1, 2))
    on_network = np.repeat(stated.segment >= 0, each)
    off_m = np.where(on_network, np.repeat(stated.off_m, each), moved.off_m)
    return Snapped(moved.xy, moved.segment, moved.fraction, off_m)


def _mark(covered: Bools, within: Bools, pick: NDArray[np.int64], there: Bools) -> None:
    """Mark who one facility covers: `within` (positions, k), the rest (draws,)."""
    for draw in np.flatnonzero(there):  # row by row: each stays in the cache
        covered[draw] |= within[pick[draw]]
