"""A plan of sites as plain data: what the command prints and a page offers as files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from circle.load.standards import described
from circle.siting.instance import figures
from circle.siting.reading import at_least

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Question
    from circle.siting.candidates import Candidates
    from circle.siting.instance import Figures
    from circle.siting.plan import SitePlan
    from circle.study import Study


def plan_record(
    study: Study, question: Question, plan: SitePlan, candidates: Candidates, group: str
) -> dict[str, Any]:
    """Return a plan with what was asked for, and what is there before and after it."""
    instance, asked = plan.instance, question.criterion.requirement
    everyone = float(instance.weight.sum())
    chosen = opened(plan, candidates)[["id", "name", "address", "lon", "lat"]]
    return {
        "kind": question.kind,
        "profile": question.profile,
        "minutes": question.criterion.minutes,
        "standard": None if asked is None else described(asked),
        "group": group,
        "objective": plan.objective.value,
        "candidates": len(candidates.table),
        "residents": round(everyone, 2),
        "modelled": ["residents"],
        "rate_is": "at_least" if at_least(study, question) else "exact",
        "open": chosen.to_dict("records"),
        "close": list(plan.closed),
        "proof": plan.proof.value,
        "value": _rounded(plan.value, 2),
        "bound": _rounded(plan.bound, 2),
        "gap": _rounded(plan.gap, 6),
        "before": _figures(figures(instance, ~instance.sites.is_new), everyone),
        "after": _figures(plan.figures, everyone),
        "seconds": round(plan.seconds_taken, 2),
    }


def plan_geojson(
    study: Study, question: Question, plan: SitePlan, candidates: Candidates, group: str
) -> dict[str, Any]:
    """Return the sites of a plan as GeoJSON: those that open, numbered, and those that close."""
    places = study.district.facilities.set_index("id", drop=False)
    rows = [("open", row) for row in opened(plan, candidates).to_dict("records")]
    rows += [("close", row) for row in places.loc[list(plan.closed)].to_dict("records")]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]},
            "properties": {
                "number": number,
                "act": act,
                "id": row["id"],
                "name": row["name"],
                "address": row.get("address") or None,
                "kind": question.kind,
                "floor_area_m2": _rounded(float(row.get("floor_area_m2", math.nan)), 1),
                "cost": _rounded(float(row.get("cost", math.nan)), 2),
                "protected": bool(row.get("protected", False)),
            },
        }
        for number, (act, row) in enumerate(rows, 1)
    ]
    told = plan_record(study, question, plan, candidates, group)
    return {"type": "FeatureCollection", "metadata": told, "features": features}


def opened(plan: SitePlan, candidates: Candidates) -> pd.DataFrame:
    """Return the rows of the candidates that open, in the plan's order."""
    return candidates.table.set_index("id", drop=False).loc[list(plan.opened)]


def _rounded(value: float, decimals: int = 4) -> float | None:
    """Return a figure as it is reported; None where there is none."""
    return round(value, decimals) if math.isfinite(value) else None


def _figures(told: Figures, everyone: float) -> dict[str, float | None]:
    return {
        "covered": round(told.covered, 2),
        "rate": _rounded(told.covered / everyone) if everyone else None,
        "mean_minutes": _rounded(told.mean_minutes, 2),
        "worst_minutes": _rounded(told.worst_minutes, 2),
        "cost": _rounded(told.cost, 2),
    }
