"""The nouns: plain, frozen, without behaviour beyond their own arithmetic.

Units stand in the names: ``_m`` metres, ``_s`` seconds, ``_ms`` milliseconds.
Arrays named ``xy`` are metres in the district's metric reference system,
``lonlat`` are degrees in WGS 84, longitude first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from circle.i18n import language

if TYPE_CHECKING:
    from datetime import datetime

    from shapely import MultiPolygon, Polygon

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Strings = NDArray[Any]

AGE_GROUPS = ("age_0_14", "age_15_59", "age_60_64", "age_65_plus")
"""Columns of residents by age; `residents` is a column of its own, not their sum."""
RESIDENT_COLUMNS = ("residents", *AGE_GROUPS)
SENIORS = {
    "residents_60_plus": ("age_60_64", "age_65_plus"),
    "residents_65_plus": ("age_65_plus",),
}
"""Groups that are added up from columns of residents."""
GROUPS = (*RESIDENT_COLUMNS, *SENIORS)
"""All groups of residents that figures are given for."""
WHOLE = ""
"""The area that stands for the whole district."""
NOT_IN_ANY = "(none)"
"""The area that stands for residents who live in none of a level's units."""
LEVEL_FILES = {
    "area": "areas.geojson",
    "committee": "committees.geojson",
    "grid": "grid.geojson",
}
"""The levels below the district, and the layer that brings each; areas are always there."""


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of wording in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh


SPEED_CV = 0.2
"""Standard deviation over mean of people's walking speeds, where a profile states none.

Over 65: mean 3.81, 15th percentile 3.02 feet a second (Gates et al. 2006, 326
people), for a normal spread (3.81 - 3.02) / 1.036 / 3.81 = 0.20. Assumed to be
the same for every other profile.
"""


class Completeness(StrEnum):
    """How complete the list of a kind of facility is."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """How far a requirement has been checked against the official text."""

    CHECKED = "checked"
    SECONDARY = "secondary"
    CONFLICT = "conflict"
    MEMORY = "memory"


class Rule(StrEnum):
    """What a requirement is judged by."""

    MINUTES = "minutes"
    METRES = "metres"


class Cause(StrEnum):
    """Why residents are out of reach."""

    NO_FACILITY = "no_facility"
    DETOUR = "detour"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one document asks of one service.

    Attributes
    ----------
    id, standard
        Its own name, and the set that it stands in.
    service
        What is asked for. Requirements of one set with the same service are
        what disagreeing sources say of it; exactly one is the `default`.
    kind, name_has
        Which facilities count: those of a kind, and, unless "", of these the
        ones whose name holds `name_has`.
    tier
        The circle that the document puts it in: 5, 10 or 15 minutes.
    minutes, metres
        The limits; one at least. Metres are judged along the network.
    judged_by
        Which limit decides where there are two.
    profile, group
        Whom it is for: a walking profile ("" when the document names no pace)
        and a group of residents.
    clause, year
        Empty and None when not known.
    status
        How far it has been checked against the official text.
    """

    id: str
    standard: str
    service: str
    name: Text
    kind: str
    name_has: str
    tier: int
    minutes: float | None
    metres: float | None
    judged_by: Rule
    profile: str
    group: str
    document: Text
    clause: Text
    year: int | None
    source: Text
    status: Status
    default: bool
    note: Text

    @property
    def limit_minutes(self) -> float:
        """The limit in minutes; that of the tier where the document gives metres alone."""
        return float(self.tier) if self.minutes is None else self.minutes

    def within(self, seconds: Floats, metres: Floats, rule: Rule) -> Bools:
        """Return which walks, shape (k,), keep one of the limits."""
        if rule is Rule.METRES and self.metres is not None:
            return np.asarray(metres <= self.metres)
        return np.asarray(seconds <= self.limit_minutes * 60)


