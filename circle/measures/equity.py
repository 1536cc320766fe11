"""How unevenly minutes or capacity are shared among residents.

Every measure reads the Lorenz curve of residents, weighted by how many live at
each demand point, so that it is the same as if each resident stood in the list
once. Of minutes more is worse, of capacity more is better.

References
----------
- Lorenz, M. O. (1905). Methods of measuring the concentration of wealth.
  *Publications of the American Statistical Association* 9(70), 209-219.
- Gastwirth, J. L. (1972). The estimation of the Lorenz curve and Gini index.
  *Review of Economics and Statistics* 54(3), 306-316.
- Lerman, R. I., & Yitzhaki, S. (1989). Improving the accuracy of estimates of
  Gini coefficients. *Journal of Econometrics* 42(1), 43-47.
- Palma, J. G. (2011). Homogeneous middles vs. heterogeneous tails.
  *Development and Change* 42(1), 87-153.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import mean, residents_of, totals
from circle.errors import InputError
from circle.model import GROUPS, WHOLE
from circle.places.facilities import register_of

if TYPE_CHECKING:
    from circle.model import Bools, District, Floats, Register

TOP, BOTTOM = 0.1, 0.4
"""The shares of residents that the Palma ratio compares."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How unevenly a value is shared, by area and age group.

    Attributes
    ----------
    kind, register
        The kind of facility and how complete its list is. From a list that is
        not complete the figures may be off either way.
    cap
        The limit at which values were cut off; None for none.
    value, capped
        Shape (k,), for each row of the district's demand: the value taken, and
        whether it was cut off.
    table
        One row for each area and age group, and for the whole (area ""):
        columns area, group, residents, mean, gini, palma, capped_share (share
        of residents whose value was cut off); NaN where nobody lives.
    """

    kind: str
    register: Register
    cap: float | None
    value: Floats
    capped: Bools
    table: pd.DataFrame


def lorenz(value: Floats, weight: Floats) -> Floats:
    r"""Return the Lorenz curve (1905) through the residents, least value first.

    .. math::
        p_i = \frac{\sum_{h \le i} w_h}{\sum_h w_h}, \qquad
        L_i = \frac{\sum_{h \le i} w_h v_h}{\sum_h w_h v_h}

    Parameters
    ----------
    value, weight
        Shape (n,): what each has, and how many residents they are.

    Returns
    -------
    ndarray
        Shape (m + 1, 2), m the points where anybody lives: share of residents,
        share of the value; from (0, 0) to (1, 1). NaN where there is nothing to
        share.

    Raises
    ------
    InputError
        When a number is below 0 or not finite, or the shapes differ.
    """
    _check(value, weight)
    lived_in = weight > 0
    value, weight = value[lived_in], weight[lived_in]
    order = np.argsort(value, kind="stable")
    return np.column_stack([_shares(weight[order]), _shares((weight * value)[order])])


def spread(district: District, kind: str, value: Floats, *, cap: float | None = None) -> Spread:
    """Return how unevenly a value is shared among the residents inside.

    Parameters
    ----------
    district
        The district.
    kind
        The kind of facility that the value is about.
    value
        Shape (k,), for each row of the district's demand: minutes to the
        nearest, or accessibility.
    cap
        Where values are cut off, in their unit; needed where some are infinite.

    Raises
    ------
    InputError
        When `cap` is not a number above 0, a value is below 0 or NaN, or one
        inside is infinite and there is no cap.
    """
    if cap is not None and not 0 < cap < np.inf:
        raise InputError("cut_off", limit=cap)
    if value.shape != (len(district.demand),) or not (value >= 0).all():
        raise InputError("amounts")
    inside = residents_of(district).inside
    if cap is None and not np.isfinite(value[inside]).all():
        raise InputError("endless")
    limit = np.inf if cap is None else cap
    taken, capped = np.minimum(value, limit), value > limit
    table = _table(district, taken, capped)
    return Spread(kind, register_of(district, kind), cap, taken, capped, table)


def curve(
    district: District, spread: Spread, group: str = "residents", area: str = WHOLE
) -> Floats:
    """Return the Lorenz curve of one area and age group, as `lorenz` does."""
    return lorenz(*_shared(district, spread.value, group, area))


def _check(value: Floats, weight: Floats) -> None:
    if value.shape != weight.shape or not _sound(value) or not _sound(weight):
        raise InputError("amounts")


def _sound(amounts: Floats) -> bool:
    return bool((np.isfinite(amounts) & (amounts >= 0)).all())


def _shares(amounts: Floats) -> Floats:
    summed = np.cumsum(np.r_[0.0, amounts])
    return summed / summed[-1] if summed[-1] > 0 else np.full(len(summed), np.nan)


def _shared(district: District, value: Floats, group: str, area: str) -> tuple[Floats, Floats]:
    residents = residents_of(district)
    here = residents.inside if area == WHOLE else residents.member[residents.areas.index(area)] > 0
    return value[here], residents.people[here, GROUPS.index(group)]


def _table(district: District, value: Floats, capped: Bools) -> pd.DataFrame:
    demand = residents_of(district)
    residents = totals(district, np.ones(len(value)))
    order = np.argsort(value, kind="stable")
    rows = [order[mask[order]] for mask in [*(demand.member > 0), demand.inside]]
    unequal = [inequality(value[members], demand.people[members]) for members in rows]
    gini, palma = (np.concatenate(column) for column in zip(*unequal, strict=True))
    return pd.DataFrame(
        {
            **demand.labels,
            "residents": residents,
            "mean": mean(totals(district, value), residents),
            "gini": gini,
            "palma": palma,
            "capped_share": mean(totals(district, capped.astype(np.float64)), residents),
        }
    )


def inequality(value: Floats, people: Floats) -> tuple[Floats, Floats]:
    r"""Return the Gini coefficient and the Palma ratio of every group of residents.

    .. math:: G = 1 - \sum_i (p_i - p_{i-1}) (L_i + L_{i-1}), \qquad
        P = \frac{1 - L(0.9)}{L(0.4)}

    The Gini coefficient is twice the ground between the Lorenz curve and the
    diagonal (Gastwirth 1972), with residents as weights (Lerman & Yitzhaki 1989),
    without correction for small samples: 0 (all the same) to nearly 1 (one has
    all). The Palma ratio (2011) is the top tenth's share over that of the bottom
    four tenths, with :math:`L` straight between its points: 0.25 where all have
    the same, infinite where the bottom has nothing.

    Parameters
    ----------
    value
        Shape (n,), rising.
    people
        Shape (n, groups): residents. Points where nobody of a group lives repeat
        a point of its Lorenz curve, which changes neither.

    Returns
    -------
    gini, palma
        Shapes (groups,); NaN where there is nothing to share.
    """
    summed = np.zeros((2, len(value) + 1, people.shape[1]))
    np.cumsum(people, axis=0, out=summed[0, 1:])
    np.cumsum(people * value[:, None], axis=0, out=summed[1, 1:])
    p, share = np.divide(
        summed, summed[:, -1:], out=np.full(summed.shape, np.nan), where=summed[:, -1:] > 0
    )
    gini = 1 - (np.diff(p, axis=0) * (share[1:] + share[:-1])).sum(axis=0)
    gini[np.isnan(share[-1])] = np.nan
    palma = np.array([_palma(*curve) for curve in zip(p.T, share.T, strict=True)])
    return np.maximum(gini, 0.0), palma


def _palma(people: Floats, amount: Floats) -> float:
    if np.isnan(amount).any():
        return float("nan")
    bottom, rest = np.interp([BOTTOM, 1 - TOP], people, amount)
    return float((1 - rest) / bottom) if bottom > 0 else float("inf")
