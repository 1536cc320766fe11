"""Addresses → places, offline: known addresses, house numbers along a street, its middle."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_lonlat
from circle.intake.grammar import Address, read_address
from circle.model import derived
from circle.network.graph import segment_lines, street_names
from circle.places.search import normal, sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from circle.model import District, Floats

KNOWN_M = 50.0
"""How far off a known address may be that does not say so."""
_ROUGH_M = 80.0
"""What a place beside a known one is off at least: nine in ten found so are no farther off."""
SURE_M = 150.0
"""A place known no better than this is no ground for another one's position."""
_ALONG_M = 3.0
"""Metres from one number of a side to the next but one, where a street tells nothing."""
_FARTHEST = 60
"""Numbers beyond the last that is known, up to which a street is continued."""
_OFF_STREET_M = 120.0


class Method(Enum):
    """How a place was found: where the address is known, along its street, at its middle."""

    POINT = "point"
    INTERPOLATED = "interpolated"
    CENTROID = "centroid"


class Located(NamedTuple):
    """Where an address is, how that was found, and how far it may be off.

    `street` is the street as the district writes it.
    """

    lon: float
    lat: float
    method: Method
    accuracy_m: float
    street: str


class _Spot(NamedTuple):
    xy: Floats
    method: Method
    accuracy_m: float


@dataclass(frozen=True, eq=False)
class _Street:
    """A street: its lines in metres, put together where they join, and its known numbers."""

    name: str
    lines: tuple[shapely.LineString, ...]
    known: Mapping[Address, tuple[Floats, float]]

    @cached_property
    def _all_numbers(self) -> dict[int, Floats]:
        return self._numbers(None)

    def numbers(self, without: Address | None) -> dict[int, Floats]:
        """Return where the numbers along the street are, the middle of those of one lane."""
        return self._all_numbers if without is None else self._numbers(without)

    def _numbers(self, without: Address | None) -> dict[int, Floats]:
        places: dict[int, list[Floats]] = {}
        for address, (xy, _) in self.known.items():
            if address.on_street and address != without:
                places.setdefault(address.on_street, []).append(xy)
        return {number: np.median(xy, axis=0) for number, xy in places.items()}


@dataclass(frozen=True, eq=False)
class Geocoder:
    """The streets of a district with the addresses that are known on them."""

    crs: str
    streets: Mapping[str, _Street]
    sounds: Mapping[str, str]
    _read: dict[str, str] = field(default_factory=dict)

    def find(self, text: str) -> Located | None:
        """Return where an address is; None where its street is not known."""
        address = read_address(text)
        return None if address is None else self._find(address)

    def _find(self, address: Address, without: Address | None = None) -> Located | None:
        street = self._street(address.street)
        if street is None:
            return None
        address = address._replace(street=normal(street.name))
        spot = (
            _known(street, address, without)
            or self._lane(address, without)
            or _along(street, address.on_street, without)
            or _middle(street)
        )
        if spot is None:
            return None
        lon, lat = to_lonlat(spot.xy, self.crs)[0]
        accuracy_m = float(np.ceil(spot.accuracy_m))
        return Located(float(lon), float(lat), spot.method, accuracy_m, street.name)

    def _street(self, written: str) -> _Street | None:
        """Return a street by its name, by how it sounds, or the one that ends what is written."""
        if written not in self._read:
            self._read[written] = self._named(written)
        return self.streets.get(self._read[written])

    def _named(self, written: str) -> str:
        if written in self.streets:
            return written
        ends = [name for name in self.streets if written.endswith(name)]
        return max(ends, key=len, default="") or self.sounds.get(sound(written), "")

    def _lane(self, address: Address, without: Address | None) -> _Spot | None:
        """Return the middle of a lane: of what is known in it, else of its own street."""
        if not address.lane:
            return None
        street = self.streets[address.street]
        here = [
            xy
            for known, (xy, _) in street.known.items()
            if known.lane == address.lane and known != without
        ]
        if here:
            middle = np.median(here, axis=0)
            spread = float(np.hypot(*(np.array(here) - middle).T).max())
            return _Spot(middle, Method.INTERPOLATED, _ROUGH_M + spread)
        drawn = self.streets.get(f"{address.street}{address.lane}弄")
        return None if drawn is None else _middle(drawn)

    def measured(self) -> pd.DataFrame:
        """Return how far off each known address is found once it is left out.

        Returns
        -------
        DataFrame
            Columns street, number, method, error_m, accuracy_m, a row an address.
        """
        rows = []
        for street in self.streets.values():
            for address, (xy, _) in street.known.items():
                if address.on_street and (there := self._find(address, address)) is not None:
                    here = to_lonlat(xy, self.crs)[0]
                    error_m = _metres_between(here, (there.lon, there.lat))
                    row = (street.name, address.on_street, there.method.value)
                    rows.append((*row, error_m, there.accuracy_m))
        return pd.DataFrame(rows, columns=["street", "number", "method", "error_m", "accuracy_m"])


