"""Places where the streets deserve a look, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from circle.i18n import t
from circle.words.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping


def told(spot: Mapping[Any, Any]) -> tuple[str, str]:
    """Return what a row of `circle.quality.spots.spots` is called, and what it is."""
    what = t(f"quality.flaw.{spot['spot']}")
    if not pd.isna(spot["metres"]):
        what = t("data_map.metres", what=what, metres=f"{spot['metres']:,.0f}")
    name = str(spot["name"] or t("unit.unnamed"))
    if spot["spot"] == "nameless" and spot["name"]:
        name = t("data_map.nameless", streets=listed(name.split("/")))
    return name, what
