"""Find a place by name, street or lane: offline, in Chinese or in pinyin."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_lonlat
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circle.model import District

MAX_QUERY = 80
_NOT_WORDS = re.compile(r"[\s·,,.。、()()\-_'\"]+")
_LANE = re.compile(r"^(.+?弄)")
_HAN = re.compile(r"[㐀-鿿]")


@dataclass(frozen=True, slots=True)
class Place:
    """Something with a name that an origin can be set to.

    `keys` are what a query is compared with: the name and the address as they
    are, in pinyin, and in pinyin initials.
    """

    name: str
    detail: str
    kind: str
    lon: float
    lat: float
    keys: tuple[str, ...]


def build_index(district: District) -> tuple[Place, ...]:
    """Return everything that can be searched for, facilities first, streets last."""
    rows = [
        (
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
    rows += list(_lanes(district)) + list(_streets(district))
    return tuple(_place(*row) for row in dict.fromkeys(rows) if row[0])


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
    in pinyin (``hengshan``) and in pinyin initials (``hsl``).

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
    scored = [
        (score, number, place)
        for number, place in enumerate(places)
        if (score := _score(place, wanted)) is not None
    ]
    return [place for _, _, place in sorted(scored, key=lambda s: s[:2])[:most]]


def normal(text: str) -> str:
    """Return `text` as it is compared: one width, one case, no blanks or points."""
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _score(place: Place, wanted: str) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    for rank, key in enumerate(place.keys):
        if key == wanted:
            match = (0, rank)
        elif key.startswith(wanted):
            match = (1, rank)
        elif len(wanted) > 1 and wanted in key:
            match = (2, rank)
        else:
            continue
        best = match if best is None else min(best, match)
    return best


def _place(name: str, detail: str, kind: str, lon: float, lat: float, name_en: str) -> Place:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 0.3 s, only for a search

    keys = [normal(name), normal(detail), normal(name_en)]
    for text in (name, detail):
        if _HAN.search(text):
            keys.append(normal("".join(lazy_pinyin(text))))
            keys.append(normal("".join(lazy_pinyin(text, style=Style.FIRST_LETTER))))
    return Place(name, detail, kind, lon, lat, tuple(dict.fromkeys(k for k in keys if k)))


def _tables(district: District) -> Iterator[tuple[pd.DataFrame, str]]:
    yield district.facilities, ""
    if district.places is not None:
        yield district.places, ""
    yield district.heritage, "heritage"


def _lanes(district: District) -> Iterator[tuple[str, str, str, float, float, str]]:
    """Lanes (弄) named in addresses, each where its first address is."""
    seen = set()
    for table in (district.facilities, district.heritage):
        for row in table.to_dict("records"):
            lane = _LANE.match(_word(row.get("address")))
            if lane and lane[1] not in seen:
                seen.add(lane[1])
                yield lane[1], "", "lane", float(row["lon"]), float(row["lat"]), ""


def _streets(district: District) -> Iterator[tuple[str, str, str, float, float, str]]:
    """Streets, each at the middle of its longest segment, inside the district first."""
    network = district.network
    named = np.flatnonzero(network.segment_name != "")
    if len(named) == 0:
        return
    middles = shapely.line_interpolate_point(segment_lines(network)[named], 0.5, normalized=True)
    shapely.prepare(district.boundary)
    table = pd.DataFrame(
        {
            "name": network.segment_name[named],
            "inside": shapely.contains(district.boundary, middles),
            "metres": network.segment_length_m[named],
            "x": shapely.get_x(middles),
            "y": shapely.get_y(middles),
        }
    )
    table = table.sort_values(["inside", "metres"], ascending=False).drop_duplicates("name")
    degrees = to_lonlat(table[["x", "y"]].to_numpy(np.float64), district.crs)
    for name, (lon, lat) in zip(table["name"], np.round(degrees, 6), strict=True):
        yield str(name), "", "street", float(lon), float(lat), ""


def _word(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
