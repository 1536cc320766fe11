"""An address that no list holds: its street, and the known house numbers nearest to it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from circle.places.search import MAX_QUERY, normal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from circle.places.search import Place

_ADDRESS = re.compile(r"(?P<street>[^\d,]*[^\d\s,])\s*(?P<number>\d{1,5})?")
_OTHER_SIDE = 20


class Address(NamedTuple):
    """A street, and the number of a house or lane on it; 0 for none."""

    street: str
    number: int


def parse(text: str) -> Address | None:
    """Return the street and number in what was typed; None for no address."""
    typed = unicodedata.normalize("NFKC", text[:MAX_QUERY]).strip()
    match = _ADDRESS.match(typed)
    street = normal(match["street"]) if match else ""
    return Address(street, int(match["number"] or 0)) if match and street else None


def near_address(places: Iterable[Place], query: str, most: int = 3) -> list[Place]:
    """Return known places on the street of an address, nearest by number, the street last.

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
    ends = {address.street for _, address in known if asked.street.endswith(address.street)}
    if not ends:
        return []
    street = max(ends, key=len)
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


def _address(place: Place) -> Address | None:
    """Return where a place is; None where it has no number and is no street."""
    if place.kind == "street":
        return Address(normal(place.name), 0)
    address = parse(place.detail or place.name)
    return address if address is not None and address.number else None
