"""What a plan is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle.siting.constraints import Named, named, sure
from circle.siting.greedy import Room

if TYPE_CHECKING:
    from circle.model import Bools
    from circle.siting.constraints import Constraints
    from circle.siting.instance import Instance, Objective


@dataclass(frozen=True, eq=False)
class Task:
    """What a plan is asked for: an instance, an objective, constraints.

    Attributes
    ----------
    share
        Of `Objective.FEWEST`: the share of residents to be covered.
    seats
        Whether seats limit how many a site serves; of `Objective.COVERAGE` alone.
    dropped
        Keys of constraints that are left aside, to learn their price.
    """

    instance: Instance
    objective: Objective
    constraints: Constraints
    share: float = 1.0
    seats: bool = False
    dropped: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[Named, ...]:
        """The constraints as rows."""
        every = named(self.instance.sites, self.constraints)
        return tuple(each for each in every if each.key not in self.dropped)

    @property
    def possible(self) -> Bools:
        """Which sites may be open in a plan, were their number no matter, shape (s,)."""
        rows = [each for each in self.rows if each.key != "count"]
        return self.sure | Room(len(self.sure), rows, self.sure).fits

    @property
    def sure(self) -> Bools:
        """Which sites are open in any plan, shape (s,)."""
        chosen = sure(self.instance.sites, self.constraints)
        is_new = self.instance.sites.is_new
        if "must" in self.dropped:
            chosen &= ~is_new
        if "stay" in self.dropped:
            chosen &= is_new
        return chosen
