"""Edits → one change of a district, all resolved together or none."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from circle.errors import DataError
from circle.model import Change, Scenario
from circle.scenario import facilities, ground
from circle.scenario.edits import ON_FACILITIES, ON_RESIDENTS, ON_STREETS, PlanFile

if TYPE_CHECKING:
    from circle.model import District, Finding


@dataclass(frozen=True, kw_only=True)
class Plan(Change):
    """The edits of one scenario, in force together.

    Attributes
    ----------
    file
        What is said of a fault of an edit: the file, or the scenario's name.
    plan
        Name, day and edits.
    """

    plan: PlanFile
    file: str = field(default="", compare=False)

    @property
    def subject(self) -> tuple[str, str]:
        """There is one plan in force."""
        return ("plan", "")

    @property
    def undoes(self) -> bool:
        """A plan without edits is the base."""
        return not self.plan.edits

    @property
    def identity(self) -> tuple[str, ...]:
        """What is edited, and the day; not why, by whom or what it is called."""
        edits = [
            edit.model_dump(mode="json", exclude={"reason"}, exclude_none=True)
            for edit in self.plan.edits
        ]
        return ("plan", str(self.plan.day), json.dumps(edits, sort_keys=True, ensure_ascii=False))

    @property
    def renews(self) -> bool:
        """Whether streets or residents are others, so that nothing derived of them stays."""
        return any(isinstance(edit, (*ON_STREETS, *ON_RESIDENTS)) for edit in self.plan.edits)

    @property
    def moves_homes(self) -> bool:
        """Whether an edit is of residents."""
        return any(isinstance(edit, ON_RESIDENTS) for edit in self.plan.edits)

    def fields(self, district: District) -> dict[str, Any]:
        """Return the fields of the district that the edits replace.

        Raises
        ------
        DataError
            With a finding for each edit that does not fit; none is applied then.
        """
        fields, findings = self._resolved(district)
        if findings:
            raise DataError("scenario_faulty", findings, file=self.file, count=len(findings))
        return fields

    def findings(self, district: District) -> tuple[Finding, ...]:
        """Return what is wrong with the edits for a district; row is the edit's number."""
        return self._resolved(district)[1]

    def _resolved(self, district: District) -> tuple[dict[str, Any], tuple[Finding, ...]]:
        fields: dict[str, Any] = {}
        findings: list[Finding] = []
        numbered = list(enumerate(self.plan.edits, start=1))
        streets = [(n, edit) for n, edit in numbered if isinstance(edit, ON_STREETS)]
        homes = [(n, edit) for n, edit in numbered if isinstance(edit, ON_RESIDENTS)]
        places = [(n, edit) for n, edit in numbered if isinstance(edit, ON_FACILITIES)]
        if streets:
            changed, faults = ground.streets(district, streets, self.file)
            fields |= changed
            findings += faults
        if homes:
            there = replace(district, **fields)
            changed, faults = ground.residents(there, homes, self.file)
            fields |= changed
            findings += faults
        if places:
            table, faults = facilities.edited(district, places, self.plan.day, self.file)
            fields["facilities"] = table
            findings += faults
        return fields, tuple(sorted(findings, key=lambda finding: finding.row or 0))


def plan_of(plan: PlanFile, *, author: str = "", file: str = "") -> Plan:
    """Return the change that a scenario file is."""
    return Plan(
        author=author or plan.author,
        time=datetime.now(UTC),
        reason=plan.name,
        plan=plan,
        file=file or plan.name,
    )


def without_plan(district: District) -> tuple[District, Plan | None]:
    """Return what a scenario's plan was laid over, and the plan; None where there is none."""
    plan = next((change for change in district.changes if isinstance(change, Plan)), None)
    others = tuple(change for change in district.changes if change is not plan)
    return (district, None) if plan is None else (Scenario(district, others).resolve(), plan)


def resolved(district: District, plan: Plan) -> District:
    """Return the district with a plan, and with whatever was laid over it before.

    Raises
    ------
    DataError
        With a finding for each edit that does not fit.
    """
    return Scenario(district, (*district.changes, plan)).resolve()
