"""What a database needs is loaded by whoever opens a store, and by no other command."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from circle.config import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LOADED = """
import sys
from circle.cli import main
main(sys.argv[1:])
sys.exit(" ".join(name for name in ("sqlalchemy", "alembic") if name in sys.modules) or "none")
"""
CONFIRM = ("confirm", "--kind", "health", "--as-of", "2026-05-01", "--by", "a", "--basis", "b")


@pytest.mark.parametrize(
    ("command", "loaded"),
    [
        (("check",), "none"),
        (("coverage", "--district"), "sqlalchemy"),
        ((*CONFIRM, "--district"), "sqlalchemy alembic"),
    ],
)
def test_each_command_loads_what_it_needs(
    district_dir: Path, command: tuple[str, ...], loaded: str
) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LOADED, *command, str(district_dir)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == loaded
