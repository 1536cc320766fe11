"""Measure all cases and write their part of docs/performance.md.

``python -m benchmarks PART`` measures one of `PARTS`, ``python -m benchmarks WORD`` the
cases whose name holds WORD; both print the table instead.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from itertools import chain
from statistics import fmean

from benchmarks.cases import city_cases, district_cases
from benchmarks.city_edits import city_edits_cases
from benchmarks.commands import command_cases
from benchmarks.draws import draws_cases
from benchmarks.edits import edits_cases
from benchmarks.measure import BUDGET_S, REPEAT, Row, measure, missed, table
from benchmarks.measures import measures_cases
from benchmarks.page import PAGE, machine, put, versions
from benchmarks.siting import siting_cases

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
    "highspy",
    "spopt",
)
HEAD = """\
Written by `make bench`, which measures our engine side by side with its peers on the same
streets: those of the district in `data/tianping`, and a made-up city. Medians of up to
{repeat} calls after one that warms up, or that one call where it takes more than {budget:.0f} s;
preparing a graph is not counted, nor is compiling. "× ours" is a side's time by that of the
first line of the same work; an aim says how many times as long as ours a peer shall take, or
how well our polygons shall keep to the streets.

"Largest difference" is against that first line too. Where the work starts and ends at
junctions the answers are the same (pandana and Valhalla round). Elsewhere ours uses the exact
places along the streets and the walk off them, and the peers, which know only junctions, use
the nearest junction: there the difference is what that costs. Valhalla takes the exact places,
and measures a street by its drawn line.

Polygons of every side are measured alike: each street sampled every 5 m with its exact time;
"reachable inside" is the share of the length of reachable street that a polygon holds,
"unreachable inside" the share of the length of street in it that is out of reach; of the three
limits together, and in brackets of the worst one. The origin is a junction, so that every side
starts there. The made-up city leaves out what takes more than about two minutes: Valhalla, and
networkx, igraph and pandana for the many to many.

"All measures of the district" is coverage, services together, gap zones with their causes,
equity and capacity for every kind, profile and standard, without intervals and without drawing
the zones; networkx, which knows none of these, does only the searches for the nearest times.
"Uncertainty" is the whole interval of a rate with what it depends on; its peer is our own
search, once a draw, which tells probabilities alone.

"Siting" is the whole of building and solving a model to the proven best, ours and spopt's by
the same solver; what is told as a difference in metres is there in residents, sites or minutes.

"Answer of one edit" is a scenario resolved, its coverage and its gap zones; its peer is the same
with nothing kept. `make edits` checks that both are the same to the last bit.

"Command" is a whole process from its start to its end, on a machine where everything is
compiled; where `BENCH_BEFORE` named a checkout of an earlier state, that state is measured beside.

{machine}; {packages}; {date}. While measuring, {load:.1f} processes
wanted to run on average (1 where the machine does nothing else).

"""


PARTS = {
    "measures": measures_cases,
    "draws": draws_cases,
    "siting": siting_cases,
    "edits": edits_cases,
    "district": district_cases,
    "city": city_cases,
    "city-edits": city_edits_cases,
    "commands": command_cases,
}


def main() -> None:
    """Measure, and write or print."""
    word = " ".join(sys.argv[1:])
    parts = [PARTS[word]] if word in PARTS else PARTS.values()
    rows: list[Row] = []
    loads: list[float] = []
    for case in chain.from_iterable(part() for part in parts):
        if word in PARTS or word in case.name:
            print(case.name, file=sys.stderr)
            rows += measure(case)
            loads.append(os.getloadavg()[0])
    if word:
        print(table(rows))
    else:
        text = f"{_head(fmean(loads))}{table(rows)}\n\n## Aims missed\n\n{missed(rows)}\n"
        put("bench", text)
        print(PAGE)


def _head(load: float) -> str:
    return HEAD.format(
        repeat=REPEAT,
        budget=BUDGET_S,
        machine=machine(),
        packages=versions(PACKAGES),
        date=datetime.now(tz=UTC).date().isoformat(),
        load=load,
    )


if __name__ == "__main__":
    main()
