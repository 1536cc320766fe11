"""Commands from a place: isochrone and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circle.cli import arguments as cli
from circle.errors import CircleError
from circle.geo.crs import to_lonlat
from circle.measures.lifecircle import buildings_within, origin_at
from circle.reach.isochrone import to_features
from circle.reach.travel import path

if TYPE_CHECKING:
    import argparse

    import pandas as pd


def add_to(commands: cli.Commands) -> None:
    """Add these commands to the parser."""
    text = "the ground within walking limits, as GeoJSON"
    parser = cli.add_command(commands, "isochrone", text, _isochrone, *cli.WALKER)
    parser.add_argument("--at", required=True, metavar="LON,LAT")
    parser.add_argument("--minutes", default="5,10,15")

    text = "the walk from one place to another"
    parser = cli.add_command(commands, "time", text, _time, *cli.WALKER)
    parser.add_argument("--from", required=True, metavar="LON,LAT")
    parser.add_argument("--to", required=True, metavar="LON,LAT")


def _isochrone(options: argparse.Namespace) -> int:
    study = cli.study_of(options)
    minutes = tuple(cli.numbers(options.minutes))
    circle = study.life_circle(options.profile, cli.point(options.at), minutes)
    features = to_features(circle.isochrones, study.district.crs)
    for feature, (limit, residents) in zip(features, circle.residents.iterrows(), strict=True):
        sure = circle.facilities[circle.facilities["verified"]]
        guess = circle.facilities[~circle.facilities["verified"]]
        feature["properties"] |= {
            "profile": options.profile,
            **{name: round(float(value), 2) for name, value in residents.items()},
            "facilities": _counts(sure, float(str(limit))),
            "facilities_unverified": _counts(guess, float(str(limit))),
            "heritage": buildings_within(circle.heritage, float(str(limit))),
            "modelled": ["residents", "residents_60_plus", "residents_65_plus"],
        }
    cli.emit({"type": "FeatureCollection", "features": features})
    return cli.OK


def _time(options: argparse.Namespace) -> int:
    study = cli.study_of(options)
    district, walk = study.district, study.walk(options.profile)
    begin = origin_at(district, walk, *cli.point(getattr(options, "from")))
    finish = origin_at(district, walk, *cli.point(options.to))
    way = path(walk, begin, finish)
    if way is None:
        raise CircleError("no_way", profile=walk.profile.name)
    cli.emit(
        {
            "minutes": round(way.seconds / 60, 3),
            "metres": round(way.metres, 1),
            "off_street_m": round(way.off_street_m, 1),
            "profile": walk.profile.id,
            "steps": way.steps,
            "streets": [{"name": n, "metres": round(m, 1)} for n, m in way.streets],
            "path": {
                "type": "LineString",
                "coordinates": np.round(to_lonlat(way.xy, district.crs), 6).tolist(),
            },
        }
    )
    return cli.OK


def _counts(places: pd.DataFrame, minutes: float) -> dict[str, int]:
    within = places[places["seconds"] <= minutes * 60]
    return {str(kind): int(n) for kind, n in within["kind"].value_counts(sort=False).items()}
