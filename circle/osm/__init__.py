"""An extract of OpenStreetMap and a boundary → the facts of a district."""

from circle.osm.build import Request, Result, build_from_osm

__all__ = ["Request", "Result", "build_from_osm"]
