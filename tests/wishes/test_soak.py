"""What happens at once, or is cut off: a sample in every run, all of it by ``make soak``."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from circle.config import ROOT
from circle.errors import InputError, StoreError
from circle.store import audit, engine
from circle.wishes import answers, flow, open311, recording, tables
from tests.wishes.wishing import add, published

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle.model import District
    from circle.store import Store
    from tests.store.postgres import Server


def rounds(few: int, many: int) -> pytest.MarkDecorator:
    """Return how often a test is repeated: `few` times, or `many` by ``make soak``."""
    return pytest.mark.parametrize("times", [few, pytest.param(many, marks=pytest.mark.soak)])


WRITES = 200
WRITER = f"""
import sys
from circle.store import Store
from circle.wishes import recording
from tests.small import district
store, home = Store(sys.argv[1]), district()
for number in range({WRITES}):
    wish = recording.add(store, home, text=f"心愿之{{number}}", kind="market", at=None, by="a",
                         submission=f"{{sys.argv[2]}}-{{number}}")
    print(wish.id, flush=True)
"""


def acknowledged(store: Store, run: int, kills: Callable[[], None] | None) -> list[int]:
    """Start a writer, end it (or what it writes to) in the middle; return what it was told."""
    call = [sys.executable, "-c", WRITER, store.address, str(run)]
    after = random.Random(run).randrange(3, 20)  # noqa: S311 - no secret
    told = []
    with subprocess.Popen(  # noqa: S603
        call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            told.append(int(line))
            if len(told) == after:
                (kills or writer.kill)()
    assert writer.returncode not in {0, None}
    assert len(told) < WRITES
    return told


def check_whole(store: Store, told: list[int]) -> None:
    """Check that all that was acknowledged is there, and nothing half."""
    wishes = {wish.id for wish in recording.listed(store, "small")}
    assert set(told) <= wishes
    written = audit.entries(store, action="wish_add")
    assert {entry.subject for entry in written} == {f"wish/{number}" for number in wishes}
    faults, head = audit.verify(audit.lines(store))
    assert (faults, head and head.number) == ([], len(wishes))


@rounds(1, 20)
def test_writers_that_are_killed(store: Store, times: int) -> None:
    told: list[int] = []
    for run in range(times):
        told += acknowledged(store, run, None)
        check_whole(store, told)
    add(store)


@rounds(1, 10)
def test_a_server_that_is_killed(server: Server, server_store: Store, times: int) -> None:
    told: list[int] = []
    for run in range(times):
        told += acknowledged(server_store, run, lambda: server.stop(signal.SIGQUIT))
        with pytest.raises(StoreError, match="无法打开"):
            recording.listed(server_store, "small")
        server.start()
        check_whole(server_store, told)
    add(server_store)


def both(first: Callable[[], bool], second: Callable[[], bool]) -> list[bool]:
    """Return what two calls at the same time return."""
    together = threading.Barrier(2, timeout=30)

    def one(call: Callable[[], bool]) -> bool:
        together.wait()
        return call()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (first, second)))


@rounds(4, 100)
def test_two_who_edit_the_same_wish(store: Store, home: District, times: int) -> None:
    wish = add(store, text="甲0乙0")

    def edit(column: int) -> bool:
        """Add one to a number of the text, again until nobody was quicker."""
        while True:
            read = recording.get(store, "small", wish.id)
            numbers = [int(part) for part in read.text[1:].split("乙")]
            numbers[column] += 1
            try:
                recording.edit(store, home, read, text=f"甲{numbers[0]}乙{numbers[1]}", by="a")
            except InputError as error:
                if error.key != "wish.changed":
                    raise
            else:
                return True

    for _ in range(times):
        both(lambda: edit(0), lambda: edit(1))
    after = recording.get(store, "small", wish.id)
    assert (after.text, after.version) == (f"甲{times}乙{times}", 2 * times + 1)
    assert len(recording.history(store, wish.id)) == 2 * times


@rounds(4, 100)
def test_two_units_that_claim_at_once(store: Store, units: tuple[int, int], times: int) -> None:
    for _ in range(times):
        wish = published(store)

        def claim(unit: int, number: int = wish.id) -> bool:
            try:
                flow.claim(store, "small", number, unit, by="a")
            except InputError as error:
                if error.key != "wish.taken":
                    raise
                return False
            return True

        assert sorted(both(lambda: claim(units[0]), lambda: claim(units[1]))) == [False, True]
    assert len(flow.claims(store, "small")) == times


@pytest.mark.parametrize("seconds", [0.3, pytest.param(30.0, marks=pytest.mark.soak)])
def test_a_server_that_is_away(server: Server, server_store: Store, seconds: float) -> None:
    told = [add(server_store).id]
    server.stop()
    until = time.monotonic() + seconds
    try:
        while True:
            for use in (lambda: add(server_store), lambda: recording.listed(server_store, "small")):
                with pytest.raises(StoreError, match="无法打开"):
                    use()
            if time.monotonic() > until:
                break
            time.sleep(0.1)
    finally:
        server.start()
    told.append(add(server_store).id)
    check_whole(server_store, told)


@pytest.mark.parametrize("seconds", [0.3, pytest.param(30.0, marks=pytest.mark.soak)])
def test_a_file_that_is_held(
    file_store: Store, store_file: Path, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [add(file_store).id]
    monkeypatch.setattr(engine, "TIMEOUT_S", 0.05)
    until = time.monotonic() + seconds
    with closing(sqlite3.connect(store_file, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        while time.monotonic() < until:
            with pytest.raises(StoreError, match="占用"):
                add(file_store)
    monkeypatch.undo()
    told.append(add(file_store).id)
    check_whole(file_store, told)


@pytest.mark.soak
def test_ten_thousand_wishes(store: Store, home: District) -> None:
    add(store)
    with store.writing() as connection:
        row = dict(connection.execute(sa.select(tables.wishes)).one()._mapping)  # noqa: SLF001
        rows = [row | {"id": n, "submission": f"m{n}"} for n in range(2, 10_001)]
        connection.execute(sa.insert(tables.wishes), rows)
    start = time.perf_counter()
    wishes = recording.listed(store, "small")
    table = open311.requests(home, wishes, answers.units(store, "small"), published=False)
    assert len(table) == 10_000
    assert len(open311.features(table)["features"]) == 10_000
    print(f"10,000 wishes listed and exported in {time.perf_counter() - start:.2f} s")  # noqa: T201
