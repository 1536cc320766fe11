"""Pieces of street that nothing joins to the rest, and who and what stands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.demand import residents_unknown
from circle.network.pieces import pieces_of_street
from circle.network.speeds import walked
from circle.places.facilities import on_street
from circle.quality.findings import Check, Severity

if TYPE_CHECKING:
    from circle.model import District, Ints

_STREETS = 3
_COLUMNS = ["steps_allowed", "piece", "streets", "metres", "residents", "facilities"]


def pieces_apart(district: District) -> pd.DataFrame:
    """Return the pieces of street that are joined to the main one by none.

    Returns
    -------
    pandas.DataFrame
        One row for each, for those who take steps and, where a profile does not,
        for those too: columns steps_allowed, piece (number, from 1), streets
        (names, most metres first, at most three), metres, residents (inside the
        district, who live on it; NaN where nothing is known of residents),
        facilities (rows of the district's facilities that are reached from it).
    """
    rows: list[tuple[Any, ...]] = []
    known = not residents_unknown(district)
    for steps_allowed in _ways(district):
        piece = pieces_of_street(district.network, steps_allowed=steps_allowed)
        places = _facilities(district, steps_allowed=steps_allowed)
        of_place = np.where(places >= 0, piece[places], -1)
        inside = district.demand[district.demand["inside"]]
        of_resident = piece[inside["segment"].to_numpy()]
        for number in range(1, piece.max(initial=0) + 1):
            segments = np.flatnonzero(piece == number)
            rows.append(
                (
                    steps_allowed,
                    number,
                    _streets(district, segments),
                    float(district.network.segment_length_m[segments].sum()),
                    float(inside["residents"].to_numpy()[of_resident == number].sum())
                    if known
                    else np.nan,
                    tuple(np.flatnonzero(of_place == number).tolist()),
                )
            )
    return pd.DataFrame(rows, columns=_COLUMNS)


def piece_checks(district: District, apart: pd.DataFrame) -> list[Check]:
    """Return whether the streets are one piece, for each way of walking them."""
    checks = []
    for steps_allowed in _ways(district):
        ending = "" if steps_allowed else "_level"
        rows = apart[apart["steps_allowed"].eq(steps_allowed)]
        if rows.empty:
            checks.append(Check("streets", f"joined{ending}", Severity.OK, ours=0, unit="pieces"))
            continue
        residents, facilities = rows["residents"].sum(), rows["facilities"].map(len).sum()
        unknown = "_unpeopled" if rows["residents"].isna().any() else ""
        values = (
            ("n", len(rows)),
            ("metres", f"{rows['metres'].sum():,.0f}"),
            ("residents", f"{residents:,.0f}"),
            ("facilities", int(facilities)),
        )
        severity = Severity.PROBLEM if residents or facilities else Severity.NOTE
        checks.append(
            Check("streets", f"apart{ending}{unknown}", severity, values, len(rows), unit="pieces")
        )
    return checks


def _ways(district: District) -> tuple[bool, ...]:
    """Return with steps and, where a profile may take none, without."""
    level = any(not profile.steps_allowed for profile in district.profiles.values())
    return (True, False) if level else (True,)


def _facilities(district: District, *, steps_allowed: bool) -> Ints:
    """Return the segment that each facility is reached from, shape (n,); -1 for none."""
    profile = next(
        (p for p in district.profiles.values() if p.steps_allowed == steps_allowed),
        next(iter(district.profiles.values())),
    )
    return on_street(walked(district.network, profile), district.facilities).segment


def _streets(district: District, segments: np.ndarray) -> tuple[str, ...]:
    names = pd.Series(district.network.segment_name[segments], dtype=object).fillna("").astype(str)
    metres = pd.Series(district.network.segment_length_m[segments]).groupby(names).sum()
    metres = metres.drop("", errors="ignore").sort_values(ascending=False, kind="stable")
    return tuple(str(name) for name in metres.index[:_STREETS])
