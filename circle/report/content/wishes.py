"""The wishes that a report tells of: all of them for staff, or only what the public sees.

Places are those masked along the streets, whoever reads the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle.geo.crs import to_metric
from circle.i18n import t
from circle.report.content.choices import Wishes
from circle.store import opened, zone
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import SETTLED, State, Wish
from circle.wishes.published import shown
from circle.words import wish_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from circle.model import District, Floats
    from circle.wishes.nouns import Claim, Unit
    from circle.wishes.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One wish as a report tells it.

    Attributes
    ----------
    number, text, kind, area, state, reason, expected, recorded, updated
        As of `circle.wishes.nouns.Wish`; "" for what is withheld.
    level
        "" where only what is published is told.
    unit
        Who has it; "" for nobody.
    lon, lat
        The masked place; None for none, or where it is withheld.
    result
        What became of it, in words.
    """

    number: int
    text: str
    kind: str
    area: str
    state: State
    reason: str
    level: str
    unit: str
    expected: date | None
    recorded: datetime
    updated: datetime
    lon: float | None
    lat: float | None
    result: str


@dataclass(frozen=True, eq=False)
class Told:
    """The wishes of a report.

    Attributes
    ----------
    matters
        As they are told, newest first.
    wishes
        With their true places, for what is counted; none where only what is published is
        told.
    claims, units
        Who has them.
    """

    matters: tuple[Matter, ...]
    wishes: tuple[Wish, ...] = ()
    claims: tuple[Claim, ...] = ()
    units: tuple[Unit, ...] = ()

    @property
    def placed(self) -> tuple[Matter, ...]:
        """Those that have a place."""
        return tuple(each for each in self.matters if each.lon is not None)


def told(district: District, how: str, areas: Sequence[str]) -> Told | None:
    """Return the wishes of a district that a report tells of; None where it tells of none.

    Parameters
    ----------
    district, areas
        Whose; ids of areas that the report is about, () for all.
    how
        One of `choices.Wishes`.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    if how == Wishes.NONE:
        return None
    store = opened()
    wishes = recording.listed(store, district.id)
    claims, units = flow.claims(store, district.id), answers.units(store, district.id)
    held = wish_tables.holders(claims, units)
    if how == Wishes.PUBLISHED:
        seen = [wish for wish in shown(wishes) if not areas or wish.area in areas]
        matters = tuple(_matter(wish, held.get(wish.id, ""), "", "") for wish in seen)
        return Told(matters) if matters else None
    wishes = tuple(wish for wish in wishes if not areas or wish.area in areas)
    words = flow.last_words(store, district.id)
    matters = tuple(
        _matter(wish, held.get(wish.id, ""), wish.level.value, words.get(wish.id, ""))
        for wish in wishes
    )
    return Told(matters, wishes, claims, units) if matters else None


def masked_xy(matters: Iterable[Matter], crs: str) -> Floats:
    """Return the masked places of wishes that have one, metres, shape (k, 2)."""
    placed = [(each.lon, each.lat) for each in matters if each.lon is not None]
    lonlat = np.array(placed, np.float64).reshape(-1, 2)
    return to_metric(lonlat[:, 0], lonlat[:, 1], crs)


def day(district: District, moment: datetime) -> str:
    """Return the day of a moment where the district is."""
    return moment.astimezone(zone(district)).date().isoformat()


def _matter(wish: Wish | Published, unit: str, level: str, words: str) -> Matter:
    staff = isinstance(wish, Wish)
    reason = "" if wish.reason is None else str(wish.reason)
    of_reason = t(f"wishes.reason.{reason}") if reason else ""
    return Matter(
        number=wish.id,
        text=wish.text,
        kind=wish.kind,
        area=wish.area,
        state=wish.state,
        reason=reason,
        level=level,
        unit=unit,
        expected=wish.expected,
        recorded=wish.recorded,
        updated=wish.updated,
        lon=wish.shown_lon if isinstance(wish, Wish) else wish.lon,
        lat=wish.shown_lat if isinstance(wish, Wish) else wish.lat,
        result=" ".join(filter(None, (of_reason, words if staff else "")))
        if wish.state in SETTLED
        else "",
    )
