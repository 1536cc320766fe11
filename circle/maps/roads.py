"""The roads that are never to be widened, as outlines to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from circle.demand import along_named
from circle.i18n import rounding
from circle.maps.geometry import feature
from circle.network.graph import segment_lines

if TYPE_CHECKING:
    from circle.model import District


def never_widened(district: District) -> list[dict[str, Any]]:
    """Return each such road that the network has, with the residents along it.

    Returns
    -------
    list of dict
        GeoJSON features in degrees with ``name`` and ``lines``, as
        `circle.maps.layers.outlines` draws them.
    """
    network, demand = district.network, district.demand
    lines = segment_lines(network)
    names = np.array([str(name or "") for name in network.segment_name], object)
    features = []
    for name in district.never_widened["name"]:
        along = along_named(district, [name]) & demand["inside"].to_numpy(np.bool_)
        road = shapely.MultiLineString(list(lines[names == name]))
        residents = rounding.people(float(demand.loc[along, "residents"].sum()))
        if not road.is_empty:
            features.append(feature(road, district.crs, name=str(name), lines=[residents]))
    return features
