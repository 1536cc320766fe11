"""In which reference system a report's coordinates are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.geo.crs import WGS84, metric_crs, system_name, to_lonlat
from circle.report.parts import Crs

if TYPE_CHECKING:
    from circle.model import District

_CGCS2000 = "EPSG:4490"


def resolve(choice: Crs, district: District) -> tuple[str, str]:
    """Return the code and the name of the system chosen.

    Parameters
    ----------
    choice
        Degrees of CGCS2000 or WGS 84, or the metric 3-degree zone that the
        district's own longitude asks for.
    district
        Where.
    """
    if choice is Crs.ZONE:
        middle = district.boundary.centroid
        lon, lat = to_lonlat([[middle.x, middle.y]], district.crs)[0]
        code = metric_crs(float(lon), float(lat))
    else:
        code = _CGCS2000 if choice is Crs.CGCS2000 else WGS84
    return code, system_name(code)
