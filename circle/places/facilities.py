"""Facilities of a district: by kind, on the street, counted or left out."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from circle.errors import InputError, UnknownNameError
from circle.model import LEVEL_FILES, Completeness, Register, Text
from circle.network.snap import snap
from circle.reach.travel import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from circle.model import (
        Area,
        District,
        Floats,
        Impedance,
        Ints,
        Kind,
        PlainDistrict,
        Profile,
        Question,
        Requirement,
        Snapped,
    )

_PART = re.compile(r"(\D*?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(\D*)")
_WALK_IN = {"", "dine-in", "walk-in", "堂食", "到店"}
_DELIVERED = {"delivered", "delivery", "送餐", "配送", "外送"}
_NO_REGISTER = Text("未登记名单是否齐全", "nothing is stated about the list")

_SLOW = "older_adult"


def positions(table: pd.DataFrame) -> Floats:
    """Return the places of a table as metres, shape (k, 2)."""
    return np.column_stack([table["x"].to_numpy(np.float64), table["y"].to_numpy(np.float64)])


def on_street(impedance: Impedance, table: pd.DataFrame) -> Snapped:
    """Put the places of a table on the network, in the table's order."""
    return snap(impedance, positions(table))


def of_kind(district: District, kind: str, *, unverified: bool) -> pd.DataFrame:
    """Return the facilities of one kind.

    Parameters
    ----------
    district
        The district; facilities beyond its boundary count.
    kind
        A kind that the district knows.
    unverified
        Whether those with a guessed position are in.

    Raises
    ------
    UnknownNameError
        When the district has no such kind.
    """
    kind_named(district, kind)
    table = district.facilities
    chosen = table["kind"].eq(kind)
    return table[chosen if unverified else chosen & table["verified"]]


def in_one_house(
    district: District, kinds: Sequence[str], *, unverified: bool
) -> list[pd.DataFrame]:
    """Return the facilities of different kinds that stand at one place, a table for each place."""
    table = district.facilities
    counted = table[table["kind"].isin(kinds) & (table["verified"] | unverified)]
    houses = (house for _, house in counted.groupby(["x", "y"], sort=False))
    return [house for house in houses if len(set(house["kind"])) > 1]


def parse_capacity(text: object) -> tuple[float, float] | None:
    """Read a capacity such as ``700 dine-in + 200 delivered`` or ``堂食700+送餐200``.

    Parts are joined by ``+``, ``;`` or ``、``; each is a number with a word before
    or after it that says how it is had. A number without a word is for those who
    walk in.

    Returns
    -------
    walk_in, delivered
        In the facility's own unit; None where the text is empty or holds any
        part that cannot be read: such a capacity is unknown, never guessed.
    """
    if not isinstance(text, str):
        return None
    folded = unicodedata.normalize("NFKC", text).casefold()
    parts = [part.strip() for part in re.split("[+;、]", folded) if part.strip()]
    walk_in = delivered = 0.0
    for part in parts:
        read = _PART.fullmatch(part)
        word = (read[1] + read[3]).strip() if read else None
        if read is None or word not in _WALK_IN | _DELIVERED:
            return None
        number = float(read[2].replace(",", ""))
        walk_in, delivered = (
            (walk_in + number, delivered) if word in _WALK_IN else (walk_in, delivered + number)
        )
    return (walk_in, delivered) if parts else None


def usual_unit(district: District, kind: str) -> str:
    """Return the unit that most capacities of a kind are stated in; "" where none is stated."""
    table = district.facilities
    if "capacity_unit" not in table:
        return ""
    stated = table["kind"].eq(kind) & table["capacity"].map(parse_capacity).notna()
    units = table.loc[stated, "capacity_unit"].fillna("").astype(str)
    units = units[units.ne("")]
    return "" if units.empty else str(units.mode().iloc[0])


def meeting(district: District, asked: Requirement) -> pd.DataFrame:
    """Return all facilities that a requirement asks for; none of a kind unknown here.

    Those with a guessed position are in.

    Parameters
    ----------
    district
        The district; facilities beyond its boundary count.
    asked
        A requirement: its kind, and what the facility's name must hold.
    """
    table = district.facilities
    chosen = table["kind"].eq(asked.kind)
    if asked.name_has:
        chosen &= table["name"].str.contains(asked.name_has, regex=False)
    return table[chosen]


def matching(district: District, question: Question) -> pd.DataFrame:
    """Return all facilities that a question is about, those with a guessed position too.

    Raises
    ------
    UnknownNameError
        When it asks by minutes for a kind that the district does not have.
    """
    requirement = question.criterion.requirement
    if requirement is None:
        return of_kind(district, question.kind, unverified=True)
    return meeting(district, requirement)


