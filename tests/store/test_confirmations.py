"""Confirmations: kept, laid over the district, and never half-written."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from circle.config import ROOT
from circle.errors import CircleError, InputError, SettingError, StoreError
from circle.model import Completeness, Layer, Text
from circle.store import (
    Store,
    confirm,
    first_day,
    history,
    opened,
    read_day,
    with_confirmations,
    withdraw,
    zone,
)
from tests.small import district

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 3, 1)


def said(store: Store, kind: str = "canteen", **more: Any) -> None:
    fields: dict[str, Any] = {"as_of": DAY, "by": "王晓明", "basis": "名录"} | more
    confirm(store, district(), kind, **fields)


def test_the_setting_names_the_store(store_file: Path) -> None:
    assert opened().file == store_file


def test_reading_makes_nothing(file_store: Store, store_file: Path) -> None:
    plain = district()
    assert history(file_store, "small") == ()
    assert with_confirmations(plain, file_store) is plain
    assert not store_file.parent.exists()


def test_a_confirmed_register_is_complete_and_says_who(store: Store) -> None:
    before = district()
    said(store, by="  王 晓明 ")
    after = with_confirmations(before, store)
    register = after.registers["canteen"]
    assert register.completeness is Completeness.COMPLETE
    assert (register.as_of, register.confirmed_by) == ("2026-03-01", "王 晓明")
    assert register.confirmed_at is not None
    assert register.confirmed_at.tzinfo is UTC
    on = register.confirmed_at.astimezone(zone(before)).date().isoformat()
    assert register.basis.zh == f"由王 晓明于 {on} 确认齐全；依据：名录"
    assert register.basis.en == f"Confirmed complete by 王 晓明 on {on}; basis: 名录"
    assert after.registers["market"] == before.registers["market"]
    assert after.network is before.network
    assert before.registers["canteen"].completeness is Completeness.PARTIAL


def test_the_hash_follows_what_holds(store: Store) -> None:
    plain = district()
    hashes = [plain.scenario_id]
    said(store)
    hashes.append(with_confirmations(plain, store).scenario_id)
    said(store, by="李梅")
    hashes.append(with_confirmations(plain, store).scenario_id)
    assert hashes[-1] == with_confirmations(plain, store).scenario_id
    said(store, kind="health")
    hashes.append(with_confirmations(plain, store).scenario_id)
    assert len(set(hashes)) == 4
    for kind in ("canteen", "health"):
        withdraw(store, plain, kind, by="李梅")
    assert with_confirmations(plain, store) is plain


@pytest.mark.parametrize(
    ("layer", "register", "first"),
    [
        ("2026-02", "2025", date(2026, 2, 1)),
        ("2026", "", date(2026, 1, 1)),
        ("2026-02-07", "", date(2026, 2, 7)),
        ("", "2025", date(2025, 1, 1)),
        ("spring", "", date(2026, 3, 1)),
        ("2026-13", "2025-10", date(2025, 10, 1)),
    ],
)
def test_no_list_is_complete_of_a_day_before_its_data(
    file_store: Store, store_file: Path, layer: str, register: str, first: date
) -> None:
    plain = district()
    note = Text("注", "note")
    layers = (Layer("facilities", "facilities.csv", 1, "", note, note, layer, note),)
    registers = {"canteen": replace(plain.registers["canteen"], as_of=register)}
    dated = replace(plain, layers=layers, registers=registers)
    with pytest.raises(InputError, match=first.isoformat()):
        confirm(file_store, dated, "canteen", as_of=first - timedelta(days=1), by="a", basis="b")
    assert not store_file.exists()
    confirm(file_store, dated, "canteen", as_of=first, by="a", basis="b")
    confirmed = with_confirmations(dated, file_store)
    if not layer:
        assert first_day(confirmed, "canteen") == date(2026, 3, 1)


def test_history_is_kept_newest_first(store: Store) -> None:
    said(store)
    withdraw(store, district(), "canteen", by="李梅", basis="又开了一家")
    said(store, by="李梅")
    rows = history(store, "small")
    assert [(row.complete, row.author) for row in rows] == [
        (True, "李梅"),
        (False, "李梅"),
        (True, "王晓明"),
    ]
    assert (rows[1].as_of, rows[1].reason) == (None, "又开了一家")
    assert history(store, "other") == ()


def test_only_what_is_confirmed_can_be_withdrawn(store: Store) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match="没有可撤回的确认"):
            withdraw(store, district(), "market", by="李梅")
    said(store, kind="market")
    withdraw(store, district(), "market", by="李梅")
    with pytest.raises(InputError):
        withdraw(store, district(), "market", by="李梅")
    assert len(history(store, "small")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": ""},
        {"by": " \t\n"},
        {"by": "王" * 81},
        {"by": "a\x00b"},
        {"by": "a\u200b"},
        {"by": "\ud800"},
        {"basis": ""},
        {"basis": "据" * 401},
        {"kind": "cinema"},
        {"kind": ""},
        {"as_of": date(2999, 1, 1)},
    ],
)
def test_what_cannot_be_taken_is_told_and_writes_nothing(
    file_store: Store, store_file: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InputError) as caught:
        said(file_store, **wrong)
    assert caught.value.message("zh") != caught.value.message("en")
    assert not store_file.exists()


def test_the_longest_name_and_hostile_texts_are_kept_as_they_are(store: Store) -> None:
    bad = "'); DROP TABLE confirmation; --<script>"
    said(store, by="王" * 80, basis=bad)
    (row,) = history(store, "small")
    assert (row.author, row.reason) == ("王" * 80, bad)


def test_today_is_that_of_the_district(store: Store) -> None:
    today = datetime.now(zone(district())).date()
    said(store, as_of=today)
    with pytest.raises(InputError, match="在今天之后"):
        said(store, as_of=today + timedelta(days=1))


@pytest.mark.parametrize("text", ["", "2026", "2026-1-5", "20260105", "2026-W01-1", "2026-02-30"])
def test_a_day_is_written_one_way(text: str) -> None:
    with pytest.raises(InputError):
        read_day(text)
    assert read_day(" 2026-01-05 ") == date(2026, 1, 5)


def test_a_kind_that_is_gone_is_passed_over(file_store: Store, store_file: Path) -> None:
    said(file_store)
    with sqlite3.connect(store_file) as raw:
        raw.execute("UPDATE confirmation SET kind = 'gone'")
    raw.close()
    plain = district()
    assert with_confirmations(plain, file_store) is plain


@pytest.mark.parametrize("content", [b"not a database, but long enough to be one" * 40, b""])
def test_a_damaged_store_is_told_and_an_empty_one_is_none(
    file_store: Store, store_file: Path, content: bytes
) -> None:
    store_file.parent.mkdir()
    store_file.write_bytes(content)
    if content:
        for use in (lambda: history(file_store, "small"), lambda: said(file_store)):
            with pytest.raises(StoreError, match="已损坏") as caught:
                use()
            assert "damaged" in caught.value.message("en")
        assert store_file.read_bytes() == content
    else:
        assert history(file_store, "small") == ()
        said(file_store)
        assert len(history(file_store, "small")) == 1


def test_a_store_that_is_held_is_told(
    file_store: Store, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circle.store.engine.TIMEOUT_S", 0.05)
    said(file_store)
    holder = sqlite3.connect(store_file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        for use in (lambda: history(file_store, "small"), lambda: said(file_store)):
            with pytest.raises(StoreError, match="占用"):
                use()
    finally:
        holder.close()
    assert len(history(file_store, "small")) == 1


def test_writers_in_threads_wait_for_one_another(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: said(store, by=f"第{n}人"), range(24)))
    rows = history(store, "small")
    assert sorted(row.author for row in rows) == sorted(f"第{n}人" for n in range(24))


WRITER = """
import sys
from datetime import date
from circle.store import Store, confirm
from tests.small import district
for n in range(10):
    confirm(Store(sys.argv[1]), district(), "canteen", as_of=date(2026, 3, 1),
            by=f"{sys.argv[2]}-{n}", basis="list")