class Measure(NamedTuple):
    """How good the geocoder is, by addresses left out: of how many, and how far off in metres."""

    addresses: int
    median_m: float
    p90_m: float
    within: float
    """Share of them that are no farther off than the geocoder says."""


@derived
def geocoder_of(district: District) -> Geocoder:
    """Return the geocoder of a district's streets and known addresses."""
    crs, network = district.crs, district.network
    rows: dict[str, list[int]] = {}
    written: dict[str, str] = {}
    for row, names in enumerate(network.segment_name):
        for name in street_names(names):
            rows.setdefault(normal(name), []).append(row)
            written.setdefault(normal(name), name)
    known: dict[str, dict[Address, tuple[Floats, float]]] = {}
    for address, xy, accuracy_m in _addresses(district):
        written.setdefault(address.street, address.street)
        known.setdefault(address.street, {}).setdefault(address, (xy, accuracy_m))
    drawn = segment_lines(network)
    streets = {
        key: _Street(name, _merged(drawn[rows.get(key, [])]), known.get(key, {}))
        for key, name in written.items()
    }
    heard: dict[str, list[str]] = {}
    for key in streets:
        if said := sound(key):
            heard.setdefault(said, []).append(key)
    return Geocoder(crs, streets, {said: keys[0] for said, keys in heard.items() if len(keys) == 1})


@derived
def geocoding(district: District) -> dict[str, Measure]:
    """Return how far off the geocoder is, by method and (``all``) over all known addresses."""
    table = geocoder_of(district).measured()
    groups = {"all": table} | {str(name): rows for name, rows in table.groupby("method")}
    return {name: _measure(rows) for name, rows in groups.items() if len(rows)}


def _measure(rows: pd.DataFrame) -> Measure:
    error_m = rows["error_m"].to_numpy(np.float64)
    within = float((error_m <= rows["accuracy_m"].to_numpy(np.float64)).mean())
    return Measure(len(rows), float(np.median(error_m)), float(np.quantile(error_m, 0.9)), within)


def _addresses(district: District) -> Iterator[tuple[Address, Floats, float]]:
    """Give every address that is known well enough, the best known of each first."""
    built = district.as_built or district
    tables = [built.facilities, built.heritage]
    tables += [] if built.places is None else [built.places]
    rows = [
        (address, np.array([row["x"], row["y"]]), accuracy_m)
        for table in tables
        for row in table.to_dict("records")
        if (address := read_address(str(row.get("address") or ""))) is not None
        and (accuracy_m := _stated(row.get("position_accuracy_m"))) <= SURE_M
        and np.isfinite([row["x"], row["y"]]).all()
        and "geocoded" not in str(row.get("position_basis", ""))
    ]
    yield from sorted(rows, key=lambda row: row[2])


def _stated(accuracy_m: object) -> float:
    stated = isinstance(accuracy_m, int | float) and np.isfinite(accuracy_m)
    return float(accuracy_m) if stated else KNOWN_M  # type: ignore[arg-type]


def _merged(lines: np.ndarray) -> tuple[shapely.LineString, ...]:
    return (
        tuple(shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))) if len(lines) else ()
    )


def _known(street: _Street, address: Address, without: Address | None) -> _Spot | None:
    if address == without or not address.on_street or address not in street.known:
        return None
    return _Spot(street.known[address][0], Method.POINT, street.known[address][1])


