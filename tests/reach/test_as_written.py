"""A loop that is run as it is written finds what the compiled one finds."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from circle.config import ROOT

if TYPE_CHECKING:
    from pathlib import Path

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


SMALL = """
import numpy as np
from circle.reach import raster
assert raster._step(np.array([[0.0, 0.0], [3.0, 4.0]]), 1) == 5.0
"""


def test_paths_are_the_same_as_written_and_compiled() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_whoever_waits_for_compiling_is_told_once(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", SMALL],
            cwd=ROOT,
            env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stderr.splitlines())
    assert [len(lines) for lines in said] == [1, 0]
    assert "编译" in said[0][0]
