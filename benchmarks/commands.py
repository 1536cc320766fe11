"""What a command takes from its call to its answer, as whole processes.

``python -m benchmarks commands`` measures these alone. Where ``BENCH_BEFORE`` names a
checkout of another state, each command is measured there too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Aim, Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
BEFORE = os.environ.get("BENCH_BEFORE", "")
_HERE, _THERE = ("121.4438", "31.2078"), ("121.4418", "31.213")
_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("--help",),
    ("time", "--from", ",".join(_HERE), "--to", ",".join(_THERE)),
    ("isochrone", "--at", ",".join(_HERE)),
    ("coverage",),
    ("gaps", "--kind", "canteen"),
    ("score",),
)
_FASTER = {"time": 1 / 0.28, "isochrone": 1 / 0.28, "report": 2.0}
"""How many times as long as now a command took in the state before, at least."""
_WHY = {"isochrone": "Polygons need compiled code, and numba alone takes half the time to load."}
_OSMNX = """
import sys
import osmnx as ox
streets = ox.load_graphml(sys.argv[1])
places = [(float(sys.argv[n]), float(sys.argv[n + 1])) for n in (2, 4)]
begin, finish = (ox.nearest_nodes(streets, lon, lat) for lon, lat in places)
print(len(ox.shortest_path(streets, begin, finish, weight="length")))
"""
_NOTHING = ("-c", "")


def command_cases() -> Iterator[Case]:
    """Cases of the command line on the embedded district; the report writes all formats."""
    with tempfile.TemporaryDirectory() as work:
        graph = str(Path(work) / "streets.graphml")
        _call(ROOT, _circle("export-graphml", graph))()
        scripts = {
            "time": {"OSMnx, a script": _call(ROOT, ("-c", _OSMNX, graph, *_HERE, *_THERE))},
            "--help": {"Python alone": _call(ROOT, _NOTHING)},
        }
        for words in _COMMANDS:
            yield _case(words[0], _circle(*words), scripts.get(words[0], {}))
        out = str(Path(work) / "report")
        yield _case("report", _circle("report", "--out", out), {})


def _case(name: str, call: Sequence[str], peers: dict[str, Callable[[], object]]) -> Case:
    if BEFORE:
        peers = {"the state before": _call(Path(BEFORE), call), **peers}
    aims = (
        (Aim("the state before", _FASTER[name], _WHY.get(name, "")),)
        if BEFORE and name in _FASTER
        else ()
    )
    return Case(f"command: {name}", {"circle": _call(ROOT, call)}, peers, aims)


def _circle(*words: str) -> tuple[str, ...]:
    return ("-m", "circle", *words)


def _call(where: Path, words: Sequence[str]) -> Callable[[], object]:
    """Return a call of Python as a process of its own."""

    def run() -> None:
        subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, *words], cwd=where, stdout=subprocess.DEVNULL, check=True
        )

    return run
