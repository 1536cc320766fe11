"""Residents from a file → cells with people: a raster, or a table of places or shapes.

Every source becomes cells of ground with a total, and ages where the file has them all:

- a raster (GeoTIFF): each pixel is a rectangle; several pixels where a district is large;
- a table of cells (west, south, east, north): rectangles;
- a table of points or of hexagons' centres (lon, lat): each stands for the ground nearer to
  it than to any other, no farther than the lattice of points is wide;
- a file of polygons (GeoJSON, GeoPackage, zipped Shapefile): the polygons.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from shapely.affinity import translate

from circle.errors import DataError
from circle.files import kind_of_file, shown
from circle.geo.crs import WGS84, to_lonlat, to_metric
from circle.geo.shapes import points
from circle.load.folder import faulty_folder
from circle.load.text_tables import parse_csv, read_bytes
from circle.model import AGE_GROUPS, Finding
from circle.osm.shape_files import features_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from circle.model import Floats
    from circle.osm.extract import Frame

TOTALS = (
    "total",
    "residents",
    "population",
    "pop",
    "人口",
    "常住人口",
    "居民数",
    "总人口",
    "value",
)
LONGITUDES = ("lon", "lng", "longitude", "x", "经度")
LATITUDES = ("lat", "latitude", "y", "纬度")
SIDES = ("west", "south", "east", "north")
MOST_CELLS = 200_000
"""Inhabited cells in the frame beyond which a file is refused."""
ROUND = 0.75
"""A point stands for ground no farther than this times the distance to its usual neighbour:
a hexagon's corner lies at 0.58 of it, a square's at 0.71."""
LONE_M = 100.0
"""How far the ground of a point reaches that has no neighbour."""
_POINT_DIGITS = 7
_ROUND, _HALF_ROUND = 360.0, 180.0


def residents_of(file: Path, frame: Frame, crs: str) -> pd.DataFrame:
    """Return residents in the facts' format: west, south, east, north, total, shape, ages.

    Cells wholly outside the frame, and those without residents, are left out.

    Parameters
    ----------
    file
        GeoTIFF, CSV, GeoJSON, GeoPackage or zipped Shapefile.
    frame
        Degrees.
    crs
        Metric system of the district.

    Raises
    ------
    DataError
        When the file is none of these, lacks a column, or has no resident in the frame.
    """
    kind = kind_of_file(file)
    if kind == "tiff":
        table = _of_raster(file, frame)
    elif kind in {"geojson", "sqlite", "zip"}:
        table = _of_features(file, frame, crs)
    else:
        table = _of_table(file, frame, crs)
    if table.empty:
        raise DataError("residents_elsewhere", file=shown(file.name))
    if len(table) > MOST_CELLS:
        raise DataError("residents_many", file=shown(file.name), count=len(table), most=MOST_CELLS)
    return table


def _of_raster(file: Path, frame: Frame) -> pd.DataFrame:
    import rasterio  # noqa: PLC0415 - half a second, only here
    from rasterio.errors import RasterioError  # noqa: PLC0415
    from rasterio.warp import transform  # noqa: PLC0415

    try:
        with rasterio.open(file) as raster:
            if raster.crs is None:
                raise DataError("raster_crs", file=shown(file.name))
            pixels = pd.concat([_pixels(raster, box, file) for box in _boxes(frame)])
            place, system = raster.transform, raster.crs
    except (RasterioError, ValueError, OSError) as error:
        if isinstance(error, DataError):
            raise
        reason = str(error)[:200]
        raise DataError("raster_broken", file=shown(file.name), reason=reason) from error
    pixels = pixels.drop_duplicates(["row", "column"])
    if not np.isfinite(pixels["people"]).all():
        raise DataError("raster_broken", file=shown(file.name), reason="inf")
    if pixels.empty:
        return _cells([], [])
    corners = []
    for dx, dy in ((0, 1), (1, 1), (1, 0), (0, 0)):
        across = pixels["column"].to_numpy() + dx
        down = pixels["row"].to_numpy() + dy
        x = place.a * across + place.b * down + place.c
        y = place.d * across + place.e * down + place.f
        corners.append(np.column_stack(transform(system, WGS84, x, y)))
    shapes = np.asarray(shapely.polygons(np.stack(corners, axis=1)), object)
    shapes = _in_one_stretch(shapes, frame)
    return _cells(list(shapes), list(pixels["people"]), drawn=not system.is_geographic)


def _pixels(raster: Any, box: Frame, file: Path) -> pd.DataFrame:  # noqa: ANN401 - untyped library
    """Return row, column and people of the pixels with people in a frame."""
    from rasterio.errors import WindowError  # noqa: PLC0415 - only here
    from rasterio.warp import transform_bounds  # noqa: PLC0415
    from rasterio.windows import Window, from_bounds  # noqa: PLC0415

    try:
        bounds = transform_bounds(WGS84, raster.crs, *box)
        (top, bottom), (left, right) = from_bounds(*bounds, raster.transform).toranges()
        rows = (max(math.floor(top), 0), min(math.ceil(bottom), raster.height))
        columns = (max(math.floor(left), 0), min(math.ceil(right), raster.width))
        window = Window.from_slices(rows, columns)
    except WindowError:
        return pd.DataFrame({"row": [], "column": [], "people": []}, dtype=np.int64)
    if window.width * window.height > MOST_CELLS * 20:
        count = int(window.width * window.height)
        raise DataError("residents_many", file=shown(file.name), count=count, most=MOST_CELLS)
    people = raster.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    row, column = np.nonzero(np.nan_to_num(people) > 0)
    return pd.DataFrame(
        {"row": row + rows[0], "column": column + columns[0], "people": people[row, column]}
    )


def _of_features(file: Path, frame: Frame, crs: str) -> pd.DataFrame:
    features = [(about, shape) for about, shape in features_of(file) if shape is not None]
    about = pd.DataFrame([about for about, _ in features], dtype=object)
    shapes = np.array([shapely.force_2d(shape) for _, shape in features], object)
    shapes = _in_one_stretch(shapes, frame)
    people = _people(_as_text(about), file.name)
    at_points = np.isin(shapely.get_type_id(shapes), (0,))
    if len(shapes) and at_points.all():
        return _of_points(shapely.get_coordinates(shapes), people, frame, crs)
    if at_points.any() or not np.isin(shapely.get_type_id(shapes), (3, 6)).all():
        raise DataError("residents_shapes", file=shown(file.name))
    invalid = ~shapely.is_valid(shapes)
    shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure")
    near = shapely.intersects(shapes, shapely.box(*_stretch(frame)))
    return _cells(list(shapes[near]), people[near])


def _of_table(file: Path, frame: Frame, crs: str) -> pd.DataFrame:
    content, findings = read_bytes(file)
    table = pd.DataFrame()
    if not findings:
        table, findings = parse_csv(content, file.name)
    if findings:
        raise faulty_folder(shown(file.name), findings)
    people = _people(table, file.name)
    by_name = {str(name).strip().lower(): name for name in table.columns}
    if set(SIDES) <= by_name.keys():
        west, south, east, north = (
            _numbers(table[by_name[side]], file.name, side) for side in SIDES
        )
        west, east = _beside(west, frame), _beside(east, frame)
        shapes = shapely.box(west, south, east, north)
        near = shapely.intersects(shapes, shapely.box(*_stretch(frame)))
        return _cells(list(shapes[near]), people[near], drawn=False)
    lon, lat = (
        next((by_name[name] for name in names if name in by_name), None)
        for names in (LONGITUDES, LATITUDES)
    )
    if lon is None or lat is None:
        column = "lon" if lon is None else "lat"
        raise faulty_folder(shown(file.name), [Finding(file.name, "missing_column", None, column)])
    lonlat = np.column_stack([_numbers(table[name], file.name, str(name)) for name in (lon, lat)])
    return _of_points(lonlat, people, frame, crs)


def _of_points(lonlat: Floats, people: pd.DataFrame, frame: Frame, crs: str) -> pd.DataFrame:
    """Return cells around points: the ground nearest to each, as far as the lattice is wide."""
    lonlat = np.column_stack([_beside(lonlat[:, 0], frame), lonlat[:, 1]])
    near = shapely.intersects_xy(shapely.box(*_stretch(frame)), lonlat[:, 0], lonlat[:, 1])
    lonlat, people = lonlat[near], people[near]
    if not len(lonlat):
        return _cells([], people)
    places, owner = np.unique(lonlat, axis=0, return_inverse=True)
    sums = people.groupby(owner.ravel()).sum(min_count=1)
    sums.index = pd.RangeIndex(len(sums))
    shapes = grounds(to_metric(places[:, 0], places[:, 1], crs))
    degrees = shapely.transform(shapes, lambda xy: to_lonlat(xy, crs).round(_POINT_DIGITS))
    return _cells(list(_in_one_stretch(degrees, frame)), sums)


def grounds(xy: Floats) -> NDArray[np.object_]:
    """Return the ground that each of some points stands for, shape (k,), in metres.

    Parameters
    ----------
    xy
        Shape (k, 2): points in metres, no two the same.
    """
    spots = points(xy)
    if len(xy) == 1:
        return np.asarray(shapely.buffer(spots, LONE_M), object)
    from scipy.spatial import cKDTree  # noqa: PLC0415 - only here

    nearest = np.asarray(cKDTree(xy).query(xy, k=2)[0])[:, 1]
    reach = min(float(np.median(nearest)) * ROUND, 10 * LONE_M)
    discs = shapely.buffer(spots, reach)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.MultiPoint(xy), extend_to=shapely.box(*shapely.union_all(discs).bounds)
        )
    )
    row, cell = shapely.STRtree(cells).query(spots, predicate="intersects")
    of_point = np.zeros(len(xy), np.int64)
    of_point[row] = cell
    return np.asarray(shapely.intersection(cells[of_point], discs), object)


def _cells(
    shapes: Sequence[shapely.Geometry],
    people: pd.DataFrame | Sequence[float],
    *,
    drawn: bool = True,
) -> pd.DataFrame:
    """Return a table of text: bounds, shape (where drawn), total, and ages where known."""
    if not isinstance(people, pd.DataFrame):
        people = pd.DataFrame({"total": list(people)}, dtype=np.float64)
    shapes = [_on_the_globe(shape) for shape in shapes]
    sides = shapely.bounds(np.array(shapes, object)).reshape(-1, 4)
    table = pd.DataFrame(
        {side: [f"{value:.7f}" for value in sides[:, column]] for column, side in enumerate(SIDES)},
        dtype=object,
    )
    if drawn:
        table["shape"] = [shapely.to_wkt(shape, rounding_precision=7) for shape in shapes]
    for name in people:
        table[name] = [
            f"{value:g}" if value == round(value) else f"{value:.2f}" for value in people[name]
        ]
    kept = people["total"].to_numpy(np.float64) > 0
    return table[kept].reset_index(drop=True)


def _people(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """Return the totals, and the ages where a table has them all, as numbers."""
    by_name = {str(name).strip().lower(): name for name in table.columns}
    total = next((by_name[name] for name in TOTALS if name in by_name), None)
    if total is None:
        known = ", ".join(TOTALS[:4])
        values = (("known", known), ("value", ", ".join(map(str, table.columns))[:80]))
        raise faulty_folder(file, [Finding(file, "no_total", None, "total", values)])
    columns = {"total": _numbers(table[total], file, str(total), empty=0.0, least=0.0)}
    if set(AGE_GROUPS) <= by_name.keys():
        columns |= {
            group: _numbers(table[by_name[group]], file, group, empty=0.0, least=0.0)
            for group in AGE_GROUPS
        }
    return pd.DataFrame(columns)


def _numbers(
    column: pd.Series[str],
    file: str,
    name: str,
    empty: float | None = None,
    least: float | None = None,
) -> Floats:
    """Return a column of text as numbers.

    Raises
    ------
    DataError
        With the rows that are no numbers, or below `least`.
    """
    text = column.str.strip()
    number = pd.to_numeric(text.where(text.ne("")), errors="coerce").to_numpy(np.float64)
    blank = text.eq("").to_numpy(np.bool_)
    if empty is not None:
        number = np.where(blank, empty, number)
    wrong = ~np.isfinite(number)
    findings = [
        Finding(
            file,
            "missing_value" if blank[row] else "not_number",
            int(row) + 2,
            name,
            (("value", str(text.iloc[row])[:80]),),
        )
        for row in np.flatnonzero(wrong)[:200]
    ]
    if least is not None:
        findings += [
            Finding(
                file,
                "negative_residents",
                int(row) + 2,
                name,
                (("value", str(text.iloc[row])[:80]),),
            )
            for row in np.flatnonzero(~wrong & (number < least))[:200]
        ]
    if findings:
        raise faulty_folder(file, findings)
    return number


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    return table.map(lambda value: "" if value is None or value != value else str(value))  # noqa: PLR0124


def _stretch(frame: Frame) -> Frame:
    """Return a frame whose east is east of its west, beyond 180° where that meridian is in it."""
    across = frame.west > frame.east
    return frame._replace(east=frame.east + _ROUND) if across else frame


def _boxes(frame: Frame) -> list[Frame]:
    """Return what a raster may call a frame: one over the 180th meridian may be two of its ends."""
    if frame.west <= frame.east:
        return [frame]
    ends = [frame._replace(east=_HALF_ROUND), frame._replace(west=-_HALF_ROUND)]
    return [_stretch(frame), *ends]


def _beside(lon: Floats, frame: Frame) -> Floats:
    """Return longitudes a round farther where that brings them to the frame's side of the globe."""
    west, _, east, _ = _stretch(frame)
    off = lon - (west + east) / 2
    beside: Floats = lon + _ROUND * (off < -_HALF_ROUND) - _ROUND * (off > _HALF_ROUND)
    return beside


def _in_one_stretch(shapes: NDArray[np.object_], frame: Frame) -> NDArray[np.object_]:
    """Return shapes in degrees whose corners lie beside one another, as the frame's do."""

    def moved(lonlat: Floats) -> Floats:
        return np.column_stack([_beside(lonlat[:, 0], frame), lonlat[:, 1]])

    return np.asarray(shapely.transform(shapes, moved), object)


def _on_the_globe(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape that begins beyond 180° or before -180° where it is on the globe."""
    west = shapely.bounds(shape)[0]
    off = _ROUND * ((west < -_HALF_ROUND) - int(west >= _HALF_ROUND))
    return translate(shape, off) if off else shape
