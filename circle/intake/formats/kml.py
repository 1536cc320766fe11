"""KML: placemarks as lines. Read without a network, and without entities."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import shapely

from circle.errors import InputError
from circle.files import shown
from circle.intake.formats import guard
from circle.intake.remarks import Remark, Severity, remark
from circle.intake.sheet import Line, Sheet
from circle.load.text_tables import short

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from shapely.geometry.base import BaseGeometry


_PLAIN = {
    "name": "name",
    "address": "address",
    "phoneNumber": "phone",
    "description": "description",
}
_LEAST_RING = 4


def read_packed(data: bytes, file: str) -> Sheet:
    """Return the placemarks of the first KML file in a KMZ file."""
    names = [name for name in guard.names_in(data, file) if name.lower().endswith(".kml")]
    return read(guard.member(data, names[0], file), file)


def read(data: bytes, file: str) -> Sheet:
    """Return the placemarks of a KML file.

    Raises
    ------
    InputError
        When it is no KML, or declares entities.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError("intake.entities", file=shown(file))
    try:
        root = ET.fromstring(data)  # noqa: S314 - it declares nothing
    except (ET.ParseError, ValueError, LookupError) as error:
        raise InputError("intake.bad_vector", file=shown(file), why=short(error)) from error
    marks = [mark for mark in root.iter() if _tag(mark) == "Placemark"]
    held = [dict(_values(mark)) for mark in marks]
    header = tuple(dict.fromkeys(name for values in held for name in values))
    guard.few_enough(len(marks), len(header), file)
    lines = []
    for number, (mark, values) in enumerate(zip(marks, held, strict=True), start=1):
        shape, faults = _shape(mark, file, number)
        lines.append(Line(number, tuple(values.get(name, "") for name in header), shape, faults))
    return Sheet(file, "KML", tuple(lines), header, "EPSG:4326")


def _tag(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _values(mark: Element) -> Iterator[tuple[str, str]]:
    for element in mark.iter():
        tag = _tag(element)
        if tag in _PLAIN:
            yield _PLAIN[tag], element.text or ""
        elif tag == "SimpleData":
            yield element.get("name", ""), element.text or ""
        elif tag == "Data":
            texts = [child.text or "" for child in element if _tag(child) == "value"]
            yield element.get("name", ""), "".join(texts)


def _shape(mark: Element, file: str, number: int) -> tuple[BaseGeometry | None, tuple[Remark, ...]]:
    try:
        points = [_coordinates(each) for each in mark.iter() if _tag(each) == "Point"]
        polygons = [_polygon(each) for each in mark.iter() if _tag(each) == "Polygon"]
    except (ValueError, shapely.errors.ShapelyError) as error:
        said = remark(file, number, "bad_geometry", Severity.ERROR, "coordinates", error)
        return None, (said,)
    if polygons:
        return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons), ()
    if points:
        return shapely.Point(points[0][0]), ()
    return None, ()


def _coordinates(element: Element) -> list[tuple[float, float]]:
    text = " ".join(each.text or "" for each in element.iter() if _tag(each) == "coordinates")
    pairs = [tuple(float(n) for n in point.split(",")[:2]) for point in text.split()]
    if not pairs or any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a pair
        raise ValueError(short(text))
    return [(lon, lat) for lon, lat in pairs]


def _polygon(element: Element) -> shapely.Polygon:
    outer: list[list[tuple[float, float]]] = []
    holes: list[list[tuple[float, float]]] = []
    for part in element:
        rings = {"outerBoundaryIs": outer, "innerBoundaryIs": holes}.get(_tag(part))
        if rings is not None:
            rings.append(_coordinates(part))
    if len(outer) != 1 or any(len(ring) < _LEAST_RING for ring in (*outer, *holes)):
        raise ValueError(_tag(element))
    return shapely.Polygon(outer[0], holes)
