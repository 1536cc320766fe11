"""What a plan for one budget is made of, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from circle.model import Bools, Floats
    from circle.scenario.edits import Edit

NO_LIFT = -1


class Goal(StrEnum):
    """What is best: most residents served for the money, or least money for a share of them."""

    MOST = "most"
    LEAST = "least"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that money can be spent on.

    Attributes
    ----------
    id, kind, name
        ``lift``, ``room``, or the edit's name; `name` as people call it.
    cost, source
        In the currency of the costs, and who says so.
    protected
        Whether it is new on a protected plot.
    doorway
        Of a lift: the row of the register; else `NO_LIFT`.
    edit
        What it changes of streets or facilities; None for a lift.
    """

    id: str
    kind: str
    name: str
    cost: float
    source: str
    protected: bool = False
    doorway: int = NO_LIFT
    edit: Edit | None = None


@dataclass(frozen=True, eq=False)
class Budget:
    """Clients (n: the residents of one floor of a doorway) and measures (k).

    Attributes
    ----------
    measures
        Shape (k,).
    clients
        Shape (n,): what each is called.
    weight
        Shape (n,): residents of the group.
    stairs_s, lift_s
        Shape (n,): between flat and street as it is, and with the lift of the doorway.
    lift
        Shape (n,): which measure that lift is; `NO_LIFT` for none.
    street_s
        Shape (n, 1 + k): the walk from the doorway as it is, and with each measure alone;
        infinite where a measure changes nothing.
    limit_s
        The limit door to door.
    from_flat
        Whether stairs are known; else all begins at the street's door.
    """

    measures: tuple[Measure, ...]
    clients: tuple[str, ...]
    weight: Floats
    stairs_s: Floats
    lift_s: Floats
    lift: np.ndarray
    street_s: Floats
    limit_s: float
    from_flat: bool = True

    @property
    def cost(self) -> Floats:
        """What each measure costs, shape (k,)."""
        return np.array([each.cost for each in self.measures], np.float64)

    @property
    def everyone(self) -> float:
        """How many there are."""
        return float(self.weight.sum())

    def served(self, chosen: Bools) -> Bools:
        """Return who is served with some measures, shape (n,), by the best street measure alone."""
        street = self.street_s[:, np.concatenate([[True], chosen])].min(axis=1)
        has_lift = (self.lift >= 0) & chosen[self.lift] if len(chosen) else self.lift > len(chosen)
        within: Bools = street + np.where(has_lift, self.lift_s, self.stairs_s) <= self.limit_s
        return within

    def value(self, chosen: Bools) -> float:
        """Return how many are served with some measures."""
        return float(self.weight[self.served(chosen)].sum())


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan has to keep to.

    Attributes
    ----------
    money
        What it may cost; None for no limit.
    protected
        Whether nothing new stands on protected plots.
    must, must_not
        Ids of measures.
    """

    money: float | None = None
    protected: bool = True
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    def without(self, name: str) -> Rules:
        """Return the same without one of them."""
        return Rules(
            self.money,
            self.protected and name != "protected",
            () if name == "must" else self.must,
            () if name == "must_not" else self.must_not,
        )

    @property
    def named(self) -> tuple[str, ...]:
        """Those beside the money that say anything."""
        every = ("protected", "must", "must_not")
        return tuple(name for name in every if getattr(self, name))


@dataclass(frozen=True, eq=False)
class Plan:
    """The best that was found.

    Attributes
    ----------
    chosen
        Shape (k,).
    served, cost
        Residents served, and what it costs.
    bound
        What none can better: residents of `Goal.MOST`, money of `Goal.LEAST`.
    optimal
        Whether it was proved that none is better.
    """

    goal: Goal
    chosen: Bools
    served: float
    cost: float
    bound: float
    optimal: bool

    @property
    def value(self) -> float:
        """What the goal is about."""
        return self.served if self.goal is Goal.MOST else self.cost

    @property
    def gap(self) -> float:
        """How much better another could be at most, as a share."""
        return abs(self.bound - self.value) / max(abs(self.value), 1e-9)
