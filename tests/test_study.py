"""One identity: a scenario resolves to one object, and every answer is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from circle.config import Settings
from circle.demand import demand_points, residents_of
from circle.errors import UnknownNameError
from circle.measures.gaps import frontages
from circle.model import (
    Change,
    Completeness,
    Coverage,
    District,
    NoData,
    Question,
    Scenario,
    derived,
)
from circle.model.kept import Kept
from circle.study import DictMemo, Study, of_standard
from circle.words.wording import assumptions as assumptions_text
from tests import small

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.study import Key

WHEN = datetime(2026, 3, 1, tzinfo=UTC)
MARKET = Question.by_minutes("market", "adult", 10)


@dataclass(frozen=True, kw_only=True)
class Listed(Change):
    """The list of a kind is said to be complete, or no longer."""

    kind: str
    complete: bool = True

    @property
    def subject(self) -> tuple[str, str]:
        return ("register", self.kind)

    @property
    def undoes(self) -> bool:
        return not self.complete

    @property
    def identity(self) -> tuple[str, ...]:
        return (*self.subject, self.author, self.time.isoformat())

    def fields(self, district: District) -> dict[str, Any]:
        register = replace(district.registers[self.kind], completeness=Completeness.COMPLETE)
        return {"registers": district.registers | {self.kind: register}}


class Counting(DictMemo):
    """A memo that counts what is made."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []

    def get(self, key: Key, make: Callable[[], Any]) -> Any:
        def counted() -> Any:
            self.made.append(key[1])
            return make()

        return super().get(key, counted)


def listed(kind: str, author: str = "王晓明", *, complete: bool = True) -> Listed:
    return Listed(kind=kind, complete=complete, author=author, time=WHEN, reason="名录")


def test_without_changes_a_scenario_is_its_base() -> None:
    base = small.district()
    assert Scenario(base).resolve() is base
    taken_back = Scenario(base, (listed("canteen"), listed("canteen", complete=False)))
    assert taken_back.resolve() is base
    assert taken_back.scenario_id == base.base_id == base.scenario_id


def test_one_object_for_one_id() -> None:
    base = small.district()
    first = Scenario(base, (listed("canteen"), listed("market"))).resolve()
    again = Scenario(base, (listed("market"), listed("canteen"))).resolve()
    assert first is again
    assert first.scenario_id != base.scenario_id
    assert first.base_id == base.base_id
    assert first.registers["canteen"].completeness is Completeness.COMPLETE
    assert base.registers["canteen"].completeness is Completeness.PARTIAL


def test_changes_are_laid_over_what_was_built_never_over_other_changes() -> None:
    base = small.district()
    confirmed = Scenario(base, (listed("canteen"),)).resolve()
    assert confirmed.as_built is base
    assert Scenario(confirmed).resolve() is base
    assert (
        Scenario(confirmed, (listed("market"),)).resolve()
        is Scenario(base, (listed("market"),)).resolve()
    )


def test_an_object_in_use_stays_the_one_of_its_id() -> None:
    base = small.district()
    first = Scenario(base, (listed("canteen"),)).resolve()
    for number in range(20):
        Scenario(base, (listed("canteen", f"第{number}人"),)).resolve()
    assert Scenario(base, (listed("canteen"),)).resolve() is first


def test_the_newest_change_of_a_subject_holds() -> None:
    base = small.district()
    wang, li = listed("canteen"), listed("canteen", "李梅")
    assert Scenario(base, (wang, li)).in_force == (li,)
    assert Scenario(base, (wang, li)).resolve() is Scenario(base, (li,)).resolve()
    assert Scenario(base, (li,)).scenario_id != Scenario(base, (wang,)).scenario_id


def test_what_belongs_to_the_base_is_made_once_for_all_its_scenarios() -> None:
    base = small.district()
    changed = Scenario(base, (listed("canteen"),)).resolve()
    assert residents_of(changed) is residents_of(base)
    assert demand_points(changed) is demand_points(base)
    assert frontages(changed) is frontages(base)
    assert Study(changed).walk("adult") is Study(base).walk("adult")