def counted(district: District, question: Question) -> pd.DataFrame:
    """Return the facilities that a question counts; see `matching`."""
    places = matching(district, question)
    return places if question.unverified else places[places["verified"]]


def nearest_rows(
    district: District,
    impedance: Impedance,
    places: pd.DataFrame,
    points: Snapped,
    limit_s: float | None = None,
) -> tuple[Floats, Ints]:
    """Return how far the nearest of some facilities is from each point, and which.

    Parameters
    ----------
    district
        The district.
    impedance
        Its streets as the profile walks them.
    places
        Rows of the district's facilities; may be none.
    points
        The k points to walk from.
    limit_s
        Seconds beyond which nothing is looked for; None for no limit.

    Returns
    -------
    seconds, which
        Shapes (k,): infinite and -1 where none is within reach, else the row
        in the district's facilities; of equally near ones the first.
    """
    if len(places) == 0:
        return np.full(len(points.segment), np.inf), np.full(len(points.segment), -1, np.int32)
    seconds, which = nearest(impedance, on_street(impedance, places), points, limit_s)
    rows = district.facilities.index.get_indexer(places.index)
    return seconds, np.where(which >= 0, rows[which], -1).astype(np.int32)


def register_of(district: District, kind: str) -> Register:
    """Return how complete the list of a kind is; unknown when nothing is stated."""
    return district.registers.get(kind) or Register(kind, Completeness.UNKNOWN, "", _NO_REGISTER)


def countable(district: District, kind: str) -> bool:
    """Tell whether places of a kind can be counted: some are listed, or none is and that is all."""
    places = district.heritage if kind == "heritage" else district.facilities
    some = len(places) if kind == "heritage" else places["kind"].eq(kind).any()
    return bool(some) or register_of(district, kind).is_complete


def service_name(district: District, question: Question) -> Text:
    """Return what a service is called: by the standard's requirement, or else by its kind."""
    requirement = question.criterion.requirement
    return district.kinds[question.kind].name if requirement is None else requirement.name


def kind_named(district: District, kind: str) -> Kind:
    """Return the kind called `kind`, of which the district has facilities.

    Raises
    ------
    UnknownNameError
        With the names that there are.
    """
    known = coverable_kinds(district)
    if kind not in known:
        raise UnknownNameError("kind", name=kind, known=", ".join(known))
    return district.kinds[kind]


def coverable_kinds(district: District) -> tuple[str, ...]:
    """Return the kinds that coverage can be asked for: services, then the rest."""
    present = set(district.facilities["kind"])
    kinds = [k for k in district.kinds.values() if k.service or k.id in present]
    return tuple(k.id for k in sorted(kinds, key=lambda k: not k.service))


def usual_profile(district: District | PlainDistrict) -> str:
    """Return the id of who walks where nobody is named: the older adult, where there is one."""
    return _SLOW if _SLOW in district.profiles else next(iter(district.profiles))


def profile_named(district: District | PlainDistrict, name: str) -> Profile:
    """Return the profile called `name`.

    Raises
    ------
    UnknownNameError
        With the names that there are.
    """
    if name not in district.profiles:
        raise UnknownNameError("profile", name=name, known=", ".join(district.profiles))
    return district.profiles[name]


def area_named(district: District, name: str, level: str = "area") -> Area:
    """Return the area, or the unit of another level, with this id or name, Chinese or English.

    A part of a name does where it is of no other.

    Raises
    ------
    InputError
        When there is no such level.
    UnknownNameError
        With the names that there are.
    """
    units = units_of(district, level)
    for unit in units:
        if name.casefold() in {s.casefold() for s in (unit.id, unit.name.zh, unit.name.en)}:
            return unit
    holding = [unit for unit in units if name.strip() and _holds(unit.name, name.strip())]
    if len(holding) == 1:
        return holding[0]
    known = ", ".join(unit.name.zh for unit in units)
    raise UnknownNameError("area" if level == "area" else "unit", name=name, known=known)


def _holds(name: Text, part: str) -> bool:
    return any(part.casefold() in text.casefold() for text in (name.zh, name.en))


def units_of(district: District, level: str) -> tuple[Area, ...]:
    """Return the units of a level: areas, residents' committees or grid cells.

    Raises
    ------
    UnknownNameError
        When there is no level of that name, with those that there are.
    InputError
        When the district has no layer for it, with how to bring it.
    """
    if level not in LEVEL_FILES:
        known = ", ".join(f"{name} ({file})" for name, file in LEVEL_FILES.items())
        raise UnknownNameError("level", name=level, known=known)
    if level not in district.levels:
        raise InputError("level_missing", name=level, file=LEVEL_FILES[level])
    return district.levels[level]
