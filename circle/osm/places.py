"""Tagged things of an extract → facilities, heritage, stations and house numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from circle.geo.shapes import points
from circle.hours import opening_hours
from circle.i18n import t
from circle.load.contacts import is_phone, is_website
from circle.osm.kinds import NOT_FACILITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from circle.model import Floats
    from circle.osm.extract import Extract
    from circle.osm.kinds import TagTable

SAME_M = 100.0
"""Two things of one kind and name nearer than this are one, mapped twice."""
_TYPES = {"n": "node", "w": "way", "r": "relation"}
_HAN = re.compile("[\u3400-\u9fff]")


class Thing(NamedTuple):
    """Something tagged, and where it is: a node, or the middle of a way or relation."""

    type: str
    id: int
    tags: Mapping[str, str]
    lon: float
    lat: float

    @property
    def number(self) -> str:
        """How OpenStreetMap numbers it: ``node/12``."""
        return f"{_TYPES[self.type]}/{self.id}"


@dataclass(frozen=True, eq=False)
class Places:
    """Tables in the facts' format, and how many were left out, by reason."""

    facilities: pd.DataFrame
    heritage: pd.DataFrame
    stations: pd.DataFrame
    houses: pd.DataFrame
    left_out: dict[str, int]


def places_of(
    extract: Extract,
    table: TagTable,
    kind_names: Mapping[str, Mapping[str, str]],
    to_xy: Callable[[Floats], Floats],
) -> Places:
    """Return the places of an extract, by a table of tags.

    Parameters
    ----------
    extract
        What lies in the frame.
    table
        Which tags make which kind.
    kind_names
        Chinese and English name (zh, en) of each kind, for places without a name.
    to_xy
        Degrees (k, 2) → metres.
    """
    left_out: Counter[str] = Counter()
    rows: dict[str, list[dict[str, str]]] = {
        "facility": [],
        "heritage": [],
        "metro": [],
        "house": [],
    }
    for thing in _things(extract):
        kind = table.kind_of(thing.tags)
        if not kind:
            pass
        elif thing.tags.get("access") in {"private", "no"}:
            left_out["private"] += 1
        elif kind not in NOT_FACILITIES:
            names = kind_names[kind]
            rows["facility"].append(_facility(thing, kind, names, extract.date, left_out))
        elif not _name(thing.tags):
            left_out["unnamed"] += 1
        else:
            rows[kind].append(_heritage(thing) if kind == "heritage" else _place(thing))
        address = _address(thing.tags)
        if address and thing.tags.get("addr:housenumber"):
            rows["house"].append(_place(thing) | {"name": address, "address": ""})
    facilities = _once(rows["facility"], ["category", "name"], to_xy, left_out)
    return Places(
        facilities=facilities,
        heritage=_once(rows["heritage"], ["name"], to_xy, left_out),
        stations=_once(rows["metro"], ["name"], to_xy, Counter()),
        houses=_once(rows["house"], ["name"], to_xy, Counter()),
        left_out=dict(+left_out),
    )


def _things(extract: Extract) -> Iterator[Thing]:
    """Return what has tags and a place: nodes, then ways, then multipolygons."""
    tagged = np.array(list(extract.tagged), np.int64)
    for number, (lon, lat) in zip(tagged.tolist(), extract.places(tagged).tolist(), strict=True):
        yield Thing("n", number, extract.tagged[number], lon, lat)
    lines = {}
    for way in extract.ways:
        line = extract.places(np.array(way.nodes))
        if np.isfinite(line).all():
            lines[way.id] = line
            if way.tags and "highway" not in way.tags:
                yield Thing("w", way.id, way.tags, *_middle([line]))
    for relation in extract.relations:
        outer = [ref for kind, ref, role in relation.members if kind == "w" and role != "inner"]
        if outer and all(ref in lines for ref in outer):
            yield Thing("r", relation.id, relation.tags, *_middle([lines[ref] for ref in outer]))


def _middle(lines: list[Floats]) -> tuple[float, float]:
    """Return a place within what lines enclose; without a ring, the middle of the first."""
    rings = [line for line in lines if len(line) > 3 and (line[0] == line[-1]).all()]  # noqa: PLR2004
    if rings:
        ground = shapely.Polygon(max(rings, key=len))
        middle = (
            ground.centroid if ground.contains(ground.centroid) else ground.representative_point()
        )
        if not middle.is_empty:
            return middle.x, middle.y
    if len(lines) > 1:
        lon, lat = np.concatenate(lines).mean(axis=0)
        return float(lon), float(lat)
    middle = shapely.LineString(lines[0]).interpolate(0.5, normalized=True)
    return middle.x, middle.y


