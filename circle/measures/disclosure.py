"""What may be published of residents: no counts of a few, none to the person.

A count of fewer than `FEWEST` residents is not given, and every other is rounded to
`STEP`. A count that is kept back must not come back from the others: all that is
told at once, of every service, area, age group and zone, is one system of counts
(`circle.measures.suppression`). Where it would narrow one down closer than "fewer than
ten", counts are kept back, those of zones first. Places are drawn by cells of
`CELL_M`, none with fewer than `FEWEST` residents concerned.
The rules are in docs/methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from circle.demand import residents_of, unit_of
from circle.measures.suppression import FEWEST, HALF, STEP, Count, Shown, System, interval
from circle.model import GROUPS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

    from circle.model import Bools, District, Floats, Gap, Strings

__all__ = ["CELL_M", "FEWEST", "STEP", "TOLD", "Count", "People", "Published", "Rate", "Service"]
__all__ += ["Shown", "Told", "Zone", "coarse", "people_of", "publish", "rate_of"]

CELL_M = 150.0
"""Side of the squares that places are drawn by."""
EVERYBODY, SENIORS = TOLD = ("residents", "residents_60_plus")
"""The groups that are told of: the first is all residents, the second a part of it."""
MOST_ZONES = 8
"""So many zones of a service are told of, the worst."""


class _Turn(IntEnum):
    """What is kept back first."""

    ZONE_SENIORS = 0
    ZONE = 1
    SENIORS_UNCOVERED = 2
    UNCOVERED = 3
    ALL_SENIORS_UNCOVERED = 4
    ALL_UNCOVERED = 5
    SENIORS = 6
    RESIDENTS = 7
    ALL_SENIORS = 8
    ALL_RESIDENTS = 9


_TURNS = {
    "residents": {
        EVERYBODY: (_Turn.ALL_RESIDENTS, _Turn.RESIDENTS),
        SENIORS: (_Turn.ALL_SENIORS, _Turn.SENIORS),
    },
    "uncovered": {
        EVERYBODY: (_Turn.ALL_UNCOVERED, _Turn.UNCOVERED),
        SENIORS: (_Turn.ALL_SENIORS_UNCOVERED, _Turn.SENIORS_UNCOVERED),
    },
}
Numbers = tuple[int, ...]
"""Of counts in their system: of the whole and of each area, or of all and of seniors."""


class People(NamedTuple):
    """Who lives where: a row for each demand point.

    Attributes
    ----------
    xy
        Shape (k, 2), metres.
    residents, seniors
        Shape (k,): how many, and how many of them are of 60 and over.
    area
        Shape (k,): the area that they count for.
    """

    xy: Floats
    residents: Floats
    seniors: Floats
    area: Strings


class Service(NamedTuple):
    """What there is to tell of one service.

    Attributes
    ----------
    table
        As `circle.model.Coverage.table`.
    gaps
        Its zones out of reach, worst first.
    """

    table: pd.DataFrame
    gaps: Sequence[Gap]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of residents, made of published counts alone.

    Attributes
    ----------
    low, high
        What is published of it: the same where it is one number.
    """

    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of one area; `rate` is None where it must not be."""

    area: str
    residents: Count
    uncovered: Count
    rate: Rate | None


def rate_of(residents: Count, uncovered: Count) -> Rate | None:
    """Return the share that is within reach, from published counts; None where it is withheld."""
    if Shown.WITHHELD in {residents.shown, uncovered.shown} or not residents.value:
        return None
    if uncovered.shown is Shown.FEW:
        return Rate(max(0.0, 1 - FEWEST / (residents.value - HALF)), 1.0)
    share = max(0.0, 1 - uncovered.value / residents.value)
    return Rate(share, share)


def least_of(published: Published) -> float:
    """Return the share that published counts leave at least, by how they are rounded."""
    _, most_out = interval(published.uncovered)
    fewest, _ = interval(published.residents)
    return max(0.0, 1 - most_out / fewest) if fewest > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone out of reach as it may be published; `shape` is made of squares and may be empty."""

    gap: Gap
    rank: int
    residents: Count
    seniors: Count
    shape: MultiPolygon


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What is told of one service: by group of `TOLD` the whole and its areas, and zones."""

    shares: Mapping[str, tuple[Published, ...]]
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A zone before it is known what may be told of it.

    Attributes
    ----------
    shape
        Its squares.
    least
        Residents that it has at least, as its being told and its squares say.
    parts
        By area: all residents, seniors, and how many all are at least, as the squares say.
    """

    gap: Gap
    shape: MultiPolygon
    least: float
    parts: Mapping[str, tuple[float, float, float]]


