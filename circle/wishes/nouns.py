"""The nouns of wishes: states and what may follow on what, levels, reasons, records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from circle.model import AGE_GROUPS

if TYPE_CHECKING:
    from datetime import date, datetime

OTHER_KIND = "other"
"""The kind of a wish that is about none of the district's kinds of facility."""
ANY_AGE = ""
"""The age group of a wish of which none was stated."""
AGES = (ANY_AGE, *AGE_GROUPS)
LEAST_SHOWN = 5
"""What fewer wishes or opinions share is not shown on its own."""


class State(StrEnum):
    """How far a wish is."""

    RECORDED = "recorded"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    CLAIMED = "claimed"
    IN_PROGRESS = "in_progress"
    FULFILLED = "fulfilled"
    NOT_TAKEN_UP = "not_taken_up"


class Visibility(StrEnum):
    """Who sees a wish."""

    STAFF = "staff"
    PUBLIC = "public"


class Reason(StrEnum):
    """Why a wish was not taken up."""

    DUPLICATE = "duplicate"
    REFERRED = "referred"
    NOT_RESPONSIBLE = "not_responsible"
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    """Who deals with a matter, the nearest first."""

    GRID = "grid"
    AREA = "area"
    SUBDISTRICT = "subdistrict"


class Source(StrEnum):
    """How a wish came in."""

    RESIDENT = "resident"
    VISIT = "visit"


class UnitKind(StrEnum):
    """Who takes wishes up."""

    UNIT = "unit"
    ORGANISATION = "organisation"
    COMMITTEE = "committee"


class Visited(StrEnum):
    """What kind of unit was visited: never a person."""

    SHOP = "shop"
    FIRM = "firm"
    INSTITUTION = "institution"
    OTHER = "other"


NEXT: dict[State, frozenset[State]] = {
    State.RECORDED: frozenset({State.REVIEWED, State.NOT_TAKEN_UP}),
    State.REVIEWED: frozenset({State.PUBLISHED, State.NOT_TAKEN_UP}),
    State.PUBLISHED: frozenset({State.CLAIMED, State.NOT_TAKEN_UP}),
    State.CLAIMED: frozenset({State.IN_PROGRESS, State.PUBLISHED, State.NOT_TAKEN_UP}),
    State.IN_PROGRESS: frozenset({State.FULFILLED, State.PUBLISHED, State.NOT_TAKEN_UP}),
    State.FULFILLED: frozenset({State.REVIEWED}),
    State.NOT_TAKEN_UP: frozenset({State.REVIEWED}),
}
"""What may follow on what; to `REVIEWED` from the last two is reopening."""
BY_STAFF = frozenset({State.REVIEWED, State.PUBLISHED, State.FULFILLED, State.NOT_TAKEN_UP})
"""States that staff set; the others follow from a claim and its progress."""
SHOWABLE = frozenset(State) - {State.RECORDED, State.REVIEWED}
"""States of wishes that the public may see."""
SETTLED = frozenset({State.FULFILLED, State.NOT_TAKEN_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for, as staff see it.

    Attributes
    ----------
    id
        Its number, which is never given twice.
    version
        Goes up with each change; whoever changes it names the one that was read.
    kind
        A kind of facility of the district, or `OTHER_KIND`.
    lon, lat
        Where it is about; None for the whole district.
    shown_lon, shown_lat
        The same, masked along the streets, once: all that leaves the staff's pages.
    area
        The district's area that it lies in; "" for none.
    reason
        Why it was not taken up.
    merged_into
        The wish that says the same.
    waits
        Why it waits; "" where it does not.
    expected
        When it is to be fulfilled.
    level, level_since
        Who deals with it, and since when (UTC).
    recorded, updated
        When (UTC).
    """

    id: int
    version: int
    text: str
    kind: str
    lon: float | None
    lat: float | None
    shown_lon: float | None
    shown_lat: float | None
    area: str
    age_group: str
    source: Source
    state: State
    visibility: Visibility
    reason: Reason | None
    merged_into: int | None
    waits: str
    expected: date | None
    level: Level
    level_since: datetime
    recorded: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a wish: what changed, from what to what, by whom, when (UTC)."""

    number: int
    wish: int
    time: datetime
    author: str
    action: str
    before: str
    after: str
    unit: int | None
    remark: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Who takes wishes up; how to reach it stands apart."""

    id: int
    name: str
    kind: UnitKind


@dataclass(frozen=True, slots=True)
class Claim:
    """A unit that has taken a wish up."""

    wish: int
    unit: int
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A rating of a facility, 1 to 5, with a remark for staff."""

    id: int
    facility: str
    rating: int
    remark: str
    on: date


@dataclass(frozen=True, slots=True)
class Rated:
    """What is told of the ratings of a facility: None where they are fewer than five."""

    facility: str
    count: int | None
    average: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a shop or firm said it needs, and what follows."""

    id: int
    kind: Visited
    need: str
    follow_up: str
    on: date
    wish: int | None
