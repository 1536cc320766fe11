"""The command line: the same engine for scripts.

JSON or GeoJSON on stdout, problems on stderr. Exit code 0: done; 1: the data
has faults or there is no answer; 2: the call cannot be taken.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from circle import store
from circle.config import settings
from circle.coverage import WHOLE, at_level, coverage, figure_in
from circle.errors import CircleError, DataError, InputError, NetworkError
from circle.facilities import area_named, kind_named, profile_named, units_of
from circle.geo.crs import to_lonlat
from circle.i18n import LANGUAGES, t, use_language
from circle.lifecircle import count_within, life_circle, origin_at
from circle.load import build, check, provenance, read_district, say
from circle.model import LEVEL_FILES, NOT_IN_ANY
from circle.network.speeds import impedance
from circle.reach.isochrone import to_features
from circle.reach.travel import path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from circle.model import Area, Coverage, District, Impedance

OK, FAULT, USAGE = 0, 1, 2
_GROUPS = {"residents": "", "residents_60_plus": "_60_plus", "residents_65_plus": "_65_plus"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        options = _parser().parse_args(arguments)
        use_language(options.lang or settings().language)
        code: int = options.run(options)
    except DataError as error:
        _say(str(error), *(say(finding) for finding in error.findings))
        return FAULT
    except (InputError, NetworkError) as error:
        _say(str(error))
        return USAGE
    except CircleError as error:
        _say(str(error))
        return FAULT
    return code


def _build(options: argparse.Namespace) -> int:
    made = build(options.facts, options.out)
    _print({"district": str(options.out), "content_hash": made.content_hash})
    return OK


def _check(options: argparse.Namespace) -> int:
    findings = check(options.folder)
    if findings:
        _say(*(say(finding) for finding in findings))
        return FAULT
    print(provenance(read_district(options.folder)).to_string(index=False))
    return OK


def _export(options: argparse.Namespace) -> int:
    from circle.network.build import write_graphml  # noqa: PLC0415 - osmnx takes a second

    district = read_district(options.district or settings().district)
    write_graphml(district.network, options.out)
    _print({"file": str(options.out), "segments": len(district.network.segment_length_m)})
    return OK


def _import(options: argparse.Namespace) -> int:
    from circle.network.build import facts_from_graphml  # noqa: PLC0415 - osmnx takes a second

    junctions, segments = facts_from_graphml(options.graphml, options.facts)
    _print({"facts": str(options.facts), "junctions": junctions, "segments": segments})
    return OK


def _isochrone(options: argparse.Namespace) -> int:
    district, walk = _walker(options)
    found = life_circle(
        district, walk, origin_at(district, walk, *_point(options.at)), _numbers(options.minutes)
    )
    features = to_features(found.isochrones, district.crs)
    for feature, (minutes, residents) in zip(features, found.residents.iterrows(), strict=True):
        sure = found.facilities[found.facilities["verified"]]
        guess = found.facilities[~found.facilities["verified"]]
        feature["properties"] |= {
            "profile": walk.profile.id,
            **{name: round(float(value), 2) for name, value in residents.items()},
            "facilities": _counts(sure, float(str(minutes))),
            "facilities_unverified": _counts(guess, float(str(minutes))),
            "heritage": count_within(found.heritage, float(str(minutes))),
            "modelled": ["residents", "residents_60_plus", "residents_65_plus"],
        }
    _print({"type": "FeatureCollection", "features": features})
    return OK


def _time(options: argparse.Namespace) -> int:
    district, walk = _walker(options)
    begin = origin_at(district, walk, *_point(getattr(options, "from")))
    finish = origin_at(district, walk, *_point(options.to))
    found = path(walk, begin, finish)
    if found is None:
        raise CircleError("no_way", profile=walk.profile.name)
    _print(
        {
            "minutes": round(found.seconds / 60, 3),
            "metres": round(found.metres, 1),
            "off_street_m": round(found.off_street_m, 1),
            "profile": walk.profile.id,
            "steps": found.steps,
            "streets": [{"name": n, "metres": round(m, 1)} for n, m in found.streets],
            "path": {
                "type": "LineString",
                "coordinates": np.round(to_lonlat(found.xy, district.crs), 6).tolist(),
            },
        }
    )
    return OK


def _coverage(options: argparse.Namespace) -> int:
    district, walk = _walker(options)
    kinds = [kind_named(district, kind.strip()).id for kind in options.kinds.split(",")]
    (minutes,) = _numbers(options.minutes, 1)
    units = units_of(district, options.level)
    area = area_named(district, options.area, options.level).id if options.area else WHOLE
    unverified = options.unverified == "include"
    found = [coverage(district, walk, k, minutes, unverified=unverified) for k in kinds]
    if options.json:
        tables = [at_level(district, one, options.level) for one in found]
        names = _unit_names(units, tables[0])
        answer = {
            one.kind: _coverage_json(one, table, names, area)
            for one, table in zip(found, tables, strict=True)
        }
        _print(
            {
                "district": district.id,
                "profile": walk.profile.id,
                "minutes": minutes,
                "area": options.area,
                "level": options.level,
                "unverified": options.unverified,
                "modelled": ["residents"],
                "kinds": answer,
            }
        )
    else:
        for one in found:
            print(_coverage_line(district, one, at_level(district, one, options.level), area))
    return OK


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


def _coverage_json(
    found: Coverage, table: pd.DataFrame, names: Mapping[str, str], area: str
) -> dict[str, Any]:
    return {
        **_figures(table, area),
        "by_area": {name: _figures(table, unit) for unit, name in names.items()},
        "facilities_counted": found.facilities_counted,
        "unverified_counted": found.unverified_counted,
        "unverified_left_out": found.unverified_left_out,
        "register": found.register.completeness.value,
        "as_of": found.register.as_of,
        "rate_is": "at_least" if found.at_least else "exact",
    }


def _figures(table: pd.DataFrame, area: str) -> dict[str, float | None]:
    figures: dict[str, float | None] = {}
    for group, ending in _GROUPS.items():
        row = figure_in(table, group, area)
        figures[f"residents{ending}"] = round(float(row["residents"]), 2)
        figures[f"covered{ending}"] = round(float(row["covered"]), 2)
        rate = float(row["rate"])
        figures[f"rate{ending}"] = round(rate, 4) if np.isfinite(rate) else None
    return figures


def _coverage_line(district: District, found: Coverage, table: pd.DataFrame, area: str) -> str:
    row = figure_in(table, area=area)
    return t(
        "cli.coverage_at_least" if found.at_least else "cli.coverage",
        kind=district.kinds[found.kind].name,
        profile=district.profiles[found.profile].name,
        minutes=f"{found.minutes:g}",
        rate=f"{row['rate']:.1%}",
        uncovered=f"{row['uncovered']:,.0f}",
        register=t(f"register.{found.register.completeness.value}"),
        as_of=found.register.as_of or t("register.no_date"),
    )


def _counts(places: pd.DataFrame, minutes: float) -> dict[str, int]:
    within = places[places["seconds"] <= minutes * 60]
    return {str(kind): int(n) for kind, n in within["kind"].value_counts(sort=False).items()}


def _confirm(options: argparse.Namespace) -> int:
    district = read_district(options.district or settings().district)
    row = store.confirm(
        store.opened(),
        district,
        options.kind,
        as_of=store.read_day(options.as_of),
        by=options.by,
        basis=options.basis,
    )
    return _print_confirmation(district, row)


def _withdraw(options: argparse.Namespace) -> int:
    district = read_district(options.district or settings().district)
    row = store.withdraw(store.opened(), district, options.kind, by=options.by, basis=options.basis)
    return _print_confirmation(district, row)


def _print_confirmation(district: District, row: store.Confirmation) -> int:
    _print(
        {
            "district": district.id,
            "kind": row.kind,
            "confirmed": row.complete,
            "as_of": row.as_of,
            "by": row.by,
            "basis": row.basis,
            "at": row.at.isoformat(timespec="seconds"),
        }
    )
    return OK


def _walker(options: argparse.Namespace) -> tuple[District, Impedance]:
    district = store.open_district(options.district or settings().district)
    return district, impedance(district.network, profile_named(district, options.profile))


def _point(text: str) -> tuple[float, float]:
    numbers = text.split(",")
    try:
        lon, lat = (float(number) for number in numbers)
    except ValueError:
        raise InputError("point_text", text=text) from None
    return lon, lat


def _numbers(text: str, most: int = 12) -> list[float]:
    parts = text.split(",")
    if len(parts) > most:
        raise InputError("too_many", text=text, most=most)
    try:
        return [float(part) for part in parts]
    except ValueError:
        raise InputError("number", text=text) from None


def _print(answer: object) -> None:
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")


def _say(*lines: str) -> None:
    for line in lines:
        sys.stderr.write(line + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m circle", description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES, help="language of messages")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("build", help="tables of facts → district folder")
    one.add_argument("facts", type=Path, metavar="FACTS_DIR")
    one.add_argument("out", type=Path, metavar="OUT_DIR")
    one.set_defaults(run=_build)

    one = commands.add_parser("check", help="validate a district folder")
    one.add_argument("folder", type=Path, metavar="DISTRICT")
    one.set_defaults(run=_check)

    one = commands.add_parser("export-graphml", help="the streets as a GraphML file of OSMnx")
    one.add_argument("out", type=Path, metavar="OUT")
    one.add_argument("--district", type=Path, metavar="DIR")
    one.set_defaults(run=_export)

    one = commands.add_parser("import-graphml", help="GraphML of OSMnx → tables of facts")
    one.add_argument("graphml", type=Path, metavar="GRAPHML")
    one.add_argument("facts", type=Path, metavar="FACTS_DIR")
    one.set_defaults(run=_import)

    one = commands.add_parser("isochrone", help="the ground within walking limits, as GeoJSON")
    one.add_argument("--at", required=True, metavar="LON,LAT")
    one.add_argument("--minutes", default="5,10,15")
    _add_walker(one)
    one.set_defaults(run=_isochrone)

    one = commands.add_parser("time", help="the walk from one place to another")
    one.add_argument("--from", required=True, metavar="LON,LAT")
    one.add_argument("--to", required=True, metavar="LON,LAT")
    _add_walker(one)
    one.set_defaults(run=_time)

    one = commands.add_parser("coverage", help="the share of residents within reach")
    one.add_argument("--kinds", default="market,canteen,party_service")
    one.add_argument("--minutes", default="15")
    one.add_argument("--area", metavar="NAME", help="a unit of the level")
    levels = "|".join(LEVEL_FILES)
    one.add_argument("--level", default="area", metavar=levels, help="units of by_area")
    one.add_argument("--unverified", choices=("include", "exclude"), default="exclude")
    one.add_argument("--json", action="store_true")
    _add_walker(one)
    one.set_defaults(run=_coverage)

    one = commands.add_parser("confirm", help="write down that the list of a kind is complete")
    _add_confirmation(one)
    one.add_argument("--as-of", required=True, metavar="YYYY-MM-DD")
    one.add_argument("--basis", required=True, metavar="TEXT")
    one.set_defaults(run=_confirm)

    one = commands.add_parser("withdraw", help="take such a confirmation back")
    _add_confirmation(one)
    one.add_argument("--basis", default="", metavar="TEXT", help="why")
    one.set_defaults(run=_withdraw)
    return parser


def _add_confirmation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", required=True, metavar="KIND")
    parser.add_argument("--by", required=True, metavar="NAME")
    parser.add_argument("--district", type=Path, metavar="DIR")


def _add_walker(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", default="adult")
    parser.add_argument("--district", type=Path, metavar="DIR")
