"""Gates and missing links in words and tables: the same on pages, in reports and as files."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.i18n import t
from circle.i18n.rounding import about_short, fixed, ratio, short
from circle.network.edits import MOST_OFF_M
from circle.places.facilities import register_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.lanes.gates import GatePrice, GatePrices
    from circle.lanes.links import MissingLink, MissingLinks
    from circle.lanes.walks import Walkers
    from circle.model import District, Floats
    from circle.places.gate_register import Gate

_DEGREES = 6


def gates_sentence(prices: GatePrices) -> str:
    """Return in a sentence which gate costs most while it is shut."""
    dear = [each for each in prices.prices if each.minutes > 0]
    if not prices.prices:
        return t("gates.none_priced")
    if not dear:
        return t("gates.all_free", n=len(prices.prices))
    first = dear[0]
    return t(
        "gates.dearest",
        n=len(prices.prices),
        dear=len(dear),
        name=gate_name(first.gate),
        minutes=about_short(first.minutes),
        residents=about_short(first.residents),
        most=short(first.most_minutes),
    )


def gate_name(gate: Gate) -> str:
    """Return what a gate is called: its name, else its address, else its id."""
    return gate.name or gate.address or gate.id


def gate_hours(gate: Gate) -> str:
    """Return when a gate is open, as far as it is known."""
    if gate.cut:
        return t("gates.cut")
    return gate.hours or t(f"gates.state.{gate.state}")


def gate_passes(gate: Gate) -> str:
    """Return who may pass a gate."""
    return t(f"gates.passes.{gate.passes or 'unknown'}")


def gate_line(price: GatePrice) -> str:
    """Return whom a gate concerns while it is shut, in a line."""
    if not price.minutes:
        return t("gates.free")
    return t(
        "gates.line",
        hours=gate_hours(price.gate),
        residents=about_short(price.residents),
        older=about_short(price.older),
        most=fixed(price.most_minutes, 1),
    )


def minutes_text(minutes: float) -> str:
    """Return resident-minutes a day with their unit."""
    return t("gates.minutes", n=about_short(minutes))


def now_sentence(price: GatePrice) -> str:
    """Return what a gate's hours cost today."""
    if math.isnan(price.now):
        return t("gates.now_unknown", name=gate_name(price.gate))
    return t(
        "gates.now",
        name=gate_name(price.gate),
        closed=closed_text(price.closed),
        minutes=about_short(price.now),
    )


def gates_table(prices: Sequence[GatePrice]) -> pd.DataFrame:
    """Return what each gate costs, as a table to print."""
    rows = [
        {
            "rank": str(rank),
            "gate": gate_name(each.gate),
            "hours": gate_hours(each.gate),
            "passes": gate_passes(each.gate),
            "minutes": about_short(each.minutes),
            "now": about_short(each.now),
            "closed": closed_text(each.closed),
            "residents": about_short(each.residents),
            "older": about_short(each.older),
            "cut_off": about_short(each.cut_off),
            "most": fixed(each.most_minutes, 1),
        }
        for rank, each in enumerate(prices, start=1)
    ]
    return _named(rows, "gates")


def gate_hours_table(price: GatePrice) -> pd.DataFrame:
    """Return what a gate's hours cost hour by hour, as a table to print."""
    rows = [
        {
            "hour": f"{hour:02d}:00",
            "share": "—" if math.isnan(closed) else f"{closed * 100:.0f}%",
            "cost": about_short(cost),
        }
        for hour, (closed, cost) in enumerate(zip(price.closed, price.by_hour, strict=True))
    ]
    return _named(rows, "gates")


def closed_text(closed: Floats) -> str:
    """Return how many hours a day something is closed, on average over the week."""
    if np.isnan(closed).any():
        return t("unit.not_known")
    return t("gates.hours_a_day", n=f"{closed.sum():.3g}")


def unfit_lines(prices: GatePrices) -> list[str]:
    """Return a line for each gate that cannot be laid over the streets, and why."""
    return [
        t(
            "gates.unfit",
            name=gate_name(gate),
            why=t(f"finding.{key}.what", most=f"{MOST_OFF_M:g}"),
            mend=t(f"finding.{key}.mend"),
        )
        for gate, key in prices.unfit
    ]


