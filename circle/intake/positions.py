"""Where rows are: coordinates of a declared datum, checked against what is known, or addresses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from circle.errors import InputError
from circle.geo.crs import to_lonlat, to_metric
from circle.geo.datum import DATUMS, SHIFTED, WGS84, known, to_wgs84
from circle.i18n import t
from circle.intake.geocoder import Geocoder, Method, geocoder_of
from circle.intake.remarks import Remark, Severity, remark
from circle.load.checks import FAR_KM
from circle.load.datums import likelier, residuals, vectors
from circle.load.inside import places_inside
from circle.places.search import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.intake.columns import Match
    from circle.intake.rows import Row
    from circle.intake.sheet import Sheet
    from circle.model import Bools, District, Floats

FAR_OFF_M = 150.0
"""A row this far from where it is known to be is looked at."""
_GOOD_GROUND_M = 100.0
"""An address is known well enough to judge a datum where it is placed no worse than this."""
_NEARER = 0.5
_ENOUGH = 1_000
"""So many rows tell the datum of a file by the streets of their addresses."""
_WORTH_A_LOOK_M = 300.0


class Evidence(NamedTuple):
    """What known places say of a datum: how many rows, how far off at the median.

    `fits` is the datum that fits better; "" where the declared one does.
    """

    rows: int
    east_m: float
    north_m: float
    fits: str


@dataclass(frozen=True)
class Placing:
    """How rows were placed: by which datum, on what evidence."""

    datum: str
    evidence: Evidence | None
    remarks: tuple[Remark, ...] = field(default=())


class _Known(NamedTuple):
    lonlat: Floats
    has: Bools


def read_datum(text: str) -> str:
    """Return a datum as it is written here.

    Raises
    ------
    InputError
        When there is none of this name.
    """
    name = text.strip().lower().replace("-", "").replace(" ", "").replace("_", "")
    name = {"wgs": WGS84, "cgcs": "cgcs2000", "gcj": "gcj02", "bd": "bd09"}.get(name, name)
    if name.startswith("epsg:"):
        name = name.upper()
    elif name.isdigit():
        name = f"EPSG:{name}"
    if not known(name):
        raise InputError("intake.datum", name=text, known=", ".join((*DATUMS, "EPSG:4549")))
    if name.startswith("EPSG"):
        try:
            CRS.from_user_input(name)
        except CRSError as error:
            raise InputError("intake.datum", name=text, known=", ".join(DATUMS)) from error
    return name


def place(
    rows: Sequence[Row],
    sheet: Sheet,
    columns: Match,
    district: District,
    declared: str,
    *,
    trusted: bool = False,
) -> Placing:
    """Put the coordinates of rows into WGS 84, and check them.

    Parameters
    ----------
    declared
        A datum as `read_datum` writes it; "" for what the file states.
    trusted
        Whether the datum is taken as declared, whatever known places say.
    """
    stated = [row for row in rows if _has_position(row, columns)]
    remarks: list[Remark] = []
    system, datum = system_of(sheet, declared)
    evidence = None
    if stated:
        degrees = _degrees(stated, system, columns, district)
        shift = datum if datum in SHIFTED else WGS84
        ground = _known_places(stated, district)
        if not datum:
            remarks.append(_undeclared(sheet, degrees, ground, stated, district))
        else:
            evidence, said = _judged(stated, degrees, ground, shift, district)
            if said is not None:
                remarks.append(said if not trusted else replace(said, severity=Severity.NOTE))
            _put(stated, to_wgs84(degrees, shift), keep=not system and datum not in SHIFTED)
            _check_place(stated, columns, district)
            if not (said or trusted):
                _mixed(stated, degrees, ground, shift, columns, district)
    return Placing(declared or system or datum, evidence, tuple(remarks))


def _has_position(row: Row, columns: Match) -> bool:
    lon, lat = row.stated("lon"), row.stated("lat")
    if bool(lon) != bool(lat) and not row.bad:
        missing = "lat" if lon else "lon"
        row.say("half_position", Severity.ERROR, columns.called(missing))
    return bool(lon and lat)


def system_of(sheet: Sheet, declared: str) -> tuple[str, str]:
    """Return in what a file's coordinates are, and of which datum the degrees are.

    Returns
    -------
    system, datum
        A projected or other reference system, "" where they are degrees as they stand;
        one of `DATUMS`, "" where neither the file nor anybody states one.
    """
    if declared and declared not in DATUMS:
        return declared, WGS84
    system = sheet.crs if sheet.crs and not _is_degrees(sheet.crs) else ""
    return system, declared or (WGS84 if sheet.crs else "")


def _is_degrees(crs: str) -> bool:
    try:
        return CRS.from_user_input(crs).is_geographic
    except CRSError:
        return True


def _degrees(rows: Sequence[Row], system: str, columns: Match, district: District) -> Floats:
    """Return coordinates in degrees, as yet of the datum that they are of."""
    xy = np.array([(float(row.entries["lon"]), float(row.entries["lat"])) for row in rows])
    if not system:
        return xy
    degrees = to_lonlat(xy, system)
    turned = to_lonlat(xy[:, ::-1], system)
    if _near(turned, district).sum() > _near(degrees, district).sum():
        for row in rows:  # in Chinese surveys X runs north
            row.say("axes", Severity.CHANGED, columns.called("lon"), row.entries["lon"])
        return turned
    return degrees


def _put(rows: Sequence[Row], lonlat: Floats, *, keep: bool) -> None:
    """Write the places of rows; text that is in WGS 84 as it stands is kept."""
    for row, (lon, lat) in zip(rows, lonlat, strict=True):
        if not keep:
            row.entries["lon"], row.entries["lat"] = f"{lon:.7f}", f"{lat:.7f}"


def lonlat_of(rows: Sequence[Row]) -> Floats:
    """Return the places of rows that have one, shape (n, 2)."""
    pairs = [(float(row.entries["lon"]), float(row.entries["lat"])) for row in rows]
    return np.array(pairs, np.float64).reshape(-1, 2)


def _near(lonlat: Floats, district: District) -> Bools:
    """Say which places lie within `FAR_KM` of the district's frame."""
    west, south, east, north = district.boundary.bounds
    on_globe = np.isfinite(lonlat) & (np.abs(lonlat) <= np.array([180.0, 90.0]))
    degrees: Bools = on_globe[:, 0] & on_globe[:, 1]
    x, y = to_metric(*_axes(np.where(degrees[:, None], lonlat, 0.0)), district.crs).T
    margin = FAR_KM * 1000
    across = (x >= west - margin) & (x <= east + margin)
    near: Bools = degrees & across & (y >= south - margin) & (y <= north + margin)
    return near


