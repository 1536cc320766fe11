"""A made-up register of doorways, to look at where a district has none; never mixed with one.

Nothing in it is a fact but where residents of the district are modelled to live: doorways
stand at such places, so that walks from them are real walks. Compounds, floors, people, votes
and dates are drawn with a fixed seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.geo.crs import to_lonlat
from circle.i18n import t
from circle.load.text_tables import columns_of
from circle.model.doorways import Blocker, Entry, Lift, Stage

if TYPE_CHECKING:
    from circle.model import District, Floats

COMPOUNDS, EACH = 6, 6
_SEED = 20260410
_LIFTS = (Lift.NONE, Lift.NONE, Lift.NONE, Lift.PLANNED, Lift.UNDER_WAY, Lift.RUNNING)
_STAGES = {Lift.NONE: (0, 1, 2), Lift.PLANNED: (3, 4), Lift.UNDER_WAY: (5,), Lift.RUNNING: (6,)}
_FLAT_M2, _FLATS = 60, 3
_APART_M = 15.0


def example_register(district: District) -> pd.DataFrame:
    """Return a made-up register, as `District.doorways`; empty where nobody lives."""
    random = np.random.default_rng(_SEED)
    homes = district.demand[district.demand["inside"].astype(bool)]
    rows = []
    if len(homes):
        picked = random.choice(len(homes), COMPOUNDS)
        for number, row in enumerate(homes.iloc[picked][["x", "y"]].to_numpy(np.float64)):
            rows += [_doorway(random, number, each, row) for each in range(EACH)]
    names = columns_of("doorways.csv")
    table = pd.DataFrame(rows)
    for name, kind in names.items():
        if name not in table:
            table[name] = np.nan if kind != "text" else ""
    if not len(rows):
        return table.assign(x=[], y=[]).astype({"lon": float, "lat": float})
    degrees = to_lonlat(table[["x", "y"]].to_numpy(np.float64), district.crs)
    texts = {name: table[name].fillna("") for name, kind in names.items() if kind == "text"}
    return table.assign(lon=degrees[:, 0], lat=degrees[:, 1], **texts)


def _doorway(
    random: np.random.Generator, compound: int, number: int, at: Floats
) -> dict[str, object]:
    lift = _LIFTS[number % len(_LIFTS)] if compound else Lift.RUNNING
    floors = int(random.integers(4, 8))
    flats = np.full(floors, _FLATS)
    people = random.binomial(3 * flats, 0.75)
    older = random.binomial(people, 0.38)
    owners = int(flats.sum())
    voted = int(random.binomial(owners, 0.85))
    agreed = int(random.binomial(voted, 0.8))
    blockers = [each for each in Blocker if random.random() < 0.12]  # noqa: PLR2004
    name = "ABCDEFGH"[compound]
    return {
        "id": f"example-{name}{number + 1}",
        "compound": t("lifts.example_compound", name=name),
        "address": t("lifts.example_address", name=name, number=number + 1),
        "x": at[0] + _APART_M * (number % 3),
        "y": at[1] + _APART_M * (number // 3),
        "floors": float(floors),
        "entry": Entry.SPLIT.value if random.random() < 0.6 else Entry.LEVEL.value,  # noqa: PLR2004
        "elevator": lift.value,
        "elevator_since": "2024-06" if lift is Lift.RUNNING else "",
        "protected": float(compound == COMPOUNDS - 1),
        "blockers": ";".join(blockers) or "none",
        "households": float(owners),
        "flats_by_floor": _listed(flats),
        "residents_by_floor": _listed(people),
        "residents_60_plus_by_floor": _listed(older),
        "owners": float(owners),
        "owners_voted": float(voted),
        "owners_agreed": float(agreed),
        "area_m2": float(owners * _FLAT_M2),
        "area_voted_m2": float(voted * _FLAT_M2),
        "area_agreed_m2": float(agreed * _FLAT_M2),
        "ground_used": float(random.random() < 0.4),  # noqa: PLR2004
        "waiting": t("lifts.example_waiting") if lift is Lift.NONE and number else "",
        "source": t("lifts.example_source"),
    } | _dates(random, lift)


def _dates(random: np.random.Generator, lift: Lift) -> dict[str, object]:
    """Return dates of the stages that are behind a doorway, three months apart."""
    reached = int(random.choice(_STAGES[lift]))
    return {
        stage.value: f"{2023 + month // 12}-{month % 12 + 1:02}"
        for stage, month in zip(list(Stage)[:reached], range(0, 60, 3), strict=False)
    }


def _listed(counts: np.ndarray) -> str:
    return ";".join(str(int(count)) for count in counts)
