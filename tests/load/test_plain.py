"""A folder read as arrays is the folder read as tables, or is not read so at all."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.load import read_district
from circle.load.plain import plain, read_plain

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District

TABLES = ("facilities.csv", "heritage.csv", "demand.csv")


def same(one: object, other: object) -> None:
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_arrays_hold_what_the_tables_hold(district_dir: Path, district: District) -> None:
    arrays, of_tables = read_plain(district_dir, TABLES), plain(district)
    assert arrays is not None
    assert (arrays.crs, arrays.profiles) == (district.crs, district.profiles)
    for field in fields(arrays.network):
        if field.name != "kept":
            same(getattr(arrays.network, field.name), getattr(district.network, field.name))
    for file in TABLES:
        for name, column in arrays.tables[file].items():
            same(column, of_tables.tables[file][name])


@pytest.mark.parametrize("file", ["segments.csv", "heritage.csv"])
def test_a_changed_folder_is_left_to_who_validates(district_dir: Path, file: str) -> None:
    table = district_dir / file
    table.write_text(table.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert read_plain(district_dir) is None
    assert read_district(district_dir).modified


@pytest.mark.parametrize(
    ("old", "new"), [("-1", "x"), ("\n", ",more\n"), ("LINESTRING", "LINE"), ("-1", "1e999")]
)
def test_what_is_not_plain_is_left_to_who_validates(
    district_dir: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    """A folder may be made with a hash that fits: then its fields decide."""
    monkeypatch.setattr("circle.load.meta.content_hash", lambda *_: "")
    about = district_dir / "district.toml"
    lines = about.read_text(encoding="utf-8").splitlines()
    unhashed = ['content_hash = ""' if line.startswith("content_hash") else line for line in lines]
    about.write_text("\n".join(unhashed), encoding="utf-8")
    assert read_plain(district_dir) is not None
    table = district_dir / "segments.csv"
    header, rows = table.read_text(encoding="utf-8").split("\n", 1)
    assert old in rows
    table.write_text(f"{header}\n{rows.replace(old, new, 1)}", encoding="utf-8")
    assert read_plain(district_dir) is None
