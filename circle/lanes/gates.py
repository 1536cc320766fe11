"""The price of a locked gate: resident-minutes a day with it shut against open, by hour.

Each gate is shut, or where the streets have it as shut opened, with all others as they are;
both states answer as any scenario does (`circle.scenario`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from circle.errors import DataError
from circle.hours.by_hour import HOURS, closed_by_hour
from circle.lanes.walks import Daily, Walkers, daily, longer, with_edit
from circle.model.gates import GateState, Passes
from circle.places.gate_register import Gate, gates_of
from circle.scenario import OpenGate, ShutGate

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import Floats
    from circle.study import Study


@dataclass(frozen=True, eq=False)
class GatePrice:
    """What one gate costs while it is shut.

    Attributes
    ----------
    residents, older
        Whose walk to some daily service is longer; `older` are 60 and older.
    cut_off
        Of them those who have no way any more to one that they had a way to.
    minutes
        Resident-minutes a day if it is shut all day (modelled).
    most_minutes
        The longest detour of one walk, one way.
    by_kind
        Of `minutes`, the part of each service.
    closed
        Shape (24,): the share of each hour in which it is shut; NaN where not known.
    by_hour
        Shape (24,): resident-minutes a day that its hours cost; NaN where not known, unless
        it costs nothing at any hour.
    """

    gate: Gate
    residents: float
    older: float
    cut_off: float
    minutes: float
    most_minutes: float
    by_kind: dict[str, float]
    closed: Floats
    by_hour: Floats

    @property
    def now(self) -> float:
        """Resident-minutes a day that its hours cost; NaN where they are not known."""
        return float(self.by_hour.sum())


@dataclass(frozen=True, eq=False)
class GatePrices:
    """All gates of a district, the dearest first.

    Attributes
    ----------
    unfit
        Gates that cannot be laid over the streets, with the key of the reason.
    kinds, left_out
        The daily services that count, and those without an answer.
    """

    who: Walkers
    prices: tuple[GatePrice, ...] = ()
    unfit: tuple[tuple[Gate, str], ...] = ()
    kinds: tuple[str, ...] = ()
    left_out: tuple[str, ...] = field(default=())


def gate_prices(
    study: Study,
    who: Walkers,
    day: date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> GatePrices:
    """Return what each gate of the district costs, kept with the study's answers.

    Parameters
    ----------
    study
        Of the district.
    who
        Who walks how often.
    day
        Of the week that is taken for a usual one; by default today.
    progress
        Told how many gates are done, and of how many.
    """
    zone = study.district.time_zone
    day = day or datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
    key = (study.district.scenario_id, "gate_prices", (who, day))
    return study.memo.get(key, lambda: _priced(study, who, day, progress))


def _priced(
    study: Study, who: Walkers, day: date, progress: Callable[[int, int], None] | None
) -> GatePrices:
    gates, present = gates_of(study.district), daily(study, who)
    if not present.kinds:
        return GatePrices(who, left_out=present.left_out)
    prices, unfit = [], []
    for number, gate in enumerate(gates, start=1):
        kind = OpenGate if gate.cut else ShutGate
        try:
            changed = daily(with_edit(study, kind(lon=gate.lon, lat=gate.lat)), who)
        except DataError as error:
            unfit.append((gate, error.findings[0].key))
            continue
        states = (changed, present) if gate.cut else (present, changed)
        closed = closed_share(gate, day, study.district.time_zone)
        prices.append(price(gate, states, closed, who))
        if progress is not None:
            progress(number, len(gates))
    prices.sort(key=lambda each: (-each.minutes, each.gate.id))
    return GatePrices(who, tuple(prices), tuple(unfit), present.kinds, present.left_out)


def closed_share(gate: Gate, day: date, time_zone: str) -> Floats:
    """Return the share of each hour in which a gate is shut, shape (24,).

    One that the streets have as shut, that nobody passes or that is closed without hours is
    shut all day; where nothing is stated it is not known (NaN).
    """
    if gate.cut or gate.passes is Passes.NOBODY:
        return np.ones(HOURS)
    if gate.hours:
        return closed_by_hour(gate.hours, day, time_zone)
    share = {GateState.OPEN: 0.0, GateState.CLOSED: 1.0, GateState.UNKNOWN: np.nan}
    return np.full(HOURS, share[gate.state])


def price(gate: Gate, states: tuple[Daily, Daily], closed: Floats, who: Walkers) -> GatePrice:
    """Return what a gate costs, from the walks with it open and with it shut."""
    opened, shut = states
    more = longer(opened, shut)
    by_kind = more @ opened.walks / len(opened.kinds)
    affected = (more > 0).any(axis=0)
    cut_off = (shut.no_way & ~opened.no_way).any(axis=0)
    minutes = float(by_kind.sum())
    here = affected & (opened.residents > 0)
    return GatePrice(
        gate=gate,
        residents=float(opened.residents[affected].sum()),
        older=float(opened.older[affected].sum()),
        cut_off=float(opened.residents[cut_off].sum()),
        minutes=minutes,
        most_minutes=float(more[:, here].max(initial=0.0)),
        by_kind=dict(zip(opened.kinds, by_kind.tolist(), strict=True)),
        closed=closed,
        by_hour=minutes * who.walks.by_hour * closed if minutes else np.zeros(HOURS),
    )
