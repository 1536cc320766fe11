"""Every edit of a scenario can be made by the menu of the page What if; on a small district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from circle.geo.crs import to_lonlat
from circle.i18n import t
from circle.network.edits import Act, StreetEdit, edited
from circle.scenario.edits import ON_FACILITIES, ON_RESIDENTS, ON_STREETS
from circle.web import state
from circle.web.map_view import Click
from circle.web.whatif_fields import MENU, picked
from tests import small
from tests.app.reading import asked, failed, text
from tests.oracle import CRS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.scenario import Edit


def part() -> None:
    from dataclasses import replace  # noqa: PLC0415 - a script of its own

    import streamlit as st  # noqa: PLC0415

    from circle import scenario  # noqa: PLC0415
    from circle.web import state, whatif_form  # noqa: PLC0415
    from tests import small  # noqa: PLC0415

    state.enter("whatif")
    if "district" not in st.session_state:
        base = small.district()
        empty = dict.fromkeys(("capacity", "capacity_unit", "hours", "source", "address"), "")
        table = base.facilities.assign(**empty)
        table.loc[0, ["capacity", "capacity_unit"]] = "40", "stalls"
        base = replace(base, facilities=table)
        lon, lat = (float(table[name].iloc[1]) for name in ("lon", "lat"))
        gate = {"edit": "shut_gate", "lon": lon, "lat": lat}
        plan = scenario.PlanFile.model_validate({"name": "x", "edits": [gate]})
        shut = scenario.resolved(base, scenario.plan_of(plan))
        st.session_state["district"] = replace(base, network=shut.network, demand=shut.demand)
    whatif_form.show(st.session_state["district"])


def at(east_m: float) -> str:
    lon, lat = to_lonlat(np.array([[small.WEST + east_m, small.SOUTH]]), CRS)[0]
    return f"{lon:.6f},{lat:.6f}"


def opened(act: str, **asked: str) -> AppTest:
    app = AppTest.from_function(part, default_timeout=60)
    app.query_params.update({"edit": act} | asked)
    app.run()
    assert not failed(app)
    return app


def edits_of(app: AppTest) -> Sequence[Edit]:
    edits: Sequence[Edit] = app.session_state["whatif:work"].plan.edits
    return edits


def send(app: AppTest, act: str, **typed: Any) -> None:
    widgets = [*app.text_input, *app.number_input, *app.date_input, *app.checkbox, *app.selectbox]
    by_key = {widget.key: widget for widget in widgets}
    for name, value in typed.items():
        by_key[f"whatif:{act}:{name}"].set_value(value)
    app.button(key=f"FormSubmitter:whatif-{act}-{t('whatif.add')}").click().run()
    assert not failed(app)


MADE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("add_facility", {"capacity": "30", "hours": "Mo-Su 07:00-18:00"}, {"capacity_unit": "stalls"}),
    ("move_facility", {}, {"id": "m1"}),
    (
        "close_facility",
        {"start": date(2027, 2, 1), "end": date(2027, 2, 28)},
        {"id": "m1", "start": date(2027, 2, 1), "end": date(2027, 2, 28)},
    ),
    ("set_capacity", {"capacity": "60"}, {"capacity": "60", "capacity_unit": "stalls"}),
    ("set_hours", {"hours": "24/7"}, {"hours": "24/7"}),
    ("add_link", {"to": at(550), "level": False, "steps_count": 12}, {"steps": 12}),
    ("shut_gate", {}, {}),
    ("open_gate", {"at": at(900)}, {}),
    ("set_steps", {}, {"steps": -1}),
    ("add_residents", {"residents": 30}, {"residents": 30, "age_0_14": None}),
    ("add_residents", dict.fromkeys(("age_0_14", "age_15_59", "age_60_64", "age_65_plus"), 5)
     | {"residents": 20}, {"age_65_plus": 5}),
    ("move_residents", {"to": at(900), "radius_m": 80, "share": 50}, {"share": 0.5}),
]  # fmt: skip


@pytest.mark.parametrize(("act", "typed", "made"), MADE)
def test_every_edit_is_made_by_the_menu(
    act: str, typed: dict[str, Any], made: dict[str, Any]
) -> None:
    app = opened(act, point=at(150), to="m1")
    send(app, act, **typed, reason="居民提议")
    (edit,) = edits_of(app)
    assert (edit.edit, edit.reason) == (act, "居民提议")
    assert {name: getattr(edit, name) for name in made} == made
    app.button(key="whatif:undo").click().run()
    assert not edits_of(app)


def clicks() -> None:
    import streamlit as st  # noqa: PLC0415 - a script of its own

    from circle.web import state, whatif_form  # noqa: PLC0415
    from circle.web.map_view import Click  # noqa: PLC0415
    from tests import small  # noqa: PLC0415

    state.enter("whatif")
    if st.session_state.get("click"):
        whatif_form.take_click(small.district(), Click(*st.session_state["click"]))


@pytest.mark.parametrize(
    ("act", "click", "then", "picked"),
    [
        ("add_link", (120.0, 31.0, "gap", "1"), "add_link", "point"),
        ("close_facility", (120.0, 31.0, "", ""), "add_facility", "point"),
        ("add_facility", (120.0, 31.0, "facility", "m1"), "close_facility", "to"),
        ("move_facility", (120.0, 31.0, "", ""), "move_facility", "point"),
        ("set_hours", (120.0, 31.0, "facility", "m1"), "set_hours", "to"),
    ],
)
def test_a_click_picks_a_place_or_a_facility_and_the_menu_follows(
    act: str, click: tuple[float, float, str, str], then: str, picked: str
) -> None:
    app = AppTest.from_function(clicks)
    app.query_params["edit"] = act
    app.session_state["click"] = click
    app.run()
    assert not failed(app)
    assert (asked(app, "edit") or "add_facility") == then
    values = {"point": "120.000000,31.000000", "to": "m1"}
    assert {name: asked(app, name) for name in values if asked(app, name)} == {
        picked: values[picked]
    }


def test_a_click_means_the_street_near_it_and_a_gate_means_the_gate() -> None:
    def degrees(east_m: float, north_m: float = 0.0) -> Click:
        lonlat = to_lonlat(np.array([[small.WEST + east_m, small.SOUTH + north_m]]), CRS)[0]
        return Click(float(lonlat[0]), float(lonlat[1]))

    district, beside = small.district(), degrees(150, 60)
    assert state.write_lonlat(picked(district, "shut_gate", beside)) == at(150)
    where = picked(district, "add_facility", beside)
    assert where == (round(beside.lon, 6), round(beside.lat, 6))
    far = degrees(150, 160)
    assert picked(district, "shut_gate", far) == (round(far.lon, 6), round(far.lat, 6))
    shut = StreetEdit("g", Act.GATE_SHUT, (small.WEST + 130, small.SOUTH))
    gated = replace(district, network=edited(district.network, [shut]).network)
    assert state.write_lonlat(picked(gated, "open_gate", degrees(90, 20))) == at(130)


def test_every_edit_stands_in_the_menu() -> None:
    models = (*ON_FACILITIES, *ON_STREETS, *ON_RESIDENTS)
    assert set(MENU) == {model.model_fields["edit"].default for model in models}
    assert {act for act, _, _ in MADE} == set(MENU) - {"reopen_facility"}


def test_one_that_is_added_is_closed_for_a_time_and_opened_again() -> None:
    app = opened("add_facility", point=at(150))
    send(app, "add_facility")
    app.query_params.update({"edit": "reopen_facility"})
    app.run()
    assert t("whatif.none_closed") in text(app)
    app.query_params.update({"edit": "close_facility", "to": "new-1"})
    app.run()
    send(app, "close_facility", start=date(2027, 2, 1))
    app.query_params.update({"edit": "reopen_facility"})
    app.run()
    send(app, "reopen_facility", start=date(2027, 3, 1))
    assert [edit.edit for edit in edits_of(app)] == [
        "add_facility", "close_facility", "reopen_facility",
    ]  # fmt: skip
    app.date_input(key="whatif:day").set_value(date(2027, 2, 3)).run()
    assert app.session_state["whatif:work"].plan.day == date(2027, 2, 3)
    assert "2027-03-01" in text(app)
