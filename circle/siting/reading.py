"""A district, a question and candidates → an instance; a plan → a scenario."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from circle.demand import demand_points, residents_of
from circle.errors import InputError
from circle.i18n import t
from circle.model import CAP_MINUTES, GROUPS, NoData, Snapped
from circle.network.speeds import by_length
from circle.places.facilities import (
    counted,
    on_street,
    parse_capacity,
    positions,
    register_of,
    service_name,
)
from circle.reach.travel import check_minutes, many_to_many
from circle.scenario.edits import (
    LONGEST_TEXT,
    LONGEST_UNIT,
    MOST_EDITS,
    AddFacility,
    CloseFacility,
    PlanFile,
)
from circle.siting.candidates import on_never_widened, streets_of
from circle.siting.instance import Instance, Sites

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import Bools, Floats, Ints, Question
    from circle.siting.candidates import Candidates
    from circle.siting.plan import SitePlan
    from circle.study import Study

_PREFIX = "site"


def instance_of(
    study: Study, question: Question, candidates: Candidates, group: str = "residents"
) -> Instance:
    """Return who walks how far to which facility and candidate.

    The walks are those of coverage: from the same doors, off the street and along it, judged
    by the same limit.

    Parameters
    ----------
    study
        Of the district.
    question
        Kind, walker, limit; whether facilities with a guessed position count.
    candidates
        Where one could open.
    group
        Whose residents count, one of `circle.model.GROUPS`.

    Raises
    ------
    InputError
        When there is no such group, or the limit is out of range.
    """
    if group not in GROUPS:
        raise InputError("site_group", name=group, known=", ".join(GROUPS))
    check_minutes([question.criterion.minutes])
    district, places = study.district, counted(study.district, question)
    residents = residents_of(district)
    weight = np.where(residents.inside, residents.people[:, GROUPS.index(group)], 0.0)
    rows = np.flatnonzero(weight > 0).astype(np.int32)
    seconds, within = _walks(study, question, places, candidates.table, rows)
    sites = _sites(study, question, places, candidates)
    return Instance(sites, weight[rows], seconds, within, rows)


def within_reach(instance: Instance, is_open: Bools, count: int) -> Bools:
    """Return which rows of the district's demand, `count` in all, are within reach."""
    within = np.zeros(count, np.bool_)
    within[instance.rows] = instance.within[:, is_open].any(axis=1)
    return within


def at_least(study: Study, question: Question) -> bool:
    """Whether rates are lower bounds, as what is there is not all known."""
    answer = study.coverage(question)
    if isinstance(answer, NoData):
        return not register_of(study.district, question.kind).is_complete or answer.left_out > 0
    return answer.at_least


def plan_file(study: Study, question: Question, plan: SitePlan, candidates: Candidates) -> PlanFile:
    """Return a plan as a scenario: a facility added for each site, one closed for each that goes.

    A requirement that counts only certain names has its word added to the name. What a room
    can serve is in the unit of those that are there.

    Raises
    ------
    InputError
        When there are more edits than a scenario holds.
    """
    if (edits := len(plan.opened) + len(plan.closed)) > MOST_EDITS:
        raise InputError("site_edits", count=edits, most=MOST_EDITS)
    district = study.district
    records = {row["id"]: row for row in candidates.table.to_dict("records")}
    taken = set(district.facilities["id"])
    ids = (name for n in itertools.count(1) if (name := f"{_PREFIX}-{n}") not in taken)
    kind, opened = service_name(district, question), [records[name] for name in plan.opened]
    states_capacity = any(row["capacity"] for row in opened)
    unit = study.capacity(question).unit if states_capacity else ""
    added = [
        AddFacility(
            id=new,
            kind=question.kind,
            name=_name(row["name"], question, str(kind)),
            lon=row["lon"],
            lat=row["lat"],
            address=row["address"][:LONGEST_TEXT],
            capacity=row["capacity"][:80],
            capacity_unit=unit[:LONGEST_UNIT] if row["capacity"] else "",
            reason=t("site.reason", site=name)[:LONGEST_TEXT],
        )
        for name, row, new in zip(plan.opened, opened, ids, strict=False)
    ]
    closed = [CloseFacility(id=name) for name in plan.closed]
    title = f"{kind} × {len(added)}"[:120]
    return PlanFile(name=title, base=district.base_id, author="", edits=(*closed, *added))


def _name(room: str, question: Question, kind: str) -> str:
    requirement = question.criterion.requirement
    word = "" if requirement is None else requirement.name_has
    name = f"{room or kind}"[: 190 - len(word)]
    return name if word in name else f"{name} {word}"


def _walks(
    study: Study, question: Question, places: pd.DataFrame, table: pd.DataFrame, rows: Ints
) -> tuple[Floats, Bools]:
    walk, criterion = study.walk(question.profile), question.criterion
    every = demand_points(study.district)
    doors = Snapped(every.xy[rows], every.segment[rows], every.fraction[rows], every.off_m[rows])
    spots = _joined(on_street(walk, places), on_street(walk, table))
    farthest = max(criterion.minutes, CAP_MINUTES) * 60 + 1
    seconds = many_to_many(walk, doors, spots, farthest)
    metres = seconds
    if criterion.metres is not None:
        plain = by_length(walk)
        spots = _joined(on_street(plain, places), on_street(plain, table))
        metres = many_to_many(plain, doors, spots, criterion.metres + 1)
    return seconds, criterion.within(seconds, metres)


def _joined(first: Snapped, second: Snapped) -> Snapped:
    return Snapped(
        xy=np.concatenate([first.xy, second.xy]),
        segment=np.concatenate([first.segment, second.segment]),
        fraction=np.concatenate([first.fraction, second.fraction]),
        off_m=np.concatenate([first.off_m, second.off_m]),
    )


def _sites(study: Study, question: Question, places: pd.DataFrame, candidates: Candidates) -> Sites:
    district, table, there = study.district, candidates.table, len(places)
    unknown, no = np.full(there, np.nan), np.zeros(there, np.bool_)
    streets = streets_of(district, study.walk(question.profile), table)
    never_widened = on_never_widened(district, streets)
    return Sites(
        ids=(*places["id"], *table["id"]),
        names=(*places["name"], *table["name"]),
        existing=there,
        xy=np.concatenate([positions(places), positions(table)]),
        cost=np.concatenate([unknown, table["cost"].to_numpy(np.float64)]),
        area_m2=np.concatenate([unknown, table["floor_area_m2"].to_numpy(np.float64)]),
        seats=np.concatenate([_seats(places), _seats(table)]),
        protected=np.concatenate([no, table["protected"].to_numpy(np.bool_)]),
        never_widened=np.concatenate([no, never_widened]),
        new_frontage=np.concatenate([no, np.full(len(table), candidates.new_frontage)]),
    )


def _seats(table: pd.DataFrame) -> Floats:
    """Return how many each place serves on the spot; NaN where it is not known."""
    if "capacity" not in table:
        return np.full(len(table), np.nan)
    read = [parse_capacity(text) for text in table["capacity"]]
    return np.array([np.nan if each is None else each[0] for each in read], np.float64)