@dataclass(frozen=True, slots=True)
class StandardSet:
    """The requirements of one document, as one file holds them."""

    id: str
    name: Text
    document: Text
    year: int | None
    note: Text
    requirements: tuple[Requirement, ...]

    @property
    def defaults(self) -> tuple[Requirement, ...]:
        """The requirement of each service that stands where sources disagree."""
        return tuple(one for one in self.requirements if one.default)

    def others(self, requirement: Requirement) -> tuple[Requirement, ...]:
        """Return what disagreeing sources say of the same service."""
        return tuple(
            one
            for one in self.requirements
            if one.service == requirement.service and one.id != requirement.id
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in a file: where it is, what it is, how to mend it.

    `key` and `values` make the sentences ``finding.KEY.what`` and
    ``finding.KEY.mend`` of the language files. `row` counts as a spreadsheet
    does: the header is row 1. `column` is a column or a property.
    """

    file: str
    key: str
    row: int | None = None
    column: str | None = None
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Who walks, and how.

    Attributes
    ----------
    speed_m_s
        Speed on the level, metres a second.
    steps_allowed
        False for wheels: segments with steps are barred.
    seconds_per_step
        Time for one step of a stair (the mean of up and down), used where a
        segment's steps are counted; else a stair is walked at `speed_m_s`.
    signal_wait_s
        Wait at each signal-controlled junction passed, seconds.
    speed_cv
        How much people of this profile differ: standard deviation of their
        speeds over the mean.
    """

    id: str
    name: Text
    speed_m_s: float
    steps_allowed: bool = True
    seconds_per_step: float | None = None
    signal_wait_s: float = 0.0
    source: str = ""
    speed_cv: float = SPEED_CV


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place: how it is named and drawn.

    `service` is true for the kinds that a life circle is judged by.
    """

    id: str
    name: Text
    letter: str
    colour: str
    symbol: str
    service: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """How complete the list of one kind is, as of when, on what basis.

    Attributes
    ----------
    confirmed_by, confirmed_at
        Who confirmed that it is complete, and when (UTC); "" and None where the
        district's own table says what is said.
    """

    kind: str
    completeness: Completeness
    as_of: str
    basis: Text
    confirmed_by: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """Where one layer of a district comes from."""

    id: str
    file: str
    rows: int
    sha256: str
    source: Text
    licence: Text
    observed: str
    trust: Text
    modelled: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A unit of one level: an area (片区), a residents' committee or a grid cell.

    `official` is False for a line drawn by others.
    """

    id: str
    name: Text
    official: bool
    note: Text
    polygon: Polygon | MultiPolygon


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """Walkable streets as flat arrays: n junctions, m undirected segments.

    Junctions stand in Hilbert order, so that neighbours in space are neighbours
    in memory.

    Attributes
    ----------
    crs
        Metric reference system of every ``xy``.
    node_id, node_xy, node_signal
        Shapes (n,), (n, 2), (n,): identifier, position, signal-controlled.
    segment_nodes
        Shape (m, 2): the two ends; equal for a loop.
    segment_length_m
        Shape (m,): true length along the way.
    segment_steps
        Shape (m,): -1 no stair, 0 a stair of unknown count, else the count.
    segment_class, segment_name, segment_shape_kind
        Shape (m,): highway value, street name, ``traced | straight | chord``.
    shape_xy, shape_start
        Shapes (k, 2), (m + 1,): vertices of segment i are rows
        ``shape_start[i]:shape_start[i + 1]``, from its first end to its second.
    adjacency_start, adjacency_node, adjacency_segment
        Compressed rows, shapes (n + 1,), (2m,), (2m,): what leaves each junction.
    """

    crs: str
    node_id: NDArray[np.int64]
    node_xy: Floats
    node_signal: Bools
    segment_nodes: Ints
    segment_length_m: Floats
    segment_steps: Ints
    segment_class: Strings
    segment_name: Strings
    segment_shape_kind: Strings
    shape_xy: Floats
    shape_start: Ints
    adjacency_start: Ints
    adjacency_node: Ints
    adjacency_segment: Ints


@dataclass(frozen=True, eq=False)
class Impedance:
    """What each segment costs one profile, in whole milliseconds.

    Attributes
    ----------
    segment_ms
        Shape (m,): time along a segment; -1 where the profile may not go.
    edges
        Shape (2m, 2), by adjacency: the junction arrived at, and the time to
        it with the wait there; beyond any limit where barred.
    node_ms
        Shape (n,): wait at each junction.
    bucket_shift
        The queue's buckets are ``2 ** bucket_shift`` milliseconds wide.
    longest_ms
        The largest cost of one adjacency.
    """

    network: WalkNetwork
    profile: Profile
    segment_ms: Ints
    edges: Ints
    node_ms: Ints
    bucket_shift: int
    longest_ms: int


@dataclass(frozen=True, eq=False)
class Snapped:
    """k points put on the nearest walkable segment.

    Attributes
    ----------
    xy
        Shape (k, 2): where the points are.
    segment
        Shape (k,): the segment; -1 where none is near enough.
    fraction
        Shape (k,): share of the segment's length from its first end.
    off_m
        Shape (k,): straight walk from the point to the street.
    """

    xy: Floats
    segment: Ints
    fraction: Floats
    off_m: Floats


@dataclass(frozen=True, eq=False)
class Reach:
    """All that one origin reaches within a limit.

    Attributes
    ----------
    node, ms
        Shape (r,): junctions reached and the time to each, in milliseconds.
    """

    impedance: Impedance
    origin: Snapped
    limit_s: float
    node: Ints
    ms: Ints


@dataclass(frozen=True, eq=False)
class Path:
    """A walk from one point to another.

    Attributes
    ----------
    seconds, metres, off_street_m
        The whole time; the whole way; the part of it off the street, both ends.
    xy
        Shape (p, 2): the line, from point to point.
    streets
        Street names in order with metres on each; "" where a street has none.
    steps
        Whether the walk takes a stair.
    """

    seconds: float
    metres: float
    off_street_m: float
    xy: Floats
    streets: tuple[tuple[str, float], ...]
    steps: bool


@dataclass(frozen=True, eq=False)
class Isochrone:
    """The ground within one limit, with its measured error.

    Attributes
    ----------
    minutes
        The limit.
    geometry
        In metres of the network's system.
    missed
        Share of the length of reachable street that lies outside.
    false_in
        Share of the length of street inside that is out of reach.
    """

    minutes: float
    geometry: MultiPolygon
    area_km2: float
    missed: float
    false_in: float


@dataclass(frozen=True, eq=False)
class LifeCircle:
    """What one place has within its walking limits.

    Attributes
    ----------
    origin
        The place, on its street.
    isochrones
        One a limit, ascending.
    residents
        Modelled residents within each limit: index minutes, columns residents,
        residents_60_plus, residents_65_plus (all of the district) and
        residents_beyond (outside its boundary, as far as the data goes).
    facilities
        All facilities with ``seconds`` from the origin (infinite where there
        is no way), nearest first.
    nearest
        Of these the nearest of every service: the nearest with a verified
        position and, where it is nearer still, one with a guessed position
        after it. A kind without any facility has no row.
    heritage
        Heritage places with ``seconds``, nearest first.
    """

    origin: Snapped
    isochrones: tuple[Isochrone, ...]
    residents: pd.DataFrame
    facilities: pd.DataFrame
    nearest: pd.DataFrame
    heritage: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Coverage:
    """How many residents reach a kind of facility within a limit.

    Attributes
    ----------
    minutes
        The limit in minutes; where `standard` is judged by metres, the one that
        is shown beside it.
    unverified
        Whether facilities with a guessed position were counted in.
    seconds, metres
        Shape (k,), for each row of the district's demand: time and way along
        the streets to the nearest facility, infinite without one. Where stairs
        or signals cost time these may be two facilities.
    which
        Shape (k,): row in the district's facilities of the nearest one by the
        rule that judges; -1 without one.
    table
        One row for each area and age group, and for the whole (area ""):
        columns area, group, residents, covered, uncovered, rate (NaN where
        nobody lives).
    facilities_counted, unverified_counted, unverified_left_out
        How many facilities the figures rest on, how many of these have a
        guessed position, and how many such were left out.
    at_least
        True when the rate is a lower bound: the register is not complete, or
        a facility with a guessed position was left out.
    """

    kind: str
    profile: str
    minutes: float
    unverified: bool
    register: Register
    seconds: Floats
    metres: Floats
    which: Ints
    table: pd.DataFrame
    facilities_counted: int
    unverified_counted: int
    unverified_left_out: int
    at_least: bool
    standard: Requirement | None = None

    @property
    def rule(self) -> Rule:
        """What it is judged by."""
        return Rule.MINUTES if self.standard is None else self.standard.judged_by

    @property
    def within(self) -> Bools:
        """Shape (k,): which demand points are within the limit that judges."""
        if self.standard is None:
            return np.asarray(self.seconds <= self.minutes * 60)
        return self.standard.within(self.seconds, self.metres, self.rule)


@dataclass(frozen=True, eq=False)
class NoData:
    """A requirement that nothing can be said of: no facility can be counted.

    Attributes
    ----------
    reason
        ``kind``: the district does not know the kind; ``facilities``: it has
        none; ``verified``: it has only ones with a guessed position, and these
        were left out.
    left_out
        How many these are.
    """

    standard: Requirement
    profile: str
    unverified: bool
    reason: str
    left_out: int


@dataclass(frozen=True, eq=False)
class Provision:
    """How many of several services each demand point has within their limits.

    Attributes
    ----------
    services
        The m services that there is data for, one coverage each.
    no_data
        Those that nothing can be said of: in no count, neither as had nor as
        lacking.
    within
        Shape (k, m): which of them each row of the district's demand has.
    count
        Shape (k,): how many.
    table
        As `Coverage.table`: covered are those who have all m. None when there
        is data for none.
    at_least
        True when one of the coverages is a lower bound: then a service that is
        lacking is only not known.
    """

    services: tuple[Coverage, ...]
    no_data: tuple[NoData, ...]
    within: Bools
    count: Ints
    table: pd.DataFrame | None
    at_least: bool


@dataclass(frozen=True, eq=False)
class Gap:
    """A contiguous zone whose residents are out of reach.

    Attributes
    ----------
    rank
        1 is the worst by resident-minutes beyond the limit.
    streets
        The streets on which most of its residents live.
    minutes_beyond
        Mean over residents of the minutes beyond the limit; infinite where
        there is no way.
    nearest
        Row of the district's facilities that most of its residents would walk
        to; -1 where there is none.
    shown
        The ground around each of its demand points; see `geometry`.
    straight_m
        Mean over residents of the straight line to the facility nearest by
        straight line, metres; NaN where there is none.
    detour
        Mean way along the streets over `straight_m`; NaN where there is no
        facility or residents live on top of it, infinite where there is no way.
    cause
        The likely cause; the rule is in docs/methods.md.
    heritage
        Addresses with protected heritage inside `geometry`.
    constrained
        Whether there are such, or residents on a road that is never to be
        widened: what is built here has to respect them.
    near
        The street with a name that is nearest to the mean place of its
        residents; "" when no street has a name.
    """

    rank: int
    streets: tuple[str, ...]
    residents: float
    residents_60_plus: float
    minutes_beyond: float
    nearest: int
    shown: Strings
    straight_m: float
    detour: float
    cause: Cause
    heritage: int
    constrained: bool
    near: str = ""

    @cached_property
    def geometry(self) -> MultiPolygon:
        """The zone in metres, joined when first asked for; holds nobody who is within reach."""
        parts = shapely.get_parts(shapely.union_all(self.shown))
        return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _no_figures() -> pd.DataFrame:
    return pd.DataFrame({"key": [], "value": [], "meaning": [], "seed": []})


@dataclass(frozen=True, eq=False)
class District:
    """A district and all that the product knows of it.

    Tables (pandas) carry ``lon``, ``lat`` in degrees and ``x``, ``y`` in metres.

    Attributes
    ----------
    boundary, areas
        Polygons in metres of `crs`.
    start
        Longitude and latitude where a visit begins.
    facilities
        Columns id, name, name_en, kind, address, verified (bool), inside
        (bool), position_accuracy_m, position_basis, opened, floor_area_m2,
        capacity, capacity_unit, services, hours, source.
    heritage
        Columns id, kind, name, address, batch, built, grade, inside (bool),
        position_accuracy_m, uri.
    demand
        Where residents are put on the street (modelled): columns cell, area
        (id of an area or ""), inside (bool), segment (row of the network's
        segments), fraction, and `RESIDENT_COLUMNS`.
    modified
        True when files differ from the hash written when the folder was built.
    never_widened
        Roads that are never to be widened: columns name, confidence; empty when
        the folder has no such table.
    figures
        What was published of the district: columns key, value, meaning, seed;
        empty when the folder has no such table.
    levels
        The units of each level that is there: "area" always, the same as
        `areas`; "committee" and "grid" where their layer is supplied. `demand`
        has for each a column of that name: the id of a unit, "" for none.
    """

    id: str
    name: Text
    time_zone: str
    crs: str
    observed: str
    content_hash: str
    boundary: Polygon | MultiPolygon
    areas: tuple[Area, ...]
    network: WalkNetwork
    facilities: pd.DataFrame
    heritage: pd.DataFrame
    demand: pd.DataFrame
    kinds: dict[str, Kind]
    registers: dict[str, Register]
    profiles: dict[str, Profile]
    layers: tuple[Layer, ...]
    places: pd.DataFrame | None = None
    modified: bool = False
    start: tuple[float, float] | None = None
    start_name: Text = field(default_factory=lambda: Text("", ""))
    never_widened: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame({"name": [], "confidence": []}, dtype=object)
    )
    figures: pd.DataFrame = field(default_factory=_no_figures)
    levels: dict[str, tuple[Area, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the level of areas the same as `areas`."""
        object.__setattr__(self, "levels", {"area": ()} | self.levels | {"area": self.areas})
