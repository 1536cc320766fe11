"""The command coverage: the share of residents within reach, and how sure it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.cli.arguments import OK, UNVERIFIED, add_walker, emit, minutes_of, walker
from circle.cli.standard_arguments import (
    asked_for,
    described,
    limit_text,
    named,
    no_data,
    standard_sets_here,
)
from circle.demand import unit_of
from circle.i18n import t
from circle.i18n.rounding import percent
from circle.measures.coverage import WHOLE, at_level, coverage, coverage_by, figure_in
from circle.measures.uncertainty import Uncertainty, by_zone, uncertainty, uncertainty_by
from circle.model import LEVEL_FILES, NOT_IN_ANY, NoData
from circle.places.facilities import area_named, kind_named, units_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from circle.model import Area, Coverage, District, Impedance

_GROUPS = {"residents": "", "residents_60_plus": "_60_plus", "residents_65_plus": "_65_plus"}
_KINDS = "market,canteen,party_service"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command to the parser."""
    one = commands.add_parser("coverage", help="the share of residents within reach")
    one.add_argument("--kinds", help=f"default {_KINDS}; with a standard all that it asks for")
    one.add_argument("--minutes", help="default 15")
    one.add_argument("--standard", metavar="SET", help="judge by a standard instead of minutes")
    one.add_argument("--area", metavar="NAME", help="a unit of the level")
    levels = "|".join(LEVEL_FILES)
    one.add_argument("--level", default="area", metavar=levels, help="units of by_area")
    one.add_argument("--unverified", choices=UNVERIFIED, default="exclude")
    one.add_argument("--json", action="store_true")
    add_walker(one)
    one.set_defaults(run=_coverage)


@dataclass(frozen=True, eq=False)
class _Answer:
    """A coverage and its interval, by the units of a level; `key` names it in the answer."""

    key: str
    found: Coverage | NoData
    sure: Uncertainty | NoData
    table: pd.DataFrame
    ends: pd.DataFrame | None


def _coverage(options: argparse.Namespace) -> int:
    district, walk = walker(options)
    minutes = minutes_of(options)
    units = units_of(district, options.level)
    area = area_named(district, options.area, options.level).id if options.area else WHOLE
    answers = (
        _by_minutes(district, walk, options, minutes)
        if options.standard is None
        else _by_standard(district, walk, options)
    )
    if not options.json:
        print("\n".join(_line(district, one, area) for one in answers))
        return OK
    told = {one.key: _json(units, one, area) for one in answers}
    emit(
        {
            "district": district.id,
            "profile": walk.profile.id,
            "standard": options.standard,
            "minutes": minutes if options.standard is None else None,
            "area": options.area,
            "level": options.level,
            "unverified": options.unverified,
            "modelled": ["residents"],
            "kinds" if options.standard is None else "services": told,
        }
    )
    return OK


def _by_minutes(
    district: District, walk: Impedance, options: argparse.Namespace, minutes: float
) -> list[_Answer]:
    unverified = options.unverified == "include"
    names = _KINDS if options.kinds is None else options.kinds
    kinds = [kind_named(district, kind.strip()).id for kind in names.split(",")]
    return [
        _answer(
            district,
            (kind, options.level),
            coverage(district, walk, kind, minutes, unverified=unverified),
            uncertainty(district, walk, kind, minutes),
        )
        for kind in kinds
    ]


def _by_standard(district: District, walk: Impedance, options: argparse.Namespace) -> list[_Answer]:
    asked = named(standard_sets_here(), options.standard)
    unverified = options.unverified == "include"
    return [
        _answer(
            district,
            (one.id, options.level),
            coverage_by(district, walk, one, unverified=unverified),
            uncertainty_by(district, walk, one),
        )
        for one in asked_for(asked, options.kinds)
    ]


