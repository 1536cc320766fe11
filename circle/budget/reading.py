"""A study, costs and edits → a budget's clients and measures; a plan → what it truly serves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.budget.nouns import NO_LIFT, Budget, Measure
from circle.demand import demand_points, residents_of
from circle.doors.feasibility import PROTECTED, feasibility
from circle.doors.homes import homes_of
from circle.doors.vertical import times
from circle.errors import InputError
from circle.geo.crs import to_metric
from circle.measures.heritage import BESIDE_M
from circle.model import GROUPS, Snapped
from circle.model.doorways import HOME_GROUPS, Lift, lift_of
from circle.places.facilities import counted, nearest_rows, on_street, positions
from circle.reach.travel import check_minutes, many_to_many
from circle.scenario import plan_of, resolved, without_plan
from circle.scenario.edits import (
    MOST_EDITS,
    AddFacility,
    AddLink,
    OpenGate,
    PlanFile,
    SetSteps,
)
from circle.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from circle.budget.costs import Costs
    from circle.model import Bools, District, Floats, Question
    from circle.scenario.edits import Edit

MAY_BE = (AddFacility, AddLink, OpenGate, SetSteps)
"""Edits that a measure can be: by none of them anybody's walk grows but by new stairs."""


@dataclass(frozen=True, eq=False)
class Read:
    """A budget, and what was left out of it.

    Attributes
    ----------
    unpriced
        By kind how many measures have no cost.
    forbidden
        Doorways without a lift where something but protection forbids one.
    under_way
        Doorways whose lift is being built: no measure, and not running yet.
    """

    budget: Budget
    unpriced: dict[str, int]
    forbidden: int
    under_way: int


def measures_of(
    district: District,
    question: Question,
    costs: Costs,
    register: pd.DataFrame | None,
    edits: Iterable[Edit] = (),
) -> tuple[list[Measure], dict[str, int], int, int]:
    """Return what money can be spent on, and how many are left out: as `Read` has them.

    Raises
    ------
    InputError
        When an edit is none that a measure can be.
    """
    asked, forbidden, under_way = _lifts(register)
    asked += [("room", room.id, room) for room in _rooms(district, question)]
    for number, edit in enumerate(edits, 1):
        if not isinstance(edit, MAY_BE):
            known = ", ".join(str(each.model_fields["edit"].default) for each in MAY_BE)
            raise InputError("budget_edit", row=number, name=edit.edit, known=known)
        asked.append(
            (edit.edit, edit.id if isinstance(edit, AddFacility) else f"edit-{number}", edit)
        )
    told: list[Measure] = []
    unpriced: dict[str, int] = {}
    for kind, name, what in asked:
        cost, given = costs.of(kind, name), name
        while given in {each.id for each in told}:
            given = f"{kind}:{given}"
        if cost is None:
            unpriced[kind] = unpriced.get(kind, 0) + 1
            continue
        if isinstance(what, Measure):
            told.append(replace(what, id=given, cost=cost.cost, source=cost.source))
        else:
            plot, called = _beside_heritage(district, what), _called(what, name)
            told.append(Measure(given, kind, called, cost.cost, cost.source, plot, edit=what))
    return told, unpriced, forbidden, under_way


