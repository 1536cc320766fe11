r"""How sure a coverage rate is: an interval for each, and what it depends on.

The draws are those of `circle.measures.montecarlo`: facilities move within their stated
accuracy, those with a guessed position are there or not, residents live elsewhere in
their cell. Of $D$ draws, a demand point's probability is the share that covers it, and
a rate's 90 % interval runs from the 5th to the 95th percentile.

What a rate $y$ depends on is measured by total effects (Jansen 1999, recommended by
Saltelli et al. 2010): every draw is repeated with input $j$ drawn anew and the
others kept, $S_j = \frac{1}{2D} \sum_d (y_d - y_d^{(j)})^2 / \mathrm{Var}(y)$.

What the draws do not know: facilities that no list names (see
`Coverage.register`), streets that the map lacks, and how people differ in pace.

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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from circle.demand import demand_points, residents_of, roll_up, unit_of
from circle.measures.montecarlo import (
    BYTES,
    INPUTS,
    Assumptions,
    blocks,
    check,
    cover,
    sample,
)
from circle.model import GROUPS, WHOLE
from circle.network.speeds import by_length
from circle.places.facilities import matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle.measures.montecarlo import Draws, Sample
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
_POINTS = 8192
"""Demand points of a block: those of a subdistrict are one."""

Bits = NDArray[np.uint8]


class Verdict(StrEnum):
    """What the draws say of a place or an area.

    `LIST` stands for `NOT_COVERED` where the list of the kind is not known to be
    complete: a facility that no list names may cover it.
    """

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    DEPENDS = "depends"
    LIST = "list"


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How sure the coverage of one kind is.

    Attributes
    ----------
    base
        Coverage without uncertainty, of verified facilities.
    assumed
        What was assumed.
    probability
        Shape (k,): share of the draws in which each row of the district's
        demand is covered.
    verdict, depends_on
        Shape (k,): a `Verdict` for each (covered from a probability of 0.95,
        not covered, or `Verdict.LIST`, to 0.05) and, where it depends, the one of `INPUTS` that it
        depends on most, else "".
    table
        One row for each area and age group, and for the whole (area ""), as
        `by_zone` gives them with area for zone.
    reached
        Shape (1 + 2, draws, ceil(k / 8)): who is covered, packed bits; first
        all draws, then again with the position, then what is there, drawn anew.
    homes, home
        As in `circle.measures.montecarlo.Sample`.
    """

    base: Coverage
    assumed: Assumptions
    probability: Floats
    verdict: Strings
    depends_on: Strings
    table: pd.DataFrame
    reached: Bits
    homes: Floats
    home: NDArray[np.int64]


def uncertainty(
    district: District,
    impedance: Impedance,
    base: Coverage,
    assumed: Assumptions | None = None,
    draws: Draws | None = None,
) -> Uncertainty:
    """Return how sure a coverage is.

    Parameters
    ----------
    district
        The district.
    impedance
        Its streets as the profile walks them.
    base
        The coverage without uncertainty, of verified facilities.
    assumed
        How far the inputs may be off; by default `Assumptions()`.
    draws
        What is drawn alike with another state of the district; None: with none.

    Raises
    ------
    InputError
        When an assumption is out of range.
    """
    assumed = Assumptions() if assumed is None else assumed
    check(assumed)
    criterion, limit_s = base.question.criterion, base.minutes * 60
    if criterion.metres is not None:
        impedance, limit_s = by_length(impedance), criterion.metres
    sampled = sample(district, impedance, matching(district, base.question), assumed, draws)
    points = demand_points(district)
    chance, effect, reached = _reached(impedance, points, sampled, limit_s)
    verdict = _verdicts(base, chance >= HIGH, chance <= LOW)
    areas = base.table["area"].drop_duplicates().to_numpy(object)
    member = (unit_of(district)[:, None] == areas) | (areas == WHOLE)
    drawn = Uncertainty(
        base=base,
        assumed=assumed,
        probability=chance,
        verdict=verdict,
        depends_on=_most(effect, verdict),
        table=pd.DataFrame(),
        reached=reached,
        homes=sampled.homes,
        home=sampled.home,
    )
    judged = by_zone(district, drawn, member)
    table = judged.assign(zone=areas[judged["zone"]]).rename(columns={"zone": "area"})
    return replace(drawn, table=table)


