"""The sentence of each measure of the Coverage page, for all residents and for an area."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from circle.demand import figure_in
from circle.i18n import t
from circle.i18n.rounding import is_bound, people, percent, short, whole_percent
from circle.measures.uncertainty import HIGH
from circle.model import WHOLE
from circle.places.facilities import service_name
from circle.words import wording

if TYPE_CHECKING:
    import pandas as pd

    from circle.measures.access import Capacity
    from circle.measures.circles import Comparison
    from circle.model import Coverage, District, Provision

PER = 1000
"""Capacity is given for this many residents."""


def chance_sentence(
    district: District, coverage: Coverage, shares: pd.DataFrame, group: str, area: str = WHOLE
) -> str:
    """Return who is surely and who is possibly within reach.

    Parameters
    ----------
    district
        The district.
    coverage
        What was drawn again and again.
    shares
        As `circle.measures.uncertainty.by_verdict` returns it.
    group, area
        Of whom.
    """
    row = figure_in(shares, group, area)
    if (without := wording.without_rate(row, group)) is not None:
        return without
    low = is_bound(row["covered"], at_least=not coverage.register.is_complete)
    return t(
        "measured.chance_at_least" if low else "measured.chance",
        group=t(f"group_of.{group}"),
        kind=wording.inline(service_name(district, coverage.question)),
        limit=wording.limit_text(coverage),
        high=whole_percent(HIGH),
        sure=percent(row["covered"], at_least=low),
        possible=percent(row["depends"]),
        lacking=percent(row["lacking"]),
    )


def services_sentence(
    district: District, provision: Provision, group: str, basis: str, area: str = WHOLE
) -> str:
    """Return who has all services by a basis, and which one most lack."""
    lacked = most_lacked(district, provision, group, area)
    return wording.together_sentence(provision, group, basis, area) + lacked


def most_lacked(
    district: District,
    provision: Provision,
    group: str,
    area: str = WHOLE,
    *,
    key: str = "most_lacked",
) -> str:
    """Return which service most of a group lack, as a sentence; "" where nobody lacks any.

    Parameters
    ----------
    district, provision
        The district and what it has.
    group, area
        Of whom.
    key
        Of the wording: ``most_lacked``, or ``area_lacked`` in a narrow place.
    """
    lacking = [
        (float(figure_in(service.table, group, area)["uncovered"]), service)
        for service in provision.services
    ]
    residents, service = max(lacking, key=lambda each: each[0])
    if not residents >= 1:
        return ""
    known = "_none_known" if service.at_least else ""
    return t(
        f"measured.{key}{known}",
        service=service_name(district, service.question),
        people=people(residents),
    )


def capacity_sentence(district: District, capacity: Capacity, group: str, area: str = WHOLE) -> str:
    """Return what capacity a thousand of a group have within reach, and who has none."""
    row, low = figure_in(capacity.table, group, area), capacity.supply_at_least
    if (without := wording.without_rate(row, group)) is not None:
        return without
    return t(
        "measured.capacity_at_least" if low else "measured.capacity",
        group=t(f"group_of.{group}"),
        kind=wording.inline(district.kinds[capacity.kind].name),
        amount=amount(row["mean"], at_least=low),
        unit=wording.unit_name(capacity.unit),
        per=f"{PER:,}",
        without=people(row["without"]),
    )


def amount(of_one: float, *, at_least: bool = False) -> str:
    """Return a capacity for one resident as that for a thousand; a dash for none known."""
    return short(of_one * PER, at_least=at_least) if math.isfinite(of_one) else "—"


def compared_sentence(
    district: District, comparison: Comparison, row: pd.Series, group: str
) -> str:
    """Return what a circle or a polygon would say instead of the streets.

    Parameters
    ----------
    district
        The district.
    comparison
        Whose `row` it is.
    row
        Of its table.
    group
        Of whom.
    """
    if (without := wording.without_rate(row, group)) is not None:
        return without
    network = comparison.network
    reached = row["network"] / row["residents"]
    low = is_bound(reached, at_least=network.at_least)
    return t(
        "measured.compared_at_least" if low else "measured.compared",
        answer=t(f"details.answer_{row['answer']}"),
        group=t(f"group_of.{group}"),
        kind=wording.inline(district.kinds[network.kind].name),
        minutes=f"{network.minutes:g}",
        counted=percent(row["counted"] / row["residents"], at_least=low),
        network=percent(reached, at_least=low),
        wrongly_in=people(row["wrongly_in"]),
        wrongly_out=people(row["wrongly_out"]),
    )
