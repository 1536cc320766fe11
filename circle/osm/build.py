"""`build --osm`: an extract, a boundary and what else there is → a district folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from circle.errors import DataError
from circle.files import shown
from circle.geo.crs import to_metric
from circle.geo.meridian import on_the_globe, unwrapped
from circle.i18n import t
from circle.load.build import build_of, writable
from circle.load.facts import facts_of, package_table
from circle.load.outlines import Outline, in_metres, metric_crs_of
from circle.osm.boundary import boundary_of
from circle.osm.extract import Frame, bounds_of, read_extract
from circle.osm.kinds import NOT_FACILITIES, tag_table
from circle.osm.places import places_of
from circle.osm.residents import residents_of
from circle.osm.streets import streets_of

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    from circle.model import District, Floats
    from circle.osm.extract import Progress
    from circle.osm.kinds import TagTable
    from circle.osm.streets import Streets

BEYOND_M = 2000.0
"""How far beyond the boundary streets and places count: a walk of half an hour."""
LEFT_OUT = "osm_left_out.csv"
"""The list of the ways that were left out, beside the district's own files."""
_KM_PER_DEGREE = 111.2
_MAPPED = ("junctions", "segments", "facilities", "heritage", "places", "registers")


@dataclass(frozen=True)
class Request:
    """What a district is to be built of.

    Attributes
    ----------
    osm
        The extract.
    boundary
        A file, or the name or number of a relation in the extract.
    population
        Residents; None for none.
    name
        What the district is called; "" as its boundary says.
    kinds
        A table of tags of one's own; None for the package's.
    ferries, indoors
        Whether to walk onto ferries, and along corridors indoors.
    """

    osm: Path
    boundary: str
    population: Path | None = None
    name: str = ""
    kinds: Path | None = None
    ferries: bool = False
    indoors: bool = False


@dataclass(frozen=True, eq=False)
class Result:
    """The district, and what was left out: ways and places, by reason."""

    district: District
    ways: dict[str, int]
    places: dict[str, int]


def build_from_osm(request: Request, out_dir: str | Path, progress: Progress) -> Result:
    """Build a district folder from an extract of OpenStreetMap.

    Parameters
    ----------
    request
        What to build it of.
    out_dir
        As for `circle.load.build.build`.
    progress
        Told what is being read, and how much of it was.

    Raises
    ------
    DataError, InputError, OutputError
        When something cannot be read or written, or the boundary holds no street.
    """
    writable(out_dir)
    table = tag_table(request.kinds)
    boundary = boundary_of(request.boundary, request.osm)
    crs = metric_crs_of(boundary.polygon)

    def to_xy(lonlat: Floats) -> Floats:
        return to_metric(lonlat[:, 0], lonlat[:, 1], crs)

    frame = frame_around(boundary.polygon, BEYOND_M)
    extract = read_extract(request.osm, frame, progress)
    streets = streets_of(extract, to_xy, ferries=request.ferries, indoors=request.indoors)
    _refuse_empty(streets, boundary, crs, request)
    kinds = package_table("kinds.toml") | dict(table.about)
    names = {kind: about["name"] for kind, about in kinds.items()}
    places = places_of(extract, table, names, to_xy)
    raw = {
        "junctions.csv": streets.junctions,
        "segments.csv": streets.segments,
        "heritage.csv": places.heritage,
        "facilities.csv": places.facilities,
        "metro_stations.csv": places.stations,
        "house_numbers.csv": places.houses,
        "registers.csv": _registers(table, extract.date),
    }
    if request.population is not None:
        raw["residents.csv"] = residents_of(request.population, frame, crs)
    raw = {name: rows for name, rows in raw.items() if len(rows)}
    facts = facts_of(raw, _described(boundary, request, extract.date), {})
    left_out = streets.left_out.to_csv(index=False, lineterminator="\n").encode()
    about = _about(table, boundary, request)
    district = build_of(facts, about, out_dir, request.osm.name, {LEFT_OUT: left_out})
    return Result(district, streets.reasons, places.left_out)