def by_zone(district: District, uncertainty: Uncertainty, member: Bools) -> pd.DataFrame:
    """Judge any zones by the draws already made.

    Parameters
    ----------
    district
        The district; only demand points inside it count.
    uncertainty
        What `uncertainty` returned.
    member
        Shape (k, z): which rows of the district's demand belong to each zone.

    Returns
    -------
    pandas.DataFrame
        One row for each zone (its column of `member`) and group: zone, group,
        residents; rate (without uncertainty), low, median, high (90 % interval
        over the draws, widened to the rate; NaN where nobody lives); verdict
        (covered when low is at least the target, not covered, or `Verdict.LIST`, when
        high is below it); depends_on (the
        input with the largest total effect where the verdict is `DEPENDS`, else
        ""); position, unverified, homes (total effects, 0 to 1; they add up to
        more than 1 where inputs act together; NaN where nothing varies).
    """
    base, target = uncertainty.base, uncertainty.assumed.target
    residents, rate, rates = drawn_rates(district, uncertainty, member)
    zones = member.shape[1]
    low, median, high = np.quantile(rates[0], [LOW, 0.5, HIGH], axis=0)
    effect = _share(((rates[1:] - rates[:1]) ** 2).mean(axis=1) / 2, rates[0].var(axis=0))
    verdict = _verdicts(base, low >= target, high < target)
    verdict[~(residents > 0)] = ""
    low, high = np.fmin(low, rate), np.fmax(high, rate)
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


def drawn_rates(
    district: District, uncertainty: Uncertainty, member: Bools
) -> tuple[Floats, Floats, Floats]:
    """Return residents, rate and the rates drawn of some zones; see `by_zone`.

    Returns
    -------
    residents, rate
        Shape (z * groups,): zones in their order, in each the groups in theirs.
    rates
        Shape (1 + 3, draws, z * groups): all draws, then with each input drawn anew.
    """
    residents_here = residents_of(district)
    people, counted = residents_here.people, member & residents_here.inside[:, None]
    shares, zones = tuple(_shares(counted, people)), member.shape[1]
    residents = _added([share.weights.sum(axis=0)[None] for share in shares], shares, zones)[0]
    residents[residents_here.unknown(counted.T).ravel()] = np.nan
    rate = _rates(_weighted(uncertainty.base.within[None], shares, zones), residents)[0]
    by_allocation = _weighted(uncertainty.homes, shares, zones)
    first, second = uncertainty.home
    runs = [*((bits, first) for bits in uncertainty.reached), (uncertainty.reached[0], second)]
    rates = np.stack(
        [
            _rates(
                _added(
                    [_drawn(uncertainty.homes, bits, home, share) for share in shares],
                    shares,
                    zones,
                ),
                by_allocation[home],
            )
            for bits, home in runs
        ]
    )
    return residents, rate, rates


def by_verdict(district: District, uncertainty: Uncertainty) -> pd.DataFrame:
    """Return what share of residents is covered, depends, or lacks, by the verdict on each home.

    Returns
    -------
    pandas.DataFrame
        One row for each area and age group, and for the whole (area ""): columns area,
        group, residents, covered, depends, lacking (shares that add up to 1; NaN where
        nobody lives).
    """
    verdict = uncertainty.verdict
    covered, depends = (verdict == name for name in (Verdict.COVERED, Verdict.DEPENDS))
    masks = {"covered": covered, "depends": depends, "lacking": ~(covered | depends)}
    tables = {name: roll_up(district, mask) for name, mask in masks.items()}
    shares = {name: table["rate"] for name, table in tables.items()}
    return tables["covered"][["area", "group", "residents"]].assign(**shares)