def people_of(district: District) -> People:
    """Return who lives where in a district."""
    everybody, seniors = residents_of(district).people[:, [GROUPS.index(g) for g in TOLD]].T
    xy = district.demand[["x", "y"]].to_numpy(np.float64)
    return People(xy, everybody, seniors, unit_of(district))


def publish(
    services: Mapping[str, Service], people: People, within: Polygon | MultiPolygon
) -> dict[str, Told]:
    """Return all that may be told at once: of each service its shares and its zones.

    Zones have at least `FEWEST` residents and are numbered anew, worst first by what
    is told of them, those whose count is withheld last.

    Parameters
    ----------
    services
        By kind, all by the same areas.
    people
        Who lives where.
    within
        The district.
    """
    if not services:
        return {}
    drafts = {
        kind: [_draft(gap, people, within) for gap in service.gaps if gap.residents >= FEWEST][
            :MOST_ZONES
        ]
        for kind, service in services.items()
    }
    while True:
        told, dropped = _told(services, drafts)
        if dropped is None:
            return told
        drafts = {
            kind: [draft for draft in of_kind if draft is not dropped]
            for kind, of_kind in drafts.items()
        }


def _told(
    services: Mapping[str, Service], drafts: Mapping[str, Sequence[_Draft]]
) -> tuple[dict[str, Told], _Draft | None]:
    """Return what may be told, or the zone without which it has to be worked out anew."""
    system, table = System(), next(iter(services.values())).table
    areas = [WHOLE, *(str(name) for name in table["area"].drop_duplicates() if name != WHOLE)]
    live = _column(system, table, "residents", areas)
    lack = {
        kind: _column(system, service.table, "uncovered", areas, live)
        for kind, service in services.items()
    }
    zones = {kind: _zone_cells(system, drafts[kind], areas, lack[kind]) for kind in services}
    outcome = system.outcome()
    if outcome.dropped is not None:
        pairs = chain.from_iterable(zip(drafts[kind], zones[kind], strict=True) for kind in zones)
        return {}, next(draft for draft, numbers in pairs if outcome.dropped in numbers)
    counts = outcome.counts
    return {
        kind: Told(
            {
                group: tuple(
                    Published(area, counts[of], counts[out], rate_of(counts[of], counts[out]))
                    for area, of, out in zip(areas, live[group], lack[kind][group], strict=True)
                )
                for group in TOLD
            },
            _zones(drafts[kind], [(counts[every], counts[old]) for every, old in zones[kind]]),
        )
        for kind in services
    }, None


def _column(
    system: System,
    table: pd.DataFrame,
    column: str,
    areas: Sequence[str],
    wholes: Mapping[str, Numbers] | None = None,
) -> dict[str, Numbers]:
    """Add a column by group: areas add up to the whole, seniors are part of all."""
    numbers: dict[str, Numbers] = {}
    for group, turns in _TURNS[column].items():
        people = table[table["group"].eq(group)].set_index("area")[column]
        wider = [*((wholes[group],) if wholes else ()), *numbers.values()]
        numbers[group] = tuple(
            system.told(float(people[area]), turns[place > 0], wholes=[of[place] for of in wider])
            for place, area in enumerate(areas)
        )
        first, *others = numbers[group]
        system.relate(first, others, is_exact=True)
    return numbers