def frame_around(polygon: Polygon | MultiPolygon, beyond_m: float) -> Frame:
    """Return the frame of a polygon in degrees and so many metres around it."""
    west, south, east, north = unwrapped(polygon).bounds
    lat = beyond_m / 1000 / _KM_PER_DEGREE
    lon = lat / max(float(np.cos(np.radians(max(abs(south), abs(north))))), 0.01)
    west, east = on_the_globe(west - lon), on_the_globe(east + lon)
    return Frame(west, max(south - lat, -90.0), east, min(north + lat, 90.0))


def _described(boundary: Outline, request: Request, date: str) -> Outline:
    about = dict(boundary.properties)
    if request.name:
        about |= {"name": request.name, "name_en": about.get("name_en", request.name)}
    about.setdefault("observed", date)
    if not about.get("time_zone"):
        about["time_zone"] = time_zone(boundary.polygon)
    return Outline(about, boundary.polygon)


def time_zone(polygon: Polygon | MultiPolygon) -> str:
    """Return the time zone of the middle of a polygon in degrees, as IANA names it."""
    import tzfpy  # noqa: PLC0415 - its map is loaded on import

    middle = unwrapped(polygon).representative_point()
    return str(tzfpy.get_tz(on_the_globe(middle.x), middle.y))


def _registers(table: TagTable, date: str) -> pd.DataFrame:
    kinds = [kind for kind in table.kinds if kind.id not in NOT_FACILITIES]
    return pd.DataFrame(
        {"kind": [kind.id for kind in kinds], "completeness": "unknown", "as_of": date},
        dtype=object,
    )


def _about(table: TagTable, boundary: Outline, request: Request) -> dict[str, Any]:
    """Return what about.toml would say of facts from an extract."""
    mapped = {
        "source": _both("layer.openstreetmap"),
        "licence": _both("layer.odbl"),
        "trust": _both("osm.trust"),
    }
    layers: dict[str, Any] = dict.fromkeys(
        ("junctions", "segments", "facilities", "heritage", "places", "registers"), mapped
    )
    if "osm_relation" in boundary.properties:
        layers["boundary"] = mapped
    else:
        layers["boundary"] = {
            "source": dict.fromkeys(("zh", "en"), shown(Path(request.boundary).name))
        }
    if request.population is not None:
        source = dict.fromkeys(("zh", "en"), shown(request.population.name))
        layers["residents"] = {
            "source": source,
            "trust": _both("osm.residents_trust"),
            "modelled": True,
        }
    basis = {
        kind.id: {"basis": _both("osm.basis", page=kind.source)}
        for kind in table.kinds
        if kind.id not in NOT_FACILITIES
    }
    return {"layers": layers, "registers": basis, "kinds": dict(table.about)}


def _both(key: str, **values: object) -> dict[str, str]:
    return {code: t(key, language=code, **values) for code in ("zh", "en")}


def _refuse_empty(streets: Streets, boundary: Outline, crs: str, request: Request) -> None:
    """Refuse a boundary that no walked street of the extract touches."""
    ground = in_metres(boundary.polygon, crs)
    nodes = streets.junctions[["lon", "lat"]].to_numpy(np.float64)
    xy = to_metric(nodes[:, 0], nodes[:, 1], crs) if len(nodes) else np.empty((0, 2))
    if shapely.contains_xy(ground, xy).any():
        return
    west, south, east, north = boundary.polygon.bounds
    stated = bounds_of(request.osm)
    holds = "-" if stated is None else ", ".join(f"{value:.4f}" for value in stated)
    asked = ", ".join(f"{value:.4f}" for value in (west, south, east, north))
    raise DataError("osm_no_streets", file=shown(request.osm.name), asked=asked, holds=holds)