def _reached(
    impedance: Impedance,
    points: Snapped,
    sampled: Sample,
    limit_s: float,
) -> tuple[Floats, Floats, Bits]:
    """Return the probability (k,), the effects (2, k) and who is covered, packed."""
    draws, count = sampled.home.shape[1], len(points.segment)
    chance, effect = np.zeros(count), np.zeros((len(INPUTS) - 1, count))
    reached = np.zeros((len(INPUTS), draws, (count + 7) // 8), np.uint8)
    size = max(8, BYTES // (len(reached) * draws) // 8 * 8)
    for block in blocks(count, size):
        covered = np.zeros((len(reached), draws, block.stop - block.start), np.bool_)
        cover(impedance, points.take(block), sampled, limit_s, covered)
        reached[:, :, block.start // 8 : (block.stop + 7) // 8] = np.packbits(covered, axis=2)
        chance[block] = covered[0].mean(axis=0)
        turned = (covered[1:] != covered[:1]).mean(axis=1)
        effect[:, block] = _share(turned / 2, chance[block] * (1 - chance[block]))
    return chance, effect, reached


class _Share(NamedTuple):
    """What a block of the demand points adds to the zones that have some of them.

    Attributes
    ----------
    points
        The block.
    columns
        Those of the ``zones * groups`` sums that it adds to.
    weights
        Shape (points, columns): residents.
    """

    points: slice
    columns: NDArray[np.intp]
    weights: Floats


def _shares(counted: Bools, people: Floats) -> Iterator[_Share]:
    """Cut the demand points into blocks, by the zones they count for, shape (k, zones).

    Neighbours in the table are mostly neighbours on the ground, so that a block has a
    part in few zones.
    """
    columns = np.arange(counted.shape[1] * len(GROUPS)).reshape(-1, len(GROUPS))
    for points in blocks(max(1, len(counted)), _POINTS):
        zones = np.flatnonzero(counted[points].any(axis=0))
        here = columns[zones].ravel()
        count = np.ascontiguousarray(counted[points][:, zones])
        weights = (count[:, :, None] * people[points, None, :]).reshape(len(count), here.size)
        yield _Share(points, here, weights)


def _added(parts: Sequence[Floats], shares: Sequence[_Share], zones: int) -> Floats:
    """Add up what each block adds, shapes (d, columns): shape (d, zones * groups)."""
    sums = np.zeros((len(parts[0]), zones * len(GROUPS)))
    for part, share in zip(parts, shares, strict=True):
        sums[:, share.columns] += part
    return sums


def _weighted(weight: Bools | Floats, shares: Sequence[_Share], zones: int) -> Floats:
    """Add residents times a weight up, shape (d, k)."""
    parts = [weight[:, share.points].astype(np.float64) @ share.weights for share in shares]
    return _added(parts, shares, zones)


def _drawn(homes: Floats, bits: Bits, home: NDArray[np.int64], share: _Share) -> Floats:
    """Return how many a block has within reach in each draw, shape (draws, columns)."""
    points, count = share.points, len(share.weights)
    packed = bits[:, points.start // 8 : (points.stop + 7) // 8]
    homes = homes[:, points]
    drawn = [
        (np.unpackbits(packed[draws], axis=1, count=count) * homes[home[draws]]) @ share.weights
        for draws in blocks(len(bits), max(1, BYTES // (8 * max(1, count))))
    ]
    return np.concatenate(drawn)


def _rates(within_reach: Floats, residents: Floats) -> Floats:
    """Return the share covered, rounded so that the order of a sum does not show."""
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


def _verdicts(base: Coverage, covered: Bools, lacking: Bools) -> Strings:
    verdict = np.full(len(covered), Verdict.DEPENDS.value, dtype=object)
    verdict[lacking] = (Verdict.NOT_COVERED if base.register.is_complete else Verdict.LIST).value
    verdict[covered] = Verdict.COVERED.value
    return verdict


def _most(effect: Floats, verdict: Strings) -> Strings:
    """Return the input of the largest effect (n, c) where the verdict depends."""
    names = np.array(INPUTS, dtype=object)[np.nan_to_num(effect, nan=-1.0).argmax(axis=0)]
    open_ = (verdict == Verdict.DEPENDS.value) & np.isfinite(effect).any(axis=0)
    return np.where(open_, names, "")
