"""Do people ask for what the model says is missing? Wishes against computed gap zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.spatial import cKDTree

from circle.geo.crs import to_metric
from circle.i18n import t
from circle.i18n.rounding import percent
from circle.wishes.nouns import LEAST_SHOWN, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from circle.model import Bools, District, Floats, Gap, Ints

DRAWS = 9_999
FEWEST = LEAST_SHOWN
"""Of fewer wishes of a kind nothing is concluded."""
_CLEAR = 0.05
_NOT_ASKED = frozenset({Reason.DUPLICATE, Reason.WITHDRAWN})
"""Why a wish does not count: another one says the same, or nobody asks for it any more."""


class Asks(Protocol):
    """A wish, as staff see it or as a report tells it."""

    @property
    def kind(self) -> str:
        """What it asks for."""

    @property
    def area(self) -> str:
        """The district's area that it lies in."""

    @property
    def reason(self) -> str | None:
        """Why it was not taken up."""

    @property
    def lon(self) -> float | None:
        """Where it is about."""

    @property
    def lat(self) -> float | None:
        """Where it is about."""


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

    @property
    def verdict(self) -> str:
        """What it says: none, few, unknown, alike, more or less often than residents live there."""
        if not self.wishes:
            return "none"
        if np.isnan(self.p):
            return "unknown"
        if self.wishes < FEWEST:
            return "few"
        if self.p >= _CLEAR:
            return "alike"
        return "more" if self.wishes_share > self.residents_share else "less"


@dataclass(frozen=True, eq=False)
class Placed:
    """The wishes of one kind that count and have a place.

    Attributes
    ----------
    wishes
        Which.
    point
        Shape (n,): of each the row of the nearest demand point within the district.
    """

    wishes: tuple[Asks, ...]
    point: Ints

    def inside(self, zone: Gap) -> int:
        """Return how many lie in a gap zone."""
        return int(np.isin(self.point, zone.rows).sum())

    def outside(self, zones: Iterable[Gap]) -> tuple[Asks, ...]:
        """Return those that lie in none of the zones."""
        within = np.zeros(len(self.wishes), np.bool_)
        for zone in zones:
            within |= np.isin(self.point, zone.rows)
        return tuple(wish for wish, in_zone in zip(self.wishes, within, strict=True) if not in_zone)


def placed(district: District, wishes: Iterable[Asks], kind: str) -> Placed:
    """Return the wishes of a kind that count: placed, no duplicate, not withdrawn.

    Of `circle.wishes.nouns.Wish` their true places are used, which no answer tells.
    """
    counted = tuple(
        wish
        for wish in wishes
        if wish.kind == kind and wish.lon is not None and wish.reason not in _NOT_ASKED
    )
    rows = np.flatnonzero(district.demand["inside"].to_numpy(np.bool_))
    if not counted or not len(rows):
        return Placed((), np.zeros(0, np.int32))
    lonlat = np.array([(wish.lon, wish.lat) for wish in counted], np.float64)
    homes = district.demand[["x", "y"]].to_numpy(np.float64)[rows]
    _, nearest = cKDTree(homes).query(to_metric(lonlat[:, 0], lonlat[:, 1], district.crs))
    return Placed(counted, rows[nearest].astype(np.int32))


def of_kind(district: District, wishes: Iterable[Asks], kind: str, zones: Sequence[Gap]) -> Against:
    """Return the wishes of a kind against its gap zones; see `against`."""
    asked = placed(district, wishes, kind)
    demand = district.demand
    inside = demand["inside"].to_numpy(np.bool_)
    in_gap = np.zeros(len(demand), np.bool_)
    for zone in zones:
        in_gap[zone.rows] = True
    xy = demand[["x", "y"]].to_numpy(np.float64)
    residents = demand["residents"].to_numpy(np.float64)
    # each wish stands for the demand point nearest to it
    return against(xy[asked.point], xy[inside], residents[inside], in_gap[inside])


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
    if result.verdict in {"none", "unknown"}:
        return t(f"wishes.gaps.{result.verdict}", kind=kind)
    return t(
        f"wishes.gaps.{result.verdict}",
        kind=kind,
        n=result.wishes,
        wishes=percent(result.wishes_share),
        residents=percent(result.residents_share),
        fewest=FEWEST,
    )


def asked_not_missing(results: Mapping[str, Against]) -> tuple[str, ...]:
    """Return the kinds that are asked for though nobody lives in a gap zone, most asked first."""
    kinds = [kind for kind, each in results.items() if each.wishes and each.residents_share == 0]
    return tuple(sorted(kinds, key=lambda kind: -results[kind].wishes))


def missing_not_asked(results: Mapping[str, Against]) -> tuple[str, ...]:
    """Return the kinds with residents in gap zones that nobody asks for, most residents first."""
    kinds = [kind for kind, each in results.items() if not each.wishes and each.residents_share > 0]
    return tuple(sorted(kinds, key=lambda kind: -results[kind].residents_share))
