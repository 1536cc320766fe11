"""The data on the map of the Data page, and streets mended there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from circle.i18n import t
from circle.intake.layers import layers
from circle.load import read_district, street_edits, versions
from circle.load.street_edits import Wanted
from circle.load.versions import Made
from circle.network.edits import Act
from circle.web import data_edits, data_map, state
from circle.web.map_view import Click
from circle.web.sign_in import LOCAL_ROLE
from tests.app import reading
from tests.app.working import finished
from tests.conftest import place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

LINK = Wanted(Act.LINK, place(50, 2), place(50, 100), name="<b>通道")
BY = Made("edit", "王晓明", "现场核对")


@pytest.fixture
def folder(district_dir: Path, show_district: Callable[[Path], None]) -> Path:
    """Give the district folder that the application shows."""
    show_district(district_dir)
    return district_dir


def press(app: AppTest, key: str) -> AppTest:
    (button,) = [each for each in app.button if each.label == t(key)]
    return finished(button.click().run())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_flaws_are_signs_on_the_map_and_rows_beside_it(
    open_page: Callable[..., AppTest], lang: str
) -> None:
    app = open_page("data", part="map", lang=lang)
    assert reading.failed(app) == []
    drawn = reading.drawn(app)
    signs = drawn["spots"]["places"]
    assert {sign["key"] for sign in signs} >= {"near_miss", "chord", "lane_absent", "far"}
    assert len({row["key"] for row in drawn["legend"]["rows"]}) == len(drawn["legend"]["rows"])
    rows = [each for each in app.button if str(each.key).startswith("spot-")]
    assert len(rows) == 40
    rows[1].click().run()
    assert reading.drawn(app)["spots"]["selected"] == str(rows[1].key).removeprefix("spot-")
    (chooser,) = [each for each in app.selectbox if each.label == t("data_map.view", language=lang)]
    chooser.set_value("nameless").run()
    assert {sign["key"] for sign in reading.drawn(app)["spots"]["places"]} == {"nameless"}


@pytest.mark.parametrize("layer", ["facilities", "heritage", "areas", "edits"])
def test_each_layer_is_shown(open_page: Callable[..., AppTest], folder: Path, layer: str) -> None:
    street_edits.add(folder, LINK, BY)
    app = open_page("data", part="map", show=layer)
    assert reading.failed(app) == []
    drawn = reading.drawn(app)
    rows = [each for each in app.button if str(each.key).startswith("spot-")]
    assert len(rows) == len(drawn["spots"]["places"]) > 0
    assert "<b>通道" not in reading.html(app)
    assert not [sign for sign in drawn["spots"]["places"] if "<b>通道" in sign["tip"]]
    if layer == "areas":
        assert len(drawn["outlines"]["outlines"]) == len(rows)
    app.text_input(key="data_map:search").input("没有这个名字").run()
    assert t("data_map.none") in reading.text(app)
    assert layer in {*layers(), "edits"}


def test_a_hostile_address_shows_what_it_can(open_page: Callable[..., AppTest]) -> None:
    app = open_page(
        "data", part="map", show="<script>", row="<script>" * 40, at1="a,b", at2="999,1", act="x"
    )
    assert reading.failed(app) == []
    for part in ("streets", "bring", "<script>"):
        app = open_page("data", part=part, bring="../x", at1="nan,inf", at2="181,0", row="\x00")
        assert reading.failed(app) == []


def test_a_link_is_two_clicks_and_a_reason(open_page: Callable[..., AppTest], folder: Path) -> None:
    ends = [",".join(map(str, place(50, north))) for north in (0, 100)]
    app = open_page("data", part="streets", at1=ends[0], at2=ends[1])
    assert reading.failed(app) == []
    app.text_input(key="edits:by").input("李梅")
    app = press(app, "edits.put")
    assert reading.failed(app) == [t("error.version.reason_missing")]
    app.text_input(key="edits:reason").input("现场核对")
    app = press(app, "edits.put")
    assert reading.failed(app) == []
    assert "edit-1" in app.success[0].value.replace("\\", "")
    (row,) = read_district(folder).street_edits.to_dict("records")
    assert (row["author"], row["reason"], row["outcome"]) == ("李梅", "现场核对", "fits")
    assert "李梅" in reading.text(app)
    (button,) = [each for each in app.button if each.key == "edit-edit-1"]
    button.click().run()
    app.text_input(key="edits:undo:by").input("李梅")
    app.text_input(key="edits:undo:reason").input("弄错了")
    app = press(app, "edits.undo")
    assert reading.failed(app) == []
    assert read_district(folder).street_edits.empty
    assert [each.action for each in versions.versions(folder)] == ["found", "edit", "edit"]


def test_what_fits_nothing_is_said_and_nothing_written(
    open_page: Callable[..., AppTest], folder: Path
) -> None:
    before = versions.present(folder)
    app = open_page("data", part="streets", act="gate_shut")
    for key, value in (("edits:by", "李梅"), ("edits:reason", "核对")):
        app.text_input(key=key).input(value)
    app = press(app, "edits.put")
    assert reading.failed(app) == [t("error.edit.no_place")]
    app.text_input(key="edits:at1").input(",".join(map(str, place(150, 50)))).run()
    app = press(app, "edits.put")
    (error,) = reading.failed(app)
    assert "没有街道" in error
    assert versions.present(folder) == before


def test_others_see_the_edits_and_no_form(
    app: AppTest, open_page: Callable[..., AppTest], folder: Path
) -> None:
    street_edits.add(folder, LINK, BY)
    app.session_state[LOCAL_ROLE] = "planner"
    app = open_page("data", part="streets", row="edit-1")
    assert reading.failed(app) == []
    assert "王晓明" in reading.text(app)
    labels = [each.label for each in app.button]
    assert t("edits.put") not in labels
    assert t("edits.undo") not in labels
    assert t("refreshing.fetch") not in labels


def test_clicks_choose_one_end_then_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, object] = {}
    told: list[str] = []
    fakes: dict[str, Any] = {
        "value": lambda param: held.get(param.name, param.default),
        "put": lambda param, new: held.update({param.name: new}),
        "toggle": lambda _, new: told.append(new),
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(state, name, fake)
    for lon in (1.0, 2.0, 3.0):
        data_edits._take_click(None, Click(lon, 0.0))  # type: ignore[arg-type] # noqa: SLF001
        if lon == 2.0:
            assert (held["at1"], held["at2"]) == ((1.0, 0.0), (2.0, 0.0))
    assert (held["at1"], held["at2"]) == ((3.0, 0.0), None)
    data_edits._take_click(None, Click(0, 0, "spot", "edit-1"))  # type: ignore[arg-type] # noqa: SLF001
    data_map._mark(None, Click(0, 0, "spot", "x"))  # type: ignore[arg-type] # noqa: SLF001
    assert told == ["edit-1", "x"]
