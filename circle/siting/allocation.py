r"""Seats and deliveries together: who is served by what, and what one more is worth.

With $w_i$ residents, $N_i$ the facilities within reach on foot and $D_i$ those that deliver
there and are beyond reach, the residents seated $a_{ij}$ and served by delivery $b_{ij}$ are

$$ \max \sum_{i,\,j \in N_i} a_{ij} + \sum_{i,\,j \in D_i} b_{ij}, \quad
\sum_j (a_{ij} + b_{ij}) \le w_i, \quad \sum_i a_{ij} \le S_j, \quad \sum_i b_{ij} \le V_j , $$

and of all such the one with the least way walked and driven: no seat serves two, nobody is
served twice. Without limits of seats and without deliveries those served are those covered.

A seat's dual price is by how much the number served grows with $S_j$. Where it is not the
same upwards and downwards the dual says one of the two, so what one more is worth is solved
again with one more.

2SFCA (Luo & Wang 2003) is the same program where everybody within reach of a facility has
the same share of it, $a_{ij} = r_j w_i$, and nobody is asked whether they are served already
(the rows of $w_i$ are left out). It falls apart into $\max r_j \sum_{i: j \in N_i} w_i$ with
$r_j \sum_{i: j \in N_i} w_i \le S_j$, so $r_j$ is the ratio of the first step and
$\sum_j a_{ij} / w_i = \sum_{j \in N_i} r_j$ the accessibility of the second (``even``).

References
----------
Luo, W., & Wang, F. (2003). Measures of spatial accessibility to health care in a GIS
environment. Environment and Planning B 30(6), 865-884.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle.demand import demand_points, residents_of
from circle.errors import InputError
from circle.measures.access import DELIVER_M
from circle.model import GROUPS, Snapped
from circle.network.speeds import by_length
from circle.places.facilities import counted, on_street
from circle.reach.travel import many_to_many
from circle.siting.solver import Outcome, Patience, Program, Row, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from circle.model import Bools, Floats, Ints, Question
    from circle.siting.solver import Solution
    from circle.study import Study

ROUND = 20
"""Meals of one more delivery round: an assumption, no source."""
_LIMIT_S = 60.0


@dataclass(frozen=True, eq=False)
class Ways:
    """Who can be served by what: m groups of residents, p facilities.

    Attributes
    ----------
    weight
        Shape (m,): residents.
    seated, delivered
        Shapes (m, p): the cost (seconds, metres) of each way; infinite where it is none.
    seats, deliveries
        Shapes (p,): infinite for no limit.
    """

    weight: Floats
    seated: Floats
    delivered: Floats
    seats: Floats
    deliveries: Floats


@dataclass(frozen=True, eq=False)
class Allocation:
    """Who is served by what.

    Attributes
    ----------
    seated, delivered
        Shapes (m, p): residents.
    seat_price, delivery_price
        Shapes (p,): the duals, residents served more for each more.
    one_more_seat, one_more_round
        Shapes (p,): how many more are served with one more seat, with one more round.
    """

    seated: Floats
    delivered: Floats
    seat_price: Floats
    delivery_price: Floats
    one_more_seat: Floats
    one_more_round: Floats

    @property
    def served(self) -> Floats:
        """Shape (m,): residents who are served."""
        return np.asarray(self.seated.sum(axis=1) + self.delivered.sum(axis=1))


class Served(NamedTuple):
    """The allocation of a district.

    Attributes
    ----------
    allocation, rows, demanded
        The allocation; its m groups are these rows of the district's demand, and so many
        of each come.
    table
        One row a facility, as the district's table has them: id, name, seats, deliveries,
        seated, delivered, one_more_seat, one_more_round.
    residents, served
        How many there are, and how many are served.
    left_out
        How many facilities are left out because their capacity is not known.
    """

    allocation: Allocation
    rows: Ints
    demanded: Floats
    table: pd.DataFrame
    residents: float
    served: float
    left_out: int


def allocate(ways: Ways, a_round: float = ROUND, *, even: bool = False) -> Allocation:
    """Serve as many as can be, by the least way of all such.

    Parameters
    ----------
    ways
        Who can be served by what; with `even` every limit is finite.
    a_round
        Deliveries of one more round.
    even
        Whether each facility is shared evenly by all whom it can serve, whether they are
        served already or not (2SFCA): a group may then have more than one seat a head.

    Raises
    ------
    InputError
        When a number is below 0 or none, or shapes do not fit.
    """
    _check(ways, a_round)
    if even and not np.isfinite([ways.seats, ways.deliveries]).all():
        raise InputError("amounts")
    program = _evenly if even else _program
    flows = _flows(ways)
    most = _solved(program(ways, flows, -np.ones(len(flows.cost))))
    x = _solved(program(ways, flows, flows.cost - _dearest(flows, len(ways.seats)))).x
    chosen = np.zeros(len(flows.cost)) if x is None else np.maximum(x, 0.0)
    count = ways.seated.shape
    shares = [np.zeros(count), np.zeros(count)]
    for number, share in enumerate(shares):
        here = flows.by_delivery == bool(number)
        share[flows.group[here], flows.place[here]] = chosen[here]
    prices, more = _prices(ways, most), _more(ways, program, -most.value, a_round)
    return Allocation(
        seated=shares[0],
        delivered=shares[1],
        seat_price=prices[0],
        delivery_price=prices[1],
        one_more_seat=more[0],
        one_more_round=more[1],
    )


def allocation_of(
    study: Study,
    question: Question,
    *,
    group: str = "residents",
    uptake: float = 1.0,
    deliver_m: float = DELIVER_M,
    a_round: float = ROUND,
) -> Served:
    """Return who of a district is served by what.

    Parameters
    ----------
    study, question
        Whose facilities, walker and limit; those of unknown capacity are left out.
    group
        Whose residents; those within the boundary.
    uptake
        The share of residents who come, above 0 and at most 1.
    deliver_m
        How far deliveries go, metres along the streets.
    a_round
        Deliveries of one more round.

    Raises
    ------
    InputError
        When there is no such group, a number is out of range, or no capacity is known.
    """
    if group not in GROUPS:
        raise InputError("site_group", name=group, known=", ".join(GROUPS))
    for name, value in (("uptake", uptake), ("deliver_m", deliver_m)):
        if not 0 < value < np.inf or (name == "uptake" and value > 1):
            raise InputError("site_number", name=name, value=value)
    places = counted(study.district, question)
    supply = study.capacity(question).facilities.loc[places.index]
    known = supply["walk_in"].notna()
    if not known.any():
        raise InputError("site_no_capacity")
    ways, rows = _ways(study, question, supply[known], group, deliver_m)
    demanded = Ways(ways.weight * uptake, ways.seated, ways.delivered, ways.seats, ways.deliveries)
    allocation = allocate(demanded, a_round)
    table = places.loc[known, ["id", "name"]].assign(
        seats=ways.seats,
        deliveries=ways.deliveries,
        seated=allocation.seated.sum(axis=0),
        delivered=allocation.delivered.sum(axis=0),
        one_more_seat=allocation.one_more_seat,
        one_more_round=allocation.one_more_round,
    )
    served, everyone = float(allocation.served.sum()), float(demanded.weight.sum())
    left_out = int((~known).sum())
    return Served(allocation, rows, demanded.weight, table, everyone, served, left_out)


def _ways(
    study: Study, question: Question, supply: pd.DataFrame, group: str, deliver_m: float
) -> tuple[Ways, Ints]:
    district, walk = study.district, study.walk(question.profile)
    places, criterion = district.facilities.loc[supply.index], question.criterion
    residents = residents_of(district)
    weight = np.where(residents.inside, residents.people[:, GROUPS.index(group)], 0.0)
    rows = np.flatnonzero(weight > 0).astype(np.int32)
    every, plain = demand_points(district), by_length(walk)
    doors = Snapped(every.xy[rows], every.segment[rows], every.fraction[rows], every.off_m[rows])
    seconds = many_to_many(walk, doors, on_street(walk, places))
    metres = many_to_many(plain, doors, on_street(plain, places))
    within = criterion.within(seconds, metres)
    ways = Ways(
        weight=weight[rows],
        seated=np.where(within, seconds, np.inf),
        delivered=np.where(~within & (metres <= deliver_m), metres, np.inf),
        seats=supply["walk_in"].to_numpy(np.float64),
        deliveries=supply["delivered"].to_numpy(np.float64),
    )
    return ways, rows


class _Flows(NamedTuple):
    group: Ints
    place: Ints
    by_delivery: Bools
    cost: Floats


def _flows(ways: Ways) -> _Flows:
    """Return the ways that there are, one after another."""
    parts = []
    for cost, by_delivery in ((ways.seated, False), (ways.delivered, True)):
        group, place = np.nonzero(np.isfinite(cost))
        parts.append((group, place, np.full(len(group), by_delivery), cost[group, place]))
    return _Flows(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _dearest(flows: _Flows, places: int) -> float:
    """Return what serving one more is worth so that no saving of ways outweighs it.

    One more is served along a path that moves others between places, each at most once.
    """
    return 2 * (places + 1) * (1.0 + float(flows.cost.max(initial=0.0)))


def _limited(ways: Ways, flows: _Flows, cost: Floats) -> Program:
    """Return the program in which each facility's seats and deliveries are limited."""
    count = len(cost)
    program = Program(cost, np.zeros(count), np.full(count, np.inf), np.zeros(count, np.bool_))
    for here, limit in zip(
        _of_places(flows, len(ways.seats)), [*ways.seats, *ways.deliveries], strict=True
    ):
        program.rows.append(Row(here.tolist(), [1.0] * len(here), high=float(limit)))
    return program


