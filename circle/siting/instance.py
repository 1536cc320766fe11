"""Residents × sites: what every model of siting works on, plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle.model import CAP_MINUTES

if TYPE_CHECKING:
    from circle.model import Bools, Floats, Ints

CAP_S = CAP_MINUTES * 60


class Objective(StrEnum):
    """What is best: most covered, fewest that meet the standard, least walking, shortest worst."""

    COVERAGE = "coverage"
    FEWEST = "fewest"
    WALKING = "walking"
    WORST = "worst"

    @property
    def is_most(self) -> bool:
        """Whether more is better."""
        return self is Objective.COVERAGE


@dataclass(frozen=True, eq=False)
class Sites:
    """The facilities that are there and, after them, the candidates: s in all.

    Attributes
    ----------
    ids, names
        Shape (s,).
    existing
        The first so many are there already.
    xy
        Shape (s, 2), metres.
    cost, area_m2
        Shape (s,): of opening it, and the floor area; NaN where not known.
    seats
        Shape (s,): how many residents it can serve; NaN where no limit is known.
    protected, never_widened
        Shape (s,): in or beside a protected building; on a road never to be widened.
    new_frontage
        Shape (s,): whether it would be new frontage rather than a room that is there.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    existing: int
    xy: Floats
    cost: Floats
    area_m2: Floats
    seats: Floats
    protected: Bools
    never_widened: Bools
    new_frontage: Bools

    @property
    def is_new(self) -> Bools:
        """Shape (s,): which are candidates."""
        new: Bools = np.arange(len(self.ids)) >= self.existing
        return new

    @property
    def labels(self) -> tuple[str, ...]:
        """What each is called where one is named: its name, and its id where that is another."""
        pairs = zip(self.names, self.ids, strict=True)
        return tuple(f"{name} ({site})" if name not in {"", site} else site for name, site in pairs)

    def rows_of(self, ids: tuple[str, ...]) -> Ints:
        """Return the rows of some ids."""
        return np.array([self.ids.index(name) for name in ids], np.int32)


@dataclass(frozen=True, eq=False)
class Instance:
    """Who walks how far to which site.

    Attributes
    ----------
    weight
        Shape (m,): residents of the group in question.
    seconds
        Shape (m, s): the walk; infinite where there is none.
    within
        Shape (m, s): which walks keep the limit that judges.
    rows
        Shape (m,): of the district's demand.
    """

    sites: Sites
    weight: Floats
    seconds: Floats
    within: Bools
    rows: Ints


class Figures(NamedTuple):
    """What some open sites give.

    Attributes
    ----------
    covered
        Residents within reach of any.
    mean_minutes
        Of all residents, each walk at most the cap; NaN where nobody lives.
    worst_minutes
        The longest walk of those who have a way to any site at all, open or not.
    opened, cost
        How many candidates are open, and what they cost; NaN where one's is not known.
    """

    covered: float
    mean_minutes: float
    worst_minutes: float
    opened: int
    cost: float


def covered_rows(instance: Instance, is_open: Bools) -> Bools:
    """Return who is within reach of any open site, shape (m,)."""
    return np.asarray(instance.within[:, is_open].any(axis=1), np.bool_)


def shortest(instance: Instance, is_open: Bools) -> Floats:
    """Return the seconds to the nearest open site, shape (m,); infinite where there is none."""
    return np.asarray(instance.seconds[:, is_open].min(axis=1, initial=np.inf), np.float64)


def figures(instance: Instance, is_open: Bools) -> Figures:
    """Return what some open sites give; `is_open` has shape (s,)."""
    walks, everyone = shortest(instance, is_open), float(instance.weight.sum())
    minutes = float(instance.weight @ np.minimum(walks, CAP_S)) / 60
    has_way = np.isfinite(instance.seconds).any(axis=1)
    new = is_open & instance.sites.is_new
    return Figures(
        covered=float(instance.weight[covered_rows(instance, is_open)].sum()),
        mean_minutes=minutes / everyone if everyone else np.nan,
        worst_minutes=float(walks[has_way].max(initial=0.0)) / 60,
        opened=int(new.sum()),
        cost=float(instance.sites.cost[new].sum()),
    )
