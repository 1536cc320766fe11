"""The boundary of a district: from a file of shapes, or a relation of the extract."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from circle.errors import DataError, InputError
from circle.files import shown
from circle.geo.meridian import ONE_ROUND, unwrapped, wrapped
from circle.geo.shapes import multipolygon
from circle.load.outlines import Outline
from circle.osm.extract import lines_of, relation_numbered, relations_of
from circle.osm.shape_files import features_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.osm.extract import Relation

_NAMES = ("name", "name_zh", "name:zh", "名称", "NAME")
_ENGLISH = ("name_en", "name:en", "NAME_EN", "en_name")
_NUMBER = re.compile(r"(?:relation/|rel/|r)?([1-9][0-9]{0,15})", re.IGNORECASE)
_BOUNDARIES = {"boundary", "multipolygon"}
_TOLD = 8
"""Relations that are named where several fit, or none does."""


def boundary_of(stated: str, extract: Path) -> Outline:
    """Return a district's boundary.

    Parameters
    ----------
    stated
        A file (GeoJSON, GeoPackage, zipped Shapefile), or the name or the number of a
        relation of the extract (``1234``, ``r1234``, ``relation/1234``).
    extract
        The file of OpenStreetMap.

    Raises
    ------
    DataError, InputError
        When there is no such file or relation, or it is not one whole polygon.
    """
    file = Path(stated)
    if file.exists():
        return _of_file(file)
    number = _NUMBER.fullmatch(stated.strip())
    if number:
        relation = relation_numbered(extract, int(number[1]))
        if relation is None:
            raise InputError("boundary_no_relation", id=number[1], file=shown(extract.name))
        return _of_relation(relation, extract)
    if file.suffix or "/" in stated:
        raise DataError("no_file", file=shown(file))
    return _of_relation(_named(stated, extract), extract)


def _of_file(file: Path) -> Outline:
    features = features_of(file)
    polygons = [(about, _mended(shape)) for about, shape in features]
    polygons = [(about, shape) for about, shape in polygons if not shape.is_empty]
    if len(polygons) != 1:
        raise DataError("boundary_one", file=shown(file.name), count=len(polygons))
    about, shape = polygons[0]
    return Outline(_named_in(about) | _kept(about), wrapped(unwrapped(_simplest(shape))))


def _mended(shape: shapely.Geometry | None) -> MultiPolygon:
    if shape is None:
        return MultiPolygon()
    sound = shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")
    return multipolygon(shapely.force_2d(sound))


def _simplest(shape: MultiPolygon) -> Polygon | MultiPolygon:
    return shape.geoms[0] if len(shape.geoms) == 1 else shape


def _named_in(about: Mapping[str, Any]) -> dict[str, Any]:
    names = {"name": _first(about, _NAMES), "name_en": _first(about, _ENGLISH)}
    return {key: name for key, name in names.items() if name}


def _kept(about: Mapping[str, Any]) -> dict[str, Any]:
    return {key: str(about[key]) for key in ("time_zone", "observed", "licence") if about.get(key)}


def _first(about: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    values = (about.get(key) for key in keys)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), "")


def _named(name: str, extract: Path) -> Relation:
    wanted = _plain(name)

    def fits(tags: Mapping[str, str]) -> bool:
        if tags.get("type") not in _BOUNDARIES or "name" not in tags:
            return False
        return any(
            _plain(tag.v) == wanted  # type: ignore[attr-defined]
            for tag in tags
            if tag.k.partition(":")[0] in {"name", "official_name", "alt_name"}  # type: ignore[attr-defined]
        )

    relations = relations_of(extract, fits)
    administrative = [each for each in relations if each.tags.get("boundary") == "administrative"]
    relations = administrative or relations
    if len(relations) == 1:
        return relations[0]
    if relations:
        raise InputError("boundary_several", name=name, known=_listed(relations))
    known = relations_of(
        extract, lambda tags: tags.get("boundary") == "administrative" and "name" in tags
    )
    raise InputError(
        "boundary_no_name", name=name, file=shown(extract.name), known=_listed(known) or "-"
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _listed(relations: list[Relation]) -> str:
    told = [
        f"{each.tags['name']} (r{each.id}, admin_level={each.tags.get('admin_level', '-')})"
        for each in relations[:_TOLD]
    ]
    return "; ".join([*told, *(["…"] if len(relations) > _TOLD else [])])


def _of_relation(relation: Relation, extract: Path) -> Outline:
    """Return the polygon that the ways of a relation enclose.

    Raises
    ------
    DataError
        When ways are missing from the extract, or they do not close.
    """
    roles = {ref: role for kind, ref, role in relation.members if kind == "w"}
    lines = _in_one_stretch(lines_of(extract, set(roles)))
    outer = [ref for ref, role in roles.items() if role != "inner"]
    shape = enclosed([lines[ref] for ref in outer if ref in lines])
    if not outer or shape.is_empty or len(lines) < len(roles):
        raise DataError(
            "boundary_open", id=relation.id, have=len(lines), want=len(roles), file=extract.name
        )
    holes = enclosed([lines[ref] for ref, role in roles.items() if role == "inner"])
    shape = _mended(shapely.difference(shape, holes))
    tags = relation.tags
    english = tags.get("name:en", "")
    names = {"name": tags.get("name:zh") or tags.get("name", ""), "name_en": english}
    about = {key: name for key, name in names.items() if name}
    return Outline(about | {"osm_relation": str(relation.id)}, wrapped(_simplest(shape)))


def _in_one_stretch(lines: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    """Return lines in degrees, beyond 180° where they lie on both sides of that meridian."""
    lon = np.concatenate([line[:, 0] for line in lines.values()]) if lines else np.zeros(1)
    if np.ptp(lon) <= 180:  # noqa: PLR2004 - half of the globe
        return lines
    return {way: np.where(line[:, :1] < 0, line + ONE_ROUND, line) for way, line in lines.items()}


def enclosed(lines: list[np.ndarray]) -> MultiPolygon:
    """Return the ground that lines (k, 2) enclose together; empty where they do not close."""
    whole = shapely.union_all([shapely.LineString(line) for line in lines])
    rings = shapely.get_parts(shapely.polygonize(shapely.get_parts(whole)))
    return multipolygon(shapely.union_all(rings))
