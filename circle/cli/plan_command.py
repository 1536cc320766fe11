"""The command plan: lifts, gates, links and rooms for one budget."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from circle import scenario
from circle.budget import model
from circle.budget.costs import KINDS, TEMPLATE, Costs, read_costs
from circle.budget.nouns import Goal, Rules
from circle.budget.reading import measures_of, read, recomputed
from circle.budget.record import front_record, prices_record, record
from circle.cli import arguments as cli
from circle.cli.answers import number_of
from circle.cli.lifts_command import first_kind
from circle.doors.example import example_register
from circle.errors import InputError
from circle.i18n import t
from circle.model import Question
from circle.places.facilities import kind_named, register_of
from circle.siting.solver import Patience
from circle.words import budget as words
from circle.words.wording import inline

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from circle.budget.nouns import Budget, Plan
    from circle.budget.reading import Read
    from circle.model import District
    from circle.scenario.edits import Edit
    from circle.study import Study

_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*[%％]")
_WAIVED = ("protected",)


@dataclass(frozen=True)
class _Asked:
    goal: Goal
    share: float
    rules: Rules


def plan(options: argparse.Namespace) -> int:
    """Print the best plan for a budget, or what is missing for one."""
    asked = _asked(options)
    costs = None if options.costs is None else read_costs(options.costs)
    edits = () if options.edits is None else scenario.read_plan(options.edits).edits
    study = cli.study_of(options)
    register = _register(study.district, options)
    question = _question(study, options)
    if costs is None:
        _without(study.district, question, register, edits, as_json=options.json)
        return cli.OK
    told = read(study, question, options.group, costs, register, edits)
    best = model.best(told.budget, asked.goal, asked.rules, asked.share, _patience(options))
    answer = _Answer(study, question, options, asked, costs, told, best, register)
    if options.json:
        cli.emit(answer.as_json())
    else:
        print("\n".join(answer.lines()))
    return cli.OK


def _asked(options: argparse.Namespace) -> _Asked:
    """Read the goal: ``most``, or a share such as ``98%`` for the least money."""
    waived = _ids(options.waive)
    for name in waived:
        if name not in _WAIVED:
            raise InputError("site_waive", name=name, known=", ".join(_WAIVED))
    text = str(options.goal).strip()
    share = _SHARE.search(text)
    if text != Goal.MOST.value and share is None:
        raise InputError("budget_goal", text=text[:80])
    if share is None and options.budget is None:
        raise InputError("budget_goal", text=text[:80])
    return _Asked(
        goal=Goal.MOST if share is None else Goal.LEAST,
        share=1.0 if share is None else float(share[1]) / 100,
        rules=Rules(
            None if options.budget is None else number_of(options.budget),
            "protected" not in waived,
            _ids(options.must),
            _ids(options.must_not),
        ),
    )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def _patience(options: argparse.Namespace) -> Patience:
    return Patience(number_of(options.time_limit))


def _register(district: District, options: argparse.Namespace) -> pd.DataFrame | None:
    table = example_register(district) if options.example else district.doorways
    return None if table is None or table.empty else table


def _question(study: Study, options: argparse.Namespace) -> Question:
    asked = kind_named(study.district, options.kind or first_kind(study.district)).id
    unverified = options.unverified == "include"
    return Question.by_minutes(
        asked, options.profile, cli.minutes_of(options), unverified=unverified
    )


def _without(
    district: District,
    question: Question,
    register: pd.DataFrame | None,
    edits: tuple[Edit, ...],
    *,
    as_json: bool,
) -> None:
    """Tell that no cost is known, of how many measures, and what a file of costs looks like."""
    nothing = Costs("", {}, {})
    unpriced = measures_of(district, question, nothing, register, edits)[1]
    if as_json:
        cli.emit({"plan": None, "costs": None, "measures": unpriced, "kinds": KINDS})
        return
    lines = [t("plan.no_costs")]
    lines += [t("plan.unpriced", kind=t(f"plan.kind.{kind}"), n=n) for kind, n in unpriced.items()]
    if register is None:
        lines.append(t("lifts.no_register"))
    print("\n".join([*lines, t("plan.template"), "", TEMPLATE]))


@dataclass(frozen=True, eq=False)
class _Answer:
    study: Study
    question: Question
    options: argparse.Namespace
    asked: _Asked
    costs: Costs
    told: Read
    best: Plan
    register: pd.DataFrame | None

    @property
    def budget(self) -> Budget:
        return self.told.budget

    def again(self) -> float:
        """Return how many are served by all measures together."""
        return recomputed(
            self.study,
            self.question,
            self.options.group,
            self.budget,
            self.best.chosen,
            self.register,
        )

    def prices(self) -> list[model.Price]:
        asked = self.asked
        return model.prices(
            self.budget, self.best, asked.rules, asked.share, _patience(self.options)
        )

    def front(self) -> list[Plan]:
        rules = self.asked.rules
        if rules.money is None:
            rules = replace(rules, money=self.best.cost)
        return model.front(self.budget, rules, _patience(self.options))

    def as_json(self) -> dict[str, Any]:
        made_up = bool(self.options.example)
        return {
            "district": self.study.district.id,
            "kind": self.question.kind,
            "profile": self.question.profile,
            "minutes": self.question.criterion.minutes,
            "group": self.options.group,
            "list": register_of(self.study.district, self.question.kind).completeness.value,
            "register": None if self.register is None else "example" if made_up else "district",
            "made_up": made_up,
            "modelled": ["residents"] if self.register is None else [],
            "currency": self.costs.currency,
            **record(self.budget, self.best, self.asked.rules, self.asked.share),
            "recomputed": self.again(),
            "unpriced": self.told.unpriced,
            "forbidden": self.told.forbidden,
            "under_way": self.told.under_way,
            "front": front_record(self.front()),
            "prices": prices_record(self.prices()),
        }

    def lines(self) -> list[str]:
        kind = inline(self.study.district.kinds[self.question.kind].name)
        group, currency = self.options.group, self.costs.currency
        first = [t("lifts.example")] if self.options.example else []
        if self.register is None:
            first.append(t("plan.street_alone"))
        return [
            *first,
            *words.plan_lines(self.budget, self.best, group, kind, currency),
            words.again_line(self.best, self.again()),
            t("plan.front"),
            words.front_table(self.front(), self.budget.everyone).to_string(index=False),
            *words.price_lines(self.prices(), currency),
            *words.notes(self.told),
            *self._of_list(kind),
        ]

    def _of_list(self, kind: str) -> list[str]:
        """Return that the list of facilities is not complete, where it is not."""
        complete = register_of(self.study.district, self.question.kind).is_complete
        return [] if complete else [t("plan.list", kind=kind)]
