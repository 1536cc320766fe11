r"""Largest coverage, and fewest sites that meet a standard, exactly.

With $x_j$ whether site $j$ is open and $N_i$ the sites within reach of resident group $i$:
MCLP (Church & ReVelle 1974) maximises $\sum_i w_i y_i$ with $y_i \le \sum_{j \in N_i} x_j$;
LSCP (Toregas et al. 1971) minimises $\sum_j x_j$ with $\sum_{j \in N_i} x_j \ge 1$ for each.
Residents with the same $N_i$ are one row; those whom a site covers that stays anyway are none.
Where some sites serve a limited number, residents are allocated: $f_{ij} \le w_i x_j$,
$\sum_i f_{ij} \le S_j x_j$, $\sum_j f_{ij} \le w_i$ (Current & Storbeck 1988).

References
----------
Church, R., & ReVelle, C. (1974). The maximal covering location problem. Papers of the
Regional Science Association 32, 101-118.

Current, J. R., & Storbeck, J. E. (1988). Capacitated covering models. Environment and
Planning B 15(2), 153-163.

Toregas, C., Swain, R., ReVelle, C., & Bergman, L. (1971). The location of emergency
service facilities. Operations Research 19(6), 1363-1373.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from circle.siting.solver import Program, Row, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from circle.model import Bools, Floats
    from circle.siting.constraints import Named
    from circle.siting.solver import Patience, Solution

_LEAST = 1e-7


class Merged(NamedTuple):
    """Residents with equal cover sets as one.

    Attributes
    ----------
    weight, covers
        Shapes (r,) and (r, s): without those whom a sure site covers or none can.
    already
        Residents whom a site covers that is open in any plan.
    """

    weight: Floats
    covers: Bools
    already: float


def merged(weight: Floats, covers: Bools, is_sure: Bools) -> Merged:
    """Merge residents with equal cover sets.

    Parameters
    ----------
    weight, covers
        Shapes (m,) and (m, s).
    is_sure
        Shape (s,): sites that are open in any plan.
    """
    already = covers[:, is_sure].any(axis=1)
    open_rows = ~already & covers.any(axis=1) & (weight > 0)
    packed, group = np.unique(np.packbits(covers[open_rows], axis=1), axis=0, return_inverse=True)
    sets = np.unpackbits(packed, axis=1, count=covers.shape[1]).astype(np.bool_)
    summed = np.bincount(group.ravel(), weight[open_rows], len(sets)).astype(np.float64)
    return Merged(summed, sets, float(weight[already].sum()))


def largest(
    residents: Merged, constraints: Sequence[Named], patience: Patience, start: Bools
) -> Solution:
    """Return the plan that covers most; its value and bound are minus the residents added."""
    count = len(start)
    program = _program(np.zeros(count), -residents.weight, constraints)
    program.rows += [
        Row([*np.flatnonzero(covers).tolist(), count + row], [-1.0] * int(covers.sum()) + [1.0],
            high=0.0)
        for row, covers in enumerate(residents.covers)
    ]  # fmt: skip
    covered = residents.covers[:, start].any(axis=1)
    return solve(program, patience, np.concatenate([start, covered]).astype(np.float64))


def fewest(
    residents: Merged,
    constraints: Sequence[Named],
    needed: float,
    patience: Patience,
    start: Bools,
    cost: Floats | None = None,
) -> Solution:
    """Return the fewest sites that cover what is needed, those that are sure counted.

    Parameters
    ----------
    needed
        Residents to be covered beside those already; all rows where it is all of them.
    start
        Shape (s,): a plan to begin with.
    cost
        Shape (s,): what each site counts; 1 each where None.
    """
    count = len(start)
    cost = np.ones(count) if cost is None else cost
    if needed >= float(residents.weight.sum()) * (1 - _LEAST):
        program = _program(cost, np.zeros(0), constraints)
        program.rows += standard_rows(residents)
        return solve(program, patience, start.astype(np.float64))
    program = _program(cost, np.zeros(len(residents.weight)), constraints)
    program.rows += [
        Row([*np.flatnonzero(covers).tolist(), count + row], [-1.0] * int(covers.sum()) + [1.0],
            high=0.0)
        for row, covers in enumerate(residents.covers)
    ]  # fmt: skip
    columns = list(range(count, count + len(residents.weight)))
    program.rows.append(Row(columns, residents.weight.tolist(), low=needed * (1 - _LEAST)))
    covered = residents.covers[:, start].any(axis=1)
    return solve(program, patience, np.concatenate([start, covered]).astype(np.float64))


def standard_rows(residents: Merged) -> list[Row]:
    """Return that each group of residents is within reach of an open site."""
    return [
        Row(np.flatnonzero(covers).tolist(), [1.0] * int(covers.sum()), low=1.0)
        for covers in residents.covers
    ]


def largest_served(
    weight: Floats,
    covers: Bools,
    seats: Floats,
    constraints: Sequence[Named],
    patience: Patience,
) -> tuple[Solution, Floats]:
    """Return the plan that serves most where sites serve a limited number.

    Parameters
    ----------
    weight, covers
        Shapes (r,) and (r, s): as `merged` gives them with no site sure.
    seats
        Shape (s,): NaN where no limit is known.

    Returns
    -------
    Solution
        Its value is minus the residents served.
    served
        Shape (s,): by each site; zeros where nothing was found. Of several open ones
        without a limit the first serves.
    """
    count, limited = len(seats), ~np.isnan(seats)
    group, site = np.nonzero(covers & limited)
    flow = count + np.arange(len(group))
    freely = count + len(group) + np.arange(len(weight))
    program = _program(np.zeros(count), np.full(len(group) + len(weight), -1.0), constraints)
    program.high[flow] = np.minimum(weight[group], seats[site])
    program.high[freely] = weight * (covers & ~limited).any(axis=1)
    program.rows += _seat_rows(seats, site, program.high[flow])
    for i in range(len(weight)):
        free = np.flatnonzero(covers[i] & ~limited).tolist()
        here = [*flow[group == i].tolist(), int(freely[i])]
        program.rows.append(Row(here, [1.0] * len(here), high=float(weight[i])))
        factors = [1.0] + [-float(weight[i])] * len(free)
        program.rows.append(Row([int(freely[i]), *free], factors, high=0.0))
    solution = solve(program, patience)
    served = np.zeros(count)
    if solution.x is not None:
        np.add.at(served, site, solution.x[flow])
        is_open = solution.x[:count] > 0.5  # noqa: PLR2004 - whole numbers
        first = (covers & ~limited & is_open).argmax(axis=1)
        np.add.at(served, first, solution.x[freely])
    return solution, served


def _seat_rows(seats: Floats, site: NDArray[np.intp], most: Floats) -> list[Row]:
    """Return that only an open site serves, and no more than it has seats."""
    count = len(seats)
    rows = [Row([count + n, int(j)], [1.0, -float(most[n])], high=0.0) for n, j in enumerate(site)]
    for j in np.flatnonzero(~np.isnan(seats)):
        here = (count + np.flatnonzero(site == j)).tolist()
        rows.append(Row([*here, int(j)], [1.0] * len(here) + [-float(seats[j])], high=0.0))
    return rows


def _program(cost: Floats, more: Floats, constraints: Sequence[Named]) -> Program:
    """Return a program of sites, and of more columns from 0 to 1 that need not be whole."""
    count = len(cost) + len(more)
    return Program(
        cost=np.concatenate([cost, more]),
        low=np.zeros(count),
        high=np.ones(count),
        whole=np.arange(count) < len(cost),
        rows=[row for each in constraints for row in each.rows],
    )
