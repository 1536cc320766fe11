"""Find a place by name, street or lane: offline, in Chinese, in pinyin, or by its sound."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_lonlat, to_metric
from circle.network.graph import segment_lines, street_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle.model import District

MAX_QUERY = 80
_NOT_WORDS = re.compile(r"[\s·,,.。、()()\-_'\"]+")
_LANE = re.compile(r"^(.+?弄)")
_HAN = re.compile(r"[㐀-鿿]")
_LEAST_SYLLABLES = 2
_ALIKE = 3
"""How much later than what is written so comes what only sounds so."""


@dataclass(frozen=True, slots=True)
class Place:
    """Something with a name that an origin can be set to.

    Attributes
    ----------
    keys
        What a query is compared with: the name and the address as they are, in
        pinyin, and in pinyin initials.
    sounds
        The name and the address by `sound`.
    inside
        Whether it lies in the district.
    """

    name: str
    detail: str
    kind: str
    lon: float
    lat: float
    keys: tuple[str, ...]
    sounds: tuple[str, ...] = ()
    inside: bool = True


class _Row(NamedTuple):
    name: str
    detail: str
    kind: str
    lon: float
    lat: float
    name_en: str = ""


def build_index(district: District) -> tuple[Place, ...]:
    """Return everything that can be searched for, facilities first, streets last."""
    rows = [
        _Row(
            _word(row.get("name")),
            _word(row.get("address")),
            kind or _word(row.get("kind")),
            float(row["lon"]),
            float(row["lat"]),
            _word(row.get("name_en")),
        )
        for table, kind in _tables(district)
        for row in table.to_dict("records")
    ]
    rows = [row for row in rows if row.name]
    rows = list(dict.fromkeys([*rows, *_lanes(rows), *_streets(district)]))
    inside = _inside(district, rows)
    return tuple(_place(row, inside=within) for row, within in zip(rows, inside, strict=True))


def example_street(district: District) -> str:
    """Return the street with the most metres, to show what may be typed; "" without names."""
    names, street = np.unique(district.network.segment_name.astype(str), return_inverse=True)
    metres = np.bincount(street, weights=district.network.segment_length_m, minlength=len(names))
    metres[names == ""] = 0.0
    return str(names[metres.argmax()]).split(";")[0] if metres.any() else ""


def example_address(district: District) -> str:
    """Return the first address of a facility of the district, or else `example_street`."""
    inside = district.facilities[district.facilities["inside"]]
    addresses = (_word(address) for address in inside["address"])
    return next((address for address in addresses if address), example_street(district))


def find(places: Iterable[Place], query: str, most: int = 8) -> list[Place]:
    """Return the places that fit `query` best, best first.

    A whole name comes before a beginning, a beginning before a part; the same
    in pinyin (``hengshan``) and in pinyin initials (``hsl``); last what is written
    otherwise and sounds so (横山路 for 衡山路).

    Parameters
    ----------
    places
        From `build_index`.
    query
        What was typed; only the first 80 characters count.
    most
        How many to return.
    """
    wanted = normal(query[:MAX_QUERY])
    if not wanted:
        return []
    said = sound(query[:MAX_QUERY])
    scored = [
        (score, number, place)
        for number, place in enumerate(places)
        if (score := _score(place, wanted, said)) is not None
    ]
    return [place for _, _, place in sorted(scored, key=lambda s: s[:2])[:most]]


def sound(text: str) -> str:
    """Return how `text` sounds, syllable by syllable; "" where it has fewer than two Han."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - 0.3 s, only for a search

    plain = normal(text)
    if len(_HAN.findall(plain)) < _LEAST_SYLLABLES:
        return ""
    return f" {' '.join(lazy_pinyin(plain))} "


def normal(text: str) -> str:
    """Return `text` as it is compared: one width, one case, no blanks or points."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _score(place: Place, wanted: str, said: str) -> tuple[int, int] | None:
    matches = [_match(key, wanted, rank) for rank, key in enumerate(place.keys)]
    if said:
        heard = (_match(key, said, rank) for rank, key in enumerate(place.sounds))
        matches += [None if match is None else (match[0] + _ALIKE, match[1]) for match in heard]
    return min((match for match in matches if match is not None), default=None)


def _match(key: str, wanted: str, rank: int) -> tuple[int, int] | None:
    if key == wanted:
        return 0, rank
    if key.startswith(wanted):
        return 1, rank
    return (2, rank) if len(wanted) > 1 and wanted in key else None


def _place(row: _Row, *, inside: bool) -> Place:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 0.3 s, only for a search

    keys = [normal(row.name), normal(row.detail), normal(row.name_en)]
    texts = (row.name, row.detail)
    for text in texts:
        if _HAN.search(text):
            keys.append(normal("".join(lazy_pinyin(text))))
            keys.append(normal("".join(lazy_pinyin(text, style=Style.FIRST_LETTER))))
    return Place(
        *row[:5],
        keys=tuple(dict.fromkeys(key for key in keys if key)),
        sounds=tuple(dict.fromkeys(said for text in texts if (said := sound(text)))),
        inside=inside,
    )


def _inside(district: District, rows: list[_Row]) -> list[bool]:
    """Tell of each row whether it lies in the district."""
    lonlat = np.array([(row.lon, row.lat) for row in rows], np.float64).reshape(-1, 2)
    xy = to_metric(lonlat[:, 0], lonlat[:, 1], district.crs)
    shapely.prepare(district.boundary)
    within: list[bool] = shapely.intersects_xy(district.boundary, xy).tolist()
    return within


def _tables(district: District) -> Iterator[tuple[pd.DataFrame, str]]:
    yield district.facilities, ""
    if district.places is not None:
        yield district.places, ""
    yield district.heritage, "heritage"


def _lanes(rows: Iterable[_Row]) -> Iterator[_Row]:
    """Lanes (弄) named in addresses, each where its first address is."""
    seen = set()
    for row in rows:
        lane = _LANE.match(row.detail)
        if lane and lane[1] not in seen:
            seen.add(lane[1])
            yield _Row(lane[1], "", "lane", row.lon, row.lat)


def _streets(district: District) -> Iterator[_Row]:
    """Streets, each at the middle of its longest segment, inside the district first."""
    network = district.network
    names = [street_names(name) for name in network.segment_name]
    segment = np.repeat(np.arange(len(names)), [len(each) for each in names])
    if len(segment) == 0:
        return
    lines = segment_lines(network)[segment]
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    shapely.prepare(district.boundary)
    table = pd.DataFrame(
        {
            "name": [name for each in names for name in each],
            "inside": shapely.contains(district.boundary, middles),
            "metres": network.segment_length_m[segment],
            "x": shapely.get_x(middles),
            "y": shapely.get_y(middles),
        }
    )
    table = table.sort_values(["inside", "metres"], ascending=False).drop_duplicates("name")
    degrees = to_lonlat(table[["x", "y"]].to_numpy(np.float64), district.crs)
    for name, (lon, lat) in zip(table["name"], np.round(degrees, 6), strict=True):
        yield _Row(str(name), "", "street", float(lon), float(lat))


def _word(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
