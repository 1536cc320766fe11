"""Wishes in tables, in words: counted, by level and unit, handed on, waiting longest."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.i18n import t
from circle.store import zone
from circle.wishes.against_gaps import FEWEST
from circle.wishes.nouns import OTHER_KIND, SETTLED, State
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from circle.model import District, Gap
    from circle.wishes.against_gaps import Against, Placed
    from circle.wishes.nouns import Claim, Event, Unit, Wish

_SECONDS_A_DAY = 86_400
_AGES = ("open", "long", "median_days", "longest_days")


def kind_name(district: District, kind: str) -> str:
    """Return what the kind of a wish is called; the kind itself where the district has none."""
    if kind == OTHER_KIND:
        return t("wishes.other")
    known = district.kinds.get(kind)
    return kind if known is None else str(known.name)


def holders(claims: Iterable[Claim], units: Iterable[Unit]) -> dict[int, str]:
    """Return by wish the names of the units that have it."""
    names = {unit.id: unit.name for unit in units}
    held: defaultdict[int, list[str]] = defaultdict(list)
    for claim in claims:
        held[claim.wish].append(names.get(claim.unit, str(claim.unit)))
    return {wish: t("unit.and").join(dict.fromkeys(of_it)) for wish, of_it in held.items()}


def counted(district: District, kinds_and_states: Iterable[tuple[str, State]]) -> pd.DataFrame:
    """Return how many wishes there are of each kind, by state; the most asked for first."""
    pairs = pd.DataFrame(list(kinds_and_states), columns=["kind", "state"])
    table = pd.crosstab(pairs["kind"], pairs["state"]).reindex(columns=list(State), fill_value=0)
    total = table.sum(axis=1)
    order = total.sort_values(ascending=False, kind="stable").index
    columns: dict[str, object] = {
        t("wishes.col.kind"): [kind_name(district, str(kind)) for kind in order],
        t("wishes.col.all"): total[order].to_numpy(),
    }
    for state in State:
        columns[t(f"wishes.state.{state.value}")] = table.loc[order, state].to_numpy()
    return pd.DataFrame(columns)


def by_level(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `circle.wishes.levels.by_level` in words."""
    columns: dict[str, object] = {}
    columns[t("wishes.col.level")] = [t(f"wishes.level.{level}") for level in table.index]
    columns[t("wishes.col.settled")] = table["settled"].astype(int).to_numpy()
    columns[t("wishes.col.settled_share")] = (table["settled_share"] * 100).round(1).to_numpy()
    columns[t("wishes.col.fulfilled")] = table["fulfilled"].astype(int).to_numpy()
    return pd.DataFrame(columns | _ages(table))


def by_unit(table: pd.DataFrame, units: Iterable[Unit]) -> pd.DataFrame:
    """Return a table of `circle.wishes.levels.by_unit` in words, the most open first."""
    of = {unit.id: unit for unit in units}
    table = table.sort_values(["open", "longest_days"], ascending=False, kind="stable")
    known = [of.get(number) for number in table.index]
    columns = {
        t("wishes.col.unit"): [
            str(number) if unit is None else unit.name
            for number, unit in zip(table.index, known, strict=True)
        ],
        t("wishes.col.unit_kind"): [
            "" if unit is None else t(f"wishes.unit.{unit.kind.value}") for unit in known
        ],
        t("wishes.col.fulfilled"): table["fulfilled"].astype(int).to_numpy(),
    }
    return pd.DataFrame(columns | _ages(table))


def handed_on(district: District, events: Iterable[Event]) -> pd.DataFrame:
    """Return the steps from level to level with their reasons."""
    local = zone(district)
    rows = [
        (
            event.wish,
            event.time.astimezone(local).date().isoformat(),
            t(f"wishes.level.{event.before}"),
            t(f"wishes.level.{event.after}"),
            event.remark,
            event.author,
        )
        for event in events
    ]
    names = ("number", "date", "level_from", "level_to", "why", "by")
    return pd.DataFrame(rows, columns=[t(f"wishes.col.{name}") for name in names])


