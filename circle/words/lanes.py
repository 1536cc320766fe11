"""Lanes under renewal in words and tables: the register, a card, two cards side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely

from circle.i18n import t
from circle.i18n.rounding import about_short, people, time_text
from circle.lanes.card import HERITAGE_M, LIMIT_MINUTES, LINKS_M
from circle.lanes.register import BESIDE_M
from circle.model import Text
from circle.model.lanes import LaneState
from circle.words import passages, wording
from circle.words.lifts import lift_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.lanes.card import Help, LaneCard
    from circle.lanes.register import Lane
    from circle.model import District

_MOST_ADDRESSES = 12
_MOST_HELPS = 3
_RESIDENTS = ("residents", "age_0_14", "residents_60_plus", "residents_65_plus")


class Fact(NamedTuple):
    """One thing that is known of a lane: what it is, and what there is to say."""

    name: str
    text: str


def register_sentence(lanes: Sequence[Lane]) -> str:
    """Return in a sentence how far the renewal of the lanes has come."""
    if not lanes:
        return t("lanes.none")
    counts = {state: sum(lane.state is state for lane in lanes) for state in (*LaneState, None)}
    parts = [t("lanes.count", state=state_text(state), n=n) for state, n in counts.items() if n]
    return t("lanes.sentence", n=len(lanes), parts=t("lanes.comma").join(parts))


def state_text(state: LaneState | None) -> str:
    """Return how far a renewal has come."""
    return t(f"lanes.state.{state or 'unknown'}")


def dates_text(lane: Lane) -> str:
    """Return the dates of a renewal that are stated."""
    dates = [
        t("lanes.on", step=t(f"lanes.step.{each}"), day=day) for each, day in lane.dates.items()
    ]
    return t("lanes.comma").join(dates) or t("lanes.no_dates")


def register_table(lanes: Sequence[Lane]) -> pd.DataFrame:
    """Return the lanes as they were published, as a table to print."""
    rows = [
        {
            "lane": str(lane.name),
            "state": state_text(lane.state),
            "dates": dates_text(lane),
            "works": str(lane.works) or "—",
            "units": str(lane.units) or "—",
            "source": str(lane.source) or "—",
        }
        for lane in lanes
    ]
    return _named(pd.DataFrame(rows))


def published_facts(lane: Lane) -> list[Fact]:
    """Return what was published of a lane."""
    texts = {
        "state": state_text(lane.state),
        "dates": dates_text(lane),
        "works": str(lane.works),
        "units": str(lane.units),
        "source": str(lane.source),
    }
    return [Fact(t(f"lanes.column.{name}"), text) for name, text in texts.items() if text]


def card_facts(district: District, card: LaneCard) -> list[Fact]:
    """Return what is known of a lane's ground: homes, addresses, lifts, heritage, gates."""
    texts = {
        "ground": ground_text(card.lane),
        "residents": residents_text(card),
        "addresses": _addresses(card),
        "lifts": lifts_text(card),
        "heritage": heritage_text(card),
        "gates": gates_text(district, card),
    }
    return [Fact(t(f"lanes.fact.{name}"), text) for name, text in texts.items()]


def facts_table(lane: Lane, facts: Sequence[Fact]) -> pd.DataFrame:
    """Return facts of one lane as a table to print."""
    names = [t("lanes.column.fact"), str(lane.name)]
    return pd.DataFrame([(fact.name, fact.text) for fact in facts], columns=names)


def ground_text(lane: Lane) -> str:
    """Return on which ground a lane's figures are."""
    radius = math.sqrt(shapely.area(lane.ground) / math.pi)
    return t(
        f"lanes.ground.{lane.basis}",
        hectares=f"{shapely.area(lane.ground) / 1e4:.1f}",
        radius=f"{radius:.0f}",
        beside=f"{BESIDE_M:g}",
        accuracy="?" if math.isnan(lane.accuracy_m) else f"{lane.accuracy_m:.0f}",
    )


def residents_text(card: LaneCard) -> str:
    """Return who lives on a lane's ground, by age."""
    if not card.residents["residents"] > 0:
        return t("lanes.nobody")
    ages = [
        t("lanes.of_age", group=t(f"group.{group}"), n=people(card.residents[group]))
        for group in _RESIDENTS[1:]
        if np.isfinite(card.residents[group])
    ]
    return t(
        "lanes.residents",
        n=people(card.residents["residents"]),
        ages=t("lanes.comma").join(ages) or t("unit.not_known"),
    )


def _addresses(card: LaneCard) -> str:
    known = card.addresses
    if not known:
        return t("lanes.no_addresses")
    named = t("lanes.comma").join(known[:_MOST_ADDRESSES])
    more = len(known) - _MOST_ADDRESSES
    return named + (t("lanes.more", n=more) if more > 0 else "")