def _of_places(flows: _Flows, places: int) -> Iterator[Ints]:
    """Yield the ways of each facility: those on foot of all, then those by delivery of all."""
    for by_delivery, place in product((False, True), range(places)):
        here = (flows.place == place) & (flows.by_delivery == by_delivery)
        yield np.flatnonzero(here).astype(np.int32)


def _evenly(ways: Ways, flows: _Flows, cost: Floats) -> Program:
    """Return the program in which a facility serves the same share of all whom it can serve."""
    program = _limited(ways, flows, cost)
    for here in _of_places(flows, len(ways.seats)):
        weight = ways.weight[flows.group[here]]
        if not weight.any():
            continue
        first = int(weight.argmax())
        program.rows += [
            Row([int(way), int(here[first])], [float(weight[first]), -float(each)], 0.0, 0.0)
            for way, each in zip(here, weight, strict=True)
            if way != here[first]
        ]
    return program


def _program(ways: Ways, flows: _Flows, cost: Floats) -> Program:
    """Return the program in which nobody is served twice."""
    program = _limited(ways, flows, cost)
    order = np.argsort(flows.group, kind="stable")
    ends = np.searchsorted(flows.group[order], np.arange(len(ways.weight) + 1))
    for group, weight in enumerate(ways.weight):
        here = order[ends[group] : ends[group + 1]]
        program.rows.append(Row(here.tolist(), [1.0] * len(here), high=float(weight)))
    return program


