"""Small towns to publish from, and what a reader can tell of their few from what is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linprog

from circle.measures.disclosure import CELL_M, FEWEST, STEP, TOLD, Count, People, Service, Shown
from circle.measures.disclosure import publish as publish_all
from circle.model import Cause, Gap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle.measures.disclosure import Told, Zone
    from circle.model import Floats, Ints

WITHIN = shapely.box(-1e6, -1e6, 1e6, 1e6)
EVERYBODY, SENIORS = TOLD


Name = tuple[object, str, str]


class Door(NamedTuple):
    """Who lives at a place out of reach."""

    area: str
    residents: float
    seniors: float


@dataclass(frozen=True)
class Town:
    """Who is within reach in each area (all, seniors), and by service its zones, door by door."""

    within: Mapping[str, tuple[float, float]]
    zones: Mapping[str, Sequence[Sequence[Door]]]
    spaced_m: float = CELL_M

    def out(self, kind: str, area: str) -> tuple[float, float]:
        """Return who is out of reach of a service in an area."""
        doors = [door for zone in self.zones[kind] for door in zone if door.area == area]
        return sum(door.residents for door in doors), sum(door.seniors for door in doors)

    def living(self, area: str) -> tuple[float, float]:
        """Return who lives in an area: at least who is out of reach of any service."""
        most = np.max([self.out(kind, area) for kind in self.zones], axis=0)
        everybody, seniors = (most + self.within[area]).tolist()
        return everybody, seniors

    def publish(self) -> dict[str, Told]:
        """Return what is published of it."""
        xy: list[tuple[float, float]] = []
        doors: list[Door] = []
        services = {}
        for kind, zones in self.zones.items():
            gaps: list[Gap] = []
            for zone in zones:
                rows = np.arange(len(doors), len(doors) + len(zone), dtype=np.int32)
                xy += [(1000.0 * len(xy) + self.spaced_m * n, 75.0) for n in range(len(zone))]
                doors += zone
                gaps.append(gap(zone, rows, rank=len(gaps) + 1))
            services[kind] = Service(self._table(kind), gaps)
        people = People(
            np.array(xy, float).reshape(-1, 2),
            np.array([door.residents for door in doors]),
            np.array([door.seniors for door in doors]),
            np.array([door.area for door in doors], object),
        )
        return publish_all(services, people, WITHIN)

    def _table(self, kind: str) -> pd.DataFrame:
        rows = [
            (area, group, self.living(area)[n], self.out(kind, area)[n])
            for area in self.within
            for n, group in enumerate(TOLD)
        ]
        table = pd.DataFrame(rows, columns=["area", "group", "residents", "uncovered"])
        return pd.concat(
            [table, table.groupby("group").sum(numeric_only=True).reset_index()]
        ).fillna({"area": ""})


def gap(zone: Sequence[Door], rows: Ints, rank: int) -> Gap:
    """Return a zone of some doors."""
    return Gap(
        rank=rank, streets=("甲路",), residents=sum(door.residents for door in zone),
        residents_60_plus=sum(door.seniors for door in zone), minutes_beyond=3.0,
        metres_beyond=None, residents_without_way=0.0, nearest=0,
        shown=np.array([], object), rows=rows, straight_m=100.0, detour=1.2,
        cause=Cause.NO_FACILITY, heritage=0, constrained=False,
    )  # fmt: skip


def known(count: Count) -> tuple[float, float | None]:
    """Return what everybody can tell of one count by itself."""
    if count.shown is Shown.FEW:
        return 0, FEWEST
    if count.shown is Shown.WITHHELD:
        return FEWEST, None
    return (max(count.value - STEP / 2, FEWEST), count.value + STEP / 2) if count.value else (0, 0)


class Reader:
    """Someone who reads all that is published of one service, and takes the extremes of it.

    Unknowns by name: ``("live" | "out", area, group)`` and, of a listed zone and what of
    it is in an area, ``(zone, area or "", group)``.
    """

    def __init__(self, town: Town, kind: str, told: Told) -> None:
        """Write down what is told and what everybody knows besides."""
        self.bounds: dict[Name, tuple[float, float | None]] = {}
        self.sums: list[tuple[list[Name], list[Name], bool]] = []
        for group in TOLD:
            for row in told.shares[group]:
                self.bounds["live", row.area, group] = known(row.residents)
                self.bounds["out", row.area, group] = known(row.uncovered)
            for what in ("live", "out"):
                self.sums.append(
                    ([(what, "", group)], [(what, area, group) for area in town.within], True)
                )
        for area in ["", *town.within]:
            for group in TOLD:
                self._part(("live", area, group), ("out", area, group))
            for what in ("live", "out"):
                self._part((what, area, EVERYBODY), (what, area, SENIORS))
        self.out = {area: town.out(kind, area) for area in town.within}
        self.listed = [town.zones[kind][zone.gap.rank - 1] for zone in told.zones]
        for number, zone in enumerate(told.zones):
            self._zone(number, zone)
        for area in town.within:
            self._beside(area)
        self.names = list(self.bounds)

    def _zone(self, number: int, zone: Zone) -> None:
        low, high = known(zone.residents)
        squares = round(zone.shape.area / CELL_M**2)
        self.bounds[number, "", EVERYBODY] = (max(low, STEP * max(1, squares)), high)
        self.bounds[number, "", SENIORS] = known(zone.seniors)
        areas = sorted({door.area for door in self.listed[number]})
        for group in TOLD:
            parts: list[Name] = [(number, area, group) for area in areas]
            self.bounds |= dict.fromkeys(parts, (0, None))
            self.sums.append(([(number, "", group)], parts, True))
        for area in ["", *areas]:
            self._part((number, area, EVERYBODY), (number, area, SENIORS))

    def _beside(self, area: str) -> None:
        """Write down that an area has what its zones have and, where there is more, that."""
        zones = [name for name in self.bounds if isinstance(name[0], int) and name[1] == area]
        parts = {group: [name for name in zones if name[2] == group] for group in TOLD}
        out = {group: ("out", area, group) for group in TOLD}
        for group in TOLD if zones else ():
            beside = self.beside(area, group)
            most = None if beside >= FEWEST else FEWEST if beside else 0
            self.bounds["beside", area, group] = (0, most)
            self.sums.append(([out[group]], [*parts[group], ("beside", area, group)], True))
        self.sums.append(
            ([out[EVERYBODY], *parts[SENIORS]], [out[SENIORS], *parts[EVERYBODY]], False)
        )

    def beside(self, area: str, group: str) -> float:
        """Return who is out of reach in an area beside the zones that are told."""
        n = TOLD.index(group)
        listed = [door for zone in self.listed for door in zone if door.area == area]
        rest = self.out[area][n] - sum((door.residents, door.seniors)[n] for door in listed)
        return rest if rest > 1e-6 else 0.0

    def _part(self, whole: Name, part: Name) -> None:
        self.sums.append(([whole], [part], False))

    def extremes(self, aim: Mapping[Name, float]) -> tuple[float, float]:
        """Return the least and the most that a sum of unknowns can be."""
        rows = np.array([self._row({**dict.fromkeys(more, 1.0), **dict.fromkeys(less, -1.0)})
                         for more, less, _ in self.sums])  # fmt: skip
        exact = np.array([is_exact for *_, is_exact in self.sums])
        ends = []
        for sign in (1, -1):
            solved = linprog(
                sign * self._row(aim),
                A_ub=-rows[~exact], b_ub=np.zeros((~exact).sum()),
                A_eq=rows[exact], b_eq=np.zeros(exact.sum()),
                bounds=list(self.bounds.values()),
            )  # fmt: skip
            assert solved.status in {0, 3}, solved.message
            ends.append(sign * (float(solved.fun or 0) if solved.status == 0 else -np.inf))
        return ends[0], ends[1]

    def _row(self, factors: Mapping[Name, float]) -> Floats:
        return np.array([factors.get(name, 0.0) for name in self.names])
