"""The sheet to print: one map and one list of what is near, as a PDF of A4 pages.

Texts reach typst as data and are set as they are. Fonts are those of this machine
(`circle.report.fonts`) and are embedded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle.i18n import language, rounding, t
from circle.maps.symbols import colour_of
from circle.places import directions, gates
from circle.report import one_page
from circle.report.home_sheet.walk_map import Drawn, Pin, svg
from circle.words import nearby

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from circle.model import District, LifeCircle, Path, Profile
    from circle.words.nearby import Nearby

_HIGH_MM = (112.0, 88.0, 64.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """What the sheet tells.

    Attributes
    ----------
    found, places
        What the home has, and its places as they are told (`circle.words.nearby`).
    minutes
        The limit that places are listed within.
    home
        What the home is called.
    made_at
        In the district's time zone.
    picked, way
        The place that the way is told to, and the walk; None for none.
    asked
        Whom to ask for hours that are not known; "" for nobody.
    indoors
        What the times include between flat and street; "" where the floor is not known.
    """

    district: District
    found: LifeCircle
    places: Sequence[Nearby]
    profile: Profile
    minutes: float
    home: str
    made_at: datetime
    picked: Nearby | None = None
    way: Path | None = None
    asked: str = ""
    indoors: str = ""


def to_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as a PDF, in the language in use.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    inside, beyond = _listed(sheet)
    numbers = {place.id: n for n, place in enumerate([*inside, *beyond], 1)}
    data = _data(sheet, inside, beyond, numbers)
    drawn = Drawn(
        [one for one in sheet.found.isochrones if one.minutes <= sheet.minutes],
        _pins(sheet, numbers),
        sheet.found.origin.xy[0],
        sheet.way,
    )
    return one_page.to_pdf(
        __package__, data, lambda size: svg(sheet.district, drawn, size, data["alt"]), _HIGH_MM
    )


def _listed(sheet: Sheet) -> tuple[list[Nearby], list[Nearby]]:
    """Return the places within the limit, and those named beyond it, each once."""
    inside = [place for place in sheet.places if place.within(sheet.minutes)]
    lacking = [place for _, place in nearby.farther(sheet.district, sheet.places, sheet.minutes)]
    known = {place.id for place in inside}
    beyond = {place.id: place for place in (*lacking, sheet.picked) if place is not None}
    return inside, [place for name, place in beyond.items() if name not in known]


def _pins(sheet: Sheet, numbers: dict[str, int]) -> list[Pin]:
    rows = sheet.district.facilities.set_index("id")
    x, y = rows["x"].astype(float), rows["y"].astype(float)
    return [
        Pin(number, x[name], y[name], place.kind, place.verified, place.within(sheet.minutes))
        for place in sheet.places
        if (number := numbers.get(name := place.id))
    ]


def _data(
    sheet: Sheet, inside: list[Nearby], beyond: list[Nearby], numbers: dict[str, int]
) -> dict[str, Any]:
    district, spoken = sheet.district, language()
    head = t("sheet.title", home=sheet.home)
    limit = f"{sheet.minutes:g}"
    parts = [
        {"heading": heading, "places": [_entry(place, numbers[place.id]) for place in places]}
        for heading, places in (
            (t("sheet.inside", minutes=limit, n=len(inside)), inside),
            (t("home.farther", minutes=limit), beyond),
        )
        if places
    ]
    return {
        "language": spoken,
        "region": "CN" if spoken == "zh" else "GB",
        "title": head,
        "lead": nearby.sentence(
            district, sheet.home, sheet.profile, sheet.minutes, sheet.places, now=False
        ),
        "alt": t("sheet.alt", home=sheet.home),
        "parts": parts,
        "way": _way(sheet),
        "note": _note(sheet),
        "credit": t(
            "sheet.credit",
            district=district.name,
            date=f"{sheet.made_at:%Y-%m-%d}",
            observed=district.observed,
            credit=t("map.credit"),
        ),
    }


def _entry(place: Nearby, number: int) -> dict[str, Any]:
    where = [str(place.kind.name), place.address, "" if place.inside else t("home.beyond")]
    hours = t("home.join").join(place.week) or t("hours.not_stated")
    lines = [t("home.join").join(part for part in (*where, hours) if part)]
    phone = t("home.phone", phone=place.phone) if place.phone else ""
    if contacts := [part for part in (phone, place.website) if part]:
        lines.append(t("home.join").join(contacts))
    if place.offers:
        lines.append(t("hours.list").join(place.offers))
    if not place.verified:
        lines.append(t("home.unverified"))
    return {
        "number": number,
        "name": place.name,
        "lines": lines,
        "time": place.time,
        "verified": place.verified,
        "colour": colour_of(place.kind),
    }


def _way(sheet: Sheet) -> dict[str, Any] | None:
    if sheet.picked is None or sheet.way is None:
        return None
    found = directions.directions(sheet.district.network, sheet.way)
    on_it = gates.passed(sheet.district, sheet.way)
    return {
        "heading": t("home.way", name=sheet.picked.name),
        "total": directions.total(found, nearby.LIMITS),
        "steps": directions.sentences(found, sheet.picked.name, on_it),
    }


def _note(sheet: Sheet) -> str:
    level = "" if sheet.profile.steps_allowed else "_level"
    pace = t(f"home.pace_note{level}", metres=rounding.pace(sheet.profile.speed_m_s))
    return t("sheet.note", pace=pace, indoors=sheet.indoors, asked=sheet.asked).strip()
