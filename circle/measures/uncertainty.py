r"""How sure a coverage rate is: an interval for each, and what it depends on.

The draws are those of `circle.measures.montecarlo`: facilities move within their stated
accuracy, those with a guessed position are there or not, walkers differ in
speed. Of $D$ draws, a demand point's probability is the share that covers it, and
a rate's 90 % interval runs from the 5th to the 95th percentile.

What a rate $y$ depends on is measured by total effects (Jansen 1999, recommended by
Saltelli et al. 2010): every draw is repeated with input $j$ drawn anew and the
others kept, $S_j = \frac{1}{2D} \sum_d (y_d - y_d^{(j)})^2 / \mathrm{Var}(y)$.

What the draws do not know: facilities that no list names (see
`Coverage.register`), where residents live within their cell, streets that the
map lacks.

References
----------
Jansen, M. J. W. (1999). Analysis of variance designs for model output. Computer
Physics Communications 117, 35-43.

Saltelli, A., et al. (2010). Variance based sensitivity analysis of model output.
Computer Physics Communications 181(2), 259-270.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from circle.demand import demand_points, residents_of, unit_of
from circle.geo.shapes import points as points_at
from circle.measures.montecarlo import (
    BYTES,
    INPUTS,
    Assumptions,
    blocks,
    check,
    cover,
    sample,
    spread_of,
    take,
)
from circle.model import GROUPS, WHOLE
from circle.network.speeds import by_length
from circle.places.facilities import matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.measures.montecarlo import Sample
    from circle.model import (
        Bools,
        Coverage,
        District,
        Floats,
        Impedance,
        Snapped,
        Strings,
    )

LOW, HIGH = 0.05, 0.95
"""The ends of the 90 % interval."""

_DECIMALS = 12

Bits = NDArray[np.uint8]


class Verdict(StrEnum):
    """What the draws say of a place or an area."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    DEPENDS = "depends"


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How sure the coverage of one kind is.

    Attributes
    ----------
    base
        Coverage without uncertainty, of verified facilities.
    assumed
        What was assumed, with the spread of speeds that was used.
    probability
        Shape (k,): share of the draws in which each row of the district's
        demand is covered.
    verdict, depends_on
        Shape (k,): a `Verdict` for each (covered from a probability of 0.95,
        not covered to 0.05) and, where it depends, the one of `INPUTS` that it
        depends on most, else "".
    table
        One row for each area and age group, and for the whole (area ""), as
        `by_zone` gives them with area for zone.
    reached
        Shape (1 + 3, draws, ceil(k / 8)): who is covered, packed bits; first
        all draws, then again with one input drawn anew.
    """

    base: Coverage
    assumed: Assumptions
    probability: Floats
    verdict: Strings
    depends_on: Strings
    table: pd.DataFrame
    reached: Bits


def uncertainty(
    district: District,
    impedance: Impedance,
    base: Coverage,
    assumed: Assumptions | None = None,
) -> Uncertainty:
    """Return how sure a coverage is.

    Parameters
    ----------
    district
        The district.
    impedance
        Its streets as the profile walks them. Where a requirement is judged by
        metres nobody's speed matters, and it does not vary.
    base
        The coverage without uncertainty, of verified facilities.
    assumed
        How far the inputs may be off; by default `Assumptions()`.

    Raises
    ------
    InputError
        When an assumption is out of range.
    """
    assumed = Assumptions() if assumed is None else assumed
    assumed = replace(assumed, speed_cv=spread_of(impedance, assumed))
    check(assumed)
    criterion, limit_s = base.question.criterion, base.minutes * 60
    if criterion.metres is not None:
        impedance, limit_s = by_length(impedance), criterion.metres
        assumed = replace(assumed, speed_cv=0.0)
    sampled = sample(district, impedance, matching(district, base.question), assumed)
    points = demand_points(district)
    chance, effect, reached = _reached(impedance, points, sampled, limit_s)
    verdict = _verdicts(chance >= HIGH, chance <= LOW)
    areas = base.table["area"].drop_duplicates().to_numpy(object)
    member = (unit_of(district)[:, None] == areas) | (areas == WHOLE)
    judged = _judged(district, base, reached, assumed.target, member)
    return Uncertainty(
        base=base,
        assumed=assumed,
        probability=chance,
        verdict=verdict,
        depends_on=_most(effect, verdict),
        table=judged.assign(zone=areas[judged["zone"]]).rename(columns={"zone": "area"}),
        reached=reached,
    )


def by_zone(district: District, uncertainty: Uncertainty, member: Bools) -> pd.DataFrame:
    """Judge any zones by the draws already made.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    uncertainty
        What `uncertainty` returned.
    member
        Shape (k, z): which rows of the district's demand belong to each zone;
        for shapes see `within`.

    Returns
    -------
    pandas.DataFrame
        One row for each zone (its column of `member`) and group: zone, group,
        residents; rate (without uncertainty), low, median, high (90 % interval
        over the draws; NaN where nobody lives); verdict (covered when low is at
        least the target, not covered when high is below it); depends_on (the
        input with the largest total effect where the verdict is `DEPENDS`, else
        ""); position, unverified, speed (total effects, 0 to 1; they add up to
        more than 1 where inputs act together; NaN where nothing varies).
    """
    target = uncertainty.assumed.target
    return _judged(district, uncertainty.base, uncertainty.reached, target, member)


def within(district: District, shapes: Sequence[shapely.Geometry]) -> Bools:
    """Return which demand points lie in each shape (metres), shape (k, z)."""
    points = points_at(district.demand[["x", "y"]].to_numpy(np.float64))
    inside = np.zeros((len(points), len(shapes)), np.bool_)
    zone, point = shapely.STRtree(points).query(list(shapes), predicate="intersects")
    inside[point, zone] = True
    return inside


def _reached(
    impedance: Impedance,
    points: Snapped,
    sampled: Sample,
    limit_s: float,
) -> tuple[Floats, Floats, Bits]:
    """Return the probability (k,), the effects (3, k) and who is covered, packed."""
    draws, count = sampled.pace.shape[1], len(points.segment)
    chance, effect = np.zeros(count), np.zeros((len(INPUTS), count))
    reached = np.zeros((1 + len(INPUTS), draws, (count + 7) // 8), np.uint8)
    size = max(8, BYTES // (len(reached) * draws) // 8 * 8)
    for block in blocks(count, size):
        covered = np.zeros((len(reached), draws, block.stop - block.start), np.bool_)
        cover(impedance, take(points, block), sampled, limit_s, covered)
        reached[:, :, block.start // 8 : (block.stop + 7) // 8] = np.packbits(covered, axis=2)
        chance[block] = covered[0].mean(axis=0)
        turned = (covered[1:] != covered[:1]).mean(axis=1)
        effect[:, block] = _share(turned / 2, chance[block] * (1 - chance[block]))
    return chance, effect, reached


def _judged(
    district: District, base: Coverage, reached: Bits, target: float, member: Bools
) -> pd.DataFrame:
    residents_here = residents_of(district)
    people, counted = residents_here.people, member & residents_here.inside[:, None]
    weights = (counted[:, :, None] * people[:, None, :]).reshape(
        len(people), member.shape[1] * len(GROUPS)
    )
    residents = weights.sum(axis=0)
    residents[residents_here.unknown(counted.T).ravel()] = np.nan
    rate = _rates(base.within[None], weights, residents)[0]
    rates = np.stack([_draw_rates(run, weights, residents) for run in reached])
    low, median, high = np.quantile(rates[0], [LOW, 0.5, HIGH], axis=0)
    effect = _share(((rates[1:] - rates[:1]) ** 2).mean(axis=1) / 2, rates[0].var(axis=0))
    verdict = _verdicts(low >= target, high < target)
    verdict[~(residents > 0)] = ""
    zones = member.shape[1]
    return pd.DataFrame(
        {
            "zone": np.repeat(np.arange(zones), len(GROUPS)),
            "group": np.tile(np.array(GROUPS, dtype=object), zones),
            "residents": residents,
            "rate": rate,
            "low": low,
            "median": median,
            "high": high,
            "verdict": verdict,
            "depends_on": _most(effect, verdict),
            **dict(zip(INPUTS, effect, strict=True)),
        }
    )


def _draw_rates(bits: Bits, weights: Floats, residents: Floats) -> Floats:
    """Return the rates of each draw, shape (draws, c), from packed bits."""
    rows = max(1, BYTES // (8 * max(1, len(weights))))
    rates = [
        _rates(np.unpackbits(bits[block], axis=1, count=len(weights)), weights, residents)
        for block in blocks(len(bits), rows)
    ]
    return np.concatenate(rates)


def _rates(covered: Bools | Bits, weights: Floats, residents: Floats) -> Floats:
    """Return the share covered, rounded so that the order of a sum does not show."""
    within_reach = covered.astype(np.float64) @ weights
    share = np.full(within_reach.shape, np.nan)
    np.divide(within_reach, residents, out=share, where=residents > 0)
    rounded: Floats = np.round(share, _DECIMALS)
    return rounded


def _share(part: Floats, variance: Floats) -> Floats:
    """Return total effects, at most 1; NaN where nothing varies."""
    varies = np.broadcast_to(variance > 10.0**-_DECIMALS, part.shape)
    share = np.full(part.shape, np.nan)
    np.divide(part, variance, out=share, where=varies)
    capped: Floats = np.minimum(share, 1.0)
    return capped


def _verdicts(covered: Bools, lacking: Bools) -> Strings:
    verdict = np.full(len(covered), Verdict.DEPENDS.value, dtype=object)
    verdict[lacking] = Verdict.NOT_COVERED.value
    verdict[covered] = Verdict.COVERED.value
    return verdict


def _most(effect: Floats, verdict: Strings) -> Strings:
    """Return the input of the largest effect (3, c) where the verdict depends."""
    names = np.array(INPUTS, dtype=object)[np.nan_to_num(effect, nan=-1.0).argmax(axis=0)]
    open_ = (verdict == Verdict.DEPENDS.value) & np.isfinite(effect).any(axis=0)
    return np.where(open_, names, "")
