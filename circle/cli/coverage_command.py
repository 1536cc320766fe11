"""The command coverage: the share of residents within reach, and how sure it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from circle.cli import arguments as cli
from circle.demand import ages_known, figure_in, unit_of
from circle.i18n import t
from circle.i18n.rounding import ends, is_bound, people, percent
from circle.load.standards import standard_named
from circle.measures.coverage import at_level
from circle.measures.uncertainty import Uncertainty, by_zone
from circle.model import NOT_IN_ANY, WHOLE, NoData
from circle.places.facilities import area_named, kind_named, units_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from circle.model import Area, Coverage, District, Question
    from circle.study import Study


@dataclass(frozen=True, eq=False)
class _Answer:
    """A coverage and its interval, by the units of a level; `key` names it in the answer."""

    key: str
    coverage: Coverage | NoData
    uncertainty: Uncertainty | None
    table: pd.DataFrame
    ends: pd.DataFrame | None


def coverage(options: argparse.Namespace) -> int:
    """Print the share of residents within reach."""
    study = cli.study_of(options)
    district = study.district
    minutes = cli.minutes_of(options)
    units = units_of(district, options.level)
    area = area_named(district, options.area, options.level).id if options.area else WHOLE
    answers = [
        _answer(study, key, question, options.level)
        for key, question in _questions(district, options)
    ]
    if options.json:
        by_key = {answer.key: _json(district, units, answer, area) for answer in answers}
        cli.emit(_asked(district, options, minutes, by_key))
    lines = [_line(district, answer, area) for answer in answers]
    if all(isinstance(answer.coverage, NoData) for answer in answers):
        cli.print_to_stderr(*lines)
        return cli.FAULT
    if not options.json:
        print("\n".join(lines))
    return cli.OK


def _asked(
    district: District, options: argparse.Namespace, minutes: float, by_key: dict[str, Any]
) -> dict[str, Any]:
    return {
        "district": district.id,
        "profile": options.profile,
        "standard": options.standard,
        "minutes": minutes if options.standard is None else None,
        "area": options.area,
        "level": options.level,
        "unverified": options.unverified,
        "modelled": ["residents"],
        "ages_known_of": round(ages_known(district)[0], 2),
        "kinds" if options.standard is None else "services": by_key,
    }


def _questions(district: District, options: argparse.Namespace) -> list[tuple[str, Question]]:
    """Return the questions with their keys: kinds, or the services of a standard."""
    if options.standard is not None:
        standard = standard_named(cli.standard_sets_here(), options.standard)
        return [
            (requirement.id, cli.question_of(options, requirement))
            for requirement in cli.asked_for(standard, options.kinds)
        ]
    if options.kinds is None:
        kinds = [kind.id for kind in district.kinds.values() if kind.service]
    else:
        kinds = [kind_named(district, kind.strip()).id for kind in options.kinds.split(",")]
    return [(kind, cli.question_of(options, kind)) for kind in kinds]


def _answer(study: Study, key: str, question: Question, level: str) -> _Answer:
    coverage, uncertainty = study.coverage(question), study.uncertainty(question)
    if isinstance(coverage, NoData):
        return _Answer(key, coverage, uncertainty, pd.DataFrame(), None)
    table = at_level(study.district, coverage, level)
    if uncertainty is None:
        return _Answer(key, coverage, None, table, None)
    if level == "area":
        return _Answer(key, coverage, uncertainty, table, uncertainty.table)
    units = table["area"].drop_duplicates().to_numpy(object)
    member = (unit_of(study.district, level)[:, None] == units) | (units == WHOLE)
    zones = by_zone(study.district, uncertainty, member)
    ends = zones.assign(area=units[zones["zone"]])
    return _Answer(key, coverage, uncertainty, table, ends)


def _unit_names(units: Sequence[Area], table: pd.DataFrame) -> dict[str, str]:
    """Return the name of each unit by id; units of one name keep their id beside it."""
    counts = Counter(unit.name.zh for unit in units)
    names = {
        unit.id: unit.name.zh if counts[unit.name.zh] == 1 else f"{unit.name.zh} ({unit.id})"
        for unit in units
    }
    if table["area"].eq(NOT_IN_ANY).any():
        names[NOT_IN_ANY] = t("unit.not_in_any", language="zh")
    return names


def _json(district: District, units: Sequence[Area], answer: _Answer, area: str) -> dict[str, Any]:
    coverage = answer.coverage
    if isinstance(coverage, NoData):
        return {
            "no_data": coverage.reason,
            "why": _line(district, answer, area),
            "standard": cli.described_or_none(coverage.standard),
        }
    return {
        **_figures(answer, area),
        "by_area": {
            name: _figures(answer, unit) for unit, name in _unit_names(units, answer.table).items()
        },
        "facilities_counted": coverage.facilities_counted,
        "unverified_counted": coverage.unverified_counted,
        "unverified_left_out": coverage.unverified_left_out,
        "register": coverage.register.completeness.value,
        "as_of": coverage.register.as_of,
        "rate_is": "at_least" if coverage.at_least else "exact",
        "interval_assumes": _assumes(answer.uncertainty),
        "standard": cli.described_or_none(coverage.standard),
    }


def _figures(answer: _Answer, area: str) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for group, ending in cli.ENDINGS.items():
        row = figure_in(answer.table, group, area)
        figures[f"residents{ending}"] = round(float(row["residents"]), 2)
        figures[f"covered{ending}"] = round(float(row["covered"]), 2)
        low, high = _ends(answer.ends, group, area)
        for key, share in (("rate", float(row["rate"])), ("rate_low", low), ("rate_high", high)):
            figures[f"{key}{ending}"] = cli.rounded(share)
    return figures


def _ends(table: pd.DataFrame | None, group: str, area: str) -> tuple[float, float]:
    """Return the ends of the interval; NaN where there is none."""
    if table is None:
        return float("nan"), float("nan")
    row = figure_in(table, group, area)
    return float(row["low"]), float(row["high"])


def _assumes(uncertainty: Uncertainty | None) -> str | None:
    if uncertainty is None:
        return None
    assumed = uncertainty.assumed
    return t(
        "cli.interval_assumes",
        draws=f"{assumed.draws:,}",
        seed=assumed.seed,
        unverified=assumed.unverified,
    )


def _line(district: District, answer: _Answer, area: str) -> str:
    coverage = answer.coverage
    if isinstance(coverage, NoData):
        return str(cli.no_answer(district, coverage))
    row = figure_in(answer.table, area=area)
    at_least = is_bound(row["rate"], at_least=coverage.at_least)
    key = "coverage" if coverage.standard is None else "standard"
    sentence = t(
        f"cli.{key}_at_least" if at_least else f"cli.{key}",
        kind=district.kinds[coverage.kind].name,
        name="" if coverage.standard is None else coverage.standard.name,
        limit=cli.limit_text(coverage),
        profile=district.profiles[coverage.profile].name,
        minutes=f"{coverage.minutes:g}",
        rate=percent(row["rate"], at_least=at_least),
        uncovered=people(row["uncovered"]),
        register=t(f"register.{coverage.register.completeness.value}"),
        as_of=coverage.register.as_of or t("register.no_date"),
    )
    low, high = _ends(answer.ends, "residents", area)
    if not np.isfinite(low):
        return sentence
    below, above = ends(low, high)
    return sentence + t("cli.interval", low=below, high=above)
