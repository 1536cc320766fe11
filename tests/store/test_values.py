"""Values in the rows that this program does not write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.errors import StoreError
from circle.store import Store, history, with_confirmations, withdraw
from tests.small import district
from tests.store import unversioned
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from pathlib import Path

# as by another program, which keeps no constraint
LOOSE = """
CREATE TABLE confirmation (id INTEGER PRIMARY KEY, district, kind, completeness, as_of, basis,
    "by", at)
"""


@pytest.fixture
def store(store_file: Path) -> Store:
    unversioned.make(store_file, rows=3)
    unversioned.ask(store_file, "ALTER TABLE confirmation RENAME TO strict")
    unversioned.ask(store_file, LOOSE)
    unversioned.ask(store_file, "INSERT INTO confirmation SELECT * FROM strict WHERE id < 3")
    unversioned.ask(store_file, "DROP TABLE strict")
    return Store(str(store_file))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("as_of", "'9999-12-31'"),
        ("as_of", "'31.12.2025'"),
        ("as_of", "2025"),
        ("as_of", "x'00'"),
        ("as_of", "NULL"),
        ("at", "'9999-12-31 23:59:59.000000'"),
        ("at", "'0001-01-01 00:00:00.000000'"),
        ("at", "'2026-03-02 07:00:00+08:00'"),
        ("at", "'yesterday'"),
        ("at", "NULL"),
        ("completeness", "'partial'"),
        ("completeness", "NULL"),
        ("basis", "x'FFFE'"),
        ("basis", "CAST(x'FFFE' AS TEXT)"),
        ("basis", "NULL"),
        ("by", "x'37'"),
        ("kind", "x'37'"),
        ("kind", "NULL"),
        ("district", "x'736d616c6c'"),
        ("district", "7"),
        ("district", "NULL"),
    ],
)
def test_a_value_that_none_of_ours_wrote_is_named(
    store: Store, store_file: Path, column: str, value: str
) -> None:
    assert len(history(store, "small")) == 2
    unversioned.ask(store_file, f'UPDATE confirmation SET "{column}" = {value} WHERE id = 2')  # noqa: S608
    for use in (
        lambda: history(store, "small"),
        lambda: with_confirmations(district(), store),
    ):
        with pytest.raises(StoreError) as caught:
            use()
        assert f"表 confirmation，行 2，列 {column}" in caught.value.message("zh")
        assert f"table confirmation, row 2, column {column}" in caught.value.message("en")
    with pytest.raises(StoreError):
        withdraw(store, district(), "canteen", by="李梅")


def test_in_a_store_of_this_version_too(store_file: Path) -> None:
    new = Store(str(store_file))
    said(new)
    unversioned.ask(store_file, "UPDATE confirmation SET at = '9999-12-31 23:59:59.000000'")
    with pytest.raises(StoreError, match="列 at"):
        with_confirmations(district(), new)
