"""Measure all cases and write docs/performance.md.

``python -m benchmarks WORD`` measures only the cases whose name holds WORD, and
prints the table instead.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

from benchmarks.cases import city_cases, district_cases
from benchmarks.measure import BUDGET_S, REPEAT, Row, measure, table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
PACKAGES = (
    "numpy",
    "numba",
    "scipy",
    "networkx",
    "geopandas",
    "shapely",
    "igraph",
    "pandana",
    "pyvalhalla",
    "pyvalhalla-weekly",
)
HEAD = """\
# Performance

Written by `make bench`, which measures our engine side by side with its peers on the same
streets. Medians of up to {repeat} calls after one that warms up, or that one call where it
takes more than {budget:.0f} s; preparing a graph is not counted. "Largest difference" is
against the first line of the same work: the answers are compared as well as timed. Valhalla
measures a way by its drawn line, which is shorter than the made-up lengths, so its distances
differ by design.

{machine}; {packages}; {date}.

"""


def main() -> None:
    """Measure, and write or print."""
    word = " ".join(sys.argv[1:])
    rows: list[Row] = []
    for case in chain(district_cases(), city_cases()):
        if word in case.name:
            print(case.name, file=sys.stderr)
            rows += measure(case)
    if word:
        print(table(rows))
    else:
        PAGE.write_text(_head() + table(rows) + "\n", encoding="utf-8")
        print(PAGE)


def _head() -> str:
    machine = (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}"
    )
    packages = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    date = datetime.now(tz=UTC).date().isoformat()
    return HEAD.format(
        repeat=REPEAT, budget=BUDGET_S, machine=machine, packages=packages, date=date
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
