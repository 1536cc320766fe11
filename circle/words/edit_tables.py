"""Streets mended by hand, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle.i18n import t

if TYPE_CHECKING:
    from circle.model import District


def edits(district: District) -> pd.DataFrame:
    """Return the streets that were mended by hand: what, where, by whom, whether it fits."""
    table = district.street_edits
    columns = {
        "act": [t(f"edits.act.{act}") for act in table["act"]],
        "name": [str(name) for name in table["name"]],
        "hours": [str(hours) for hours in table["hours"]],
        "steps": ["" if pd.isna(steps) else f"{steps:g}" for steps in table["steps"]],
        "outcome": [t(f"edits.outcome.{outcome}") for outcome in table["outcome"]],
        "author": [str(author) for author in table["author"]],
        "date": [str(date) for date in table["date"]],
        "reason": [str(reason) for reason in table["reason"]],
        "lon": [f"{lon:.6f}" for lon in table["lon"]],
        "lat": [f"{lat:.6f}" for lat in table["lat"]],
        "id": [str(name) for name in table["id"]],
    }
    return pd.DataFrame(columns).rename(columns={name: t(f"edits.col_{name}") for name in columns})
