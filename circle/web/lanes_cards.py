"""Lanes 里弄 on Lifts and lanes: the register, a lane's card, two side by side, the sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import shapely
import streamlit as st

from circle.errors import FontError, StoreError
from circle.geo.crs import to_metric
from circle.geo.shapes import points
from circle.i18n import t
from circle.lanes.card import lane_card
from circle.lanes.register import lanes_of
from circle.maps import layers, legend
from circle.maps.geometry import feature
from circle.report import fonts
from circle.report.lane_sheet.sheet import LaneSheet, to_pdf
from circle.store import opened
from circle.web import controls, downloads, shell, state, templates
from circle.web.map_view import show_map
from circle.wishes import browsing
from circle.wishes.browsing import Filter
from circle.wishes.nouns import SETTLED, State
from circle.words import lanes as words
from circle.words import passages, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.lanes.card import LaneCard
    from circle.lanes.register import Lane
    from circle.lanes.walks import Walkers
    from circle.model import District
    from circle.study import Study

_GROUND = "lane"
_TAKEN = frozenset(State) - {State.NOT_TAKEN_UP}
_NONE = "-"
"""In the address: compared with no other lane."""


def show(study: Study, who: Walkers) -> bool:
    """Draw the register and one lane's card, beside another where one is chosen.

    Returns
    -------
    bool
        Whether there was something that depends on who walks.
    """
    lanes = lanes_of(study.district)
    if not lanes:
        _missing()
        return False
    shell.answer(wording.marked(words.register_sentence(lanes)))
    lane, other = _chosen(lanes)
    card = lane_card(study, lane, who)
    if other is None:
        _card(study.district, card)
    else:
        cards = [card, lane_card(study, other, who)]
        shell.heading(t("lanes.compare"))
        compared = words.compared(study.district, cards)
        shell.table(compared)
        downloads.files(compared, file=t("lanes.file.compared"))
        _map(study.district, cards)
    shell.notes(words.notes())
    register(study.district)
    downloads.sources(study.district)
    return True


def register(district: District) -> None:
    """Draw what was published of each lane; nothing where there is no register."""
    lanes = lanes_of(district)
    if not lanes:
        return
    shell.heading(t("lanes.register"))
    downloads.table(words.register_table(lanes), file=t("lanes.file.register"))


def _missing() -> None:
    shell.answer(wording.marked(t("lanes.no_register")))
    shell.notes([t("lanes.bring")])
    templates.offer("lanes")


def _chosen(lanes: Sequence[Lane]) -> tuple[Lane, Lane | None]:
    """Draw which lane is looked at and with which it is compared, and return both."""
    by_id = {lane.id: lane for lane in lanes}
    others = (_NONE, *by_id)

    def name(lane: str) -> str:
        return t("lanes.compare_none") if lane == _NONE else str(by_id[lane].name)

    with st.container(horizontal=True, key="lanes-chosen"):
        first = controls.select(t("lanes.choose"), tuple(by_id), state.choice("lane", by_id), name)
        second = controls.select(t("lanes.compare"), others, state.choice("with", others), name)
    return by_id[first], by_id.get(second) if second != first else None


def _card(district: District, card: LaneCard) -> None:
    shell.heading(str(card.lane.name))
    shell.answer(wording.marked(words.reach_sentence(district, card)))
    shell.table(words.facts_table(card.lane, words.published_facts(card.lane)))
    _map(district, [card])
    told = _wishes(district, card.lane)
    facts = words.card_facts(district, card)
    if told:
        facts.append(words.Fact(t("lanes.fact.wishes"), told))
    shell.table(words.facts_table(card.lane, facts))
    shell.heading(t("lanes.reach"))
    downloads.table(words.reach_table(district, card), file=t("lanes.file.card"))
    shell.heading(t("lanes.helps"))
    shell.paragraphs(words.help_lines(card))
    _print(district, card, told)


def _map(district: District, cards: Sequence[LaneCard]) -> None:
    grounds = [feature(card.lane.ground, district.crs, name=str(card.lane.name)) for card in cards]
    links = {each.begin: each for card in cards for each in card.links}
    lines = [
        feature(
            shapely.LineString(each.xy),
            district.crs,
            name=passages.link_name(each),
            lines=[passages.link_line(each)],
        )
        for each in links.values()
    ]
    gates = {each.gate.id: each for card in cards for each in card.gates}
    places = layers.spot_places(
        [
            *(
                layers.Spot(
                    card.lane.id,
                    card.lane.lon,
                    card.lane.lat,
                    str(card.lane.name),
                    _GROUND,
                    t("lanes.letter"),
                    (words.state_text(card.lane.state),),
                )
                for card in cards
            ),
            *(
                layers.Spot(
                    each.gate.id,
                    each.gate.lon,
                    each.gate.lat,
                    passages.gate_name(each.gate),
                    "gate",
                    t("gates.letter"),
                    (passages.gate_line(each),),
                )
                for each in gates.values()
            ),
        ]
    )
    rows = [
        legend.spots_row(_GROUND, t("lanes.choose"), t("lanes.letter")),
        legend.outlines_row(t("lanes.drawn"), _GROUND),
    ]
    if gates:
        rows.append(legend.spots_row("gate", t("gates.title"), t("gates.letter")))
    shown = [
        layers.outlines([*grounds, *lines], key=_GROUND),
        layers.spots(places, selected=cards[0].lane.id),
    ]
    show_map(district, [*shown, legend.layer(rows)], key="lanes")


def _wishes(district: District, lane: Lane) -> str:
    """Return how many wishes are about a lane, by their masked places; "" where nobody can say."""
    try:
        taken = browsing.points(opened(), district.id, Filter(states=_TAKEN))
        unsettled = browsing.points(opened(), district.id, Filter(states=_TAKEN - SETTLED))
    except StoreError:
        return ""
    counts = [_on_ground(district, lane, each) for each in (taken, unsettled)]
    return t("lanes.wishes", n=counts[0], open=counts[1])


def _on_ground(district: District, lane: Lane, wishes: Sequence[browsing.Point]) -> int:
    degrees = np.array([(each.lon, each.lat) for each in wishes], np.float64).reshape(-1, 2)
    xy = to_metric(degrees[:, 0], degrees[:, 1], district.crs)
    return int(shapely.intersects(points(xy), lane.ground).sum())


def _print(district: District, card: LaneCard, told: str) -> None:
    """Offer the card as a PDF; without a font that prints it, say what is missing."""
    try:
        fonts.faces()
    except FontError:
        st.info(shell.escaped_markdown(t("sheet.no_font")))
        return
    now = datetime.now(UTC).astimezone(ZoneInfo(district.time_zone))
    sheet = LaneSheet(district, card, now, told)
    downloads.button(
        t("lanes.print"),
        downloads.made_later(partial(to_pdf, sheet)),
        f"{t('lanes.file.card')}-{card.lane.id}.pdf",
        "application/pdf",
    )
