"""The programme of lifts: how far each doorway has come, and what was published of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.model.doorways import Lift, Stage, lift_of

if TYPE_CHECKING:
    from circle.model import District

_FIGURES = ("doorways_surveyed", "doorways_suitable", "doorways_hard")
_STATES = {"installed": Lift.RUNNING, "installing": Lift.UNDER_WAY}
"""States of published projects in the words that facts use for them, beside the register's."""


@dataclass(frozen=True, eq=False)
class Published:
    """What was published of the programme.

    Attributes
    ----------
    surveyed, suitable, hard
        Doorways; None where no figure was published.
    projects
        Columns compound, compound_en, doorways, lift (a `Lift` or ""), source, source_zh,
        lon, lat, x, y, position_accuracy_m; may be empty.
    """

    surveyed: int | None
    suitable: int | None
    hard: int | None
    projects: pd.DataFrame

    @property
    def nothing(self) -> bool:
        """Whether nothing was."""
        return self.surveyed is None and self.projects.empty

    def doorways(self, lift: Lift) -> int:
        """Return the doorways of the published projects in a state."""
        here = self.projects[self.projects["lift"].eq(lift)]
        return int(here["doorways"].sum())


def published(district: District) -> Published:
    """Return what was published of a district's lifts."""
    figures = dict(zip(district.figures["key"], district.figures["value"], strict=True))
    surveyed, suitable, hard = (int(figures[key]) if key in figures else None for key in _FIGURES)
    projects = district.elevator_projects
    if projects is None:
        names = ["compound", "compound_en", "doorways", "source", "source_zh", "status"]
        projects = pd.DataFrame({name: [] for name in [*names, "lon", "lat", "x", "y"]})
    states = [_STATES.get(text) or lift_of(text) or "" for text in projects["status"]]
    return Published(surveyed, suitable, hard, projects.assign(lift=np.array(states, object)))


def stages_of(register: pd.DataFrame) -> pd.DataFrame:
    """Return how far each doorway of a register has come.

    Returns
    -------
    pandas.DataFrame
        As long as the register: lift (a `Lift`, "" where not stated), stage (the last `Stage`
        that has a date; without any date what the lift says, else ""), since (its date),
        waiting.
    """
    lifts = [lift_of(text) or "" for text in register["elevator"]]
    stages, dates = [], []
    for lift, row in zip(lifts, register.to_dict("records"), strict=True):
        dated = [stage for stage in Stage if str(row.get(stage.value) or "").strip()]
        stage = dated[-1] if dated else _OF_LIFT.get(lift, "")
        stages.append(stage)
        dates.append(str(row.get(stage) or "") if dated else "")
    waiting = register.get("waiting", "")
    table = pd.DataFrame({"lift": lifts, "stage": stages, "since": dates}, index=register.index)
    return table.assign(waiting=waiting)


_OF_LIFT: dict[str, str] = {Lift.RUNNING: Stage.DONE, Lift.UNDER_WAY: Stage.BUILDING}


def by_compound(register: pd.DataFrame) -> pd.DataFrame:
    """Return how many doorways of each compound stand at each stage.

    Returns
    -------
    pandas.DataFrame
        compound, doorways, a column for each `Stage`, not_dated, and waiting: how many state
        a reason; in the register's order, those of no compound last under "".
    """
    stages = stages_of(register)
    compound = register["compound"] if "compound" in register else pd.Series("", register.index)
    names = [*dict.fromkeys(name for name in compound if name), ""]
    rows = []
    for name in names:
        here = stages[compound.eq(name)]
        if here.empty:
            continue
        counts = {stage.value: int(here["stage"].eq(stage).sum()) for stage in Stage}
        not_dated = int(here["stage"].eq("").sum())
        waits = int(here["waiting"].astype(str).str.strip().ne("").sum())
        row = {"compound": name, "doorways": len(here)} | counts
        rows.append(row | {"not_dated": not_dated, "waiting": waits})
    columns = ["compound", "doorways", *(stage.value for stage in Stage), "not_dated", "waiting"]
    return pd.DataFrame(rows, columns=columns)
