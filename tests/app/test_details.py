"""The lower half of the Coverage page, its standards, areas and zones."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from circle.web.coverage_details import VIEWS
from tests.app.reading import drawn

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def opened(app: AppTest, **query: str) -> AppTest:
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page("pages/coverage.py").run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_part_is_drawn(app: AppTest, view: str, language: str) -> None:
    opened(app, view=view, lang=language)
    assert app.dataframe or view in {"capacity", "wishes"}


def test_services_stand_beside_areas_as_a_table_that_can_be_read_out(app: AppTest) -> None:
    opened(app, view="areas", kind="canteen", lang="en")
    body = next(str(e.proto.body) for e in app.get("html") if "lc-matrix" in str(e.proto.body))
    matrix = pd.read_html(io.StringIO(body), index_col=0)[0]
    assert list(matrix.columns[-1:]) == ["Whole district"]
    assert str(matrix.loc["Community canteen", "Whole district"]).strip("≥ %") == "30.8"
    assert not app.get("arrow_vega_lite_chart")


@pytest.mark.parametrize("kind", ["market", "canteen", "party_service", "health", "culture"])
@pytest.mark.parametrize("view", ["capacity", "together", "circles"])
def test_every_kind_has_every_part(app: AppTest, view: str, kind: str) -> None:
    opened(app, view=view, kind=kind)
    assert said(app)


def test_a_standard_says_its_rule_and_status(app: AppTest) -> None:
    opened(app, kind="market", standard="gb50180-2018/market-500", lang="en")
    words = said(app)
    assert "<b>500 m</b> along the streets" in words
    plain = re.sub("<[^>]+>", "", words)
    assert plain.count("500 m or 1000 m") == 1
    assert "Others say: 1000 m (Other secondary sources, not named)" in plain
    assert "not checked" in words or "official text" in words


def test_a_standard_of_another_kind_falls_back(app: AppTest) -> None:
    opened(app, kind="canteen", standard="gb50180-2018/market-500", lang="en")
    assert "within <b>15 minutes</b>" in said(app)


def test_a_kind_without_facilities_has_no_figure(app: AppTest) -> None:
    opened(app, kind="public_space")
    assert not app.exception
    words = said(app)
    assert "无数据" in words
    assert "≥" not in words
    assert '<div class="lc-figure">' not in words


def test_a_zone_at_the_outline_explains_itself(app: AppTest) -> None:
    """All its residents stand a few metres outside the outline that its drawing is cut at."""
    opened(app, kind="health", gap="4")
    assert not app.exception
    assert "90 %</span> 区间" in said(app)


def test_a_zone_and_an_area_explain_themselves(app: AppTest) -> None:
    opened(app, gap="1", area="jialan")
    words = said(app)
    assert "附近没有已知设施" in words
    assert "尚无已知设施可达，占全街道的" in words
    assert "90 %</span> 区间" in words


def test_zones_of_a_few_residents_have_a_table_of_their_own(app: AppTest) -> None:
    opened(app, kind="health", view="zones")
    many, few = (table.value["居民（推算）"] for table in app.dataframe[:2])
    assert (many >= 10).all()
    assert len(few) == 1
    assert (few < 10).all()
    assert "不足 10 人的缺口" in said(app)


@pytest.mark.parametrize("gaps", ["0", "1"])
def test_a_zone_of_the_address_is_listed_and_drawn_wherever_it_ranks(
    app: AppTest, gaps: str
) -> None:
    opened(app, kind="health", gap="9", gaps=gaps)
    assert app.button(key="mark-9")
    assert drawn(app)["gaps"]["selected"]
