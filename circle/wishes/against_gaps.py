"""Do people ask for what the model says is missing? Wishes against computed gap zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from circle.i18n import t
from circle.i18n.rounding import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.model import Bools, Floats

DRAWS = 9_999
_CLEAR = 0.05


@dataclass(frozen=True, slots=True)
class Against:
    """The wishes of one kind against its gap zones.

    Attributes
    ----------
    wishes, inside
        How many, and how many of them inside a zone.
    residents_share
        Share of the residents who live in a zone, 0 to 1; NaN without residents.
    p
        Share of the draws in which chance alone gives a number inside as far from what
        the residents' share lets expect, both ways; NaN where nothing can be drawn.
    """

    wishes: int
    inside: int
    residents_share: float
    p: float

    @property
    def wishes_share(self) -> float:
        """Share of the wishes inside a zone, 0 to 1; NaN without wishes."""
        return self.inside / self.wishes if self.wishes else np.nan


def against(
    wishes_xy: Floats,
    demand_xy: Floats,
    residents: Floats,
    in_gap: Bools,
    draws: int = DRAWS,
    seed: int = 0,
) -> Against:
    """Test whether wishes lie in gap zones more, or less, often than residents live there.

    A wish is inside a zone where the demand point nearest to it is: of the same points
    it is asked whether residents are. The test is a permutation: wishes and residents
    are taken together, who of them is a wish is drawn anew without putting back, and the
    number inside counted (Good 2005, "Permutation, Parametric and Bootstrap Tests of
    Hypotheses", chapter 3). Wishes are not of independent people where neighbours
    write together; p is then too small.

    Parameters
    ----------
    wishes_xy
        Shape (n, 2), metres: the true places of the wishes of one kind.
    demand_xy, residents, in_gap
        Shapes (k, 2), (k,), (k,): where residents live, how many, in a zone or not.
    draws, seed
        Of the permutations.

    Returns
    -------
    Against
        The shares and how clearly they differ.
    """
    total = float(residents.sum())
    share = float(residents[in_gap].sum()) / total if total > 0 else np.nan
    count = len(wishes_xy)
    if not count or not len(demand_xy):
        return Against(count, 0, share, np.nan)
    _, nearest = cKDTree(demand_xy).query(wishes_xy)
    inside = int(in_gap[nearest].sum())
    if not total > 0:
        return Against(count, inside, share, np.nan)
    people_inside = round(float(residents[in_gap].sum()))
    pool_inside = people_inside + inside
    pool_outside = round(total) - people_inside + count - inside
    drawn = np.random.default_rng(seed).hypergeometric(pool_inside, pool_outside, count, size=draws)
    expected = count * pool_inside / (pool_inside + pool_outside)
    as_far = np.abs(drawn - expected) >= abs(inside - expected) - 1e-9
    return Against(count, inside, share, float((1 + as_far.sum()) / (1 + draws)))


def sentence(result: Against, kind: str) -> str:
    """Return in plain words what a test says of a kind, in the language in use."""
    if not result.wishes:
        return t("wishes.gaps.none", kind=kind)
    if np.isnan(result.p):
        return t("wishes.gaps.unknown", kind=kind)
    key = "alike"
    if result.p < _CLEAR:
        key = "more" if result.wishes_share > result.residents_share else "less"
    return t(
        f"wishes.gaps.{key}",
        kind=kind,
        n=result.wishes,
        wishes=percent(result.wishes_share),
        residents=percent(result.residents_share),
    )


def asked_not_missing(results: Mapping[str, Against]) -> tuple[str, ...]:
    """Return the kinds that are asked for though nobody lives in a gap zone, most asked first."""
    kinds = [kind for kind, each in results.items() if each.wishes and each.residents_share == 0]
    return tuple(sorted(kinds, key=lambda kind: -results[kind].wishes))


def missing_not_asked(results: Mapping[str, Against]) -> tuple[str, ...]:
    """Return the kinds with residents in gap zones that nobody asks for, most residents first."""
    kinds = [kind for kind, each in results.items() if not each.wishes and each.residents_share > 0]
    return tuple(sorted(kinds, key=lambda kind: -results[kind].residents_share))