def _zone_cells(
    system: System,
    drafts: Sequence[_Draft],
    areas: Sequence[str],
    lack: Mapping[str, Numbers],
) -> list[Numbers]:
    """Add the zones and their parts by area; return the numbers of all and of seniors of each."""
    zones: list[Numbers] = []
    parts: dict[str, list[Numbers]] = {area: [] for area in areas}
    for draft in drafts:
        everybody, of_60, _ = np.array(list(draft.parts.values())).sum(axis=0).tolist()
        of_60 = of_60 if np.isfinite(draft.gap.residents_60_plus) else np.nan
        zone = system.told(everybody, _Turn.ZONE, least=draft.least)
        zones.append((zone, system.told(of_60, _Turn.ZONE_SENIORS, wholes=[zone])))
        of_zone: list[Numbers] = []
        for area, (people, of_them, least) in draft.parts.items():
            part = (
                system.hidden(people, of=zone, least=least),
                system.hidden(of_them, of=zones[-1][1]),
            )
            system.relate(part[0], part[1:])
            parts[area].append(part)
            of_zone.append(part)
        for whole, of_group in zip(zones[-1], zip(*of_zone, strict=True), strict=True):
            system.relate(whole, of_group, is_exact=True)
    for every, old, of_area in zip(*lack.values(), parts.values(), strict=True):
        if of_area:
            residents, seniors = (list(of_group) for of_group in zip(*of_area, strict=True))
            system.rest(every, residents)
            system.rest(old, seniors)
            system.compare([every, *seniors], [old, *residents])
    return zones


def _zones(drafts: Sequence[_Draft], counts: Sequence[tuple[Count, Count]]) -> tuple[Zone, ...]:
    """Return the zones in an order that tells no more of them than their counts do."""
    told = [
        Zone(draft.gap, 0, residents, seniors, draft.shape)
        for draft, (residents, seniors) in zip(drafts, counts, strict=True)
    ]
    told.sort(
        key=lambda zone: (
            zone.residents.shown is not Shown.VALUE,
            -(zone.residents.value or 1) * zone.gap.minutes_beyond,
            -zone.residents.value,
        )
    )
    return tuple(replace(zone, rank=rank) for rank, zone in enumerate(told, 1))


def _draft(gap: Gap, people: People, within: Polygon | MultiPolygon) -> _Draft:
    xy, residents, seniors, area = (of_all[gap.rows] for of_all in people)
    cells, cell, drawn = _squares(xy, residents)
    within_one = {
        number: area[cell == number][0]
        for number in np.flatnonzero(drawn).tolist()
        if len(set(area[cell == number])) == 1
    }
    parts = {
        str(name): (
            float(residents[area == name].sum()),
            float(seniors[area == name].sum()),
            float(FEWEST * list(within_one.values()).count(name)),
        )
        for name in sorted(set(area))
    }
    least = float(FEWEST * max(1, int(drawn.sum())))
    return _Draft(gap, _drawn(cells[drawn], within), least, parts)


def coarse(
    xy: Floats, residents: Floats, within: Polygon | MultiPolygon, size_m: float = CELL_M
) -> MultiPolygon:
    """Return the squares of a fixed grid in which at least `FEWEST` of some residents live.

    Parameters
    ----------
    xy
        Shape (k, 2): where they live, metres.
    residents
        Shape (k,): how many.
    within
        What the squares are cut to: the district.
    size_m
        Side of the squares, which begin at the system's origin: the same for
        every question, so that two answers cannot be overlaid to see finer.

    Returns
    -------
    MultiPolygon
        Empty where no square has as many.
    """
    cells, _, drawn = _squares(np.asarray(xy, float).reshape(-1, 2), residents, size_m)
    return _drawn(cells[drawn], within, size_m)


def _squares(
    xy: Floats, residents: Floats, size_m: float = CELL_M
) -> tuple[NDArray[np.int64], NDArray[np.intp], Bools]:
    """Return the squares that are lived in, the one of each place, and which may be drawn."""
    cell = np.floor(xy / size_m).astype(np.int64)
    cells, row = np.unique(cell, axis=0, return_inverse=True)
    people = np.bincount(row.ravel(), weights=residents, minlength=len(cells))
    return cells, row.ravel(), people >= FEWEST


def _drawn(
    cells: NDArray[np.int64], within: Polygon | MultiPolygon, size_m: float = CELL_M
) -> MultiPolygon:
    corners = cells * size_m
    squares: NDArray[Any] = shapely.box(*corners.T, *(corners + size_m).T)
    cut = shapely.intersection(shapely.union_all(squares), within)
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
