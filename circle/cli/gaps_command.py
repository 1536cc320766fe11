"""The command gaps: where residents are out of reach, and why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from circle.cli import arguments as cli
from circle.demand import ages_known, figure_in
from circle.geo.geojson import as_geojson
from circle.i18n import t
from circle.i18n.rounding import about, about_short, people, ratio
from circle.load.standards import standard_named
from circle.measures.gaps import FEW_RESIDENTS, by_size
from circle.model import NoData, Rule, Text
from circle.places.facilities import kind_named
from circle.words import wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from circle.model import Coverage, District, Gap, Question

_MODELLED = ["residents", "residents_60_plus"]


def gaps(options: argparse.Namespace) -> int:
    """Print the zones out of reach."""
    study = cli.study_of(options)
    district, question = study.district, _question(study.district, options)
    coverage, zones = study.coverage(question), study.gaps(question)
    if isinstance(coverage, NoData):
        raise cli.no_answer(district, coverage)
    many, few = by_size(zones)
    shown = many[: cli.top_of(options)]
    if options.geojson:
        cli.emit(_collection(district, coverage, shown))
    elif options.json:
        rows = [_zone(district, zone) for zone in shown]
        told = {"zones": rows, "zones_in_all": len(many), "zones_of_few": _of_few(few)}
        cli.emit({**told, **_about(district, coverage)})
    else:
        print(_table(district, coverage, zones, shown))
    return cli.OK


def _question(district: District, options: argparse.Namespace) -> Question:
    if options.standard is None:
        return cli.question_of(options, kind_named(district, options.kind).id)
    standard = standard_named(cli.standard_sets_here(), options.standard)
    return cli.question_of(options, cli.one_asked_for(standard, options.kind))


def _of_few(few: Sequence[Gap]) -> dict[str, float]:
    """Return how many zones are not listed for their few residents, and how many these are."""
    residents = round(sum(zone.residents for zone in few), 2)
    return {"fewer_than": FEW_RESIDENTS, "zones": len(few), "residents": residents}


def _about(district: District, coverage: Coverage) -> dict[str, Any]:
    limit: dict[str, Any] = (
        {"minutes": coverage.minutes}
        if coverage.standard is None
        else {"standard": cli.described(coverage.standard)}
    )
    return {
        "district": district.id,
        "kind": coverage.kind,
        "profile": coverage.profile,
        **limit,
        "unverified": "include" if coverage.unverified else "exclude",
        "register": coverage.register.completeness.value,
        "as_of": coverage.register.as_of,
        "verdict": "none_known" if coverage.at_least else "gap",
        "modelled": _MODELLED,
        "ages_known_of": round(ages_known(district)[0], 2),
    }


def _zone(district: District, zone: Gap) -> dict[str, Any]:
    return {
        "rank": zone.rank,
        "name": wording.gap_name(zone),
        "streets": list(zone.streets),
        "residents": round(zone.residents, 2),
        "residents_60_plus": round(zone.residents_60_plus, 2),
        "minutes_beyond": cli.rounded(zone.minutes_beyond, 2),
        "missed_by": _missed_by(zone),
        "nearest": _nearest(district, zone),
        "straight_m": cli.rounded(zone.straight_m, 1),
        "detour": cli.rounded(zone.detour, 2),
        "no_way": math.isinf(zone.minutes_beyond),
        "residents_without_way": round(zone.residents_without_way, 2),
        "cause": zone.cause.value,
        "heritage": zone.heritage,
        "constrained": zone.constrained,
    }


def _missed_by(zone: Gap) -> dict[str, Any]:
    """Return how far the limit is missed, in the unit that judges."""
    if zone.metres_beyond is None:
        return {"unit": Rule.MINUTES.value, "value": cli.rounded(zone.minutes_beyond, 2)}
    return {"unit": Rule.METRES.value, "value": cli.rounded(zone.metres_beyond, 2)}


def _nearest(district: District, zone: Gap) -> dict[str, Any] | None:
    if zone.nearest < 0:
        return None
    place = district.facilities.iloc[zone.nearest]
    return {
        "id": place["id"],
        "name": place["name"],
        "name_en": place["name_en"],
        "verified": bool(place["verified"]),
        "inside": bool(place["inside"]),
    }


def _collection(district: District, coverage: Coverage, zones: Sequence[Gap]) -> dict[str, Any]:
    common = _about(district, coverage)

    features = [
        {
            "type": "Feature",
            "properties": {**_zone(district, zone), **common},
            "geometry": as_geojson(zone.geometry, district.crs),
        }
        for zone in zones
    ]
    return {"type": "FeatureCollection", "features": features}


def _table(
    district: District, coverage: Coverage, zones: Sequence[Gap], shown: Sequence[Gap]
) -> str:
    if not zones:
        nobody = wording.without_rate(figure_in(coverage.table), "residents")
        return nobody or t("cli.gaps_none")
    many, few = by_size(zones)
    head = t(
        "cli.gaps_head_none_known" if coverage.at_least else "cli.gaps_head",
        kind=district.kinds[coverage.kind].name,
        limit=cli.limit_text(coverage),
        profile=district.profiles[coverage.profile].name,
        count=len(many),
        residents=about(sum(zone.residents for zone in many)),
        register=t(f"register.{coverage.register.completeness.value}"),
        as_of=coverage.register.as_of or t("register.no_date"),
    )
    lines = [head]
    if shown:
        lines.append(pd.DataFrame([_row(district, zone) for zone in shown]).to_string(index=False))
    if few:
        residents = people(sum(zone.residents for zone in few))
        lines.append(t("cli.gaps_few", few=f"{FEW_RESIDENTS:g}", n=len(few), people=residents))
    return "\n".join([*lines, *wording.ages_notes(district)])


def _row(district: District, zone: Gap) -> dict[str, str]:
    place = None if zone.nearest < 0 else district.facilities.iloc[zone.nearest]
    columns = {
        "rank": str(zone.rank),
        "name": wording.gap_name(zone),
        "residents": about_short(zone.residents),
        "60": about_short(zone.residents_60_plus),
        "beyond": wording.gap_beyond(zone),
        "without_way": about_short(zone.residents_without_way),
        "nearest": "–" if place is None else str(Text(place["name"], place["name_en"])),
        "detour": _figure(zone.detour),
        "cause": t(f"cause.{zone.cause.value}"),
        "heritage": str(zone.heritage),
        "constrained": t("cli.yes" if zone.constrained else "cli.no"),
    }
    return {t(f"cli.gap_{key}"): value for key, value in columns.items()}


def _figure(value: float) -> str:
    if math.isinf(value):
        return t("unit.no_way")
    return "–" if math.isnan(value) else ratio(value)
