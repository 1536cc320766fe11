"""Streets mended by hand, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from circle.i18n import t

if TYPE_CHECKING:
    from collections.abc import Mapping


def edits(table: pd.DataFrame) -> pd.DataFrame:
    """Return `District.street_edits` in words: what, where, by whom, whether it fits."""
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


def told(edit: Mapping[Any, Any]) -> tuple[str, str]:
    """Return what a row of `District.street_edits` is called, and the rest that it says."""
    act = t(f"edits.act.{edit['act']}")
    name = t("edits.named", act=act, name=edit["name"]) if edit["name"] else act
    steps = "" if pd.isna(edit["steps"]) else t("edits.steps_of", n=f"{edit['steps']:g}")
    parts = (
        t(f"edits.outcome.{edit['outcome']}"),
        edit["hours"],
        steps,
        t("edits.by", author=edit["author"], date=edit["date"]),
        edit["reason"],
    )
    return name, " · ".join(str(part) for part in parts if part)
