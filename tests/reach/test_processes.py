"""Compiled code of one process serves the next, from any thread, two at once."""

from __future__ import annotations

import json
import subprocess
import sys

from circle.config import ROOT

COMPILE = "from circle.reach.compile import run; run()"
PROGRAM = """
import json, sys, threading
from contextlib import redirect_stdout
from circle import cli
from circle.network.speeds import impedance
from circle.reach import kernels, raster, travel
from tests.oracle import network_of, points_on, walker

net = network_of([(0, 0), (100, 0), (200, 0)], [(0, 1, 100.0), (1, 2, 100.0)])
walk = impedance(net, walker())
doors = points_on(net, [(0, 0.0, 0.0)] * 8)
places = points_on(net, [(1, 1.0, 0.0)] * 8)
told = []
def work():
    told.append(float(travel.many_to_many(walk, doors, places, threads=2).sum()))
    told.append(float(travel.nearest(walk, places, doors)[0].sum()))
visitors = [threading.Thread(target=work) for _ in range(3)]
[v.start() for v in visitors]
[v.join() for v in visitors]
here, there = "121.4438,31.2078", "121.4480,31.2050"
with redirect_stdout(sys.stderr):
    for words in (
        ("isochrone", "--at", here),
        ("time", "--from", here, "--to", there),
        ("coverage", "--kinds", "canteen"),
        ("gaps", "--kind", "canteen"),
        ("score",),
    ):
        assert cli.main((*words, "--district", "data/tianping")) == cli.OK, words
compiled = [
    f"{name}: {types}"
    for module in (kernels, raster)
    for name, kernel in vars(module).items()
    if hasattr(kernel, "stats")
    for types in kernel.stats.cache_misses
]
print(json.dumps({"seconds": sorted(set(told)), "count": len(told), "compiled": compiled}))
"""


def run(program: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_what_is_compiled_at_install_is_all_that_the_next_process_calls() -> None:
    run(COMPILE)
    said = json.loads(run(PROGRAM))
    assert said["seconds"] == [1600.0, 12800.0]
    assert said["count"] == 6
    assert said["compiled"] == []
