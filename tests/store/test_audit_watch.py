"""The audit looked at again and again: only what is new is checked, and nothing is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from circle.store import Store, audit
from circle.store.audit_watch import WHOLE_AGAIN, Watch
from tests.store import unversioned
from tests.store.test_audit import some

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime.now(UTC)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give how many lines each look read."""
    read: list[int] = []
    lines = audit.lines

    def counted(store: Store, after: int = 0) -> list[str]:
        found = lines(store, after)
        read.append(len(found))
        return found

    monkeypatch.setattr(audit, "lines", counted)
    return read


def test_only_what_is_new_is_checked(file_store: Store, looked: list[int]) -> None:
    watch = Watch()
    assert watch.look(file_store, NOW).head is None
    some(file_store, 6)
    looked.clear()
    assert watch.look(file_store, NOW).head == audit.head(file_store)
    some(file_store, 2)
    looked.clear()
    assert watch.look(file_store, NOW).head == audit.head(file_store)
    watch.look(file_store, NOW)
    watch.look(file_store, NOW, anew=True)
    watch.look(file_store, NOW + 2 * WHOLE_AGAIN + timedelta(minutes=1))
    assert looked == [2, 0, 8, 8]


def test_what_was_changed_is_told_until_it_is_as_it_was(
    file_store: Store, store_file: Path
) -> None:
    watch = Watch()
    some(file_store, 3)
    good = watch.look(file_store, NOW)
    whole = store_file.read_bytes()
    unversioned.ask(store_file, "DROP TRIGGER audit_no_update")
    unversioned.ask(store_file, "UPDATE audit SET \"by\" = 'x' WHERE number = 2")
    assert not watch.look(file_store, NOW).faults  # older ones are looked at when asked for
    assert [f.number for f in watch.look(file_store, NOW, anew=True).faults] == [2]
    store_file.unlink()  # a chain that is whole, but another one
    some(file_store, 5)
    for _ in range(2):
        assert [(f.number, f.key) for f in watch.look(file_store, NOW).faults] == [(3, "head")]
    store_file.write_bytes(whole)
    back = watch.look(file_store, NOW)
    assert (back.faults, back.head) == ((), good.head)
    store_file.unlink()
    some(file_store, 1)
    assert watch.look(file_store, NOW).faults  # cut short
