"""The command score: services together, and how evenly their minutes are shared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle.cli import arguments as cli
from circle.demand import ages_known, figure_in, roll_up
from circle.i18n import t
from circle.i18n.rounding import about, fixed, is_bound, percent
from circle.load.standards import standard_named
from circle.measures.completeness import service_names
from circle.model import CAP_MINUTES, WHOLE
from circle.places.facilities import service_name
from circle.study import of_standard

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from circle.model import District, Provision, StandardSet
    from circle.study import Study

_MINUTES = 15.0
_EQUITY = {"mean": "mean_minutes", "gini": "gini", "palma": "palma", "capped_share": "capped_share"}


@dataclass(frozen=True, eq=False)
class _Score:
    """What is reported: by which standard and why, the services together, and each one's spread."""

    standard: StandardSet | None
    chosen: str
    provision: Provision
    keys: tuple[str, ...]
    counts: tuple[pd.DataFrame, ...]
    spreads: tuple[pd.DataFrame, ...]


def score(options: argparse.Namespace) -> int:
    """Print services together, and how evenly they are near."""
    study = cli.study_of(options)
    score = _computed(study, options.profile, options.standard)
    if options.json:
        cli.emit(_json(study.district, options.profile, score))
    else:
        print("\n".join(_lines(study.district, score)))
    return cli.OK


def _computed(study: Study, profile: str, asked: str | None) -> _Score:
    sets = cli.standard_sets_here()
    standard, chosen = None, "services"
    if asked is not None:
        standard, chosen = standard_named(sets, asked), "asked"
    elif sets:
        standard, chosen = next(iter(sets.values())), "first"
    if standard is None:
        questions = study.services(profile, _MINUTES, unverified=False)
    else:
        questions = of_standard(standard, profile)
    provision = study.together(questions)
    spreads = (study.spread(service.question) for service in provision.services)
    return _Score(
        standard=standard,
        chosen=chosen,
        provision=provision,
        keys=tuple(c.kind if c.standard is None else c.standard.id for c in provision.services),
        counts=tuple(
            roll_up(study.district, provision.count == count)
            for count in range(len(provision.services) + 1)
        ),
        spreads=tuple(spread.table for spread in spreads if spread is not None),
    )


def _json(district: District, profile: str, score: _Score) -> dict[str, Any]:
    standard = score.standard
    return {
        "district": district.id,
        "profile": profile,
        "standard": None if standard is None else standard.id,
        "standard_name": None if standard is None else str(standard.name),
        "chosen": score.chosen,
        "minutes": _MINUTES if standard is None else None,
        "services": [
            {
                "id": key,
                "kind": service.kind,
                "name": str(name),
                "standard": cli.described_or_none(service.standard),
                "register": service.register.completeness.value,
                "as_of": service.register.as_of,
            }
            for key, service, name in _services_named(district, score)
        ],
        "no_data": _no_data(score),
        "cap_minutes": CAP_MINUTES,
        "rate_is": "at_least" if score.provision.at_least else "exact",
        "modelled": ["residents"],
        "ages_known_of": round(ages_known(district)[0], 2),
        "whole": _level(score, WHOLE),
        "by_area": {area.name.zh: _level(score, area.id) for area in district.areas},
    }


def _services_named(district: District, score: _Score) -> list[tuple[str, Any, Any]]:
    names = service_names(district, score.provision)
    return list(zip(score.keys, score.provision.services, names, strict=True))


def _no_data(score: _Score) -> list[dict[str, str]]:
    return [
        {
            "id": no_data.question.kind if no_data.standard is None else no_data.standard.id,
            "kind": no_data.question.kind,
            "reason": no_data.reason,
        }
        for no_data in score.provision.no_data
    ]


def _level(score: _Score, area: str) -> dict[str, Any]:
    return {
        "of": len(score.keys),
        **_together(score, area),
        "counts": {
            str(count): round(_value(table, area, "covered"), 2)
            for count, table in enumerate(score.counts)
        },
        "equity": {
            key: {
                name: cli.rounded(_value(table, area, column)) for column, name in _EQUITY.items()
            }
            for key, table in zip(score.keys, score.spreads, strict=True)
        },
    }


def _together(score: _Score, area: str) -> dict[str, float | None]:
    """Return who lives there and, where there is data, the share with all services."""
    shares: dict[str, float | None] = {}
    for group, ending in cli.ENDINGS.items():
        shares[f"residents{ending}"] = round(_value(score.counts[0], area, "residents", group), 2)
        table = score.provision.table
        share = math.nan if table is None else _value(table, area, "rate", group)
        shares[f"rate_all{ending}"] = cli.rounded(share)
    return shares


def _value(table: pd.DataFrame, area: str, column: str, group: str = "residents") -> float:
    return float(figure_in(table, group, area)[column])


def _lines(district: District, score: _Score) -> list[str]:
    lines = [_by_which(score)]
    missing = [str(service_name(district, no_data.question)) for no_data in score.provision.no_data]
    if missing:
        lines.append(t("cli.score_no_data", names=t("unit.and").join(missing)))
    if not score.keys:
        return [*lines, t("completeness.none")]
    levels = {WHOLE: t("common.district_all"), **{a.id: str(a.name) for a in district.areas}}
    for area, name in levels.items():
        lines += _level_lines(district, score, area, name)
    return lines


def _by_which(score: _Score) -> str:
    if score.standard is None:
        return t("cli.score_services", minutes=f"{_MINUTES:g}")
    return t(f"cli.score_{score.chosen}", name=score.standard.name)


def _level_lines(district: District, score: _Score, area: str, name: str) -> list[str]:
    table = score.provision.table
    share = math.nan if table is None else _value(table, area, "rate")
    low = is_bound(share, at_least=score.provision.at_least)
    key = "cli.score_level_at_least" if low else "cli.score_level"
    counts = t("unit.and").join(
        f"{count}{t('unit.colon')}{about(_value(table, area, 'covered'))}"
        for count, table in enumerate(score.counts)
    )
    lines = [
        t(
            key,
            area=name,
            rate=percent(share, at_least=low),
            count=len(score.keys),
        ),
        t("cli.score_counts", count=len(score.keys), counts=counts),
    ]
    for (_, _, service), table in zip(_services_named(district, score), score.spreads, strict=True):
        figures = {
            column: fixed(_value(table, area, column), 2) for column in ("mean", "gini", "palma")
        }
        lines.append(t("cli.score_equity", name=service, **figures))
        if (capped := _value(table, area, "capped_share")) > 0:
            lines[-1] += t("cli.score_capped", share=percent(capped), cap=f"{CAP_MINUTES:g}")
    return lines
