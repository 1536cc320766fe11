"""What an edit of a scenario costs: its answer, beside a computation of everything anew.

``python -m benchmarks.edits`` prints the table; ``edits_cases`` is for the others' page.
The answer is the coverage and the gap zones of one kind. Anew is the same of the same
district with nothing kept: streets, their index, the partition of the ground.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Case, measure, table
from circle import scenario
from circle.load import read_district
from circle.measures.coverage import coverage
from circle.measures.gaps import gaps
from circle.model import Coverage, NoData, Question
from circle.network.speeds import impedance
from circle.scenario import PlanFile
from circle.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.model import District

DISTRICT = Path(__file__).resolve().parents[1] / "data" / "tianping"
QUESTION = Question.by_minutes("canteen", "older_adult", 15.0)


def edits_cases() -> Iterator[Case]:
    """Cases of one edit each on the embedded district."""
    district = read_district(DISTRICT)
    for what, edit in _edits(district).items():
        yield Case(
            f"answer of one edit: {what}",
            {"circle": answered(district, edit)},
            {"everything anew": anew(district, edit)},
        )


def answered(district: District, edit: dict[str, Any]) -> Callable[[], object]:
    """Return our call: each time another edit, a hair's breadth beside the one before."""
    number = count(1)
    study = Study(district)
    study.gaps(QUESTION)

    def call() -> object:
        after = scenario.resolved(district, plan_of(edit, next(number)))
        return Study(after, study.memo).gaps(QUESTION)

    return call


def anew(district: District, edit: dict[str, Any]) -> Callable[[], object]:
    """Return the whole computation of one edit, with nothing kept."""

    def call() -> object:
        bare, answer = full(district, plan_of(edit), QUESTION)
        return gaps(bare, answer) if isinstance(answer, Coverage) else ()

    return call


def full(
    district: District, plan: scenario.Plan, question: Question
) -> tuple[District, Coverage | NoData]:
    """Return a district with a plan and its coverage, with nothing kept of what it is made of."""
    after = scenario.resolved(replace(district, network=replace(district.network)), plan)
    streets = replace(after.network)
    bare = replace(after, network=streets)
    walk = impedance(streets, bare.profiles[question.profile])
    return bare, coverage(bare, walk, question)


def _edits(district: District) -> dict[str, dict[str, Any]]:
    places = district.facilities[district.facilities["kind"].eq(QUESTION.kind)]
    verified = str(places[places["verified"]]["id"].iloc[0])
    halfway = district.demand["inside"] & district.demand["fraction"].between(0.45, 0.55)
    lon, lat = district.demand.loc[halfway, ["lon", "lat"]].iloc[0]
    at = {"lon": float(lon), "lat": float(lat)}
    new = {"edit": "add_facility", "id": "new", "kind": QUESTION.kind, "name": "new"} | at
    move = {"edit": "move_facility", "id": verified} | at
    link = {"edit": "add_link", "lon_to": at["lon"] + 0.002, "lat_to": at["lat"]} | at
    return {
        "a facility added": new,
        "one moved": move,
        "a link": link,
        "a gate shut": {"edit": "shut_gate"} | at,
    }


def plan_of(edit: dict[str, Any], number: int = 0) -> scenario.Plan:
    """Return a scenario of one edit, a hair's breadth off by its number."""
    moved = edit | {"lon": edit["lon"] + number * 1e-8}
    return scenario.plan_of(PlanFile.model_validate({"name": "one", "edits": [moved]}))


if __name__ == "__main__":
    print(table([row for case in edits_cases() for row in measure(case)]))