def _axes(lonlat: Floats) -> tuple[Floats, Floats]:
    return lonlat[:, 0], lonlat[:, 1]


def _check_place(rows: Sequence[Row], columns: Match, district: District) -> None:
    """Say which rows lie elsewhere: swapped, far away, or outside the boundary."""
    lonlat = lonlat_of(rows)
    near, turned = _near(lonlat, district), _near(lonlat[:, ::-1], district)
    there = pd.DataFrame(np.where(near[:, None], lonlat, np.nan), columns=["lon", "lat"])
    inside, off_m = places_inside(there, district.boundary, district.crs)
    column = columns.called("lon")
    for number, row in enumerate(rows):
        lon, lat = row.entries["lon"], row.entries["lat"]
        if not near[number] and turned[number]:
            row.say("swapped", Severity.ERROR, column, f"{lon}, {lat}")
        elif not near[number]:
            row.say("far_away", Severity.ERROR, column, f"{lon}, {lat}", km=f"{FAR_KM:.0f}")
        elif not inside[number] and row.stated("inside") != "0":
            row.say("outside", Severity.NOTE, column, f"{lon}, {lat}", m=f"{off_m[number]:.0f}")


def _known_places(rows: Sequence[Row], district: District) -> _Known:
    """Return where rows are known to be: by the name of a known place, or by their address."""
    by_name = _names(district)
    geocoder = geocoder_of(district)
    lonlat = np.full((len(rows), 2), np.nan)
    for number, row in enumerate(rows):
        place = by_name.get(normal(row.stated("name")))
        if place is None and (address := row.stated("address")):
            place = _sure(geocoder, address)
        if place is not None:
            lonlat[number] = place
    return _Known(lonlat, np.isfinite(lonlat).all(axis=1))


