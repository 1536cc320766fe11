"""Reference systems that coordinates of a report are written in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyproj import CRS

from circle.geo.crs import WGS84, metric_crs, to_lonlat
from circle.hours.holidays import calendar_of
from circle.i18n import t
from circle.report.content.choices import Crs

if TYPE_CHECKING:
    from circle.model import District

_CGCS2000 = "EPSG:4490"
_MERIDIAN = "Longitude of natural origin"


def usual(district: District) -> Crs:
    """Return the system that reports are written in where none is chosen: China's in China."""
    calendar = calendar_of(district.time_zone)
    in_china = calendar is not None and calendar.country == "CN"
    return Crs.CGCS2000 if in_china else Crs.WGS84


def resolve(choice: Crs | None, district: District) -> tuple[str, str]:
    """Return the reference system that was chosen, and its name in the language in use.

    Parameters
    ----------
    choice
        None for the `usual` one; `Crs.ZONE` is the metric system of the
        district's longitude: a 3-degree zone of CGCS2000 in China, else a zone
        of UTM.

    Returns
    -------
    tuple
        ``EPSG:…``, and the name.
    """
    choice = choice or usual(district)
    if choice is Crs.CGCS2000:
        return _CGCS2000, t("systems.cgcs2000")
    if choice is Crs.WGS84:
        return WGS84, t("systems.wgs84")
    centre = district.boundary.centroid
    ((lon, lat),) = to_lonlat([[centre.x, centre.y]], district.crs)
    code = metric_crs(lon, lat)
    return code, name(code)


def name(code: str) -> str:
    """Return what a metric reference system is called in the language in use."""
    system = CRS(code)
    if not system.name.startswith("CGCS2000") or system.coordinate_operation is None:
        return t("systems.metric", name=system.name)
    by_name = {param.name: param.value for param in system.coordinate_operation.params}
    return t("systems.zone", meridian=f"{by_name[_MERIDIAN]:g}")


def in_degrees(code: str) -> bool:
    """Return whether coordinates of a reference system are degrees."""
    return CRS(code).is_geographic
