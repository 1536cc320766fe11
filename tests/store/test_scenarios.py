"""Scenarios that people keep, on each kind of database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from circle.errors import InputError, StoreError
from circle.scenario import PlanFile
from circle.store import Store, backup, scenarios
from tests.small import district

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DISTRICT = district()
GATE = {"edit": "shut_gate", "lon": 121.45, "lat": 31.2, "reason": "居民“提议”\u2028😀"}


def plan(name: str = "新食堂", edits: int = 1) -> PlanFile:
    return PlanFile.model_validate({"name": name, "edits": [GATE] * edits, "day": "2027-02-01"})


def key(refused: Callable[[], object]) -> str:
    with pytest.raises(InputError) as error:
        refused()
    return error.value.key


def test_what_is_kept_is_read_again_and_stands_for_its_author(store: Store) -> None:
    saved = scenarios.save(store, DISTRICT, plan(" 新  食堂 "), by=" 王丽 ")
    again = scenarios.get(store, "small", saved.head.id)
    assert again == saved
    assert (again.head.name, again.head.author, again.head.edits) == ("新 食堂", "王丽", 1)
    assert again.plan.edits == plan().edits
    assert (again.plan.author, again.plan.base) == ("王丽", DISTRICT.base_id)
    assert scenarios.listed(store, "small") == (again.head,)
    assert scenarios.listed(store, "elsewhere") == ()


def test_a_scenario_is_found_by_what_it_does(store: Store) -> None:
    first = scenarios.save(store, DISTRICT, plan("一"), by="王丽").head.id
    assert scenarios.number_of(store, "small", plan("别名")) == first
    second = scenarios.save(store, DISTRICT, plan("二"), by="李明").head.id
    assert scenarios.number_of(store, "small", plan()) == second  # the one last written
    other_day = plan().model_copy(update={"day": None})
    assert scenarios.number_of(store, "small", other_day) is None
    assert scenarios.number_of(store, "elsewhere", plan()) is None


def test_its_author_changes_it_and_others_copy_it(store: Store) -> None:
    saved = scenarios.save(store, DISTRICT, plan(), by="王丽")
    changed = scenarios.change(store, DISTRICT, saved, plan("两处", 2), by="王丽")
    assert (changed.head.id, changed.head.version, changed.head.edits) == (saved.head.id, 2, 2)
    assert not changed.may_be_changed_by("李明")
    others = key(lambda: scenarios.change(store, DISTRICT, changed, plan(), by="李明"))
    stale = key(lambda: scenarios.change(store, DISTRICT, saved, plan(), by="王丽"))
    assert (others, stale) == ("saved.not_yours", "saved.changed")
    copy = scenarios.save(store, DISTRICT, changed.plan, by="李明")
    assert copy.head.id != saved.head.id
    assert [head.author for head in scenarios.listed(store, "small")] == ["李明", "王丽"]
    assert [head.id for head in scenarios.listed(store, "small", author="王丽")] == [saved.head.id]


def test_a_number_is_never_given_twice(store: Store) -> None:
    saved = scenarios.save(store, DISTRICT, plan(), by="王丽")
    assert key(lambda: scenarios.remove(store, "small", saved.head.id, by="")) == "saved.not_yours"
    scenarios.remove(store, "small", saved.head.id, by="王丽")
    assert key(lambda: scenarios.get(store, "small", saved.head.id)) == "saved.none"
    assert scenarios.save(store, DISTRICT, plan(), by="王丽").head.id > saved.head.id


def test_what_cannot_be_kept_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert key(lambda: scenarios.save(store, DISTRICT, plan(), by="  ")) == "saved.author"
    assert key(lambda: scenarios.save(store, DISTRICT, plan(" "), by="王丽")) == "saved.name"
    assert key(lambda: scenarios.save(store, DISTRICT, plan("a\x00b"), by="王丽")) == "saved.name"
    monkeypatch.setattr(scenarios, "MOST_OF_ONE", 1)
    scenarios.save(store, DISTRICT, plan(), by="王丽")
    assert key(lambda: scenarios.save(store, DISTRICT, plan(), by="王丽")) == "saved.too_many"
    monkeypatch.setattr(scenarios, "LARGEST_KB", 0)
    assert key(lambda: scenarios.save(store, DISTRICT, plan(), by="李明")) == "saved.large"


def test_a_plan_that_none_of_ours_wrote_is_told(store: Store) -> None:
    saved = scenarios.save(store, DISTRICT, plan(), by="王丽")
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE scenario SET plan = '{\"name\": 7}'"))
    with pytest.raises(StoreError, match="scenario"):
        scenarios.get(store, "small", saved.head.id)
    assert len(scenarios.listed(store, "small")) == 1


def test_a_backup_holds_them(store: Store, tmp_path: Path) -> None:
    saved = scenarios.save(store, DISTRICT, plan(), by="王丽")
    backup.save(store, tmp_path / "store.jsonl")
    other = Store(str(tmp_path / "other.sqlite"))
    backup.restore(other, tmp_path / "store.jsonl", by="王丽")
    assert scenarios.get(other, "small", saved.head.id) == saved