def gates_notes(district: District, prices: GatePrices) -> list[str]:
    """Return what is to be known of the gates' prices."""
    notes = _assumed(district, prices.who, prices.kinds, prices.left_out)
    gates = [each.gate for each in prices.prices]
    if any(np.isnan(each.closed).any() for each in prices.prices):
        notes.append(t("gates.note.unknown"))
    if any((each.closed > 0).any() and not each.gate.cut for each in prices.prices):
        notes.append(t("gates.note.walked"))
    if any(gate.passes == "residents" for gate in gates):
        notes.append(t("gates.note.residents"))
    return [*notes, *unfit_lines(prices)]


def links_sentence(answer: MissingLinks) -> str:
    """Return in a sentence where a passage would save most."""
    if not answer.links:
        return t("links.none", weighed=f"{answer.weighed:,}", most=f"{answer.rule.most_m:g}")
    first = answer.links[0]
    return t(
        "links.first",
        n=len(answer.links),
        most=f"{answer.rule.most_m:g}",
        name=link_name(first),
        minutes=about_short(first.minutes),
        residents=about_short(first.residents),
        air=f"{first.air_m:.0f}",
        walk=_metres(first.walk_m),
    )


def link_name(link: MissingLink) -> str:
    """Return what a candidate is called: the streets at its ends, else its place."""
    one, other = link.streets
    if not one and not other:
        return f"{link.begin[0]:.5f}, {link.begin[1]:.5f}"
    names = [name or t("links.unnamed") for name in (one, other)]
    return names[0] if names[0] == names[1] else t("links.between", one=names[0], other=names[1])


def link_line(link: MissingLink) -> str:
    """Return how far apart the ends are, and whom a passage would serve, in a line."""
    return t(
        "links.line",
        air=f"{link.air_m:.0f}",
        walk=_metres(link.walk_m),
        residents=about_short(link.residents),
        most=fixed(link.most_minutes, 1),
    )


def links_table(links: Sequence[MissingLink]) -> pd.DataFrame:
    """Return the candidates, as a table to print."""
    rows = [
        {
            "rank": str(rank),
            "link": link_name(each),
            "at": f"{each.begin[0]:.{_DEGREES}f}, {each.begin[1]:.{_DEGREES}f}",
            "to": f"{each.finish[0]:.{_DEGREES}f}, {each.finish[1]:.{_DEGREES}f}",
            "air": f"{each.air_m:.0f}",
            "walk": _metres(each.walk_m),
            "detour": t("unit.no_way") if math.isinf(each.walk_m) else ratio(each.detour),
            "minutes": about_short(each.minutes),
            "residents": about_short(each.residents),
            "older": about_short(each.older),
            "most": fixed(each.most_minutes, 1),
        }
        for rank, each in enumerate(links, start=1)
    ]
    return _named(rows, "links")


def links_notes(district: District, answer: MissingLinks) -> list[str]:
    """Return what is to be known of the candidates."""
    rule = answer.rule
    looked = t(
        "links.note.rule",
        most=f"{rule.most_m:g}",
        ratio=f"{rule.ratio:g}",
        extra=f"{rule.extra_m:g}",
        weighed=f"{answer.weighed:,}",
    )
    ground = t("links.note.ground" if answer.barriers else "links.note.no_ground")
    assumed = _assumed(district, answer.who, answer.kinds, answer.left_out)
    return [t("links.note.candidates"), looked, ground, *assumed]


def _assumed(
    district: District, who: Walkers, kinds: Sequence[str], left_out: Sequence[str]
) -> list[str]:
    """Return what resident-minutes a day rest on."""
    walks = who.walks
    often = (
        t("gates.note.outings")
        if walks.a_day is None
        else t("gates.note.walks", n=f"{walks.a_day:g}")
    )
    notes = [
        t(
            "gates.note.assumed",
            often=often,
            first=walks.first_hour,
            last=walks.last_hour,
            profile=district.profiles[who.profile].name,
            kinds=_kinds(district, kinds),
        )
    ]
    part = [kind for kind in kinds if not register_of(district, kind).is_complete]
    if part:
        notes.append(t("gates.note.lists", kinds=_kinds(district, part)))
    if left_out:
        notes.append(t("gates.note.left_out", kinds=_kinds(district, left_out)))
    return notes


def _kinds(district: District, kinds: Sequence[str]) -> str:
    return t("lifts.comma").join(str(district.kinds[kind].name) for kind in kinds)


def _metres(metres: float) -> str:
    return t("unit.no_way") if math.isinf(metres) else f"{metres:,.0f}"


def _named(rows: list[dict[str, str]], room: str) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    return table.rename(columns={name: t(f"{room}.column.{name}") for name in table})
