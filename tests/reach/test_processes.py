"""Compiled code of one process serves the next, from any thread, two at once."""

from __future__ import annotations

import subprocess
import sys

from circle.config import ROOT

PROGRAM = """
import threading
from circle.network.speeds import impedance
from circle.reach import travel
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
print(sorted(set(told)), len(told))
"""


def test_a_second_process_takes_the_compiled_code_from_the_first() -> None:
    for _ in range(2):
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert done.stdout.split("]")[0] == "[1600.0, 12800.0"
        assert done.stdout.split()[-1] == "6"