def _names(district: District) -> dict[str, tuple[float, float]]:
    """Return the place of every name that stands for one place alone."""
    tables = [district.facilities, district.heritage]
    tables += [] if district.places is None else [district.places]
    places: dict[str, set[tuple[float, float]]] = {}
    for table in tables:
        for row in table.to_dict("records"):
            if name := normal(str(row.get("name") or "")):
                places.setdefault(name, set()).add((float(row["lon"]), float(row["lat"])))
    return {name: next(iter(where)) for name, where in places.items() if len(where) == 1}


def _sure(geocoder: Geocoder, address: str) -> tuple[float, float] | None:
    found = geocoder.find(address)
    if found is None or found.method is Method.CENTROID or found.accuracy_m > _GOOD_GROUND_M:
        return None
    return found.lon, found.lat


def _off(degrees: Floats, ground: _Known, district: District) -> dict[str, Floats]:
    """Return how far rows are off by each datum, in metres; NaN where no place is known."""
    off = {}
    for name, metres in residuals(
        degrees[ground.has], ground.lonlat[ground.has], district.crs
    ).items():
        off[name] = np.full(len(degrees), np.nan)
        off[name][ground.has] = np.hypot(*metres.T)
    return off


def _better(off: dict[str, Floats], declared: str) -> list[str]:
    """Return for each row the datum that fits better than the declared one; "" for none."""
    names = list(off)
    table = np.array([off[name] for name in names])
    best = np.where(np.isnan(table), np.inf, table).argmin(axis=0)
    least, as_declared = table[best, np.arange(table.shape[1])], off[declared]
    with np.errstate(invalid="ignore"):
        better = (as_declared > FAR_OFF_M) & (least < FAR_OFF_M) & (least < _NEARER * as_declared)
    return [names[each] if is_so else "" for each, is_so in zip(best, better, strict=True)]


def _judged(
    rows: Sequence[Row], degrees: Floats, ground: _Known, declared: str, district: District
) -> tuple[Evidence | None, Remark | None]:
    """Return what known places say of the declared datum, and the remark where it is another."""
    count = int(ground.has.sum())
    file = rows[0].file
    if not count:
        return None, _by_streets(rows, degrees, declared, district)
    fits = Counter(name for name in _better(_off(degrees, ground, district), declared) if name)
    metres = residuals(degrees[ground.has], ground.lonlat[ground.has], district.crs)[declared]
    east_m, north_m = np.median(metres, axis=0)
    best, agreeing = fits.most_common(1)[0] if fits else ("", 0)
    if agreeing * 2 <= count:
        return Evidence(count, east_m, north_m, ""), None
    said = remark(
        file,
        None,
        "other_datum",
        Severity.ERROR,
        datum=best,
        declared=declared,
        count=agreeing,
        known=count,
        east=f"{east_m:+.0f}",
        north=f"{north_m:+.0f}",
        vectors=_vectors(district),
    )
    return Evidence(count, east_m, north_m, best), said


