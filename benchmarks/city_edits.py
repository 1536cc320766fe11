"""What an edit of a scenario costs in the made-up city of a million junctions.

``python -m benchmarks.city_edits`` prints processor seconds, the least of some calls;
``city_edits_cases`` is for the others' page. Somebody lives along a street at every
junction; there are 2,000 facilities of one kind. The answer is its rate by area and age group:
the gap zones of a city are those of its districts.
"""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from benchmarks import city
from benchmarks.edits import DISTRICT, QUESTION, full, plan_of
from benchmarks.measure import Case
from circle import scenario
from circle.geo.crs import to_lonlat
from circle.load import read_district
from circle.study import Study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.model import District, Floats

FACILITIES, SEED, CALLS = 2000, 20261128, 3
LINK_M = (100.0, 400.0)


def city_edits_cases() -> Iterator[Case]:
    """Cases of one edit each on the city."""
    district = made_up()
    for what, edit in edits_of(district).items():
        yield Case(
            f"city, answer of one edit: {what}",
            {"circle": answered(district, edit)},
            {"everything anew": partial(full, district, plan_of(edit), QUESTION)},
        )


def answered(district: District, edit: dict[str, Any]) -> Callable[[], object]:
    """Return our call: each time another edit, a hair's breadth beside the one before."""
    number = count(1)
    study = Study(district)
    study.coverage(QUESTION)

    def call() -> object:
        after = scenario.resolved(district, plan_of(edit, next(number)))
        return Study(after, study.memo).coverage(QUESTION)

    return call


def edits_of(district: District) -> dict[str, dict[str, Any]]:
    """Return one edit of each sort, in the middle of the city."""
    half = len(district.demand) // 2
    middle, around = district.demand.iloc[half], district.demand.iloc[half + 1 : half + 99]
    away_m = np.hypot(around["x"] - middle["x"], around["y"] - middle["y"])
    other = around[away_m.between(*LINK_M)].iloc[0]
    at = {"lon": float(middle["lon"]), "lat": float(middle["lat"])}
    to = {"lon_to": float(other["lon"]), "lat_to": float(other["lat"])}
    new = {"edit": "add_facility", "id": "new", "kind": QUESTION.kind, "name": "new"} | at
    return {
        "a facility added": new,
        "one moved": {"edit": "move_facility", "id": "f7"} | at,
        "a link": {"edit": "add_link"} | at | to,
        "a gate shut": {"edit": "shut_gate"} | at,
        "steps": {"edit": "set_steps", "steps": 5} | at,
        "residents added": {"edit": "add_residents", "residents": 100} | at,
        "residents moved": {"edit": "move_residents", "radius_m": 100} | at | to,
    }


def made_up(side: int = 990) -> District:
    """Return the city with residents and facilities, by the words of the embedded district."""
    known = read_district(DISTRICT)
    network = city.lay_out(city.build(side))
    random = np.random.default_rng(SEED)
    low, high = network.node_xy.min(axis=0) - 100, network.node_xy.max(axis=0) + 100
    segment = np.zeros(len(network.node_xy), np.int32)
    segment[network.segment_nodes.ravel()] = np.repeat(np.arange(len(network.segment_nodes)), 2)
    fraction = random.uniform(0.05, 0.95, len(segment))
    first, last = (network.node_xy[network.segment_nodes[segment, end]] for end in (0, 1))
    homes = first + (last - first) * fraction[:, None]
    quarter = (homes > homes.mean(axis=0)) @ [1, 2] % len(known.areas)
    areas = np.array([area.id for area in known.areas], object)[quarter]
    where = {"segment": segment, "fraction": fraction, "off_m": random.uniform(2, 20, len(homes))}
    of_age = {"age_0_14": 1.0, "age_15_59": 6.0, "age_60_64": 1.0, "age_65_plus": 2.0}
    people = {"cell": np.arange(len(homes)), "area": areas, "inside": True, "residents": 10.0}
    places = network.node_xy[random.choice(len(homes), FACILITIES, replace=False)]
    one = known.facilities[known.facilities["kind"].eq(QUESTION.kind)].iloc[[0]]
    return replace(
        known,
        id="city",
        crs=city.CRS,
        base_id="c" * 64,
        scenario_id="c" * 64,
        boundary=shapely.box(*low, *high),
        network=network,
        facilities=_at(pd.concat([one] * FACILITIES, ignore_index=True), places).assign(
            id=[f"f{number}" for number in range(FACILITIES)], verified=True, inside=True
        ),
        demand=_at(pd.DataFrame(where | people | of_age), homes)[list(known.demand)].astype(
            known.demand.dtypes.to_dict()
        ),
        heritage=known.heritage.iloc[:0],
    )


def _at(table: pd.DataFrame, xy: Floats) -> pd.DataFrame:
    lon, lat = to_lonlat(xy, city.CRS).T
    return table.assign(x=xy[:, 0], y=xy[:, 1], lon=lon, lat=lat)


def main() -> None:
    """Print the least processor seconds of some calls of each edit."""
    district = made_up()
    for what, edit in edits_of(district).items():
        call, seconds = answered(district, edit), []
        for _ in range(CALLS):
            begin = time.process_time()
            call()
            seconds.append(time.process_time() - begin)
        print(f"{what}: {min(seconds):.2f} s")


if __name__ == "__main__":
    main()
