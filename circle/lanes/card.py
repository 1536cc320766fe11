"""A lane's card: who lives there, what is near, what stands in the way, what would help most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from circle.demand import with_seniors
from circle.doors.programme import published, stages_of
from circle.geo.shapes import points
from circle.lanes.gates import gate_prices
from circle.lanes.links import missing_links
from circle.model import GROUPS, Question
from circle.model.doorways import Lift
from circle.network.snap import snap
from circle.places.facilities import counted, nearest_rows, positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.lanes.gates import GatePrice
    from circle.lanes.links import MissingLink
    from circle.lanes.register import Lane
    from circle.lanes.walks import Walkers
    from circle.model import Bools, District
    from circle.study import Study

HERITAGE_M = 50.0
"""Heritage so near to a lane is told with it."""
GATES_M = 30.0
LINKS_M = 150.0
WEIGHED_LINKS = 30
"""Of the district's missing links so many are looked through."""
LIMIT_MINUTES = 15.0


class Help(NamedTuple):
    """Something that would help a lane: a gate that stays open, or a passage.

    `minutes` are resident-minutes a day, of all whom it helps.
    """

    gate: GatePrice | None
    link: MissingLink | None
    minutes: float


@dataclass(frozen=True, eq=False)
class LaneCard:
    """What is known of a lane.

    Attributes
    ----------
    addresses
        Known addresses in it: of facilities, heritage, places, doorways and gates.
    residents
        By age group (modelled), of the demand points on its ground; NaN where not known.
    reach
        One row for each daily service: kind, facility (row of the district's, -1 for none)
        for the profile asked, and for each profile the minutes from the lane's position.
    heritage
        Rows of the district's heritage within `HERITAGE_M`, with `away_m`.
    doorways
        Doorways of the register in it; None where the district has no register.
    lifts
        How many doorways stand at each `Lift`: of the register, else as published.
    """

    lane: Lane
    who: Walkers
    addresses: tuple[str, ...]
    residents: dict[str, float]
    reach: pd.DataFrame
    heritage: pd.DataFrame
    doorways: int | None
    lifts: Mapping[Lift, int]
    gates: tuple[GatePrice, ...]
    links: tuple[MissingLink, ...]

    @property
    def helps(self) -> list[Help]:
        """What would help most, of gates that cost something by their hours and of passages."""
        gates = [Help(each, None, each.now) for each in self.gates if each.now > 0]
        links = [Help(None, each, each.minutes) for each in self.links]
        return sorted([*gates, *links], key=lambda each: -each.minutes)

    @property
    def far(self) -> list[str]:
        """The kinds that are farther than `LIMIT_MINUTES`, for the profile asked."""
        minutes = self.reach[self.who.profile]
        return self.reach.loc[minutes > LIMIT_MINUTES, "kind"].tolist()


def lane_card(study: Study, lane: Lane, who: Walkers) -> LaneCard:
    """Return a lane's card, kept with the study's answers.

    Parameters
    ----------
    study
        Of the district.
    lane
        One of its lanes.
    who
        Whose walk is told, and whose resident-minutes.
    """
    key = (study.district.scenario_id, "lane_card", (lane.id, who))
    return study.memo.get(key, lambda: _card(study, lane, who))


def _card(study: Study, lane: Lane, who: Walkers) -> LaneCard:
    district = study.district
    prices = gate_prices(study, who).prices
    links = missing_links(study, who, top=WEIGHED_LINKS).links
    count, lifts = _lifts(district, lane)
    return LaneCard(
        lane=lane,
        who=who,
        addresses=_addresses(district, lane),
        residents=_residents(district, lane),
        reach=_reach(study, lane, who),
        heritage=_heritage(district, lane),
        doorways=count,
        lifts=lifts,
        gates=tuple(each for each in prices if _near(lane, each, GATES_M)),
        links=tuple(each for each in links if _away(lane, each) <= LINKS_M),
    )


def _near(lane: Lane, price: GatePrice, metres: float) -> bool:
    at = shapely.Point(price.gate.x, price.gate.y)
    return lane.holds(price.gate.address) or bool(shapely.distance(lane.ground, at) <= metres)


def _away(lane: Lane, link: MissingLink) -> float:
    return float(shapely.distance(lane.ground, shapely.LineString(link.xy)))


def _within(lane: Lane, table: pd.DataFrame, metres: float = 0.0) -> Bools:
    """Return which rows of a table stand in a lane, or have an address in it, shape (k,)."""
    away = shapely.distance(points(positions(table)), lane.ground)
    named = [lane.holds(str(each)) for each in table.get("address", pd.Series("", table.index))]
    return (away <= metres) | np.array(named, np.bool_)


def _addresses(district: District, lane: Lane) -> tuple[str, ...]:
    tables = [district.facilities, district.heritage, district.places, district.doorways]
    known: set[str] = set()
    for table in tables:
        if table is not None and len(table) and "address" in table:
            known |= {str(each) for each in table.loc[_within(lane, table), "address"]}
    return tuple(sorted(known - {""}))


def _residents(district: District, lane: Lane) -> dict[str, float]:
    demand = with_seniors(district.demand)
    on_it = shapely.intersects(points(positions(demand)), lane.ground)
    here = demand["inside"].to_numpy(np.bool_) & on_it
    return {group: float(demand.loc[here, group].sum(skipna=False)) for group in GROUPS}


def _reach(study: Study, lane: Lane, who: Walkers) -> pd.DataFrame:
    district = study.district
    rows = []
    for kind in (each for each in district.kinds.values() if each.service):
        row: dict[str, object] = {"kind": kind.id, "facility": -1}
        for profile in district.profiles:
            question = Question.by_minutes(
                kind.id, profile, LIMIT_MINUTES, unverified=who.unverified
            )
            walk = study.walk(profile)
            at = snap(walk, np.array([[lane.x, lane.y]]))
            seconds, nearest = nearest_rows(district, walk, counted(district, question), at)
            row[profile] = float(seconds[0]) / 60
            if profile == who.profile:
                row["facility"] = int(nearest[0])
        rows.append(row)
    return pd.DataFrame(rows, columns=["kind", "facility", *district.profiles])


def _heritage(district: District, lane: Lane) -> pd.DataFrame:
    table = district.heritage
    away = shapely.distance(points(positions(table)), lane.ground)
    near = table.assign(away_m=away)[_within(lane, table, HERITAGE_M)]
    return near.sort_values(["away_m", "id"], kind="stable")


def _lifts(district: District, lane: Lane) -> tuple[int | None, dict[Lift, int]]:
    register = district.doorways
    if register is not None and len(register):
        compound = register.get("compound", pd.Series("", register.index))
        here = _within(lane, register) | compound.eq(lane.name.zh).to_numpy(np.bool_)
        lifts = stages_of(register[here])["lift"]
        return int(here.sum()), {each: int(lifts.eq(each).sum()) for each in Lift}
    projects = published(district).projects
    mine = projects[np.array([lane.holds(str(name)) for name in projects["compound"]], np.bool_)]
    return None, {
        each: int(mine.loc[mine["lift"].eq(each), "doorways"].sum())
        for each in Lift
        if mine["lift"].eq(each).any()
    }
