"""What the public sees of wishes: nothing that fewer than five share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle.wishes.nouns import ANY_AGE, LEAST_SHOWN, SHOWABLE, State, Visibility, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

Told = tuple[str, str, str]
"""Kind, area and age group."""
WITHHELD = ""
"""Stands for a kind or area that is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A wish as the public sees it.

    Attributes
    ----------
    id, text, state, reason, waits, expected, updated
        As of `circle.wishes.nouns.Wish`.
    kind, area, age_group
        The same, or `WITHHELD` where fewer than five share it.
    lon, lat
        The masked place; None where the area is withheld, as it would tell it.
    recorded
        When.
    """

    id: int
    text: str
    kind: str
    area: str
    age_group: str
    lon: float | None
    lat: float | None
    state: State
    reason: str
    waits: str
    expected: date | None
    recorded: datetime
    updated: datetime


def shown(wishes: Sequence[Wish]) -> tuple[Published, ...]:
    """Return what is public of wishes, in their order.

    Of those that share kind, area and age group with fewer than four others, the age
    group is withheld; of those that then share kind and area with fewer than four such,
    the area and the place; then the kind. So each that is told something stands among
    at least five of whom the same is told. Merged ones stand in the one they went into.
    """
    public = [
        wish
        for wish in wishes
        if wish.visibility is Visibility.PUBLIC
        and wish.state in SHOWABLE
        and wish.merged_into is None
    ]
    told = coarsened([(wish.kind, wish.area, wish.age_group) for wish in public])
    return tuple(as_told(wish, each) for wish, each in zip(public, told, strict=True))


def coarsened(known: Sequence[Told]) -> list[Told]:
    """Return kind, area and age group of each, coarsened until at least five share them."""
    told = coarsening(Counter(known))
    return [told[each] for each in known]


def coarsening(counts: Mapping[Told, int]) -> dict[Told, Told]:
    """Return what is told of each kind, area and age group, given how many share them."""
    result = {each: each for each in counts}
    for withheld in (
        lambda kind, area, _age: (kind, area, WITHHELD),
        lambda kind, _area, _age: (kind, WITHHELD, WITHHELD),
        lambda _kind, _area, _age: (WITHHELD, WITHHELD, WITHHELD),
    ):
        shared: Counter[Told] = Counter()
        for each, told in result.items():
            shared[told] += counts[each]
        result = {
            each: told if shared[told] >= LEAST_SHOWN else withheld(*told)
            for each, told in result.items()
        }
    return result


def as_told(wish: Wish, told: Told) -> Published:
    """Return a wish with what is told of its kind, area and age group."""
    kind, area, age_group = told
    placed = area != WITHHELD
    return Published(
        id=wish.id,
        text=wish.text,
        kind=kind,
        area=area,
        age_group=age_group or ANY_AGE,
        lon=wish.shown_lon if placed else None,
        lat=wish.shown_lat if placed else None,
        state=wish.state,
        reason="" if wish.reason is None else wish.reason.value,
        waits=wish.waits,
        expected=wish.expected,
        recorded=wish.recorded,
        updated=wish.updated,
    )
