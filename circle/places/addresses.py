"""What was typed: the places that it names, else its street and the nearest known numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from circle.places.search import MAX_QUERY, find, normal, sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle.places.search import Place

_ADDRESS = re.compile(r"(?P<street>[^\d,]*[^\d\s,])\s*(?P<number>\d{1,5})?")
_OTHER_SIDE = 20


class Address(NamedTuple):
    """A street, and the number of a house or lane on it; 0 for none."""

    street: str
    number: int


class Answer(NamedTuple):
    """What fits a query.

    Attributes
    ----------
    places
        Best first.
    near
        True where none is what was asked for, but they are near it.
    """

    places: list[Place]
    near: bool


def look_up(places: Iterable[Place], query: str, most: int = 8) -> Answer:
    """Return the places that a query names, else what is known near such an address.

    Parameters
    ----------
    places
        From `circle.places.search.build_index`.
    query
        What was typed.
    most
        How many to return.
    """
    known = tuple(places)
    if named := find(known, query, most):
        return Answer(named, near=False)
    return Answer(near_address(known, query), near=True)


def parse(text: str) -> Address | None:
    """Return the street and number in what was typed; None for no address."""
    typed = unicodedata.normalize("NFKC", text[:MAX_QUERY]).strip()
    match = _ADDRESS.match(typed)
    street = normal(match["street"]) if match else ""
    return Address(street, int(match["number"] or 0)) if match and street else None


def near_address(places: Iterable[Place], query: str, most: int = 3) -> list[Place]:
    """Return known places on the street of an address, nearest by number, the street last.

    A street that is not known as it is written may be one that sounds so.
    Houses of one side of a street are numbered alike, odd or even: a number of
    the other side counts as `_OTHER_SIDE` farther.

    Parameters
    ----------
    places
        From `circle.places.search.build_index`.
    query
        What was typed and was not found.
    most
        House numbers to return at most.

    Returns
    -------
    list of Place
        Named by their address; empty where no such street is known.
    """
    asked = parse(query)
    known = [(place, address) for place in places if (address := _address(place)) is not None]
    if asked is None:
        return []
    streets = {address.street for _, address in known}
    street = _longest_end(asked.street, {street: street for street in streets})
    street = street or _longest_end(sound(asked.street), {each: sound(each) for each in streets})
    if not street:
        return []
    on_it = [(place, address.number) for place, address in known if address.street == street]
    itself = [place for place, _ in on_it if place.kind == "street"][:1]
    if not asked.number:
        return itself
    houses: dict[int, Place] = {}
    for place, number in on_it:
        if number:
            houses.setdefault(number, replace(place, name=place.detail or place.name, detail=""))
    away = {number: abs(number - asked.number) for number in houses}
    closest = sorted(houses, key=lambda number: away[number] + _OTHER_SIDE * (away[number] % 2))
    return [houses[number] for number in closest[:most]] + itself


def _longest_end(text: str, written: Mapping[str, str]) -> str:
    """Return the longest street whose writing ends `text`; "" for none."""
    ends = (street for street, name in written.items() if name and text.endswith(name))
    return max(ends, key=len, default="")


def _address(place: Place) -> Address | None:
    """Return where a place is; None where it has no number and is no street."""
    if place.kind == "street":
        return Address(normal(place.name), 0)
    address = parse(place.detail or place.name)
    return address if address is not None and address.number else None
