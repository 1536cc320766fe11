"""What can be chosen of a report by name."""

from __future__ import annotations

from enum import StrEnum

HERITAGE_PLACES = "heritage-places"
"""The annex of the minutes from every heritage place."""
ANNEXES = (
    "gap-details", "groups", "lacks", "facilities", HERITAGE_PLACES, "quality", "origins",
)  # fmt: skip
"""Ids of the sections behind the report, in their order."""


class Crs(StrEnum):
    """In which reference system coordinates are written."""

    CGCS2000 = "4490"
    WGS84 = "4326"
    ZONE = "zone"