def read(
    study: Study,
    question: Question,
    group: str,
    costs: Costs,
    register: pd.DataFrame | None = None,
    edits: tuple[Edit, ...] = (),
) -> Read:
    """Return a budget.

    Parameters
    ----------
    study, question
        Whose streets and facilities, judged by minutes alone.
    group
        Whose residents are served; of a register one of `HOME_GROUPS`, else of `GROUPS`.
    register
        Doorways: their floors are the clients. Without one the district's residents are, at
        the street's door.
    edits
        Each a measure by itself.

    Raises
    ------
    InputError
        When a number or name is out of range, or an edit is none that a measure can be.
    DataError
        When an edit does not fit the district.
    """
    check_minutes([question.criterion.minutes])
    question = question.by_minutes_alone
    measures, unpriced, forbidden, under_way = measures_of(
        study.district, question, costs, register, edits
    )
    if edits:
        _edited(study, edits)  # each fits, or all that do not are told by their number
    homes = _Homes.of(study.district, group, register)
    base = homes.walks(study, question)
    columns = [base, *_streets(study, question, homes, measures, base)]
    lift = np.full(len(homes.weight), NO_LIFT)
    for row, each in enumerate(measures):
        if each.doorway != NO_LIFT:
            lift[homes.door == each.doorway] = row
    stairs_s, lift_s = homes.vertical(study, question)
    budget = Budget(
        measures=tuple(measures),
        clients=homes.names,
        weight=homes.weight,
        stairs_s=stairs_s,
        lift_s=lift_s,
        lift=lift,
        street_s=np.stack(columns, axis=1)[homes.door],
        limit_s=question.criterion.minutes * 60,
        from_flat=register is not None,
    )
    return Read(budget, unpriced, forbidden, under_way)


def recomputed(
    study: Study,
    question: Question,
    group: str,
    budget: Budget,
    chosen: Bools,
    register: pd.DataFrame | None = None,
) -> float:
    """Return how many are served with all chosen measures laid over the district together."""
    question = question.by_minutes_alone
    edits = [
        each.edit
        for each, taken in zip(budget.measures, chosen, strict=True)
        if taken and each.edit is not None
    ]
    after = _edited(study, edits) if edits else study
    homes = _Homes.of(after.district, group, register)
    street = homes.walks(after, question)[homes.door]
    has_lift = np.isin(budget.lift, np.flatnonzero(chosen))
    within = street + np.where(has_lift, budget.lift_s, budget.stairs_s) <= budget.limit_s
    return float(budget.weight[within].sum())


@dataclass(frozen=True, eq=False)
class _Homes:
    """Clients, each at a door: of the register, or a resident's own."""

    names: tuple[str, ...]
    weight: Floats
    door: np.ndarray
    register: pd.DataFrame | None
    rows: np.ndarray

    @classmethod
    def of(cls, district: District, group: str, register: pd.DataFrame | None) -> _Homes:
        known = GROUPS if register is None else HOME_GROUPS
        if group not in known:
            raise InputError("site_group", name=group, known=", ".join(known))
        if register is None:
            residents = residents_of(district)
            weight = np.where(residents.inside, residents.people[:, GROUPS.index(group)], 0.0)
            rows = np.flatnonzero(weight > 0)
            names = tuple(f"home-{row}" for row in rows)
            return cls(names, weight[rows], np.arange(len(rows)), None, rows)
        homes = homes_of(register)
        ids = register["id"].tolist()
        names = tuple(
            f"{ids[door]}/{floor:g}" for door, floor in zip(homes.doorway, homes.floor, strict=True)
        )
        return cls(names, homes.group(group), homes.doorway, register, np.arange(len(register)))

    def doors(self, study: Study, question: Question) -> Snapped:
        """Return the doors on the streets."""
        if self.register is not None:
            return on_street(study.walk(question.profile), self.register)
        return demand_points(study.district).take(self.rows)

    def walks(self, study: Study, question: Question) -> Floats:
        """Return the seconds to the nearest facility by door."""
        walk, places = study.walk(question.profile), counted(study.district, question)
        return nearest_rows(study.district, walk, places, self.doors(study, question))[0]

    def vertical(self, study: Study, question: Question) -> tuple[Floats, Floats]:
        """Return the seconds between flat and street by client, as it is and with a lift."""
        if self.register is None:
            return np.zeros(len(self.weight)), np.zeros(len(self.weight))
        homes, profile = homes_of(self.register), study.walk(question.profile).profile
        yes = np.ones(len(homes.floor), np.bool_)
        now, then = (
            times(profile, homes.floor, lift, homes.split_here).longer for lift in (homes.lift, yes)
        )
        return now, then