def _solved(program: Program) -> Solution:
    solution = solve(program, Patience(_LIMIT_S))
    if solution.outcome is not Outcome.OPTIMAL:
        raise InputError("site_time", seconds=f"{_LIMIT_S:g}")
    return solution


def _prices(ways: Ways, most: Solution) -> tuple[Floats, Floats]:
    duals, count = np.abs(most.duals), len(ways.seats)
    return duals[:count], duals[count : 2 * count]


def _more(
    ways: Ways, program: Callable[[Ways, _Flows, Floats], Program], total: float, a_round: float
) -> tuple[Floats, Floats]:
    """Return how many more are served with one more seat, and one more round, of each."""
    kinds, group = np.unique(
        np.isfinite(np.hstack([ways.seated, ways.delivered])), axis=0, return_inverse=True
    )
    weight = np.bincount(group.ravel(), ways.weight, len(kinds)).astype(np.float64)
    costs = np.where(kinds, 0.0, np.inf)
    count = len(ways.seats)
    more = np.zeros((2, count))
    for n, place in np.ndindex(2, count):
        limits = [ways.seats.copy(), ways.deliveries.copy()]
        limits[n][place] += (1.0, a_round)[n]
        merged = Ways(weight, costs[:, :count], costs[:, count:], *limits)
        flows = _flows(merged)
        solution = _solved(program(merged, flows, -np.ones(len(flows.cost))))
        more[n, place] = max(0.0, round(-solution.value - total, 6))
    return more[0], more[1]


def _check(ways: Ways, a_round: float) -> None:
    count = len(ways.seats)
    fits = ways.seated.shape == ways.delivered.shape == (len(ways.weight), count)
    numbers = [ways.seats, ways.deliveries, ways.seated.ravel(), ways.delivered.ravel()]
    right = all(not np.isnan(each).any() and not (each < 0).any() for each in numbers)
    finite = (np.isfinite(ways.weight) & (ways.weight >= 0)).all() and 0 <= a_round < np.inf
    if not (fits and len(ways.deliveries) == count and right and finite):
        raise InputError("amounts")