def waiting(
    district: District, wishes: Sequence[Wish], held: Mapping[int, str], now: datetime, most: int
) -> pd.DataFrame:
    """Return the open wishes that were recorded longest ago."""
    areas = {area.id: str(area.name) for area in district.areas}
    still = sorted(
        (wish for wish in wishes if wish.state not in SETTLED), key=lambda wish: wish.recorded
    )
    rows = [
        (
            wish.id,
            _days(now, wish.recorded),
            _days(now, wish.level_since),
            t(f"wishes.level.{wish.level.value}"),
            t(f"wishes.state.{wish.state.value}"),
            kind_name(district, wish.kind),
            wish.text,
            areas.get(wish.area, ""),
            held.get(wish.id, ""),
            wish.waits,
            "" if wish.expected is None else wish.expected.isoformat(),
        )
        for wish in still[:most]
    ]
    names = (
        *("number", "days", "days_at_level", "level", "state", "kind"),
        *("text", "area", "unit", "waits", "expected"),
    )
    return pd.DataFrame(rows, columns=[t(f"wishes.col.{name}") for name in names])


def against_gaps(district: District, results: Mapping[str, Against]) -> pd.DataFrame:
    """Return, for each kind, how wishes lie to its gap zones; the most asked for first."""
    kinds = sorted(results, key=lambda kind: -results[kind].wishes)
    asked = [results[kind] for kind in kinds]
    columns = {
        "kind": [kind_name(district, kind) for kind in kinds],
        "counted": [each.wishes for each in asked],
        "inside": [each.inside for each in asked],
        "inside_share": [round(100 * each.wishes_share, 1) for each in asked],
        "residents_share": [round(100 * each.residents_share, 1) for each in asked],
        "verdict": [t(f"wishes.verdict.{each.verdict}") for each in asked],
        "p": [round(each.p, 4) if each.wishes >= FEWEST else np.nan for each in asked],
    }
    return pd.DataFrame({t(f"wishes.col.{name}"): values for name, values in columns.items()})


def not_asked_zones(asked: Placed, zones: Iterable[Gap]) -> pd.DataFrame:
    """Return the gap zones of a kind that nobody asks for it in, most residents first."""
    without = [zone for zone in zones if not asked.inside(zone) and zone.residents >= 1]
    without.sort(key=lambda zone: -zone.residents)
    rows = [
        (zone.rank, wording.gap_name(zone), round(zone.residents), round(zone.residents_60_plus))
        if np.isfinite(zone.residents_60_plus)
        else (zone.rank, wording.gap_name(zone), round(zone.residents), None)
        for zone in without
    ]
    names = ("zone", "place", "residents", "residents_60_plus")
    return pd.DataFrame(rows, columns=[t(f"wishes.col.{name}") for name in names])


def asked_areas(district: District, asked: Placed, zones: Iterable[Gap]) -> pd.DataFrame:
    """Return by area how many ask for a kind where the model lacks none of it."""
    names = {area.id: str(area.name) for area in district.areas}
    counts = Counter(names.get(wish.area, t("unit.not_in_any")) for wish in asked.outside(zones))
    columns = [t("wishes.col.area"), t("wishes.col.counted")]
    return pd.DataFrame(counts.most_common(), columns=columns)


def _ages(table: pd.DataFrame) -> dict[str, object]:
    whole = {name: table[name].astype(int).to_numpy() for name in _AGES[:2]}
    days = {name: table[name].astype(float).round(1).to_numpy() for name in _AGES[2:]}
    return {t(f"wishes.col.{name}"): values for name, values in (whole | days).items()}


def _days(now: datetime, since: datetime) -> int:
    return int((now - since).total_seconds() // _SECONDS_A_DAY)
