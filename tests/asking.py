"""Questions as tests put them: by kind and minutes, or by a requirement, of one walker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.demand import roll_up
from circle.measures import circles
from circle.measures import coverage as measure
from circle.measures import uncertainty as draws
from circle.measures.equity import inequality
from circle.model import Coverage, NoData, Question

if TYPE_CHECKING:
    from circle.measures.circles import Comparison
    from circle.measures.montecarlo import Assumptions
    from circle.measures.uncertainty import Uncertainty
    from circle.model import District, Floats, Impedance, Provision, Requirement, StandardSet


def coverage(
    district: District, walk: Impedance, kind: str, minutes: float, *, unverified: bool = False
) -> Coverage:
    """Ask by plain minutes."""
    question = Question.by_minutes(kind, walk.profile.id, minutes, unverified=unverified)
    answer = measure.coverage(district, walk, question)
    assert isinstance(answer, Coverage)
    return answer


def coverage_by(
    district: District, walk: Impedance, requirement: Requirement, *, unverified: bool = False
) -> Coverage | NoData:
    """Ask by a requirement."""
    question = Question.by_standard(requirement, walk.profile.id, unverified=unverified)
    return measure.coverage(district, walk, question)


def coverages_by(
    district: District, walk: Impedance, standard: StandardSet, *, unverified: bool = False
) -> tuple[Coverage | NoData, ...]:
    """Ask by every default of a standard."""
    return tuple(
        coverage_by(district, walk, requirement, unverified=unverified)
        for requirement in standard.defaults
    )


def uncertainty(
    district: District,
    walk: Impedance,
    kind: str,
    minutes: float,
    assumed: Assumptions | None = None,
    **more: Any,
) -> Uncertainty:
    """Ask how sure the coverage by plain minutes is."""
    return draws.uncertainty(
        district, walk, coverage(district, walk, kind, minutes), assumed, **more
    )


def uncertainty_by(
    district: District,
    walk: Impedance,
    requirement: Requirement,
    assumed: Assumptions | None = None,
) -> Uncertainty | NoData:
    """Ask how sure the coverage by a requirement is."""
    base = coverage_by(district, walk, requirement)
    return base if isinstance(base, NoData) else draws.uncertainty(district, walk, base, assumed)


def compare(
    district: District,
    walk: Impedance,
    kind: str,
    minutes: float,
    *,
    unverified: bool = False,
    **more: Any,
) -> Comparison:
    """Set a circle and a polygon against the coverage by plain minutes."""
    network = coverage(district, walk, kind, minutes, unverified=unverified)
    return circles.compare(district, walk, network, **more)


def by_count(district: District, provision: Provision) -> pd.DataFrame:
    """Return how many residents have exactly n services: a row each, a column a group."""
    counts = range(len(provision.services) + 1)
    tables = (roll_up(district, provision.count == count) for count in counts)
    rows = [table[table["area"].eq("")].set_index("group")["covered"] for table in tables]
    return pd.DataFrame(rows, index=counts).rename_axis(columns=None)


def gini(value: Floats, weight: Floats) -> float:
    """Return the Gini coefficient of one group."""
    return _unequal(value, weight)[0]


def palma(value: Floats, weight: Floats) -> float:
    """Return the Palma ratio of one group."""
    return _unequal(value, weight)[1]


def _unequal(value: Floats, weight: Floats) -> tuple[float, float]:
    order = np.argsort(value, kind="stable")
    uneven, top = inequality(value[order], weight[order, None])
    return float(uneven[0]), float(top[0])