def _answer(
    district: District,
    what: tuple[str, str],
    found: Coverage | NoData,
    sure: Uncertainty | NoData,
) -> _Answer:
    key, level = what
    if isinstance(found, NoData):
        return _Answer(key, found, sure, pd.DataFrame(), None)
    table = at_level(district, found, level)
    if isinstance(sure, NoData):
        return _Answer(key, found, sure, table, None)
    if level == "area":
        return _Answer(key, found, sure, table, sure.table)
    units = table["area"].drop_duplicates().to_numpy(object)
    member = (unit_of(district, level)[:, None] == units) | (units == WHOLE)
    zones = by_zone(district, sure, member)
    return _Answer(key, found, sure, table, zones.assign(area=units[zones["zone"]]))


def _unit_names(units: Sequence[Area], table: pd.DataFrame) -> dict[str, str]:
    """Return the name of each unit by id; units of one name keep their id beside it."""
    said = Counter(unit.name.zh for unit in units)
    names = {
        unit.id: unit.name.zh if said[unit.name.zh] == 1 else f"{unit.name.zh} ({unit.id})"
        for unit in units
    }
    if table["area"].eq(NOT_IN_ANY).any():
        names[NOT_IN_ANY] = t("unit.not_in_any", language="zh")
    return names


def _json(units: Sequence[Area], one: _Answer, area: str) -> dict[str, Any]:
    found = one.found
    if isinstance(found, NoData):
        return no_data(found)
    return {
        **_figures(one, area),
        "by_area": {
            name: _figures(one, unit) for unit, name in _unit_names(units, one.table).items()
        },
        "facilities_counted": found.facilities_counted,
        "unverified_counted": found.unverified_counted,
        "unverified_left_out": found.unverified_left_out,
        "register": found.register.completeness.value,
        "as_of": found.register.as_of,
        "rate_is": "at_least" if found.at_least else "exact",
        "interval_assumes": _assumes(one.sure),
        "standard": None if found.standard is None else described(found.standard),
    }


def _figures(one: _Answer, area: str) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for group, ending in _GROUPS.items():
        row = figure_in(one.table, group, area)
        figures[f"residents{ending}"] = round(float(row["residents"]), 2)
        figures[f"covered{ending}"] = round(float(row["covered"]), 2)
        figures[f"rate{ending}"] = _rate(float(row["rate"]))
        low, high = _ends(one.ends, group, area)
        figures[f"rate_low{ending}"], figures[f"rate_high{ending}"] = _rate(low), _rate(high)
    return figures


def _rate(share: float) -> float | None:
    return round(share, 4) if np.isfinite(share) else None


def _ends(table: pd.DataFrame | None, group: str, area: str) -> tuple[float, float]:
    """Return the ends of the interval; NaN where there is none."""
    if table is None:
        return float("nan"), float("nan")
    own = table[table["area"].eq(area) & table["group"].eq(group)].iloc[0]
    return float(own["low"]), float(own["high"])


def _assumes(sure: Uncertainty | NoData) -> str | None:
    if isinstance(sure, NoData):
        return None
    assumed = sure.assumed
    return t(
        "cli.interval_assumes",
        draws=f"{assumed.draws:,}",
        seed=assumed.seed,
        unverified=assumed.unverified,
        speed=f"{assumed.speed_cv or 0.0:.0%}",
    )


def _line(district: District, one: _Answer, area: str) -> str:
    found = one.found
    if isinstance(found, NoData):
        return t("standard.no_data", name=found.standard.name)
    row = figure_in(one.table, area=area)
    key = "coverage" if found.standard is None else "standard"
    said = t(
        f"cli.{key}_at_least" if found.at_least else f"cli.{key}",
        kind=district.kinds[found.kind].name,
        name="" if found.standard is None else found.standard.name,
        limit=limit_text(found),
        profile=district.profiles[found.profile].name,
        minutes=f"{found.minutes:g}",
        rate=f"{row['rate']:.1%}",
        uncovered=f"{row['uncovered']:,.0f}",
        register=t(f"register.{found.register.completeness.value}"),
        as_of=found.register.as_of or t("register.no_date"),
    )
    low, high = _ends(one.ends, "residents", area)
    if not np.isfinite(low):
        return said
    return said + t("cli.interval", low=percent(low), high=percent(high))
