"""Commands from a place: isochrone and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.cli.arguments import OK, add_walker, emit, numbers, point, walker
from circle.errors import CircleError
from circle.geo.crs import to_lonlat
from circle.measures.lifecircle import count_within, life_circle, origin_at
from circle.reach.isochrone import to_features
from circle.reach.travel import path

if TYPE_CHECKING:
    import argparse

    import pandas as pd


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the parser."""
    one = commands.add_parser("isochrone", help="the ground within walking limits, as GeoJSON")
    one.add_argument("--at", required=True, metavar="LON,LAT")
    one.add_argument("--minutes", default="5,10,15")
    add_walker(one)
    one.set_defaults(run=_isochrone)

    one = commands.add_parser("time", help="the walk from one place to another")
    one.add_argument("--from", required=True, metavar="LON,LAT")
    one.add_argument("--to", required=True, metavar="LON,LAT")
    add_walker(one)
    one.set_defaults(run=_time)


def _isochrone(options: argparse.Namespace) -> int:
    district, walk = walker(options)
    found = life_circle(
        district, walk, origin_at(district, walk, *point(options.at)), numbers(options.minutes)
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
    emit({"type": "FeatureCollection", "features": features})
    return OK


def _time(options: argparse.Namespace) -> int:
    district, walk = walker(options)
    begin = origin_at(district, walk, *point(getattr(options, "from")))
    finish = origin_at(district, walk, *point(options.to))
    found = path(walk, begin, finish)
    if found is None:
        raise CircleError("no_way", profile=walk.profile.name)
    emit(
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


def _counts(places: pd.DataFrame, minutes: float) -> dict[str, int]:
    within = places[places["seconds"] <= minutes * 60]
    return {str(kind): int(n) for kind, n in within["kind"].value_counts(sort=False).items()}
