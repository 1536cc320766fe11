"""What is no part of the store is in its audit all the same: folders, sign-ins that failed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from circle.cli import main
from circle.errors import StoreError
from circle.load import read_district
from circle.load.versions import Made
from circle.store import Store, audit, noted
from circle.web.server.failed_sign_ins import EVERY_S, FailedSignIns
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from pathlib import Path

MADE = Made("import", "王晓明", "新名录")


def change_and_fail() -> None:
    with noted(MADE, "small"):
        raise OSError


def test_a_change_of_a_folder_is_written_if_it_was_made(file_store: Store) -> None:
    with noted(MADE, "small"):
        assert not file_store.in_use
    assert not file_store.in_use  # no store is made for it
    said(file_store)
    with noted(MADE, "small"):
        pass
    with pytest.raises(OSError, match=r"^$"):
        change_and_fail()
    newest, before = audit.entries(file_store)
    assert (newest.action, newest.author, newest.subject) == ("import", "王晓明", "district/small")
    assert json.loads(newest.content or "") == {"reason": "新名录"}
    assert before.action == "confirm"


def test_where_nothing_can_be_written_nothing_is_changed(store_file: Path) -> None:
    store_file.mkdir(parents=True)
    changed = []
    with pytest.raises(StoreError), noted(MADE, "small"):
        changed.append(True)
    assert changed == []


def test_the_commands_that_change_a_folder(
    file_store: Store, district_dir: Path, tmp_path: Path
) -> None:
    said(file_store)
    listed = tmp_path / "markets.csv"
    assert main(["export", "facilities", str(listed), "--district", str(district_dir)]) == 0
    text = listed.read_text("utf-8").replace("设施market-a", "新市场")
    listed.write_text(text, "utf-8")
    call = ["--district", str(district_dir), "--by", "李梅"]
    assert (
        main(["import", "facilities", str(listed), "--datum", "wgs84", "--reason", "改名", *call])
        == 0
    )
    assert main(["restore", "1", "--reason", "改错了", *call]) == 0
    told = [(e.action, e.author, e.subject) for e in audit.entries(file_store)[:2]]
    subject = f"district/{read_district(district_dir).id}"
    assert told == [("restore", "李梅", subject), ("import", "李梅", subject)]


def test_sign_ins_that_fail_are_counted_and_tell_of_nobody(file_store: Store) -> None:
    failed = FailedSignIns()
    failed.note("access_denied", 0.0)
    assert not file_store.in_use
    said(file_store)
    for second in range(1, 40):
        failed.note("<script>", EVERY_S + second)
    failed.note("access_denied", 3 * EVERY_S)
    entries = audit.entries(file_store, action="sign_in_failed")
    told = [(entry.author, json.loads(entry.content or "")) for entry in entries]
    assert told == [
        ("", {"reason": "access_denied", "times": 39}),
        ("", {"reason": "other", "times": 1}),
    ]