def lifts_text(card: LaneCard) -> str:
    """Return how many doorways there are, and how many have a lift."""
    counts = [t("lanes.lifts_at", lift=lift_text(lift), n=n) for lift, n in card.lifts.items() if n]
    told = t("lanes.comma").join(counts)
    if card.doorways is None:
        return t("lanes.lifts_published", parts=told) if told else t("lanes.no_doorways")
    return t("lanes.doorways", n=card.doorways, parts=told or t("unit.not_known"))


def heritage_text(card: LaneCard) -> str:
    """Return how much heritage stands in a lane, and near it."""
    inside = int((card.heritage["away_m"] <= 0).sum())
    return t("lanes.heritage", n=inside, near=len(card.heritage) - inside, metres=f"{HERITAGE_M:g}")


def gates_text(district: District, card: LaneCard) -> str:
    """Return which gates a lane has."""
    if not card.gates:
        register = district.gates is not None or len(district.street_edits)
        return t("lanes.no_gates" if register else "lanes.gates_unknown")
    return t("lanes.comma").join(
        t(
            "lanes.gate",
            name=passages.gate_name(each.gate),
            hours=passages.gate_hours(each.gate),
        )
        for each in card.gates
    )


def reach_table(district: District, card: LaneCard) -> pd.DataFrame:
    """Return the minutes from a lane to the nearest of each daily service, by who walks."""
    rows = []
    for row in card.reach.to_dict("records"):
        kind, facility = district.kinds[str(row["kind"])], int(row["facility"])
        place = None if facility < 0 else district.facilities.iloc[facility]
        cells = {
            t("lanes.column.kind"): str(kind.name),
            t("lanes.column.nearest"): "—"
            if place is None
            else str(Text(place["name"], place.get("name_en") or place["name"])),
        }
        cells |= {
            str(profile.name): time_text(float(row[name]), [LIMIT_MINUTES])
            for name, profile in district.profiles.items()
        }
        rows.append(cells)
    return pd.DataFrame(rows)


def reach_sentence(district: District, card: LaneCard) -> str:
    """Return in a sentence which services are near a lane."""
    profile = wording.inline(district.profiles[card.who.profile].name)
    if not card.far:
        return t("lanes.all_near", name=card.lane.name, profile=profile, n=len(card.reach))
    far = t("lanes.comma").join(wording.inline(district.kinds[kind].name) for kind in card.far)
    near = len(card.reach) - len(card.far)
    return t(
        "lanes.some_near",
        name=card.lane.name,
        profile=profile,
        near=near,
        n=len(card.reach),
        far=far,
    )


def help_lines(card: LaneCard) -> list[str]:
    """Return what would help most, the best first; one line that says so where nothing is known."""
    lines = [_help(each) for each in card.helps[:_MOST_HELPS]]
    return lines or [t("lanes.no_help", metres=f"{LINKS_M:g}")]


def _help(one: Help) -> str:
    minutes = about_short(one.minutes)
    if one.gate is not None:
        return t("lanes.help_gate", name=passages.gate_name(one.gate.gate), minutes=minutes)
    if one.link is None:
        raise TypeError(one)
    return t(
        "lanes.help_link",
        name=passages.link_name(one.link),
        air=f"{one.link.air_m:.0f}",
        minutes=minutes,
    )


def compared(district: District, cards: Sequence[LaneCard]) -> pd.DataFrame:
    """Return cards side by side, as a table to print: a column a lane."""
    columns: dict[str, list[str]] = {}
    for card in cards:
        told = [
            *published_facts(card.lane)[:1],
            *card_facts(district, card),
            *_minutes(district, card),
            Fact(t("lanes.fact.helps"), t("lanes.semicolon").join(help_lines(card))),
        ]
        columns.setdefault(t("lanes.column.fact"), [fact.name for fact in told])
        name = str(card.lane.name)
        columns[name if name not in columns else f"{name} ({card.lane.id})"] = [
            fact.text for fact in told
        ]
    return pd.DataFrame(columns)


def _minutes(district: District, card: LaneCard) -> list[Fact]:
    minutes = card.reach[card.who.profile]
    return [
        Fact(
            t("lanes.fact.to", kind=wording.inline(district.kinds[kind].name)),
            time_text(float(walk), [LIMIT_MINUTES]),
        )
        for kind, walk in zip(card.reach["kind"], minutes, strict=True)
    ]


def notes() -> list[str]:
    """Return what is to be known of lanes' cards."""
    return [t("lanes.note.position"), t("lanes.note.residents"), t("lanes.note.helps")]


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={name: t(f"lanes.column.{name}") for name in table})
