"""What can be chosen of a report by name."""

from __future__ import annotations

from enum import StrEnum

HERITAGE_PLACES = "heritage-places"
"""The annex of the minutes from every heritage place."""
WISH_LEDGER = "wish-ledger"
"""The annex with one row a wish, which units fill in and hand in."""
ANNEXES = (
    "gap-details", "groups", "lacks", WISH_LEDGER, "facilities", HERITAGE_PLACES, "quality",
    "origins",
)  # fmt: skip
"""Ids of the sections behind the report, in their order."""


class Crs(StrEnum):
    """In which reference system coordinates are written."""

    CGCS2000 = "4490"
    WGS84 = "4326"
    ZONE = "zone"


class Wishes(StrEnum):
    """Which wishes a report tells of."""

    ALL = "all"
    PUBLISHED = "published"
    NONE = "none"
