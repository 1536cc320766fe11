"""Whether a lift can be added to a doorway: what forbids it first, then a score with its parts.

Neither is an official rule: gates and weights are this program's own to begin with, and both
can be set. A part that is not known is left open: the score is told between its being the
worst and the best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle.doors.consent import consent_of
from circle.model.doorways import Blocker, Entry, Lift, blockers_of, entry_of, lift_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    import pandas as pd

    from circle.doors.homes import Homes
    from circle.model import Floats

PROTECTED = "protected"
GATES = (PROTECTED, *(blocker.value for blocker in Blocker))
"""What may be taken to forbid a lift."""
USUAL_GATES = (PROTECTED, Blocker.STRUCTURE.value, Blocker.FIRE_LANE.value)
PARTS = ("obstacles", "consent", "seniors", "entry")
"""What the score is made of, each 0 to 1."""
USUAL_WEIGHTS = {"obstacles": 3.0, "consent": 3.0, "seniors": 3.0, "entry": 1.0}
MOST_WEIGHT = 10.0
_UPSTAIRS = 3.0
"""From this floor on a resident of 60 and older counts for the part of seniors."""
_SPLIT = 0.5
_MANY = 4


@dataclass(frozen=True, slots=True)
class Feasibility:
    """What is known of one doorway.

    Attributes
    ----------
    row
        Of the register.
    forbids
        The gates that are shut.
    unknown
        The gates that nobody looked at.
    parts
        Value of each of `PARTS`; NaN where not known.
    low, high
        The score with what is not known at its worst and at its best, 0 to 1.
    """

    row: int
    forbids: tuple[str, ...]
    unknown: tuple[str, ...]
    parts: Mapping[str, float]
    low: float
    high: float


def feasibility(
    register: pd.DataFrame,
    homes: Homes,
    gates: Iterable[str] = USUAL_GATES,
    weights: Mapping[str, float] = USUAL_WEIGHTS,
) -> list[Feasibility]:
    """Return what stands for and against a lift at each doorway without a running one.

    The best come first: those that nothing forbids, by the worst that their score can be.
    """
    upstairs = homes.floor >= _UPSTAIRS
    older = homes.group("residents_60_plus")
    share = _shares(homes.per_doorway(older * upstairs), homes.per_doorway(older))
    judged = [
        _one(number, row, float(share[number]), tuple(gates), weights)
        for number, row in enumerate(register.to_dict("records"))
        if lift_of(str(row["elevator"])) is not Lift.RUNNING
    ]
    return sorted(judged, key=lambda each: (bool(each.forbids), -each.low, -each.high, each.row))


def _shares(part: Floats, whole: Floats) -> Floats:
    share = np.full(len(whole), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return share


def _one(
    number: int,
    row: Mapping[Any, Any],
    seniors: float,
    gates: tuple[str, ...],
    weights: Mapping[str, float],
) -> Feasibility:
    stated = str(row.get("blockers") or "").strip()
    blockers = blockers_of(stated) if stated else None
    protected = row.get(PROTECTED)
    said: dict[str, float] = {
        name: math.nan if blockers is None else float(name in blockers) for name in Blocker
    }
    said[PROTECTED] = float(protected) if isinstance(protected, int | float) else math.nan
    entry = entry_of(str(row.get("entry") or ""))
    others = [name for name in Blocker if name not in gates]
    parts = {
        "obstacles": 1 - min(sum(said[name] for name in others) / _MANY, 1.0),
        "consent": consent_of(row).progress,
        "seniors": seniors,
        "entry": math.nan if entry is None else 1.0 if entry is Entry.LEVEL else _SPLIT,
    }
    if blockers is None and others:
        parts["obstacles"] = math.nan
    low, high = (_score(parts, weights, unknown) for unknown in (0.0, 1.0))
    return Feasibility(
        row=number,
        forbids=tuple(name for name in gates if said[name] == 1),
        unknown=tuple(name for name in gates if math.isnan(said[name])),
        parts=parts,
        low=low,
        high=high,
    )


def _score(parts: Mapping[str, float], weights: Mapping[str, float], unknown: float) -> float:
    total = sum(weights.values())
    if not total > 0:
        return 0.0
    values = {name: unknown if math.isnan(value) else value for name, value in parts.items()}
    return sum(weights[name] * values[name] for name in parts) / total
