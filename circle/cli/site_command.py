"""The command site: where to put the next facilities, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle.cli import arguments as cli
from circle.cli.answers import number_of
from circle.cli.site_explained import explained, explained_lines, records
from circle.config import settings
from circle.errors import DataError, InputError
from circle.files import file_in_place, readable
from circle.i18n import t
from circle.load.standards import standard_named
from circle.load.text_tables import typed
from circle.model import NoData, Question
from circle.places.facilities import kind_named, service_name
from circle.scenario import dump_plan
from circle.siting import candidates as places
from circle.siting.allocation import allocation_of
from circle.siting.constraints import Constraints
from circle.siting.instance import Objective
from circle.siting.plan import exact
from circle.siting.reading import at_least, instance_of, plan_file
from circle.siting.record import plan_record
from circle.siting.task import Task
from circle.words import siting as words

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    import pandas as pd

    from circle.siting.candidates import Candidates
    from circle.siting.instance import Instance
    from circle.siting.plan import SitePlan
    from circle.study import Study

_WAIVED = ("protected", "never_widened")
_ROOMS = "candidate_rooms"
_OF_STANDARD = "standard"


def site(options: argparse.Namespace) -> int:
    """Print a plan; or what is lost if one closes; or who is served by what."""
    if options.if_closed and options.allocate:
        raise InputError("site_modes")
    _check(options)
    study = cli.study_of(options)
    question = _question(study, options)
    if options.if_closed:
        return _if_closed(study, question, options)
    if options.allocate:
        return _allocate(study, question, options)
    return _plan(study, question, options)


def _check(options: argparse.Namespace) -> None:
    """Refuse numbers that are none before anything is loaded."""
    _constraints(options)
    number_of(options.share)
    number_of(options.uptake)
    number_of(options.time_limit)


def _question(study: Study, options: argparse.Namespace) -> Question:
    if options.standard is None:
        return cli.question_of(options, kind_named(study.district, options.kind).id)
    standard = standard_named(cli.standard_sets_here(), options.standard)
    return cli.question_of(options, cli.one_asked_for(standard, options.kind))


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _constraints(options: argparse.Namespace) -> Constraints:
    waived = _ids(options.waive)
    for name in waived:
        if name not in _WAIVED:
            raise InputError("site_waive", name=name, known=", ".join(_WAIVED))
    return Constraints(
        count=_count(options),
        may_close=_ids(options.may_close),
        spacing_m=number_of(options.spacing),
        floor_area_m2=_floor_area(options),
        protected="protected" not in waived,
        never_widened="never_widened" not in waived,
        must=_ids(options.must),
        must_not=_ids(options.must_not),
        budget=None if options.budget is None else number_of(options.budget),
    )


def _floor_area(options: argparse.Namespace) -> float:
    """Return the least floor area: a number, or what the standard names where that is asked for."""
    if options.floor_area.strip() != _OF_STANDARD:
        return number_of(options.floor_area)
    area = None
    if options.standard is not None:
        standard = standard_named(cli.standard_sets_here(), options.standard)
        area = cli.one_asked_for(standard, options.kind).floor_area_m2
    if area is None:
        raise InputError("site_floor_area", kind=options.kind)
    return area


def _count(options: argparse.Namespace) -> int | None:
    if options.count is None:
        return None if options.objective == Objective.FEWEST else 1
    if not options.count.isascii() or not options.count.isdigit() or len(options.count) > 4:  # noqa: PLR2004 - no plan has as many
        raise InputError("site_whole", text=options.count)
    return int(options.count)


def _candidates(study: Study, options: argparse.Namespace) -> Candidates:
    if options.candidates is not None:
        return places.rooms(study.district, _register(options))
    if options.frontage is not None:
        return places.frontage(study.district, number_of(options.frontage))
    there = study.district.candidate_rooms
    if there is None or there.empty:
        return places.frontage(study.district)
    return places.rooms(study.district, there)


def _register(options: argparse.Namespace) -> pd.DataFrame:
    """Return the rooms that a file brings; whole or not at all, as an import of it would be."""
    from circle.intake.importing import Wishes, prepare  # noqa: PLC0415 - only with a file
    from circle.intake.merge import Merged  # noqa: PLC0415

    folder: Path = options.district or settings().district
    prepared = prepare(folder, _ROOMS, options.candidates, Wishes(datum=options.datum))
    cli.print_to_stderr(*(remark.text() for remark in prepared.remarks))
    faults = len(prepared.bad) + int(prepared.refused)
    if faults or not isinstance(prepared.merged, Merged):
        raise DataError("site_file", file=options.candidates.name, count=faults)
    brought = [row is not None for row in prepared.merged.origin]
    return typed(prepared.merged.table[brought].reset_index(drop=True), f"{_ROOMS}.csv")


@dataclass(frozen=True)
class _Asked:
    study: Study
    question: Question
    options: argparse.Namespace
    candidates: Candidates
    task: Task

    def seniors(self) -> Instance:
        """Return the same sites for those of 60 and older."""
        return instance_of(self.study, self.question, self.candidates, "residents_60_plus")


def _plan(study: Study, question: Question, options: argparse.Namespace) -> int:
    candidates = _candidates(study, options)
    task = Task(
        instance_of(study, question, candidates, options.group),
        Objective(options.objective),
        _constraints(options),
        share=number_of(options.share),
        seats=options.seats,
    )
    plan = exact(task, limit_s=number_of(options.time_limit))
    asked = _Asked(study, question, options, candidates, task)
    told = explained(study, question, task, plan, asked.seniors()) if options.explain else None
    if options.scenario_out is not None:
        with file_in_place(options.scenario_out) as part:
            part.write_bytes(dump_plan(plan_file(study, question, plan, candidates)))
    if options.json:
        extra = {} if told is None else {"explained": told.as_json()}
        cli.emit(_json(asked, plan) | extra)
    else:
        print(
            "\n".join([*_lines(asked, plan), *(explained_lines(task, plan, told) if told else [])])
        )
    return cli.OK


def _json(asked: _Asked, plan: SitePlan) -> dict[str, Any]:
    options, study = asked.options, asked.study
    out = options.scenario_out
    told = plan_record(study, asked.question, plan, asked.candidates, options.group)
    return told | {"scenario": None if out is None else readable(out)}


def _lines(asked: _Asked, plan: SitePlan) -> list[str]:
    question, options = asked.question, asked.options
    kind = str(service_name(asked.study.district, question))
    limit = cli.limit_of(question)
    is_known = not isinstance(asked.study.coverage(question), NoData)
    said = words.Said(kind, limit, at_least(asked.study, question), before_known=is_known)
    lines = words.plan_lines(asked.task, plan, options.group, said)
    if options.scenario_out is not None:
        lines.append(t("site.scenario_written", file=readable(options.scenario_out)))
    return lines


def _if_closed(study: Study, question: Question, options: argparse.Namespace) -> int:
    table = study.closing(question)
    if table is None:
        answer = study.coverage(question)
        raise cli.no_answer(study.district, answer) if isinstance(answer, NoData) else TypeError
    if options.json:
        cli.emit({"kind": question.kind, "modelled": ["residents"], "facilities": records(table)})
    else:
        name = str(service_name(study.district, question))
        print("\n".join(words.closing_lines(table, name)))
    return cli.OK


def _allocate(study: Study, question: Question, options: argparse.Namespace) -> int:
    group, uptake = options.group, number_of(options.uptake)
    served = allocation_of(study, question, group=group, uptake=uptake)
    if options.json:
        cli.emit(
            {
                "kind": question.kind,
                "group": group,
                "modelled": ["residents"],
                "residents": round(served.residents, 2),
                "served": round(served.served, 2),
                "left_out": served.left_out,
                "facilities": records(served.table),
            }
        )
    else:
        print("\n".join(words.allocation_lines(served, group)))
    return cli.OK
