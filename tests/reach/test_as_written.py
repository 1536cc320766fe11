"""A loop that is run as it is written finds what the compiled one finds."""

from __future__ import annotations

import subprocess
import sys

from circle.config import ROOT

PROGRAM = """
import sys
from pathlib import Path as Folder
import numpy as np
from circle.load.plain import read_plain
from circle.network.snap import snap
from circle.network.speeds import walked
from circle.reach import compiled, kernels, travel

district = read_plain(Folder("data/tianping"))
draw = np.random.default_rng(15)
xy = draw.uniform(district.network.node_xy.min(0), district.network.node_xy.max(0), (24, 2))
walks = [walked(district.network, profile) for profile in district.profiles.values()]

def paths():
    for walk in walks:
        for pair in xy.reshape(-1, 2, 2):
            way = travel.path(walk, *(snap(walk, end[None], 1e5) for end in pair))
            yield way and (way.seconds, way.metres, way.streets, way.xy.tolist())

with compiled.as_written():
    written = list(paths())
assert "numba" not in sys.modules
assert written == list(paths())
assert "numba" in sys.modules
assert not any(isinstance(part, compiled.Loop) for part in vars(kernels).values())
assert any(written)
"""


def test_paths_are_the_same_as_written_and_compiled() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
