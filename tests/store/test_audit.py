"""The audit: written with each change, never changed, and every change of it found."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from circle.errors import InputError, StoreError
from circle.store import Store, audit, withdraw
from circle.store.audit import Action
from tests.small import district
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from collections.abc import Callable


def some(store: Store, count: int = 6) -> list[str]:
    """Write some entries and return the lines of the audit."""
    for number in range(count):
        content = {"text": f"心愿 {number}", "n": number}
        audit.note(store, Action.IMPORT, by="王晓明", subject=f"list/{number}", content=content)
    return audit.lines(store)


def test_each_change_is_written_with_it(store: Store) -> None:
    said(store)
    withdraw(store, district(), "canteen", by="李梅", basis="又开了一家")
    with pytest.raises(InputError):
        withdraw(store, district(), "canteen", by="李梅")
    audit.note(store, Action.SIGN_IN, by="赵", subject="session")
    newest, second, first = audit.entries(store)
    assert [entry.number for entry in (first, second, newest)] == [1, 2, 3]
    assert (first.action, first.author) == ("confirm", "王晓明")
    assert first.subject == "register/small/canteen"
    assert first.content == r'{"as_of":"2026-03-01","basis":"\u540d\u5f55"}'
    assert (second.action, second.author) == ("withdraw", "李梅")
    assert (newest.action, newest.content) == ("sign_in", "{}")
    assert datetime.now(UTC) - datetime.fromisoformat(newest.time) < timedelta(minutes=1)
    faults, head = audit.verify(audit.lines(store))
    assert (faults, head) == ([], audit.head(store))
    assert str(head) == f"3-{newest.hash}"


def test_what_breaks_off_is_not_in_the_audit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    said(store)
    before = audit.lines(store)

    def breaks(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "record", breaks)
    with pytest.raises(KeyboardInterrupt):
        said(store, by="李梅")
    assert audit.lines(store) == before


def test_filtering(store: Store) -> None:
    said(store)
    some(store, 3)
    assert [entry.subject for entry in audit.entries(store, action="import", most=2)] == [
        "list/2",
        "list/1",
    ]
    assert len(audit.entries(store, subject="list")) == 3
    assert len(audit.entries(store, subject="lis%")) == len(audit.entries(store, by="李")) == 0
    assert len(audit.entries(store, since=datetime.now(UTC) - timedelta(hours=1))) == 4
    assert audit.entries(store, since=datetime.now(UTC) + timedelta(hours=1)) == ()
    hour, now = timedelta(hours=1), datetime.now(UTC)
    imports = audit.Chosen(action="import", since=now - hour, until=now + hour)
    assert audit.count(store, imports) == 3
    assert audit.count(store, audit.Chosen(until=now - hour)) == 0
    assert [entry.number for entry in audit.page(store, imports, skipped=1, most=1)] == [3]
    assert len(audit.authors(store)) == 1
    assert audit.hash_of(store, 4) == audit.entries(store)[0].hash
    assert audit.hash_of(store, 5) == ""
    assert audit.lines(store, after=3) == audit.lines(store)[3:]


def test_what_is_told_twice_is_written_once(store: Store) -> None:
    for _ in range(2):
        audit.note_once(store, Action.SIGN_IN, by="a", subject="sign_in/1")
    audit.note_once(store, Action.SIGN_IN, by="a", subject="sign_in/2")
    assert [entry.subject for entry in audit.entries(store)] == ["sign_in/2", "sign_in/1"]


CHANGES = (
    "UPDATE audit SET \"by\" = 'another' WHERE number = 2",
    "UPDATE audit SET number = 9 WHERE number = 6",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE number = 6",
    "UPDATE audit_content SET content = '{}' WHERE number = 2",
    'INSERT INTO audit SELECT 11, at, "by", action, subject, previous, previous, hash FROM audit',
    "INSERT INTO audit SELECT * FROM audit WHERE number = 2",
)
OF_ONE = {
    "sqlite": ("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 6",),
    "postgresql": ("TRUNCATE audit, audit_content", "TRUNCATE audit CASCADE"),
}


def test_the_database_refuses_changes(store: Store, kind: str) -> None:
    lines = some(store)
    for statement in (*CHANGES, *OF_ONE[kind]):
        with pytest.raises(StoreError), store.writing() as connection:
            connection.execute(sa.text(statement))
    assert audit.lines(store) == lines


def swapped(lines: list[str]) -> list[str]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


@pytest.mark.parametrize(
    "change",
    [
        swapped,
        lambda lines: lines[1:],
        lambda lines: [*lines[:2], *lines[3:]],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [line.replace('"import"', '"report"') for line in lines],
        lambda lines: [lines[0].replace(",", ", "), *lines[1:]],
        lambda lines: ["", *lines],
        lambda lines: ["[" * 100_000, *lines],
    ],
)
def test_what_was_changed_in_a_file_is_found(
    file_store: Store, change: Callable[[list[str]], list[str]]
) -> None:
    lines = some(file_store)
    assert audit.verify(lines)[0] == []
    assert audit.verify(change(lines))[0] != []


def test_a_chain_that_was_written_anew_shows_by_a_printed_head(
    file_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    some(file_store)
    printed = str(audit.head(file_store))
    some(file_store, 2)
    assert audit.verify(audit.lines(file_store), [printed])[0] == []
    forged = Store(str(tmp_path_factory.mktemp("forged") / "circle.sqlite"))
    lines = some(forged, 8)
    assert audit.verify(lines)[0] == []
    assert audit.verify(lines, [printed])[0] == [audit.Fault(6, "head")]
    assert audit.verify(audit.lines(file_store)[:5], [printed])[0] == [audit.Fault(6, "head")]
    for wrong in ("", "x", "6", "-", "9" * 5000, "６-x"):
        assert [fault.key for fault in audit.verify(lines, [wrong])[0]] == ["head"]


def test_content_is_deleted_on_request_and_not_otherwise(store: Store) -> None:
    some(store)
    with store.writing() as connection:
        audit.erase(connection, "list/3", by="李梅", reason="按要求")
    lines = audit.lines(store)
    assert audit.verify(lines)[0] == []
    gone = audit.entries(store, subject="list/3", action="import")
    assert [(entry.content, entry.salt) for entry in gone] == [(None, None)]
    with store.writing() as connection:
        connection.execute(sa.text("DELETE FROM audit_content WHERE number = 2"))
    assert audit.verify(audit.lines(store))[0] == [audit.Fault(2, "content_gone")]


def test_names_are_cut_to_a_printable_line(store: Store) -> None:
    audit.note(
        store, Action.SIGN_IN, by="a\0\n" + "王" * 200, subject="\ud800", content={"x": "\0"}
    )
    (entry,) = audit.entries(store)
    assert (entry.author, entry.subject) == ("a " + "王" * 78, "")
    assert audit.verify(audit.lines(store))[0] == []


def flipped(written: bytes, count: int) -> int:
    """Return how many of so many files with one changed byte verify."""
    choose = random.Random(1)  # noqa: S311 - no secret
    passed = 0
    for _ in range(count):
        at = choose.randrange(len(written))
        changed = bytearray(written)
        changed[at] ^= choose.randrange(1, 256)
        passed += not audit.verify_file(bytes(changed))[0]
    return passed


@pytest.mark.parametrize("count", [200, pytest.param(10_000, marks=pytest.mark.soak)])
def test_every_flipped_byte_is_found(file_store: Store, count: int) -> None:
    said(file_store)
    some(file_store, 12)
    with file_store.writing() as connection:
        audit.erase(connection, "list/3", by="李梅", reason="按要求")
    written = audit.as_file(audit.lines(file_store))
    assert audit.verify_file(written)[0] == []
    assert flipped(written, count) == 0