def _streets(
    study: Study, question: Question, homes: _Homes, measures: list[Measure], base: Floats
) -> list[Floats]:
    """Return the seconds to the nearest facility with each measure alone, by door."""
    doors, walk = homes.doors(study, question), study.walk(question.profile)
    added = [each for each in measures if isinstance(each.edit, AddFacility)]
    there = [each.edit for each in added if isinstance(each.edit, AddFacility)]
    seconds: dict[str, Floats] = {}
    if there:
        degrees = np.array([[edit.lon, edit.lat] for edit in there])
        xy = to_metric(degrees[:, 0], degrees[:, 1], study.district.crs).reshape(-1, 2)
        spots = on_street(walk, pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1]}))
        table = many_to_many(walk, doors, spots, question.criterion.minutes * 60 + 1)
        for column, (each, edit) in enumerate(zip(added, there, strict=True)):
            if edit.kind == question.kind:
                seconds[each.id] = np.minimum(base, table[:, column])
    nothing = np.full(len(base), np.inf)
    columns = []
    for each in measures:
        if each.edit is not None and not isinstance(each.edit, AddFacility):
            columns.append(homes.walks(_edited(study, [each.edit]), question))
        else:
            columns.append(seconds.get(each.id, nothing))
    return columns


def _edited(study: Study, edits: Sequence[Edit]) -> Study:
    """Return the study with edits laid over whatever scenario it is of."""
    base, plan = without_plan(study.district)
    there = () if plan is None else plan.plan.edits
    if (count := len(there) + len(edits)) > MOST_EDITS:
        raise InputError("site_edits", count=count, most=MOST_EDITS)
    day = None if plan is None else plan.plan.day
    both = PlanFile(name="plan", base="", author="", day=day, edits=(*there, *edits))
    return Study(resolved(base, plan_of(both)))


def _beside_heritage(district: District, edit: Edit) -> bool:
    """Whether a new facility would stand in or beside a protected building."""
    if not isinstance(edit, AddFacility) or district.heritage.empty:
        return False
    xy = to_metric(np.array([edit.lon]), np.array([edit.lat]), district.crs)
    away = np.hypot(*(positions(district.heritage) - xy.reshape(-1, 2)).T)
    return bool((away <= BESIDE_M).any())


_Asked = list[tuple[str, str, "Measure | Edit"]]


def _lifts(register: pd.DataFrame | None) -> tuple[_Asked, int, int]:
    """Return a lift for each doorway that has none and where none is forbidden."""
    if register is None:
        return [], 0, 0
    asked: _Asked = []
    forbidden = 0
    states = [lift_of(str(text)) for text in register["elevator"]]
    rows = register.to_dict("records")
    for each in sorted(feasibility(register, homes_of(register)), key=lambda one: one.row):
        row = rows[each.row]
        if states[each.row] is Lift.UNDER_WAY:
            continue
        if set(each.forbids) - {PROTECTED}:
            forbidden += 1
            continue
        name = str(row.get("address") or row["id"])
        protected = PROTECTED in each.forbids
        lift = Measure(str(row["id"]), "lift", name, 0.0, "", protected, each.row)
        asked.append(("lift", lift.id, lift))
    return asked, forbidden, states.count(Lift.UNDER_WAY)


def _rooms(district: District, question: Question) -> list[Measure]:
    """Return the rooms of the district's register as facilities that could open."""
    table = district.candidate_rooms
    if table is None:
        return []
    return [
        Measure(
            str(row["id"]),
            "room",
            str(row.get("name") or row["id"]),
            0.0,
            "",
            edit=AddFacility(
                id=f"room-{number}",
                kind=question.kind,
                name=str(row.get("name") or row["id"])[:200],
                lon=row["lon"],
                lat=row["lat"],
                capacity="",
                capacity_unit="",
            ),
        )
        for number, row in enumerate(table.to_dict("records"), 1)
    ]


def _called(edit: Edit, name: str) -> str:
    said: Callable[[str], str] = lambda field: str(getattr(edit, field, "") or "")  # noqa: E731
    return said("name") or said("reason") or name