def test_a_district_of_other_streets_or_residents_derives_its_own() -> None:
    base = small.district()
    doubled = base.demand.assign(residents=base.demand["residents"] * 2)
    other = replace(base, demand=doubled)
    assert residents_of(other).people[:, 0].sum() == 2 * residents_of(base).people[:, 0].sum()


def test_each_answer_is_worked_out_once() -> None:
    memo = Counting()
    study = Study(small.district(), memo)
    assert study.coverage(MARKET) is study.coverage(MARKET)
    study.gaps(MARKET)
    study.together([MARKET])
    study.spread(MARKET)
    assert study.uncertainty(replace(MARKET, unverified=True)) is study.uncertainty(MARKET)
    assert memo.made.count("coverage") == 1
    assert memo.made.count("uncertainty") == 1


def test_a_change_asks_anew_and_the_base_keeps_its_answer() -> None:
    memo, base = Counting(), small.district()
    question = Question.by_minutes("canteen", "adult", 10)
    before = Study(base, memo).coverage(question)
    after = Study(Scenario(base, (listed("canteen"),)).resolve(), memo).coverage(question)
    assert isinstance(before, Coverage)
    assert isinstance(after, Coverage)
    assert (before.register.completeness, after.register.completeness) == (
        Completeness.PARTIAL,
        Completeness.COMPLETE,
    )
    assert Study(base, memo).coverage(question) is before
    assert memo.made == ["coverage", "coverage"]


def test_nothing_to_say_is_no_answer_of_any_measure() -> None:
    study = Study(small.district())
    question = Question.by_standard(small.requirement("cinema"), "adult")
    assert isinstance(study.coverage(question), NoData)
    assert study.gaps(question) == ()
    assert study.uncertainty(question) is None
    assert study.spread(question) is None


def test_a_profile_that_is_not_there() -> None:
    with pytest.raises(UnknownNameError):
        Study(small.district()).coverage(replace(MARKET, profile="robot"))


def test_the_questions_of_a_standard_are_its_defaults() -> None:
    far = small.requirement(id="far", metres=900.0, default=False)
    questions = of_standard(small.standard(small.requirement(), far), "slow", unverified=True)
    (question,) = questions
    assert question.criterion.requirement == small.requirement()
    assert (question.profile, question.unverified) == ("slow", True)


def test_of_each_function_a_few_results_are_kept() -> None:
    kept = Kept()
    made: list[int] = []

    def make(n: int) -> Callable[[], int]:
        def noted() -> int:
            made.append(n)
            return n

        return noted

    for n in [*range(16), 0, 16]:
        assert kept.get("square", n, make(n)) == n
    assert made == list(range(17))
    kept.get("square", 0, make(0))
    assert made.count(0) == 1  # used since
    kept.get("square", 1, make(1))
    assert made.count(1) == 2  # the longest unused went


def test_a_derived_value_goes_by_its_arguments() -> None:
    calls: list[tuple[float, int]] = []

    @derived
    def scaled(district: District, factor: float, *, power: int = 1) -> float:
        calls.append((factor, power))
        return float(np.sum(district.demand["residents"]) * factor**power)

    base = small.district()
    assert scaled(base, 2.0) == scaled(base, factor=2.0) == scaled(base, 2.0, power=1)
    assert scaled(base, 2.0, power=2) == 2 * scaled(base, 2.0)
    assert calls == [(2.0, 1), (2.0, 2)]


def test_what_is_assumed_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "circle.study.settings", lambda: Settings(unverified_chance=0.25, target=0.8)
    )
    drawn = Study(small.district()).uncertainty(Question.by_minutes("canteen", "adult", 5))
    assert drawn is not None
    assert (drawn.assumed.unverified, drawn.assumed.target) == (0.25, 0.8)
    assert "0.25" in assumptions_text(drawn)
    assert "80 %" in assumptions_text(drawn)
