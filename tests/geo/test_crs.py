"""The zone is picked by longitude and metres come back as degrees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from circle.errors import CrsError
from circle.geo.crs import WGS84, _pipeline, check_metric, metric_crs, to_lonlat, to_metric


@pytest.mark.parametrize(
    ("lon", "lat", "crs"),
    [
        (121.44, 31.2, "EPSG:4549"),
        (118.6, 31.2, "EPSG:4549"),
        (118.4, 31.2, "EPSG:4548"),
        (116.4, 39.9, "EPSG:4548"),
        (73.6, 39.4, "EPSG:4534"),
        (135.0, 48.3, "EPSG:4554"),
        (-0.1, 51.5, "EPSG:32630"),
        (151.2, -33.9, "EPSG:32756"),
        (180.0, 10.0, "EPSG:32660"),
    ],
)
def test_zone_is_picked_by_longitude(lon: float, lat: float, crs: str) -> None:
    assert metric_crs(lon, lat) == crs


@pytest.mark.parametrize(("lon", "lat"), [(200, 0), (0, 91), (float("nan"), 0)])
def test_no_place_on_the_globe(lon: float, lat: float) -> None:
    with pytest.raises(CrsError):
        metric_crs(lon, lat)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:0", "nonsense", "EPSG:2263"])
def test_only_metres(crs: str) -> None:
    with pytest.raises(CrsError):
        check_metric(crs)


@given(lon=st.floats(73.5, 136.4), lat=st.floats(4, 53))
def test_degrees_come_back_and_lengths_are_true(lon: float, lat: float) -> None:
    crs = metric_crs(lon, lat)
    ends = to_metric([lon, lon + 0.001], [lat, lat + 0.001], crs)
    np.testing.assert_allclose(to_lonlat(ends, crs)[0], [lon, lat], atol=1e-8)
    metres = float(np.hypot(*(ends[1] - ends[0])))
    true = Geod(ellps="WGS84").inv(lon, lat, lon + 0.001, lat + 0.001)[2]
    assert metres == pytest.approx(true, rel=4e-4)


@pytest.mark.parametrize("zone", range(4534, 4555))
def test_the_pipeline_of_a_zone_is_what_proj_finds(zone: int) -> None:
    for pair in ((WGS84, f"EPSG:{zone}"), (f"EPSG:{zone}", WGS84)):
        chosen = Transformer.from_crs(*pair, always_xy=True)
        assert _pipeline(*pair) == chosen.definition.strip()
    assert _pipeline(WGS84, "EPSG:32651") is None
