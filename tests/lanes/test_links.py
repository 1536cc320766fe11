"""Missing links: one that was planted comes first, and none is better than the first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely

from circle.cli import FAULT, OK, USAGE, main
from circle.errors import InputError
from circle.i18n import LANGUAGES, t
from circle.lanes.links import LinkRule, missing_links
from circle.lanes.street_points import street_points
from circle.lanes.walks import Walkers, Walks, daily, longer, with_edit
from circle.scenario import AddLink
from circle.study import Study
from tests import small
from tests.conftest import place
from tests.lanes.made_up import BRIDGE, town

if TYPE_CHECKING:
    from pathlib import Path

    from circle.lanes.walks import Daily
    from circle.model import Floats

WHO = Walkers("adult", walks=Walks(2.0))


@pytest.fixture(scope="module")
def without() -> Study:
    return Study(town(bridge=False))


def test_the_bridge_that_is_missing_comes_first(without: Study) -> None:
    answer = missing_links(without, WHO)
    first = answer.links[0]
    np.testing.assert_allclose(
        np.sort(first.xy - (small.WEST, small.SOUTH), axis=0), BRIDGE, atol=0.01
    )
    assert first.air_m == pytest.approx(40)
    assert first.walk_m == pytest.approx(640)
    present, whole = daily(without, WHO), daily(Study(town(bridge=True)), WHO)
    saved = float((longer(whole, present) @ present.walks).sum()) / len(present.kinds)
    assert first.minutes == pytest.approx(saved, rel=1e-3)
    assert first.residents == float(present.residents[(longer(whole, present) > 0)[0]].sum())
    saves = [link.minutes for link in answer.links]
    assert saves == sorted(saves, reverse=True)
    assert missing_links(Study(town(bridge=True)), WHO).links == ()


def test_no_pair_saves_more_than_the_first(without: Study) -> None:
    """Every pair of points across the stream, laid over the streets one by one."""
    first = missing_links(without, WHO, LinkRule(most_m=50)).links[0]
    present = daily(without, WHO)
    ends = street_points(without.district, without.walk("adult"))
    degrees = small.with_places(pd.DataFrame(ends.xy, columns=["x", "y"]))[
        ["lon", "lat"]
    ].to_numpy()
    east = ends.xy[:, 0] - small.WEST
    west_bank, east_bank = (np.flatnonzero(np.abs(east - x) < 1) for x in (200, 240))
    pairs = [
        (a, b) for a in west_bank for b in east_bank if np.hypot(*(ends.xy[a] - ends.xy[b])) <= 50
    ]
    assert len(pairs) > 20
    best = max(_saves(without, present, degrees[a], degrees[b]) for a, b in pairs)
    assert first.minutes == pytest.approx(best, rel=1e-3)


def _saves(study: Study, present: Daily, begin: Floats, finish: Floats) -> float:
    (lon, lat), (lon_to, lat_to) = begin.tolist(), finish.tolist()
    edit = AddLink(lon=lon, lat=lat, lon_to=lon_to, lat_to=lat_to, name="", steps=-1)
    less = longer(daily(with_edit(study, edit), WHO), present)
    return float((less @ present.walks).sum()) / len(present.kinds)


def test_none_runs_through_a_building_or_is_near_on_foot(without: Study) -> None:
    stream = shapely.box(small.WEST + 210, small.SOUTH - 50, small.WEST + 230, small.SOUTH + 320)
    walled = missing_links(without, WHO, barriers=[stream])
    assert (walled.links, walled.barriers) == ((), True)
    assert missing_links(without, WHO, LinkRule(ratio=17.0)).links == ()
    assert missing_links(without, WHO, LinkRule(extra_m=700.0)).links == ()
    for wrong in ({"most_m": 501.0}, {"ratio": 0.5}, {"extra_m": float("nan")}):
        with pytest.raises(InputError):
            LinkRule(**wrong)


def test_the_command(
    district_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["--district", str(district_dir)]
    # the streets are 100 m apart: a passage in a block is 50 m at least, and saves little
    loose = ["--most", "99", "--ratio", "1.2", "--extra", "10"]
    assert main(["links", "--geojson", "--top", "2", *loose, *said]) == OK
    features = json.loads(capsys.readouterr().out)["features"]
    assert {each["geometry"]["type"] for each in features} <= {"LineString"}
    for language in LANGUAGES:
        assert main(["--lang", language, "links", *loose, *said]) == OK
        assert t("links.note.candidates", language=language) in capsys.readouterr().out
    ring = [place(*corner) for corner in ((-50, -50), (500, -50), (500, 500), (-50, -50))]
    ground = tmp_path / "buildings.geojson"
    shape = {"type": "Polygon", "coordinates": [ring]}
    ground.write_text(json.dumps({"geometry": shape, "properties": {}}), "utf-8")
    assert main(["links", "--json", "--barriers", str(ground), *said]) == OK
    assert json.loads(capsys.readouterr().out)["barriers_known"] is True
    ground.write_text("{}", "utf-8")
    assert main(["links", "--barriers", str(ground), *said]) == FAULT
    assert main(["links", "--most", "9999", *said]) == USAGE
