"""What is slow to load is loaded by the commands that use it, and by no other."""

from __future__ import annotations

import subprocess
import sys

import pytest

from circle.config import ROOT

HEAVY = (
    "numba",
    "pandas",
    "sqlalchemy",
    "alembic",
    "pandera",
    "matplotlib",
    "osmnx",
    "scipy.linalg",
)
LOADED = f"""
import sys
from contextlib import suppress
from circle.cli import main
with suppress(SystemExit):
    main(sys.argv[1:])
sys.exit(" ".join(name for name in {HEAVY} if name in sys.modules) or "none")
"""
HERE, THERE = "121.4438,31.2078", "121.4480,31.2050"
CONFIRM = ("confirm", "--kind", "health", "--as-of", "2026-05-01", "--by", "a", "--basis", "b")


@pytest.mark.parametrize(
    ("command", "loaded"),
    [
        (("--help",), "none"),
        (("coverage", "--minutes", "long"), "none"),
        (("coverage", "--district", "nowhere"), "none"),
        (("time", "--from", HERE, "--to", THERE), "none"),
        (("isochrone", "--at", HERE), "numba"),
        (("check", "data/tianping"), "pandas pandera"),
        (("coverage", "--kinds", "market"), "numba pandas"),
        (CONFIRM, "pandas sqlalchemy alembic"),
    ],
)
def test_each_command_loads_what_it_needs(command: tuple[str, ...], loaded: str) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", LOADED, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == loaded, done.stderr
