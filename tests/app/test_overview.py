"""The public overview: shares and zones, and nothing about a few residents or a door."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from circle.demand import figure_in
from circle.geo.crs import to_metric
from circle.i18n import t
from circle.load import build
from circle.measures.disclosure import CELL_M, FEWEST, STEP, Rate
from circle.network.speeds import impedance
from circle.web.overview_page import rate_text
from tests.app.reading import answer, asked, drawn, failed, html, text, told
from tests.app.test_pages import HOSTILE
from tests.asking import coverage
from tests.maps.unpacking import unpacked

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from circle.model import District

    Opener = Callable[..., AppTest]

SERVICES = ("market", "canteen", "party_service", "health")
GROUPS = ("residents", "residents_60_plus")
_COUNT = re.compile(r"约 ([\d,]+) 人")
_ANY = re.compile(r"([\d,.]+) 人")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_opens_with_its_answer(open_page: Opener, lang: str) -> None:
    app = open_page("overview", lang=lang)
    assert not failed(app)
    assert not app.warning
    assert "15" in answer(app)
    assert answer(app).isascii() == (lang == "en")
    assert html(app).count('class="hm-service"') == 4
    for key in ("overview.about_rounding", "overview.about_places"):
        said = t(key, language=lang, n=FEWEST, step=STEP, cell=f"{CELL_M:g}")
        assert said in text(app)


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("kind", SERVICES)
def test_every_count_is_rounded_and_of_ten_at_least(
    open_page: Opener, files: list[bytes], kind: str, group: str
) -> None:
    app = open_page("overview", kind=kind, group=group)
    assert not failed(app)
    counts = [int(n.replace(",", "")) for n in _COUNT.findall(text(app))]
    assert counts
    assert all(n >= FEWEST and n % STEP == 0 for n in counts)
    assert {n for n in _ANY.findall(text(app)) if int(n.replace(",", "")) % STEP} == set()
    rows = list(csv.reader(io.StringIO(files[-1].decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + 4 * 4
    for cell in (cell for row in rows[1:] for cell in row[2:4]):
        found = re.fullmatch(r"约 ([\d,]+) 人|少于 10 人|不公布|没有人", cell)
        assert found is not None
        assert found[1] is None or int(found[1].replace(",", "")) % STEP == 0


@pytest.mark.parametrize("kind", SERVICES)
def test_shares_are_those_of_coverage(open_page: Opener, tianping: District, kind: str) -> None:
    walk = impedance(tianping.network, tianping.profiles["older_adult"])
    found = coverage(tianping, walk, kind, 15.0)
    rate = float(figure_in(found.table, "residents_60_plus")["rate"])
    said = re.search(r"([\d]+) %", answer(open_page("overview", kind=kind)))
    assert said is not None
    assert abs(int(said[1]) - 100 * rate) <= 1.05
    if found.at_least:
        assert "至少" in answer(open_page("overview", kind=kind))


@pytest.mark.parametrize(
    ("share", "whole", "least"),
    [
        (0.0, "0 %", "至少 0 %"), (0.0004, "不到 1 %", "0 % 以上"),
        (0.0049, "不到 1 %", "至少 0.4 %"),
        (0.349, "35 %", "至少 34 %"), (0.999, "99 %", "至少 99 %"), (1.0, "100 %", "100 %"),
    ],
)  # fmt: skip
def test_a_lower_bound_is_never_told_as_an_upper_one(share: float, whole: str, least: str) -> None:
    rate = Rate(share, share)
    assert (rate_text(rate, at_least=False), rate_text(rate, at_least=True)) == (whole, least)


def gaps(app: AppTest) -> list[dict[str, Any]]:
    """Return the zones that the map was given."""
    zones: list[dict[str, Any]] = drawn(app)["gaps"]["gaps"]
    return zones


@pytest.mark.parametrize("kind", SERVICES)
def test_nothing_finer_than_squares_reaches_the_browser(
    open_page: Opener, tianping: District, kind: str
) -> None:
    app = open_page("overview", kind=kind)
    sent = told(app) + html(app)
    assert not {"demand", "heritage"} & set(drawn(app))
    zones = gaps(app)
    assert zones
    for zone in zones:
        shape = unpacked(zone["polygons"])
        lonlat = shapely.get_coordinates(shape)
        xy = to_metric(lonlat[:, 0], lonlat[:, 1], tianping.crs)
        off_grid = np.abs((xy / CELL_M) - np.rint(xy / CELL_M)) * CELL_M > 0.5
        edge = shapely.distance(shapely.points(xy), tianping.boundary.boundary) < 3.0
        assert (~off_grid.all(axis=1) | edge).all()
        assert (~off_grid.any(axis=1) | edge).all()
    doors = tianping.demand[["lon", "lat"]].to_numpy(np.float64)
    for lon, lat in doors[:: len(doors) // 200]:
        assert f"{lon:.6f}" not in sent or f"{lat:.6f}" not in sent


def test_the_address_asks_no_finer_question(open_page: Opener) -> None:
    plain = text(open_page("overview"))
    asked_for = {"profile": "wheelchair", "within": "3", "minutes": "3", "unverified": "1"}
    assert text(open_page("overview", **asked_for)) == plain


def test_controls_change_the_answer_and_the_link(open_page: Opener) -> None:
    app = open_page("overview")
    said = [answer(app)]
    app.button_group(key="param:kind").set_value("market").run()
    assert asked(app, "kind") == "market"
    said.append(answer(app))
    app.button_group(key="param:group").set_value("residents").run()
    assert asked(app, "group") == "residents"
    said.append(answer(app))
    assert len(set(said)) == 3


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_address_is_the_default(open_page: Opener, raw: object) -> None:
    app = open_page("overview", **dict.fromkeys(("kind", "group", "lang", "at", "gap"), raw))
    assert not failed(app)
    assert "社区食堂" in answer(app)
    assert "<script" not in html(app)


@pytest.fixture(scope="module", params=[0.2, 1.0, 3.0])
def small_town(
    request: pytest.FixtureRequest, tiny_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the tiny district with so many people in a cell, on average."""
    folder = tmp_path_factory.mktemp("town")
    facts = Path(shutil.copytree(tiny_once / "facts", folder / "facts"))
    cells = pd.read_csv(facts / "residents.csv")
    share = request.param / cells["total"].mean()
    columns = ["total", "age_0_14", "age_15_59", "age_60_64", "age_65_plus"]
    cells[columns] = (cells[columns] * share).round(2)
    cells.to_csv(facts / "residents.csv", index=False)
    build(facts, folder / "out")
    return folder / "out"


@pytest.mark.parametrize("kind", ["market", "canteen", "health", "party_service"])
def test_a_place_of_a_few_says_nothing_of_them(
    open_page: Opener,
    show_district: Callable[[Path], None],
    files: list[bytes],
    small_town: Path,
    kind: str,
) -> None:
    show_district(small_town)
    app = open_page("overview", kind=kind)
    assert not failed(app)
    said = text(app) + files[-1].decode("utf-8-sig")
    counts = [float(n.replace(",", "")) for n in _ANY.findall(said.replace("少于 10 人", ""))]
    assert all(n >= FEWEST and n % STEP == 0 for n in counts)
    assert "少于 10 人" in said


def test_a_district_without_services(
    open_page: Opener, show_district: Callable[[Path], None], facts_dir: Path, tmp_path: Path
) -> None:
    kinds = "".join(f"[kinds.{name}]\nservice = false\n" for name in SERVICES)
    (facts_dir / "about.toml").write_text(kinds, encoding="utf-8")
    build(facts_dir, tmp_path / "out")
    show_district(tmp_path / "out")
    app = open_page("overview")
    assert not failed(app)
    assert [one.value for one in app.info] == [t("overview.no_services")]
    assert not failed(open_page("home"))