def _by_streets(
    rows: Sequence[Row], degrees: Floats, declared: str, district: District
) -> Remark | None:
    """Return the remark that another datum brings rows to the streets of their addresses."""
    places = pd.DataFrame(degrees, columns=["lon", "lat"])
    places["address"] = [row.stated("address") for row in rows]
    places = places[_near(degrees, district)]
    places = places.iloc[:: max(len(places) // _ENOUGH, 1)]
    fits = likelier(places, district.network, declared)
    if fits is None:
        return None
    return remark(
        rows[0].file,
        None,
        "other_datum_streets",
        Severity.ERROR,
        datum=fits.datum,
        declared=declared,
        count=fits.places,
        off=f"{fits.off_m:.0f}",
        then=f"{fits.then_m:.0f}",
    )


def _vectors(district: District) -> str:
    """Return how far each datum is off in the district, in words that need no language."""
    lon, lat = to_lonlat(np.array(district.boundary.centroid.coords), district.crs)[0]
    return "; ".join(
        f"{name} {east:+.0f} m E {north:+.0f} m N"
        for name, (east, north) in vectors(lon, lat, district.crs).items()
    )


def _undeclared(
    sheet: Sheet, degrees: Floats, ground: _Known, rows: Sequence[Row], district: District
) -> Remark:
    """Return that no datum is declared, with the one that fits best where that can be told."""
    count = int(ground.has.sum())
    fits = "?"
    if count:
        off = _off(degrees, ground, district)
        medians = {name: float(np.nanmedian(metres)) for name, metres in off.items()}
        fits = min(medians, key=medians.__getitem__)
    elif (likely := _by_streets(rows, degrees, WGS84, district)) is not None:
        fits = dict(likely.values)["datum"]
    return remark(
        sheet.file,
        None,
        "datum_missing",
        Severity.ERROR,
        fits=fits,
        known=count,
        vectors=_vectors(district),
    )


def _mixed(
    rows: Sequence[Row],
    degrees: Floats,
    ground: _Known,
    declared: str,
    columns: Match,
    district: District,
) -> None:
    """Say which rows are of another datum than the rest, and which are far from their place."""
    if not ground.has.any():
        return
    off = _off(degrees, ground, district)
    for row, fits, away in zip(rows, _better(off, declared), off[declared], strict=True):
        value = f"{row.entries['lon']}, {row.entries['lat']}"
        if fits:
            row.say(
                "row_datum",
                Severity.ERROR,
                columns.called("lon"),
                value,
                datum=fits,
                m=f"{away:.0f}",
            )
        elif away > _WORTH_A_LOOK_M:
            row.say("off_known", Severity.NOTE, columns.called("lon"), value, m=f"{away:.0f}")


def place_by_address(rows: Sequence[Row], columns: Match, district: District) -> Counter[str]:
    """Place rows by their address; say of each how, and how far off that may be.

    Returns
    -------
    Counter
        How many were placed, by method.
    """
    placed: Counter[str] = Counter()
    geocoder = geocoder_of(district)
    for row in rows:
        address = row.stated("address")
        if not address:
            row.say("no_position", Severity.ERROR, columns.called("address"))
            continue
        found = geocoder.find(address)
        if found is None:
            row.say("unknown_address", Severity.ERROR, columns.called("address"), address)
            continue
        placed[found.method.value] += 1
        row.entries["lon"], row.entries["lat"] = f"{found.lon:.6f}", f"{found.lat:.6f}"
        if found.method is Method.CENTROID:  # of a street alone nothing is verified
            row.entries["verified"] = "0"
        row.entries["position_accuracy_m"] = f"{found.accuracy_m:.0f}"
        key = f"intake.basis.{found.method.value}"
        row.entries["position_basis"] = t(key, language="en")
        row.entries["position_basis_zh"] = t(key, language="zh")
        row.say(
            f"placed_{found.method.value}",
            Severity.CHANGED,
            columns.called("address"),
            address,
            street=found.street,
            m=f"{found.accuracy_m:.0f}",
        )
    return placed


def locate(rows: Sequence[Row], district: District) -> None:
    """Work out where rows with a place are in the district."""
    placed = [row for row in rows if not row.bad and row.stated("lon") and row.stated("lat")]
    lonlat = lonlat_of(placed)
    table = pd.DataFrame(lonlat, columns=["lon", "lat"])
    inside, _ = places_inside(table, district.boundary, district.crs)
    xy = to_metric(lonlat[:, 0], lonlat[:, 1], district.crs)
    for row, place, within in zip(placed, xy, inside, strict=True):
        row.xy, row.inside = place, bool(within)