def _along(street: _Street, number: int, without: Address | None) -> _Spot | None:
    """Return a number's place between its neighbours on its side, else on both sides."""
    if not number:
        return None
    places = street.numbers(without)
    side = {known: xy for known, xy in places.items() if known % 2 == number % 2}
    for numbers, more_m in ((side, 0.0), (places, KNOWN_M / 2)):
        lower = max((known for known in numbers if known <= number), default=None)
        upper = min((known for known in numbers if known >= number), default=None)
        if lower is not None and upper is not None:
            spot = _between(street, number, (lower, numbers[lower]), (upper, numbers[upper]))
            return spot._replace(accuracy_m=spot.accuracy_m + more_m)
    return _beyond(street, number, places)


def _between(
    street: _Street, number: int, lower: tuple[int, Floats], upper: tuple[int, Floats]
) -> _Spot:
    (first, start), (last, end) = lower, upper
    share = (number - first) / (last - first) if last > first else 0.0
    straight_m = float(np.hypot(*(end - start)))
    there = start + share * (end - start)
    line = _line_of(street, start, end)
    if line is not None:
        along = np.asarray(shapely.line_locate_point(line, shapely.points([start, end])))
        feet = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
        on_line = along[0] + share * (along[1] - along[0])
        foot = shapely.get_coordinates(shapely.line_interpolate_point(line, on_line))[0]
        there = foot + (1 - share) * (start - feet[0]) + share * (end - feet[1])
    accuracy_m = _ROUGH_M + straight_m * min(share, 1 - share)
    return _Spot(there, Method.INTERPOLATED, accuracy_m)


def _line_of(street: _Street, *places: Floats) -> shapely.LineString | None:
    """Return the line of a street that all places lie along; None where none does."""
    if not street.lines:
        return None
    away = np.array([shapely.distance(street.lines, shapely.Point(xy)) for xy in places])
    best = int(away.max(axis=0).argmin())
    return street.lines[best] if away[:, best].max() <= _OFF_STREET_M else None


def _beyond(street: _Street, number: int, places: Mapping[int, Floats]) -> _Spot | None:
    """Return a number's place past the last that is known, by how far apart numbers are."""
    if not places:
        return None
    nearest = min(places, key=lambda known: (abs(known - number), known))
    more = number - nearest
    if abs(more) > _FARTHEST:
        return None
    here = places[nearest]
    line = _line_of(street, here)
    if line is None:
        return _Spot(here, Method.INTERPOLATED, _ROUGH_M + abs(more) * _ALONG_M)
    numbers = np.array(sorted(places))
    at = shapely.line_locate_point(line, shapely.points([places[n] for n in numbers]))
    each_m = float(np.polyfit(numbers, at, 1)[0]) if len(numbers) > 1 else 0.0
    each_m = float(np.clip(each_m, -2 * _ALONG_M, 2 * _ALONG_M))
    there = shapely.line_locate_point(line, shapely.Point(here)) + more * each_m
    foot = shapely.line_interpolate_point(
        line, [shapely.line_locate_point(line, shapely.Point(here)), np.clip(there, 0, line.length)]
    )
    before, after = shapely.get_coordinates(foot)
    accuracy_m = _ROUGH_M + abs(more) * _ALONG_M
    return _Spot(after + here - before, Method.INTERPOLATED, accuracy_m)


def _middle(street: _Street) -> _Spot | None:
    """Return the middle of a street, as far off as its ends."""
    if not street.lines:
        places = list(street.numbers(None).values())
        return None if not places else _centre(np.array(places))
    drawn = shapely.MultiLineString(street.lines)
    centre = shapely.centroid(drawn)
    at = shapely.get_coordinates(shapely.shortest_line(drawn, centre))[0]
    vertices = shapely.get_coordinates(shapely.segmentize(drawn, 20.0))
    away = np.hypot(*(vertices - at).T)
    return _Spot(at, Method.CENTROID, KNOWN_M + float(np.quantile(away, 0.9)))


def _centre(places: Floats) -> _Spot:
    at = np.median(places, axis=0)
    return _Spot(at, Method.CENTROID, 2 * KNOWN_M + float(np.hypot(*(places - at).T).max()))


def _metres_between(here: Floats, there: tuple[float, float]) -> float:
    from pyproj import Geod  # noqa: PLC0415 - only to measure

    return float(Geod(ellps="WGS84").inv(here[0], here[1], there[0], there[1])[2])
