"""Wishes made for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from circle.geo.crs import to_lonlat
from circle.wishes import flow, recording
from circle.wishes.nouns import Level, Source, State, Visibility, Wish
from tests.small import SOUTH, WEST, district

if TYPE_CHECKING:
    from circle.store import Store

NOW = datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
_keys = count()


def at(east_m: float) -> tuple[float, float]:
    """Return a place on the street of the small district, in degrees."""
    lon, lat = to_lonlat([[WEST + east_m, SOUTH + 5]], district().crs)[0]
    return float(lon), float(lat)


def add(store: Store, text: str = "想要一个菜市场", **more: Any) -> Wish:
    """Write a wish down."""
    values = {"kind": "market", "at": at(250), "by": "王晓明", "submission": f"k{next(_keys)}"}
    return recording.add(store, district(), text=text, **(values | more))


def published(store: Store, **more: Any) -> Wish:
    """Write a wish down, reviewed and published."""
    wish = add(store, **more)
    for state in (State.REVIEWED, State.PUBLISHED):
        wish = flow.move(store, "small", wish, state, by="李梅")
    return wish


def made(number: int = 1, **more: Any) -> Wish:
    """Return a wish that no store holds."""
    values: dict[str, Any] = {
        "id": number,
        "version": 1,
        "text": f"心愿 {number}",
        "kind": "market",
        "lon": 121.1,
        "lat": 31.1,
        "shown_lon": 121.2,
        "shown_lat": 31.2,
        "area": "west",
        "age_group": "age_65_plus",
        "source": Source.RESIDENT,
        "state": State.PUBLISHED,
        "visibility": Visibility.PUBLIC,
        "reason": None,
        "merged_into": None,
        "waits": "",
        "expected": None,
        "level": Level.GRID,
        "level_since": NOW - timedelta(days=10),
        "recorded": NOW - timedelta(days=40),
        "updated": NOW,
    }
    return Wish(**(values | more))
