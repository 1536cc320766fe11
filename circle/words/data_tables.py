"""The tables of the Data page, in words, as they are shown and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle.i18n import sentences, t
from circle.places.facilities import register_of
from circle.store import zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District
    from circle.quality import Check, Quality
    from circle.store import Confirmation

_MINUTE = "%Y-%m-%d %H:%M"


def registers(district: District, found: Quality) -> pd.DataFrame:
    """Return how complete the list of each kind is, on what basis, who confirmed it."""
    table = found.registers
    stated = [register_of(district, kind) for kind in table["kind"]]
    return pd.DataFrame(
        {
            t("data.col_kind"): [str(district.kinds[kind].name) for kind in table["kind"]],
            t("data.col_state"): [t(f"register.{state}") for state in table["completeness"]],
            t("data.col_as_of"): table["as_of"],
            t("data.col_places"): table["places"],
            t("data.col_verified"): table["verified"],
            t("data.col_unverified"): table["unverified"],
            t("data.col_basis"): [str(one.basis) for one in stated],
            t("data.col_by"): [one.confirmed_by for one in stated],
        }
    )


def checks(found: Quality) -> pd.DataFrame:
    """Return all findings of the quality panel, one row each."""
    columns = {
        "part": [t(f"quality.part.{one.part}") for one in found.checks],
        "severity": [t(f"quality.severity.{one.severity.value}") for one in found.checks],
        "what": [what(one) for one in found.checks],
        "mend": [mend(one) for one in found.checks],
        "ours": [one.ours for one in found.checks],
        "published": [one.published for one in found.checks],
        "difference": [one.difference for one in found.checks],
        "unit": [t(f"quality.unit.{one.unit}") if one.unit else "" for one in found.checks],
        "source": [str(one.source) for one in found.checks],
    }
    table = pd.DataFrame(columns).astype(dict.fromkeys(("ours", "published", "difference"), float))
    return table.rename(columns={name: t(f"data.col_{name}") for name in columns})


def what(check: Check) -> str:
    """Return what a check found, in a sentence."""
    return t(f"quality.{check.key}.what", **dict(check.values))


def mend(check: Check) -> str:
    """Return how to mend what a check found."""
    return t(f"quality.{check.key}.mend", **dict(check.values))


def far(found: Quality) -> pd.DataFrame:
    """Return the places that lie far from every street."""
    return pd.DataFrame(
        {
            t("data.col_layer"): found.far["layer"].map(layer_name),
            t("data.col_name"): found.far["name"],
            t("data.col_metres"): found.far["metres"].round().astype(int),
        }
    )


def frontage(found: Quality) -> pd.DataFrame:
    """Return on which streets residents are put, by the weight of a metre."""
    return pd.DataFrame(
        {
            t("data.col_weight"): found.frontage["weight"].map(lambda weight: f"{weight:g}"),
            t("data.col_points"): found.frontage["points"],
            t("data.col_residents"): found.frontage["residents"].round().astype(int),
        }
    )


def history(district: District, rows: Sequence[Confirmation]) -> pd.DataFrame:
    """Return all confirmations and withdrawals, newest first, in the district's time."""
    kinds = {kind.id: str(kind.name) for kind in district.kinds.values()}
    columns = {
        "at": [when(district, one) for one in rows],
        "kind": [kinds.get(one.kind, one.kind) for one in rows],
        "what": [said(one) for one in rows],
        "as_of": ["" if one.as_of is None else one.as_of.isoformat() for one in rows],
        "by": [row.author for row in rows],
        "basis": [row.reason for row in rows],
    }
    return pd.DataFrame({t(f"confirm.col_{name}"): column for name, column in columns.items()})


def when(district: District, row: Confirmation) -> str:
    """Return when something was said, in the district's time."""
    return row.time.astimezone(zone(district)).strftime(_MINUTE)


def said(row: Confirmation) -> str:
    """Return whether a row confirms or withdraws."""
    return t("confirm.what_confirmed" if row.complete else "confirm.what_withdrawn")


def layer_name(layer: str) -> str:
    """Return what a layer is called; its own name where the language files have none."""
    key = f"data.layer.{layer}"
    return t(key) if key in sentences("zh") else layer
