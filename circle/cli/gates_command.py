"""The command gates: what each gate costs while it is shut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle.cli import arguments as cli
from circle.errors import InputError
from circle.i18n import t
from circle.lanes.gates import gate_prices
from circle.lanes.walks import Walkers, Walks
from circle.words import passages as words

if TYPE_CHECKING:
    import argparse

    from circle.lanes.gates import GatePrice, GatePrices
    from circle.model import District


def gates(options: argparse.Namespace) -> int:
    """Print all gates, the one that costs most first; where there is none, how to bring them."""
    study = cli.study_of(options)
    district = study.district
    prices = gate_prices(study, walkers_of(options), progress=told)
    if options.json:
        cli.emit(_json(district, prices))
        return cli.OK
    if not prices.prices and not prices.unfit:
        print("\n".join([t("gates.no_register"), t("cli.gates_template")]))
        return cli.OK
    lines = [words.gates_sentence(prices)]
    if prices.prices:
        lines.append(words.gates_table(prices.prices).to_string(index=False))
    print("\n".join([*lines, *words.gates_notes(district, prices)]))
    return cli.OK


def walkers_of(options: argparse.Namespace) -> Walkers:
    """Return who walks how often, as the options say.

    Raises
    ------
    InputError
        When they are no numbers, or out of range.
    """
    a_day = None if options.walks is None else cli.number_of(options.walks)
    hours = options.walk_hours.split("-")
    try:
        first, last = (int(hour) for hour in hours)
    except ValueError:
        raise InputError("walks.hours") from None
    return Walkers(options.profile, options.unverified == "include", Walks(a_day, first, last))


def told(done: int, of: int) -> None:
    """Say on stderr how far a long search is, each tenth of it."""
    if of > _FEW and done * 10 // of > (done - 1) * 10 // of:
        cli.print_to_stderr(t("cli.done_of", done=done, of=of))


_FEW = 20


def assumed(who: Walkers) -> dict[str, Any]:
    """Return what resident-minutes a day rest on, as plain data."""
    return {
        "profile": who.profile,
        "unverified": "include" if who.unverified else "exclude",
        "modelled": True,
        "walks_a_day": who.walks.a_day,
        "walks_from": "vertical.toml" if who.walks.a_day is None else "given",
        "walk_hours": [who.walks.first_hour, who.walks.last_hour],
    }


def _json(district: District, prices: GatePrices) -> dict[str, Any]:
    return {
        "district": district.id,
        **assumed(prices.who),
        "register": None if district.gates is None else len(district.gates),
        "services": list(prices.kinds),
        "services_without_answer": list(prices.left_out),
        "gates": [_gate(rank, each) for rank, each in enumerate(prices.prices, start=1)],
        "unfit": [{"id": gate.id, "why": key} for gate, key in prices.unfit],
    }


def _gate(rank: int, price: GatePrice) -> dict[str, Any]:
    gate = price.gate
    return {
        "rank": rank,
        "id": gate.id,
        "name": gate.name,
        "address": gate.address,
        "lon": gate.lon,
        "lat": gate.lat,
        "state": gate.state.value,
        "hours": gate.hours,
        "passes": None if gate.passes is None else gate.passes.value,
        "shut_in_streets": gate.cut,
        "source": gate.source,
        "resident_minutes_a_day_if_shut": cli.rounded(price.minutes, 2),
        "resident_minutes_a_day_now": cli.rounded(price.now, 2),
        "residents": cli.rounded(price.residents, 2),
        "residents_60_plus": cli.rounded(price.older, 2),
        "residents_cut_off": cli.rounded(price.cut_off, 2),
        "longest_detour_minutes": cli.rounded(price.most_minutes, 2),
        "by_service": {kind: cli.rounded(value, 2) for kind, value in price.by_kind.items()},
        "shut_share_by_hour": [cli.rounded(share, 4) for share in price.closed],
        "resident_minutes_by_hour": [cli.rounded(cost, 2) for cost in price.by_hour],
    }
