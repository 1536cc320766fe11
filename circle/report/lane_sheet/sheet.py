"""A lane's card as a PDF of one A4 page, with a map of its surroundings.

Texts reach typst as data and are set as they are. The map is that of the home sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.i18n import language, t
from circle.lanes.card import LIMIT_MINUTES
from circle.report import one_page
from circle.report.home_sheet.walk_map import Drawn, Pin, svg
from circle.report.printable import printable
from circle.words import lanes as words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from circle.lanes.card import LaneCard
    from circle.model import District

_HIGH_MM = (96.0, 76.0, 58.0, 44.0)


@dataclass(frozen=True, slots=True, eq=False)
class LaneSheet:
    """What the sheet tells.

    Attributes
    ----------
    wishes
        What is said of the wishes there; "" where nothing is.
    made_at
        In the district's time zone.
    """

    district: District
    card: LaneCard
    made_at: datetime
    wishes: str = ""


def to_pdf(sheet: LaneSheet) -> bytes:
    """Return the sheet as a PDF, in the language in use.

    Raises
    ------
    FontError
        When this machine has no font that prints Chinese.
    """
    data, lane = _data(sheet), sheet.card.lane
    drawn = Drawn([], _pins(sheet), np.array([lane.x, lane.y]), None)
    return one_page.to_pdf(
        __package__, data, lambda size: svg(sheet.district, drawn, size, data["alt"]), _HIGH_MM
    )


def _pins(sheet: LaneSheet) -> list[Pin]:
    """Return the nearest place of each service, numbered as in the table; one place has one."""
    district, pins, seen = sheet.district, [], set()
    for number, row in enumerate(sheet.card.reach.to_dict("records"), start=1):
        facility = int(row["facility"])
        if facility < 0 or facility in seen:
            continue
        seen.add(facility)
        place = district.facilities.iloc[facility]
        kind = district.kinds[str(row["kind"])]
        near = float(row[sheet.card.who.profile]) <= LIMIT_MINUTES
        pins.append(Pin(number, place["x"], place["y"], kind, bool(place["verified"]), near))
    return pins


def _data(sheet: LaneSheet) -> dict[str, Any]:
    district, card, spoken = sheet.district, sheet.card, language()
    table = words.reach_table(district, card)
    numbered = table.to_numpy(object).tolist()
    rows = [[f"{n}. {row[0]}", *row[1:]] for n, row in enumerate(numbered, start=1)]
    facts = words.card_facts(district, card)
    if sheet.wishes:
        facts.append(words.Fact(t("lanes.fact.wishes"), sheet.wishes))
    return {
        "language": spoken,
        "region": "CN" if spoken == "zh" else "GB",
        "title": printable(t("lanes.sheet_title", name=card.lane.name)),
        "lead": printable(words.reach_sentence(district, card)),
        "alt": printable(t("lanes.sheet_alt", name=card.lane.name)),
        "published": _pairs(words.published_facts(card.lane)),
        "facts": _pairs(facts),
        "reach": {
            "heading": t("lanes.reach"),
            "head": [printable(name) for name in table],
            "rows": [[printable(cell) for cell in row] for row in rows],
        },
        "helps": {
            "heading": t("lanes.helps"),
            "lines": [printable(line) for line in words.help_lines(card)],
        },
        "notes": [printable(line) for line in words.notes()],
        "credit": t(
            "sheet.credit",
            district=district.name,
            date=f"{sheet.made_at:%Y-%m-%d}",
            observed=district.observed,
            credit=t("map.credit"),
        ),
    }


def _pairs(facts: Sequence[words.Fact]) -> list[list[str]]:
    return [[printable(fact.name), printable(fact.text)] for fact in facts]
