"""The command isochrone: the ground within walking limits, and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.cli import answers as cli
from circle.cli.walks import walk_of
from circle.measures.lifecircle import origin_at, within_limits
from circle.reach.compiled import load_for_once
from circle.reach.isochrone import to_features
from circle.reach.travel import check_minutes

if TYPE_CHECKING:
    import argparse

_TABLES = ("facilities.csv", "heritage.csv", "demand.csv")


def isochrone(options: argparse.Namespace) -> int:
    """Print a polygon a limit, with what lies within."""
    place, minutes = cli.point(options.at), check_minutes(cli.numbers(options.minutes))
    district, walk = walk_of(options, _TABLES)
    load_for_once()
    limits = within_limits(district, walk, origin_at(district, walk, *place), minutes)
    features = to_features([limit.isochrone for limit in limits], district.crs)
    for feature, limit in zip(features, limits, strict=True):
        feature["properties"] |= {
            "profile": options.profile,
            **{name: round(value, 2) for name, value in limit.residents.items()},
            "facilities": limit.facilities,
            "facilities_unverified": limit.facilities_unverified,
            "heritage": limit.heritage,
            "modelled": ["residents", "residents_60_plus", "residents_65_plus"],
        }
    cli.emit({"type": "FeatureCollection", "features": features})
    return cli.OK
