"""How much capacity each resident has within reach: floating catchments.

Cost matrices are seconds, shape (k, p): k demand points, p places; infinite
where there is no way. Capacities keep the unit of the facilities' table.

References
----------
- Luo, W., & Wang, F. (2003). Measures of spatial accessibility to health care
  in a GIS environment. *Environment and Planning B* 30(6), 865-884.
- Luo, W., & Qi, Y. (2009). An enhanced two-step floating catchment area
  (E2SFCA) method. *Health & Place* 15(4), 1100-1107.
- Wan, N., Zou, B., & Sternberg, T. (2012). A three-step floating catchment area
  method. *International Journal of Geographical Information Science* 26(6),
  1073-1089.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.demand import demand_points, mean, residents_of, totals
from circle.errors import InputError
from circle.model import GROUPS, Profile, Text, derived_of_homes
from circle.network import speeds
from circle.places.facilities import of_kind, on_street, parse_capacity, positions, register_of
from circle.reach.travel import many_to_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Bools, District, Floats, Impedance, Register

DELIVER_M = 2000.0
"""How far meals are brought, in metres along the streets: an assumption, no source."""

_RIDER = Profile("delivery", Text("送餐", "delivery"), 1.0)
"""At 1 m/s seconds are metres: a delivery's reach is no matter of who walks."""


@dataclass(frozen=True, slots=True)
class Decay:
    """How the weight of a place falls, band by band of walking time.

    Attributes
    ----------
    limits_s
        Where each band ends, seconds, rising; the last is the catchment's limit.
    weights
        One for each band, above 0 and never rising; beyond the last limit it is 0.

    Raises
    ------
    InputError
        When the limits or weights are not such.
    """

    limits_s: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        limits, weights = np.array(self.limits_s), np.array(self.weights)
        if not (
            len(limits) == len(weights) > 0
            and limits[0] > 0
            and (np.diff(limits) > 0).all()
            and (weights > 0).all()
            and (np.diff(weights) <= 0).all()
            and np.isfinite([limits, weights]).all()
        ):
            raise InputError("catchment")

    def at(self, cost_s: Floats) -> Floats:
        """Return the weight of each cost, in the costs' shape; a limit is in its band."""
        steps = np.array([*self.weights, 0.0])
        weight: Floats = steps[np.searchsorted(np.array(self.limits_s), cost_s, side="left")]
        return weight


@dataclass(frozen=True, eq=False)
class Floating:
    """What floating catchments give.

    Attributes
    ----------
    accessibility
        Shape (k,): capacity for one resident at each demand point.
    ratio
        Shape (p,): capacity of each place for one (weighted) resident of its
        catchment; NaN where nobody lives in it.
    """

    accessibility: Floats
    ratio: Floats


KNOWN_SHARE = 0.5
"""Of fewer of the facilities a known capacity says nothing of what residents have."""


@dataclass(frozen=True, eq=False)
class Capacity:
    """How much of a kind's capacity each resident has within reach.

    Attributes
    ----------
    unit
        Of the capacities ("" where none is known): accessibility is in this
        unit for one resident.
    walking, deliver_m
        The catchment and decay on foot; how far deliveries go along the
        streets, metres.
    walk_in, delivered, accessibility
        Shape (k,), for each row of the district's demand; the last is the sum.
    facilities
        The facilities counted, on their index in the district's: columns id,
        unit, walk_in, delivered (NaN where unknown), walk_in_ratio,
        delivered_ratio (see `Floating`), edge (True where the catchment on foot
        may leave the ground whose residents are known, which makes the ratio
        too high).
    table
        One row for each area and age group, and for the whole (area ""):
        columns area, group, residents, mean, walk_in, delivered (means over
        residents, NaN where nobody lives), without (residents that no known
        capacity reaches).
    facilities_counted, capacity_known
        How many facilities there are, and of how many the capacity is known in
        `unit`; the others are left out of every figure.
    supply_at_least
        True when there may be more capacity than is counted: the register is
        not complete, a capacity is unknown, or a facility with a guessed
        position was left out.
    """

    kind: str
    profile: str
    unit: str
    walking: Decay
    deliver_m: float
    unverified: bool
    register: Register
    walk_in: Floats
    delivered: Floats
    accessibility: Floats
    facilities: pd.DataFrame
    table: pd.DataFrame
    facilities_counted: int
    capacity_known: int
    unverified_counted: int
    unverified_left_out: int
    supply_at_least: bool

    @property
    def is_known(self) -> bool:
        """Whether the capacities of enough facilities are known for figures by residents."""
        known = self.capacity_known
        return known > 0 and known >= self.facilities_counted * KNOWN_SHARE


