"""How long matters wait, by level and by unit, and where they are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.wishes.nouns import SETTLED, Level, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from circle.wishes.nouns import Claim, Wish

LONG_DAYS = 30
_SECONDS_A_DAY = 86_400


def by_level(wishes: Sequence[Wish], now: datetime) -> pd.DataFrame:
    """Return, for each level, what is open there and how long, and what was settled there.

    小事不出网格、大事不出片区、难事不出街道, as a table.

    Returns
    -------
    DataFrame
        By level: `open`, `median_days` and `longest_days` at that level (NaN where none is
        open), `long` (open for more than `LONG_DAYS`), `settled`, `fulfilled`, and
        `settled_share` of all that is settled (NaN where nothing is).
    """
    settled = sum(wish.state in SETTLED for wish in wishes)
    rows = []
    for level in Level:
        here = [wish for wish in wishes if wish.level is level]
        done = sum(wish.state in SETTLED for wish in here)
        waiting = _days((w.level_since for w in here if w.state not in SETTLED), now)
        rows.append(
            {
                **_ages(waiting),
                "settled": done,
                "fulfilled": sum(wish.state is State.FULFILLED for wish in here),
                "settled_share": done / settled if settled else np.nan,
            }
        )
    return pd.DataFrame(rows, index=pd.Index([level.value for level in Level], name="level"))


def by_unit(wishes: Sequence[Wish], claims: Sequence[Claim], now: datetime) -> pd.DataFrame:
    """Return, for each unit with a claim, what it has open and how long since it took it up.

    Returns
    -------
    DataFrame
        By unit's number: `open`, `median_days`, `longest_days`, `long` and `fulfilled`.
    """
    states = {wish.id: wish.state for wish in wishes}
    units = sorted({claim.unit for claim in claims if claim.wish in states})
    rows = []
    for unit in units:
        held = [claim for claim in claims if claim.unit == unit and claim.wish in states]
        waiting = _days((c.time for c in held if states[c.wish] not in SETTLED), now)
        done = sum(states[claim.wish] is State.FULFILLED for claim in held)
        rows.append({**_ages(waiting), "fulfilled": done})
    columns = ["open", "median_days", "longest_days", "long", "fulfilled"]
    return pd.DataFrame(rows, index=pd.Index(units, name="unit"), columns=columns)


def _days(since: Iterable[datetime], now: datetime) -> list[float]:
    return [(now - moment).total_seconds() / _SECONDS_A_DAY for moment in since]


def _ages(days: Sequence[float]) -> dict[str, float]:
    return {
        "open": len(days),
        "median_days": float(np.median(days)) if days else np.nan,
        "longest_days": max(days, default=np.nan),
        "long": sum(each > LONG_DAYS for each in days),
    }