def _facility(
    thing: Thing, kind: str, names: Mapping[str, str], date: str, left_out: Counter[str]
) -> dict[str, str]:
    tags = thing.tags
    hours = " ".join(tags.get("opening_hours", "").split())
    if hours and not opening_hours.valid(hours):
        hours = ""
        left_out["hours"] += 1
    phone = _clean(tags.get("phone") or tags.get("contact:phone", "")).split(";")[0].strip()
    website = tags.get("website") or tags.get("contact:website", "")
    said = {
        code: t("osm.position", language=code, number=thing.number, date=date or "-")
        for code in ("zh", "en")
    }
    basis = {code: t("osm.position_basis", language=code) for code in ("zh", "en")}
    return {
        "id": f"{_TYPES[thing.type]}-{thing.id}",
        "name": _name(tags) or names["zh"],
        "name_en": _english(tags) or ("" if _name(tags) else names["en"]),
        "category": kind,
        "address": _address(tags),
        "lon": f"{thing.lon:.7f}",
        "lat": f"{thing.lat:.7f}",
        "verified": "yes",
        "position_basis": basis["en"],
        "position_basis_zh": basis["zh"],
        "capacity": "",
        "hours": hours,
        "phone": phone if is_phone(phone) else "",
        "website": website if is_website(website) else "",
        "source": said["en"],
        "source_zh": said["zh"],
    }


def _heritage(thing: Thing) -> dict[str, str]:
    tags = thing.tags
    grade = tags.get("heritage", "")
    return {
        "kind": tags.get("historic", "heritage").replace("_", " "),
        "name": _name(tags),
        "address": _address(tags),
        "batch": "",
        "built": _clean(tags.get("start_date", "")),
        "grade": "" if grade == "yes" else _clean(grade),
        "lon": f"{thing.lon:.7f}",
        "lat": f"{thing.lat:.7f}",
        "position_accuracy_m": "",
        "uri": f"https://www.openstreetmap.org/{thing.number}",
    }


def _place(thing: Thing) -> dict[str, str]:
    return {
        "name": _name(thing.tags),
        "address": _address(thing.tags),
        "lon": f"{thing.lon:.7f}",
        "lat": f"{thing.lat:.7f}",
    }


def _once(
    rows: list[dict[str, str]],
    same: list[str],
    to_xy: Callable[[Floats], Floats],
    left_out: Counter[str],
) -> pd.DataFrame:
    """Return rows without those mapped twice: the same words, nearer than `SAME_M`; first stays."""
    table = pd.DataFrame(rows, dtype=object)
    if table.empty:
        return table
    xy = to_xy(table[["lon", "lat"]].to_numpy(np.float64))
    again = np.zeros(len(table), np.bool_)
    for at in table.groupby(same, sort=False).indices.values():
        if len(at) > 1:
            near = shapely.STRtree(points(xy[at])).query(
                points(xy[at]), predicate="dwithin", distance=SAME_M
            )
            for first, second in zip(*np.sort(near, axis=0), strict=True):
                if first < second and not again[at[first]]:
                    again[at[second]] = True
    left_out["twice"] += int(again.sum())
    return table[~again].reset_index(drop=True)


def _name(tags: Mapping[str, str]) -> str:
    return _clean(tags.get("name:zh") or tags.get("name", ""))


def _english(tags: Mapping[str, str]) -> str:
    """Return the English name, else the name itself where it is not Chinese."""
    english, name = _clean(tags.get("name:en", "")), _name(tags)
    return english or ("" if _HAN.search(name) else name)


def _address(tags: Mapping[str, str]) -> str:
    """Return street and house number, as they are written in the language of the name."""
    whole = _clean(tags.get("addr:full", ""))
    street = _clean(tags.get("addr:street") or tags.get("addr:place", ""))
    number = _clean(tags.get("addr:housenumber", ""))
    if not street:
        return whole
    if _HAN.search(street):
        ending = "" if not number or not number[-1].isdigit() else "号"
        return f"{street}{number}{ending}"
    return f"{street}, {number}" if number else street


def _clean(text: str) -> str:
    return " ".join(text.split())[:300]