def within(limit_s: float) -> Decay:
    """Return the plain catchment of 2SFCA: weight 1 up to `limit_s` seconds."""
    return Decay((limit_s,), (1.0,))


def gaussian(limits_s: Sequence[float], beta_s2: float | None = None) -> Decay:
    r"""Return bands whose weights follow a Gaussian at the middle of each band.

    .. math:: w_b = \exp(-m_b^2 / \beta), \qquad m_b = (l_{b-1} + l_b) / 2

    Parameters
    ----------
    limits_s
        Where the bands end, seconds, rising.
    beta_s2
        The width, seconds squared; None for the one at which the weight is 0.01
        at the last limit (our choice).

    Notes
    -----
    With bands to 10, 20, 30 and 60 minutes and a width of 640 minutes squared
    the weights are the 0.962, 0.704, 0.377 and 0.042 of Wan et al. (2012).
    """
    if not limits_s or (beta_s2 is not None and not beta_s2 > 0):
        raise InputError("catchment")
    limits = np.array(limits_s, np.float64)
    middle = (np.r_[0.0, limits[:-1]] + limits) / 2
    beta = limits[-1] ** 2 / np.log(100) if beta_s2 is None else beta_s2
    return Decay(tuple(limits.tolist()), tuple(np.exp(-(middle**2) / beta).tolist()))


def two_step(cost_s: Floats, demand: Floats, supply: Floats, decay: Decay) -> Floating:
    r"""Return 2SFCA (one band) or E2SFCA (several).

    .. math::
        R_j = \frac{S_j}{\sum_i w(c_{ij}) P_i}, \qquad A_i = \sum_j w(c_{ij}) R_j

    so that :math:`\sum_i A_i P_i` is the supply of all places that anybody reaches.

    Parameters
    ----------
    cost_s
        Shape (k, p), seconds.
    demand, supply
        Shapes (k,) and (p,): residents, capacity.
    decay
        `within` for Luo & Wang (2003), bands for Luo & Qi (2009).

    Raises
    ------
    InputError
        When shapes do not fit, or a number is below 0 or not finite.
    """
    _check(cost_s, demand, supply)
    return _float(decay.at(cost_s), demand, supply)


def capacity(
    district: District,
    impedance: Impedance,
    kind: str,
    walking: Decay,
    *,
    deliver_m: float = DELIVER_M,
    unverified: bool = False,
) -> Capacity:
    """Return how much of the capacity of `kind` each resident has within reach.

    Two steps, for those who walk in and for what is delivered, each with its own
    catchment; all residents compete, those known beyond the boundary too.

    Parameters
    ----------
    district
        The district.
    impedance
        Its streets as the profile walks them.
    kind
        A kind of facility.
    walking
        The catchment on foot.
    deliver_m
        How far deliveries go, metres along the streets.
    unverified
        Whether facilities with a guessed position count.

    Raises
    ------
    InputError
        When `deliver_m` is not a number above 0.
    UnknownNameError
        When the district has no such kind.
    """
    if not 0 < deliver_m < np.inf:
        raise InputError("cut_off", limit=deliver_m)
    all_places = of_kind(district, kind, unverified=True)
    places = all_places if unverified else all_places[all_places["verified"]]
    supply = _known(places)
    left_out = len(all_places) - len(places)
    rider = speeds.walked(district.network, _RIDER)
    on_foot = _reached(district, impedance, places, supply["walk_in"], walking)
    brought = _reached(district, rider, places, supply["delivered"], within(deliver_m))
    far_m = walking.limits_s[-1] * impedance.profile.speed_m_s
    register = register_of(district, kind)
    known = int(supply["walk_in"].notna().sum())
    sure = register.is_complete and left_out == 0
    return Capacity(
        kind=kind,
        profile=impedance.profile.id,
        unit=_unit(supply),
        walking=walking,
        deliver_m=deliver_m,
        unverified=unverified,
        register=register,
        walk_in=on_foot.accessibility,
        delivered=brought.accessibility,
        accessibility=on_foot.accessibility + brought.accessibility,
        facilities=supply.assign(
            walk_in_ratio=on_foot.ratio,
            delivered_ratio=brought.ratio,
            edge=_at_edge(district, places, far_m),
        ),
        table=_table(district, on_foot.accessibility, brought.accessibility),
        facilities_counted=len(places),
        capacity_known=known,
        unverified_counted=int((~places["verified"]).sum()),
        unverified_left_out=left_out,
        supply_at_least=not sure or known < len(places),
    )