"""


@pytest.mark.slow
def test_writers_in_processes_wait_for_one_another(store: Store) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, store.address, str(n)], cwd=ROOT)  # noqa: S603
        for n in range(2)
    ]
    assert [one.wait(timeout=120) for one in running] == [0, 0]
    assert len(history(store, "small")) == 20


def test_a_write_that_breaks_off_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(store)
    add = "circle.store.confirmations._add"
    from circle.store import confirmations  # noqa: PLC0415

    real = confirmations._add  # noqa: SLF001

    def breaks(*given: Any) -> None:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(add, breaks)
    with pytest.raises(KeyboardInterrupt):
        said(store, by="李梅")
    assert [row.author for row in history(store, "small")] == ["王晓明"]


@pytest.mark.parametrize(
    "address",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
        "nothing://x",
        "://",
        "a b://",
        "mysql://u@h/x",
        "postgresql+pg8000://u@h/x",
        "postgresql+asyncpg://u@h/x",
        "postgresql+psycopg2://u@h/x",
        "a\0b",
        "sqlite:///%00",
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(SettingError) as caught:
        history(Store(address), "small")
    assert caught.value.message("zh") != caught.value.message("en")


def test_a_home_that_is_none_is_a_path() -> None:
    assert Store("~nobody-of-that-name/a.sqlite").file == ROOT / "~nobody-of-that-name" / "a.sqlite"


def test_paths_and_urls_count_from_the_project(tmp_path: Path) -> None:
    assert Store("var/a.sqlite").file == ROOT / "var" / "a.sqlite"
    assert Store("sqlite:///var/a.sqlite").file == ROOT / "var" / "a.sqlite"
    odd = tmp_path / "名 #1?" / "c.sqlite"
    said(Store(str(odd)))
    assert odd.is_file()
    assert (
        len(history(Store(f"sqlite:///{tmp_path}/名 #1?/c.sqlite".replace("?", "%3F")), "x")) == 0
    )


def test_a_password_is_never_shown() -> None:
    assert "secret" not in Store("postgresql://u:secret@db/x").name  # pragma: allowlist secret


def test_errors_are_of_the_package() -> None:
    assert issubclass(StoreError, CircleError)
    assert json.dumps(StoreError("busy", store="x").message("en")).count("held")


def test_a_refused_withdrawal_makes_no_store(file_store: Store, store_file: Path) -> None:
    with pytest.raises(InputError):
        withdraw(file_store, district(), "canteen", by="李梅")
    assert not store_file.parent.exists()


def test_a_withdrawal_holds_for_a_district_already_confirmed(store: Store) -> None:
    said(store)
    confirmed = with_confirmations(district(), store)
    withdraw(store, confirmed, "canteen", by="李梅")
    after = with_confirmations(confirmed, store)
    assert after.registers["canteen"].completeness is Completeness.PARTIAL


def test_the_home_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Store("~/kept/circle.sqlite").file == tmp_path / "kept" / "circle.sqlite"
    with pytest.raises(SettingError):
        _ = Store(" ").file
