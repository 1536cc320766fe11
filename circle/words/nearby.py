"""What a resident finds on foot: each place with its minutes, hours and offers.

The minutes are those of `circle.measures.lifecircle`; nothing is counted anew here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle.hours.opening_hours import Open, open_at, week
from circle.i18n import language, sentences, t
from circle.i18n.rounding import time_text
from circle.load.contacts import is_phone, is_website
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    import pandas as pd

    from circle.model import District, Kind, LifeCircle, Profile

LIMITS = (5.0, 10.0, 15.0)
"""The minutes that places are listed by."""
_NAMED = 2
_PARTS = re.compile(r"\s*[;；]\s*")


@dataclass(frozen=True, slots=True)
class Nearby:
    """One place as a resident reads of it, in the language in use.

    Attributes
    ----------
    seconds
        From the home; infinite where there is no way.
    indoors
        Seconds of these between flat and street; 0 where the floor is not known.
    open
        Whether it is open now.
    week
        Its hours in words, a line for each group of days; empty where unknown.
    offers
        What it offers; empty where nothing is known.
    phone, website
        How to reach it; "" where it is not public.
    verified
        False for a place whose position is only inferred.
    inside
        Whether it lies in the district.
    """

    id: str
    name: str
    kind: Kind
    address: str
    seconds: float
    open: Open
    week: tuple[str, ...]
    offers: tuple[str, ...]
    verified: bool
    inside: bool
    phone: str = ""
    website: str = ""
    indoors: float = 0.0

    @property
    def time(self) -> str:
        """The minutes, in words."""
        return time_text(self.seconds / 60, LIMITS)

    def within(self, minutes: float) -> bool:
        """Say whether it is within a limit."""
        return self.seconds <= minutes * 60


def nearby(
    district: District, circle: LifeCircle, now: datetime, indoors: float = 0.0
) -> tuple[Nearby, ...]:
    """Return every facility that can be walked to, nearest first.

    Parameters
    ----------
    district
        The district.
    circle
        What the place has (`circle.measures.lifecircle.life_circle`).
    now
        The time that the opening hours are given for.
    indoors
        Seconds between flat and street, which every walk gets longer by.
    """
    known = circle.facilities[circle.facilities["kind"].isin(list(district.kinds))]
    rows = known[known["seconds"].map(math.isfinite)].to_dict("records")
    return tuple(_nearby(district, row, now, indoors) for row in rows)


def farther(
    district: District, places: Sequence[Nearby], minutes: float
) -> list[tuple[Kind, Nearby | None]]:
    """Return for every service that no verified place is within a limit the nearest beyond.

    None where the list has none that can be walked to; a place whose position
    is only inferred stands for its kind where there is no other.
    """
    missing: list[tuple[Kind, Nearby | None]] = []
    for kind in (kind for kind in district.kinds.values() if kind.service):
        of_kind = [place for place in places if place.kind.id == kind.id]
        if any(place.within(minutes) for place in of_kind):
            continue
        verified = [place for place in of_kind if place.verified] or of_kind
        missing.append((kind, verified[0] if verified else None))
    return missing


def whom_to_ask(district: District, circle: LifeCircle, places: Sequence[Nearby]) -> str:
    """Return whom to ask for hours that are not known; "" where no place leaves it open.

    It is the nearest place or facility, by straight line, of the first kind of
    `District.ask_at` that the district has.
    """
    if all(place.open.stated or place.phone or place.website for place in places):
        return ""
    home = circle.origin.xy[0]
    tables = [table for table in (district.places, district.facilities) if table is not None]
    for kind in district.ask_at:
        of_kind = [row for table in tables for _, row in table[table["kind"].eq(kind)].iterrows()]
        if of_kind:
            row = min(of_kind, key=lambda row: math.dist(home, (row["x"], row["y"])))
            known = wording.has_text(row.get("address"))
            key = "home.ask" if known else "home.ask_name"
            return t(key, name=wording.name_of(row), address=row.get("address", ""))
    return t("home.ask_somebody")


def sentence(
    district: District,
    place: str,
    profile: Profile,
    minutes: float,
    places: Sequence[Nearby],
    *,
    now: bool = True,
) -> str:
    """Return the answer in one sentence, as plain text.

    It names the nearest of the district's first services, `_NAMED` of them.

    Parameters
    ----------
    district
        The district.
    place
        What the home is called.
    profile
        Who walks.
    minutes
        The limit.
    places
        From `nearby`.
    now
        False for paper, which is read later and lists the places below: what is
        open is left out, and the nearest where there are any within the limit.
    """
    inside = [facility for facility in places if facility.within(minutes)]
    values = {"place": place, "pace": wording.inline(pace(profile)), "minutes": f"{minutes:g}"}
    if not inside:
        near = _named(district, places) or [
            t("home.nearest", name=near.name, time=near.time) for near in places[:1]
        ]
        return t("home.sentence_none", **values) + "".join(near) + t("unit.stop")
    words = t("home.sentence", **values, n=len(inside))
    if unsure := sum(not facility.verified for facility in inside):
        words += t("home.sentence_unsure", n=unsure)
    stated = [facility for facility in inside if facility.open.stated and now]
    if stated:
        words += t(
            "home.sentence_open", n=sum(facility.open.state == "open" for facility in stated)
        )
    return words + "".join(_named(district, places) if now else []) + t("unit.stop")


def _named(district: District, places: Sequence[Nearby]) -> list[str]:
    """Return the nearest of the first services, verified ones first, as parts of a sentence."""
    services = [kind for kind in district.kinds.values() if kind.service][:_NAMED]
    parts = []
    for kind in services:
        of_kind = [place for place in places if place.kind.id == kind.id]
        nearest = next(iter(sorted(of_kind, key=lambda place: not place.verified)), None)
        if nearest is not None:
            key = "home.nearest_of" if nearest.verified else "home.nearest_unsure"
            name, time = nearest.name, nearest.time
            parts.append(t(key, kind=wording.inline(kind.name), name=name, time=time))
    return parts


def pace(profile: Profile) -> str:
    """Return how a profile walks, in everyday words where there are any."""
    key = f"home.pace_{profile.id}"
    return t(key) if key in sentences(language()) else str(profile.name)


def offers_of(row: Mapping[str, object] | pd.Series) -> tuple[str, ...]:
    """Return what a place offers, in the language in use as far as it is known in it."""
    first, second = "services_zh", "services"
    if language() == "en":
        first, second = second, first
    text = next((text for text in (row.get(first), row.get(second)) if wording.has_text(text)), "")
    return tuple(part for part in _PARTS.split(str(text).strip()) if part)


def _nearby(district: District, row: Mapping[Any, Any], now: datetime, indoors: float) -> Nearby:
    at = (float(row["lon"]), float(row["lat"]))
    hours = row.get("hours", "")
    return Nearby(
        id=str(row["id"]),
        name=wording.name_of(row),
        kind=district.kinds[str(row["kind"])],
        address=str(row["address"]) if wording.has_text(row.get("address")) else "",
        seconds=float(row["seconds"]) + indoors,
        open=open_at(hours, now, district.time_zone, at),
        week=tuple(week(hours, now, district.time_zone, at)),
        offers=offers_of(row),
        verified=bool(row["verified"]),
        inside=bool(row["inside"]),
        phone=_checked(row.get("phone"), is_phone),
        website=_checked(row.get("website"), is_website),
        indoors=indoors,
    )


def _checked(text: object, right: Callable[[str], bool]) -> str:
    return text if isinstance(text, str) and right(text) else ""