def _check(cost_s: Floats, demand: Floats, supply: Floats) -> None:
    amounts = np.concatenate([demand, supply])
    fits = cost_s.shape == (len(demand), len(supply)) and not (cost_s < 0).any()
    if not fits or np.isnan(cost_s).any() or not (np.isfinite(amounts) & (amounts >= 0)).all():
        raise InputError("amounts")


def _float(weight: Floats, demand: Floats, supply: Floats) -> Floating:
    served = weight.T @ demand
    ratio = np.divide(supply, served, out=np.full(len(supply), np.nan), where=served > 0)
    return Floating(weight @ np.where(served > 0, ratio, 0.0), ratio)


def _known(places: pd.DataFrame) -> pd.DataFrame:
    """Read the capacities; those in another unit than most are unknown."""
    read = [parse_capacity(text) or (np.nan, np.nan) for text in places["capacity"]]
    amounts = pd.DataFrame(read, places.index, ["walk_in", "delivered"], dtype=np.float64)
    supply = places[["id"]].assign(unit=places["capacity_unit"].fillna("")).join(amounts)
    same = supply["unit"].eq(_unit(supply))
    return supply.assign(
        walk_in=amounts["walk_in"].where(same), delivered=amounts["delivered"].where(same)
    )


def _unit(table: pd.DataFrame) -> str:
    units = table.loc[table["walk_in"].notna(), "unit"]
    return "" if units.empty else str(units.mode().iloc[0])


def _reached(
    district: District, impedance: Impedance, places: pd.DataFrame, supply: pd.Series, decay: Decay
) -> Floating:
    """Return `two_step` over the places whose supply is known; the others' ratio is NaN."""
    known = supply.notna().to_numpy(np.bool_)
    residents = residents_of(district).people[:, GROUPS.index("residents")]
    ratio = np.full(len(supply), np.nan)
    if not known.any():
        return Floating(np.zeros(len(residents)), ratio)
    spots = on_street(impedance, places[known])
    cost_s = many_to_many(impedance, demand_points(district), spots, decay.limits_s[-1])
    floating = two_step(cost_s, residents, supply[known].to_numpy(np.float64), decay)
    ratio[known] = floating.ratio
    return Floating(floating.accessibility, ratio)


@derived_of_homes
def _known_ground(district: District) -> shapely.Geometry:
    """Return the ground whose residents are known."""
    return shapely.convex_hull(shapely.MultiPoint(demand_points(district).xy))


def _at_edge(district: District, places: pd.DataFrame, far_m: float) -> Bools:
    """Return which places are nearer than `far_m` to where the residents' data ends."""
    ground = _known_ground(district)
    at = shapely.points(positions(places))
    inner = shapely.covers(ground, at) & (shapely.distance(shapely.boundary(ground), at) >= far_m)
    return np.logical_not(np.asarray(inner, np.bool_))


def _table(district: District, walk_in: Floats, delivered: Floats) -> pd.DataFrame:
    each = walk_in + delivered
    residents = totals(district, np.ones(len(each)))
    values = {"mean": each, "walk_in": walk_in, "delivered": delivered}
    means = {name: mean(totals(district, value), residents) for name, value in values.items()}
    without = totals(district, (each == 0).astype(np.float64))
    labels = residents_of(district).labels
    return pd.DataFrame({**labels, "residents": residents, **means, "without": without})
