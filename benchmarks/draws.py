"""What a draw costs: all draws from one table of times, against one search a draw.

``python -m benchmarks.draws`` prints the table; ``draws_cases`` is for the others' page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Case, measure, table
from circle.demand import demand_points
from circle.load import read_district
from circle.measures.montecarlo import Assumptions, sample
from circle.model import Snapped
from circle.network.speeds import impedance
from circle.places.facilities import of_kind
from circle.reach.travel import nearest
from tests.asking import uncertainty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.model import District, Floats, Impedance

DISTRICT = Path(__file__).resolve().parents[1] / "data" / "tianping"
PROFILE, MINUTES = "older_adult", 15.0


def draws_cases() -> Iterator[Case]:
    """Cases of `circle.measures.uncertainty` on the embedded district."""
    district = read_district(DISTRICT)
    streets = impedance(district.network, district.profiles[PROFILE])
    for kind, draws in (("market", 1000), ("canteen", 1000), ("market", 10_000)):
        assumed = Assumptions(draws=draws)
        count = int(district.facilities["kind"].eq(kind).sum())
        inside = int(district.demand["inside"].sum())
        yield Case(
            f"uncertainty: {draws:,} draws, {count} of {kind}, {inside:,} points inside",
            {"circle": ours(district, streets, kind, assumed)},
            {
                "one search a draw (probabilities alone)": search_a_draw(
                    district, streets, kind, assumed
                )
            },
        )


def ours(
    district: District, streets: Impedance, kind: str, assumed: Assumptions
) -> Callable[[], object]:
    """Return our call: probabilities, intervals and what they depend on."""
    return lambda: uncertainty(district, streets, kind, MINUTES, assumed)


def search_a_draw(
    district: District, streets: Impedance, kind: str, assumed: Assumptions
) -> Callable[[], object]:
    """Return the plain way: the same draws, one search each, probabilities alone."""
    points = demand_points(district)
    drawn = sample(district, streets, of_kind(district, kind, unverified=True), assumed)
    first = np.arange(drawn.there.shape[2]) * drawn.each

    def run() -> tuple[Floats]:
        covered = np.zeros(len(points.segment))
        for pick, there in zip(drawn.pick[0], drawn.there[0], strict=True):
            rows = (first + pick)[there]
            own = drawn.places
            places = Snapped(own.xy[rows], own.segment[rows], own.fraction[rows], own.off_m[rows])
            seconds, _ = nearest(streets, places, points)
            covered += seconds <= MINUTES * 60
        return (covered / assumed.draws,)

    return run


if __name__ == "__main__":
    print(table([row for case in draws_cases() for row in measure(case)]))
