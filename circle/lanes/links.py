r"""Missing links: points of the streets that are near in the air and far on foot.

Every pair of points of streets at most `most_m` apart whose straight line crosses no other
street is weighed. With $d_k$ the seconds to the nearest of service $k$ and $\ell$ those along
the passage, one from $a$ to $b$ shortens the walk of who lives at $p$ to

$$ t'_{pk} = \min(t_{pk},\; s(p, a) + \ell + d_k(b)), $$

and only where $d_k(a) > \ell + d_k(b)$: so nearly all pairs are dropped before anything is
searched. Of pairs beside each other the best one stays; what the first of them save is then
asked as of any scenario, with the passage laid over the streets.

They are **candidates for a look on the ground**: no map says whether a wall, a house or an
owner stands between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from circle.demand import demand_points
from circle.errors import DataError, InputError
from circle.geo.crs import to_lonlat
from circle.lanes.street_points import street_points
from circle.lanes.walks import Daily, Walkers, daily, longer, with_edit
from circle.model import CAP_MINUTES, Snapped
from circle.network.edits import LONGEST_LINK_M
from circle.network.graph import segment_lines, street_label
from circle.network.speeds import by_length
from circle.places.facilities import counted, on_street
from circle.reach.travel import many_to_many, nearest
from circle.scenario import AddLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray
    from shapely import Geometry

    from circle.model import Bools, District, Floats, Impedance, Ints
    from circle.study import Study

APART_M = 100.0
"""Of two passages whose ends are nearer to each other than this, the better one is told."""
_BLOCK = 200
"""Ends that are searched at once."""
_INNER = 0.03
"""The share of a line, at each end, that may touch a street: it starts on one."""
_LEAST_MINUTES = 0.5
_SPARE = 10


@dataclass(frozen=True, slots=True)
class LinkRule:
    """What counts as a missing link.

    Attributes
    ----------
    most_m
        How far apart the ends are in the air, at most.
    ratio, extra_m
        How far they are on foot, at least: so many times as far, and so many metres more.

    Raises
    ------
    InputError
        When a number is out of range.
    """

    most_m: float = 60.0
    ratio: float = 3.0
    extra_m: float = 150.0

    def __post_init__(self) -> None:
        """Refuse numbers that are none."""
        if not 1 < self.most_m <= LONGEST_LINK_M:
            raise InputError("links.most", most=f"{LONGEST_LINK_M:g}")
        if not (1 <= self.ratio <= 1000 and 0 <= self.extra_m <= 100_000):  # noqa: PLR2004
            raise InputError("links.detour")


@dataclass(frozen=True, eq=False)
class MissingLink:
    """A candidate for a look on the ground.

    Attributes
    ----------
    begin, finish
        Longitude and latitude of the ends; `xy` the same in metres, shape (2, 2).
    streets
        What the streets at the ends are called; "" for none.
    air_m, walk_m
        Straight, and on foot as the streets are: infinite where there is no way.
    residents, older
        Whose walk to some daily service would be shorter; `older` are 60 and older.
    minutes
        Resident-minutes a day that a passage would save (modelled), by service in `by_kind`.
    most_minutes
        The most that one walk becomes shorter.
    """

    begin: tuple[float, float]
    finish: tuple[float, float]
    xy: Floats
    streets: tuple[str, str]
    air_m: float
    walk_m: float
    residents: float
    older: float
    minutes: float
    most_minutes: float
    by_kind: dict[str, float]

    @property
    def detour(self) -> float:
        """How many times as far it is on foot."""
        return self.walk_m / self.air_m


@dataclass(frozen=True, eq=False)
class MissingLinks:
    """The candidates, the one that saves most first.

    Attributes
    ----------
    weighed
        Pairs of points that were near enough in the air.
    barriers
        Whether buildings or water were known, so that no candidate crosses them.
    kinds, left_out
        The daily services that count, and those without an answer.
    """

    who: Walkers
    rule: LinkRule
    links: tuple[MissingLink, ...] = ()
    weighed: int = 0
    barriers: bool = False
    kinds: tuple[str, ...] = ()
    left_out: tuple[str, ...] = field(default=())


def missing_links(
    study: Study,
    who: Walkers,
    rule: LinkRule | None = None,
    top: int = 10,
    barriers: Sequence[Geometry] = (),
    progress: Callable[[int, int], None] | None = None,
) -> MissingLinks:
    """Return where a passage would save most, kept with the study's answers.

    Parameters
    ----------
    study
        Of the district.
    who
        Who walks how often.
    rule
        What counts; by default `LinkRule()`.
    top
        How many are told.
    barriers
        Buildings and water, in metres, that no passage crosses; none where none are known.
    progress
        Told how many steps are done, and of how many.
    """
    rule = rule or LinkRule()
    ground = tuple(shapely.to_wkb(shape) for shape in barriers)
    key = (study.district.scenario_id, "missing_links", (who, rule, top, ground))
    search = _Search(study, who, rule, barriers, progress or _silent)
    return study.memo.get(key, lambda: search.answer(top))


def _silent(done: int, of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class _Ways:
    """Ways across a pair: from which end, to which; each pair has two.

    Attributes
    ----------
    pair, begin, finish
        Shapes (w,): the pair, and its ends in the order of the way.
    seconds
        Shape (w,): along the passage.
    """

    pair: Ints
    begin: Ints
    finish: Ints
    seconds: Floats


@dataclass(frozen=True, eq=False)
class _Search:
    study: Study
    who: Walkers
    rule: LinkRule
    barriers: Sequence[Geometry]
    progress: Callable[[int, int], None]

    @property
    def district(self) -> District:
        return self.study.district

    def answer(self, top: int) -> MissingLinks:
        """Weigh all pairs, and ask what the first ones save."""
        present = daily(self.study, self.who)
        if not present.kinds or not len(present.walks):
            return MissingLinks(self.who, self.rule, left_out=present.left_out)
        walk = self.study.walk(self.who.profile)
        ends = street_points(self.district, walk)
        near = cKDTree(ends.xy).query_pairs(self.rule.most_m, output_type="ndarray")
        pairs = near.reshape(-1, 2).astype(np.int32)
        weighed = len(pairs)
        to_service = self._to_services(present, walk, ends)
        pairs = pairs[self._gap(ends, pairs, to_service, walk).max(axis=0) > _LEAST_MINUTES]
        pairs = pairs[self._clear(ends, pairs)]
        pairs = pairs[self._far(ends, pairs, walk)]
        saved = self._saved(present, walk, ends, pairs, to_service)
        chosen = self._apart(ends, pairs, saved, 2 * top + _SPARE)
        links = [
            link
            for row in chosen
            if (link := self._asked(present, walk, ends.take(_rows(pairs[row], ends)))) is not None
        ]
        links.sort(key=lambda each: (-each.minutes, each.begin, each.finish))
        return MissingLinks(
            who=self.who,
            rule=self.rule,
            links=tuple(links[:top]),
            weighed=weighed,
            barriers=len(self.barriers) > 0,
            kinds=present.kinds,
            left_out=present.left_out,
        )

    def _to_services(self, present: Daily, walk: Impedance, ends: Snapped) -> Floats:
        """Return the minutes from each end to the nearest of each service, shape (kinds, e)."""
        asked = self.study.services(self.who.profile, CAP_MINUTES, unverified=self.who.unverified)
        places = [counted(self.district, each) for each in asked if each.kind in present.kinds]
        seconds = [nearest(walk, on_street(walk, table), ends)[0] for table in places]
        return np.minimum(np.array(seconds) / 60, CAP_MINUTES)

    def _gap(self, ends: Snapped, pairs: Ints, to_service: Floats, walk: Impedance) -> Floats:
        """Return by how much a passage brings the farther end nearer, at most, by service."""
        along = _air(ends, pairs) / walk.profile.speed_m_s / 60
        gap: Floats = np.abs(to_service[:, pairs[:, 0]] - to_service[:, pairs[:, 1]]) - along
        return gap

    def _clear(self, ends: Snapped, pairs: Ints) -> Bools:
        """Return which passages cross neither another street nor a barrier."""
        begin, finish = ends.xy[pairs[:, 0]], ends.xy[pairs[:, 1]]
        inner = [begin + share * (finish - begin) for share in (_INNER, 1 - _INNER)]
        lines = shapely.linestrings(np.stack(inner, axis=1))
        clear = np.ones(len(pairs), np.bool_)
        for shapes in (segment_lines(self.district.network), np.array(self.barriers, object)):
            if len(shapes):
                tree = shapely.STRtree(shapes)
                clear[np.unique(tree.query(lines, predicate="intersects")[0])] = False
        return clear

    def _far(self, ends: Snapped, pairs: Ints, walk: Impedance) -> Bools:
        """Return which pairs are far on foot; a search from each goes no farther than it must."""
        air = _air(ends, pairs)
        least = np.maximum(air * self.rule.ratio, air + self.rule.extra_m)
        far = np.zeros(len(pairs), np.bool_)
        begin = np.unique(pairs[:, 0])
        limit = float(least.max(initial=0.0)) + 1.0
        finish = np.unique(pairs[:, 1])
        column = np.searchsorted(finish, pairs[:, 1])
        for block in _blocks(begin):
            metres = many_to_many(by_length(walk), _some(ends, finish), _some(ends, block), limit)
            here = np.flatnonzero(np.isin(pairs[:, 0], block))
            source = np.searchsorted(block, pairs[here, 0])
            far[here] = metres[column[here], source] >= least[here]
        return far

    def _saved(
        self, present: Daily, walk: Impedance, ends: Snapped, pairs: Ints, to_service: Floats
    ) -> Floats:
        """Return the resident-minutes a day that each pair saves, shape (pairs,)."""
        seconds = _air(ends, pairs) / walk.profile.speed_m_s
        number = np.arange(len(pairs), dtype=np.int32)
        ways = _Ways(
            pair=np.concatenate([number, number]),
            begin=np.concatenate([pairs[:, 0], pairs[:, 1]]),
            finish=np.concatenate([pairs[:, 1], pairs[:, 0]]),
            seconds=np.concatenate([seconds, seconds]),
        )
        through = to_service[:, ways.finish] + ways.seconds / 60
        useful = (to_service[:, ways.begin] - through).max(axis=0) > 0
        live = present.walks > 0
        homes = demand_points(self.district).take(live)
        farthest = float(present.minutes[:, live].max(initial=0.0)) * 60 + 1.0
        saved = np.zeros(len(pairs))
        blocks = list(_blocks(np.unique(ways.begin[useful])))
        for step, block in enumerate(blocks, start=1):
            to_end = many_to_many(walk, homes, _some(ends, block), farthest) / 60
            for way in np.flatnonzero(useful & np.isin(ways.begin, block)):
                at_end = to_end[:, np.searchsorted(block, ways.begin[way])]
                for service, before in enumerate(present.minutes[:, live]):
                    less = before - (at_end + through[service, way])
                    gain = float(np.maximum(less, 0.0) @ present.walks[live])
                    saved[ways.pair[way]] += gain / len(present.kinds)
            self.progress(step, len(blocks))
        return saved

    def _apart(self, ends: Snapped, pairs: Ints, saved: Floats, most: int) -> list[int]:
        """Return the pairs that save most, of those beside each other the best."""
        chosen: list[int] = []
        for row in np.lexsort((np.arange(len(saved)), -saved)).tolist():
            if saved[row] <= 0 or len(chosen) >= most:
                break
            if not any(self._beside(ends, pairs[row], pairs[other]) for other in chosen):
                chosen.append(row)
        return chosen

    def _beside(self, ends: Snapped, pair: Ints, other: Ints) -> bool:
        one, two = ends.xy[pair], ends.xy[other]
        return any(
            bool((np.hypot(*(one - turned).T) < APART_M).all()) for turned in (two, two[::-1])
        )

    def _asked(self, present: Daily, walk: Impedance, ends: Snapped) -> MissingLink | None:
        """Lay a passage over the streets, and return what it saves; None where it does not fit."""
        (lon, lat), (lon_to, lat_to) = to_lonlat(ends.xy, self.district.crs).round(7).tolist()
        edit = AddLink(lon=lon, lat=lat, lon_to=lon_to, lat_to=lat_to, name="", steps=-1)
        try:
            changed = daily(with_edit(self.study, edit), self.who)
        except DataError:
            return None
        less = longer(changed, present)
        by_kind = less @ present.walks / len(present.kinds)
        nearer = (less > 0).any(axis=0)
        here = nearer & (present.residents > 0)
        one, other = (ends.take(slice(i, i + 1)) for i in (0, 1))
        names = self.district.network.segment_name[ends.segment]
        return MissingLink(
            begin=(lon, lat),
            finish=(lon_to, lat_to),
            xy=ends.xy,
            streets=(street_label(names[0]), street_label(names[1])),
            air_m=float(np.hypot(*(ends.xy[1] - ends.xy[0]))),
            walk_m=float(many_to_many(by_length(walk), one, other)[0, 0]),
            residents=float(present.residents[nearer].sum()),
            older=float(present.older[nearer].sum()),
            minutes=float(by_kind.sum()),
            most_minutes=float(less[:, here].max(initial=0.0)),
            by_kind=dict(zip(present.kinds, by_kind.tolist(), strict=True)),
        )


def _air(ends: Snapped, pairs: Ints) -> Floats:
    metres: Floats = np.hypot(*(ends.xy[pairs[:, 0]] - ends.xy[pairs[:, 1]]).T)
    return metres


def _blocks(ends: Ints) -> Iterator[Ints]:
    for start in range(0, len(ends), _BLOCK):
        yield ends[start : start + _BLOCK]


def _rows(rows: Ints, points: Snapped) -> NDArray[np.bool_]:
    chosen = np.zeros(len(points.segment), np.bool_)
    chosen[rows] = True
    return chosen


def _some(points: Snapped, rows: Ints) -> Snapped:
    return points.take(_rows(rows, points))
