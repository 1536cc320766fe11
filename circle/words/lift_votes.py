"""Votes on lifts and what stands for and against one, as tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from circle.doors.consent import consent_of, passed
from circle.doors.feasibility import PARTS
from circle.i18n import t
from circle.i18n.rounding import fixed
from circle.model.doorways import Lift, lift_of
from circle.words.lifts import doorway_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.doors.consent import Count
    from circle.doors.feasibility import Feasibility


def votes_table(register: pd.DataFrame) -> pd.DataFrame:
    """Return how each vote stands, of doorways without a running lift, as a table to print."""
    rows = []
    for number, row in enumerate(register.to_dict("records")):
        if lift_of(str(row["elevator"])) is Lift.RUNNING:
            continue
        consent = consent_of(row)
        owners, area = consent.building
        cells = {
            "doorway": doorway_name(register, number),
            "vote": t(f"lifts.consent.vote.{consent.vote.value}"),
            "owners": count_text(owners, "owners"),
            "area": count_text(area, "area"),
            "compound": _ground(consent.compound),
        }
        rows.append({t(f"lifts.consent.column.{name}"): text for name, text in cells.items()})
    return pd.DataFrame(rows)


def count_text(count: Count | None, unit: str) -> str:
    """Return how many more must take part and agree; ``unit`` is owners or area."""
    if count is None:
        return t("lifts.consent.not_known")
    if passed(count):
        return t("lifts.consent.enough", agreed=f"{count.agreed:,.0f}", voted=f"{count.voted:,.0f}")
    needs = {"voted": count.more_voted, "agreed": count.more_agreed}
    parts = [
        t(f"lifts.consent.more_{name}_{unit}", n=f"{math.ceil(need - 1e-6):,}")
        for name, need in needs.items()
        if need
    ]
    return t("lifts.comma").join(parts)


def _ground(counts: tuple[Count | None, ...] | None) -> str:
    if counts is None:
        return t("lifts.consent.ground_unknown")
    if not counts:
        return t("lifts.consent.no_ground")
    texts = [
        count_text(count, unit) for count, unit in zip(counts, ("owners", "area"), strict=True)
    ]
    return t("unit.semicolon").join(dict.fromkeys(texts))


def feasibility_table(register: pd.DataFrame, judged: Sequence[Feasibility]) -> pd.DataFrame:
    """Return gates, score and parts of each doorway, as a table to print."""
    rows = []
    for each in judged:
        cells = {
            t("lifts.column.doorway"): doorway_name(register, each.row),
            t("lifts.feasibility.column.forbids"): _named(each.forbids),
            t("lifts.feasibility.column.unknown"): _named(each.unknown),
            t("lifts.feasibility.column.score"): _score(each),
        }
        parts = {t(f"lifts.feasibility.part.{name}"): fixed(each.parts[name], 2) for name in PARTS}
        rows.append(cells | parts)
    return pd.DataFrame(rows)


def _named(gates: Sequence[str]) -> str:
    return t("lifts.comma").join(t(f"lifts.blocker.{name}") for name in gates) or "—"


def _score(each: Feasibility) -> str:
    if each.forbids:
        return t("lifts.feasibility.forbidden")
    low, high = fixed(each.low, 2), fixed(each.high, 2)
    return low if low == high else f"{low}–{high}"
