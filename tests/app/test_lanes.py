"""Lanes, gates and missing links on Lifts and lanes: each view, for staff and for everyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.cli import OK, main
from circle.i18n import t
from circle.web.sign_in import LOCAL_ROLE
from tests.app.reading import answer, drawn, failed, text
from tests.conftest import place
from tests.languages import foreign, proper_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from circle.model import District

    Opener = Callable[..., AppTest]

_CREDIT = "© OpenStreetMap contributors"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", ["lanes", "links"])
def test_a_card_and_candidates_in_one_language(
    open_page: Opener, tianping: District, view: str, language: str
) -> None:
    app = open_page("lifts", lang=language, view=view, lane="gaoan-50")
    assert not failed(app)
    names = [*proper_names(tianping), _CREDIT]
    assert foreign(text(app).split("  "), language, names) == []
    assert drawn(app)["spots"]["places"]


def test_two_lanes_side_by_side_and_hostile_addresses(open_page: Opener) -> None:
    app = open_page("lifts", view="lanes", lane="gaoan-3", **{"with": "guangyuan"})
    assert not failed(app)
    assert "广元路" in text(app)
    assert len(drawn(app)["spots"]["places"]) == 2
    app = open_page("lifts", view="lanes", lane="<b>", walks="1e9", **{"with": "'"})
    assert not failed(app)


def test_gates_are_missing_until_there_are_some_and_the_public_sees_what_was_published(
    open_page: Opener,
    district_dir: Path,
    show_district: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    show_district(district_dir)
    app = open_page("lifts", view="gates")
    assert not failed(app)
    assert answer(app) == t("gates.no_register")
    assert not app.number_input  # there is nothing that walks would change
    lon, lat = place(150, 100)
    for layer, head, row in (
        ("gates", "名称,经度,纬度,状态,开放时间", "北门,{},{},开,Mo-Su 06:00-21:00"),
        ("lanes", "名称,经度,纬度,状态,整治内容", "横1路1弄,{},{},完成,铺装"),
    ):
        path = tmp_path / f"{layer}.csv"
        path.write_text(f"{head}\n{row.format(lon, lat)}", "utf-8")
        words = ["import", layer, str(path), "--datum", "wgs84", "--district", str(district_dir)]
        assert main(words) == OK
    app = open_page("lifts", view="gates")
    assert not failed(app)
    assert "北门" in text(app)
    monkeypatch.setattr("circle.web.sign_in.is_local", lambda: True)
    app.session_state[LOCAL_ROLE] = "public"
    app.run()
    assert not failed(app)
    assert "北门" not in text(app)
    assert list(app.dataframe[-1].value[t("lanes.column.works")]) == ["铺装"]
