"""Tables about the data, in words, as they are shown and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle.i18n import language, sentences, t
from circle.load import provenance
from circle.places.facilities import register_of
from circle.store import zone
from circle.words.wording import listed, name_of, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District
    from circle.quality import Check, Quality
    from circle.store import Confirmation

_MINUTE = "%Y-%m-%d %H:%M"


def registers(district: District, quality: Quality) -> pd.DataFrame:
    """Return how complete the list of each kind is, on what basis, who confirmed it."""
    table = quality.registers
    stated = [register_of(district, kind) for kind in table["kind"]]
    return pd.DataFrame(
        {
            t("data.col_kind"): [str(district.kinds[kind].name) for kind in table["kind"]],
            t("data.col_state"): [t(f"register.{state}") for state in table["completeness"]],
            t("data.col_as_of"): table["as_of"],
            t("data.col_places"): table["places"],
            t("data.col_verified"): table["verified"],
            t("data.col_unverified"): table["unverified"],
            t("data.col_basis"): [str(register.basis) for register in stated],
            t("data.col_by"): [register.confirmed_by for register in stated],
        }
    )


def checks(quality: Quality) -> pd.DataFrame:
    """Return all findings of the quality panel, one row each."""
    columns = {
        "part": [t(f"quality.part.{check.part}") for check in quality.checks],
        "severity": [t(f"quality.severity.{check.severity.value}") for check in quality.checks],
        "what": [what(check) for check in quality.checks],
        "mend": [mend(check) for check in quality.checks],
        "ours": [check.ours for check in quality.checks],
        "published": [check.published for check in quality.checks],
        "difference": [check.difference for check in quality.checks],
        "unit": [t(f"quality.unit.{check.unit}") if check.unit else "" for check in quality.checks],
        "source": [str(check.source) for check in quality.checks],
    }
    table = pd.DataFrame(columns).astype(dict.fromkeys(("ours", "published", "difference"), float))
    return table.rename(columns={name: t(f"data.col_{name}") for name in columns})


def sources(district: District) -> pd.DataFrame:
    """Return the layers of a district and where they are from, with yes or no for modelled ones."""
    table = provenance(district)
    modelled = t("layer.column.modelled")
    table[modelled] = table[modelled].map(yes_or_no)
    return table


def what(check: Check) -> str:
    """Return what a check found, in a sentence."""
    return t(f"quality.{check.key}.what", **dict(check.values))


def mend(check: Check) -> str:
    """Return how to mend what a check found."""
    return t(f"quality.{check.key}.mend", **dict(check.values))


def mend_here(check: Check) -> str:
    """Return how to mend it with the file, or the place of the page, where that is done."""
    key = f"quality.{check.key}.where"
    where = t(key) if key in sentences(language()) else ""
    return t("report.gap").join(text for text in (mend(check), where) if text)


def far(quality: Quality) -> pd.DataFrame:
    """Return the places that lie far from every street."""
    return pd.DataFrame(
        {
            t("data.col_layer"): quality.far["layer"].map(layer_name),
            t("data.col_name"): quality.far["name"],
            t("data.col_metres"): quality.far["metres"].round().astype(int),
        }
    )


def frontage(quality: Quality) -> pd.DataFrame:
    """Return on which streets residents are put, by the weight of a metre."""
    return pd.DataFrame(
        {
            t("data.col_weight"): quality.frontage["weight"].map(lambda weight: f"{weight:g}"),
            t("data.col_points"): quality.frontage["points"],
            t("data.col_residents"): quality.frontage["residents"].round().astype(int),
        }
    )


def apart(district: District, quality: Quality) -> pd.DataFrame:
    """Return the pieces of street that nothing joins to the rest, and what stands on them."""
    rows = quality.apart
    return pd.DataFrame(
        {
            t("data.col_walkers"): [
                t("data.walkers_all" if steps else "data.walkers_level")
                for steps in rows["steps_allowed"]
            ],
            t("data.col_streets"): [
                listed(streets) or t("unit.unnamed") for streets in rows["streets"]
            ],
            t("data.col_street_m"): rows["metres"].round().astype(int),
            t("data.col_residents"): rows["residents"].round().astype("Int64"),
            t("data.col_facilities"): [
                listed(name_of(district.facilities.iloc[row]) for row in places)
                for places in rows["facilities"]
            ],
        }
    )


def flaws(quality: Quality) -> pd.DataFrame:
    """Return the places where the drawn streets may be wrong."""
    rows = quality.flaws
    return pd.DataFrame(
        {
            t("data.col_flaw"): [t(f"quality.flaw.{flaw}") for flaw in rows["flaw"]],
            t("data.col_name"): [name or t("unit.unnamed") for name in rows["name"]],
            t("data.col_apart"): rows["metres"].round(1),
            t("data.col_lon"): rows["lon"].round(6),
            t("data.col_lat"): rows["lat"].round(6),
        }
    )


def history(district: District, rows: Sequence[Confirmation]) -> pd.DataFrame:
    """Return all confirmations and withdrawals, newest first, in the district's time."""
    kinds = {kind.id: str(kind.name) for kind in district.kinds.values()}
    columns = {
        "at": [when(district, row) for row in rows],
        "kind": [kinds.get(row.kind, row.kind) for row in rows],
        "what": [_action(row) for row in rows],
        "as_of": ["" if row.as_of is None else row.as_of.isoformat() for row in rows],
        "by": [row.author for row in rows],
        "basis": [row.reason for row in rows],
    }
    return pd.DataFrame({t(f"confirm.col_{name}"): column for name, column in columns.items()})


def when(district: District, row: Confirmation) -> str:
    """Return when a confirmation was written, in the district's time."""
    return row.time.astimezone(zone(district)).strftime(_MINUTE)


def layer_name(layer: str) -> str:
    """Return what a layer is called; its id where the language files have no name."""
    key = f"data.layer.{layer}"
    return t(key) if key in sentences("zh") else layer


def _action(row: Confirmation) -> str:
    return t("confirm.what_confirmed" if row.complete else "confirm.what_withdrawn")
