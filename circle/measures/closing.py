r"""If one closes: what is lost without each facility of a kind.

With $t_{i}^{(-f)}$ the walk of demand point $i$ to the nearest facility other than $f$: the
residents lost are those with $t_i \le L < t_i^{(-f)}$, and whose nearest $f$ is walk
$t_i^{(-f)} - t_i$ longer, each walk at most `CAP_MINUTES`. As when the facility is closed in a
scenario; all others stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import demand_points, totals
from circle.model import CAP_MINUTES, GROUPS, Rule
from circle.network.speeds import by_length
from circle.places.facilities import counted, on_street
from circle.reach.travel import many_to_many

if TYPE_CHECKING:
    from circle.model import Bools, Coverage, District, Floats, Impedance

COLUMNS = (
    "id",
    "name",
    "nearest",
    "lost",
    "lost_60_plus",
    "share",
    "minutes_now",
    "minutes_then",
    "resident_minutes",
    "no_other",
)


def closing(district: District, impedance: Impedance, base: Coverage) -> pd.DataFrame:
    """Return what is lost when each facility closes, the one that is missed most first.

    Parameters
    ----------
    district
        The district; its residents within the boundary count.
    impedance
        Its streets as the coverage's profile walks them.
    base
        The coverage with all of them.

    Returns
    -------
    pandas.DataFrame
        One row a facility that counts, on its row in the district's facilities: id, name;
        nearest (residents whose nearest it is); lost and lost_60_plus (residents whose
        nearest becomes out of reach; NaN where no ages are known); share (lost of those
        covered); minutes_now and minutes_then (means over those whose nearest it is, to it
        and to the second nearest, each at most the cap; NaN where it is nobody's);
        resident_minutes (what they walk more in all); no_other (of them who have no way to
        any other). By lost, then resident_minutes, falling.
    """
    places = counted(district, base.question)
    by_time = _without_each(district, impedance, places)
    by_metres = by_time
    if base.rule is Rule.METRES:
        by_metres = _without_each(district, by_length(impedance), places)
    covered = _whole(district, base.within)[0]
    rows = []
    for number, place in enumerate(places.itertuples()):
        then = by_time[number]
        lost = base.within & ~base.question.criterion.within(then, by_metres[number])
        nearest = base.which == district.facilities.index.get_loc(place.Index)
        walks = _walks(district, base, then, nearest)
        rows.append({"id": place.id, "name": place.name, **_lost(district, lost, covered), **walks})
    table = pd.DataFrame(rows, places.index, COLUMNS)
    return table.sort_values(["lost", "resident_minutes", "id"], ascending=[False, False, True])


def _without_each(district: District, impedance: Impedance, places: pd.DataFrame) -> Floats:
    """Return how far the nearest other is without each place, shape (p, k)."""
    costs = many_to_many(impedance, demand_points(district), on_street(impedance, places)).T
    count = len(costs)
    first = costs.argmin(axis=0)
    at = np.arange(costs.shape[1])
    least = costs[first, at]
    rest = costs.copy()
    rest[first, at] = np.inf
    without = np.broadcast_to(least, (count, len(at))).copy()
    without[first, at] = rest.min(axis=0)
    return without


def _lost(district: District, lost: Bools, covered: float) -> dict[str, float]:
    everyone, seniors = _whole(district, lost)
    share = everyone / covered if covered else np.nan
    return {"lost": everyone, "lost_60_plus": seniors, "share": share}


def _walks(district: District, base: Coverage, then: Floats, nearest: Bools) -> dict[str, float]:
    """Return who walks to a place, how long now and without it, and what that is in all."""
    cap_s = CAP_MINUTES * 60
    people = _whole(district, nearest)[0]
    now = _whole(district, nearest * np.minimum(base.seconds, cap_s) / 60)[0]
    later = _whole(district, nearest * np.minimum(then, cap_s) / 60)[0]
    no_other = _whole(district, nearest & np.isinf(then))[0]
    return {
        "nearest": people,
        "minutes_now": now / people if people else np.nan,
        "minutes_then": later / people if people else np.nan,
        "resident_minutes": later - now,
        "no_other": no_other,
    }


def _whole(district: District, value: Floats | Bools) -> tuple[float, float]:
    """Return residents times a value, of the whole district: all, and those of 60 and older."""
    sums = totals(district, np.asarray(value, np.float64))[-len(GROUPS) :]
    return float(sums[GROUPS.index("residents")]), float(sums[GROUPS.index("residents_60_plus")])
