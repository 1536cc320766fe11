"""The nouns: plain, frozen, without behaviour beyond their own arithmetic.

Units stand in the names: ``_m`` metres, ``_s`` seconds, ``_ms`` milliseconds.
Arrays named ``xy`` are metres in the district's metric reference system,
``lonlat`` are degrees in WGS 84, longitude first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
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


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of wording in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh


class Completeness(StrEnum):
    """How complete the list of a kind of facility is."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


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
    """

    id: str
    name: Text
    speed_m_s: float
    steps_allowed: bool = True
    seconds_per_step: float | None = None
    signal_wait_s: float = 0.0
    source: str = ""


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
    """A part of the district (片区). `official` is False for a line drawn by others."""

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
    adjacency_ms
        Shape (2m,): the same by adjacency, with the wait at the junction
        arrived at; -1 where barred.
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
    adjacency_ms: Ints
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
    unverified
        Whether facilities with a guessed position were counted in.
    seconds, which
        Shape (k,), for each row of the district's demand: time to the nearest
        facility (infinite without one) and its row in the district's
        facilities (-1 without one).
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
    which: Ints
    table: pd.DataFrame
    facilities_counted: int
    unverified_counted: int
    unverified_left_out: int
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
    geometry
        In metres; holds no resident who is within reach.
    """

    rank: int
    streets: tuple[str, ...]
    residents: float
    residents_60_plus: float
    minutes_beyond: float
    nearest: int
    geometry: Polygon | MultiPolygon


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
    figures
        What was published of the district: columns key, value, meaning, seed;
        empty when the folder has no such table.
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
    figures: pd.DataFrame = field(default_factory=_no_figures)
