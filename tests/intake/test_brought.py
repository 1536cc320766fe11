"""Files that are sent have names of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.intake.brought import harmless, kept


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("册.csv", "册.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\册.XLSX", "册.XLSX"),
        ("a\x00b\n.csv", "a_b_.csv"),
        (".hidden", "hidden"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".geojson", "x" * 60 + ".geojson"),
        ("名册.exe", "名册.exe"),
    ],
)
def test_a_name_is_made_harmless(name: str, ours: str, tmp_path: Path) -> None:
    assert harmless(name) == ours
    assert kept(b"x", name, tmp_path / "d").parent == tmp_path / "d"


@given(st.text())
def test_any_name_is_one_of_a_folder(name: str) -> None:
    ours = harmless(name)
    assert ours not in {"", ".", ".."}
    assert not set(ours) & set("/\\\x00")
    assert len(ours.encode(errors="replace")) < 255
    assert Path(ours).name == ours
