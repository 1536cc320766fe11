"""Hostile addresses, and widgets tied to the address both ways."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from circle.web import state

MINUTES = state.Param("minutes", state.number(1, 60), state.write_number, 15.0)
KINDS: state.Param[tuple[str, ...]] = state.Param(
    "kinds", state.some_of(["a", "b", "c"]), state.join, ("a", "b")
)
AT = state.Param("at", state.lonlat, state.write_lonlat, (100.0, 30.0))
FLAG = state.Param("unverified", state.flag, state.write_flag, default=False)
WORD = state.Param("profile", state.one_of(["adult", "child"]), str, "adult")

HOSTILE = [
    None, 7, 1.5, b"15", [], ["15"], {}, object(), "", " ", "nan", "inf", "-inf", "1e999", "-3",
    "61", "0x10", "<script>", "'; drop table", "\x00", "１５,", "9" * 10_000, ",", ",,,,", "a,b,zz",
    "1,2,3", "200,10", "10,91", "nan,nan", "inf,0", "1;2", "true", "ADULT", "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("param", [MINUTES, AT, FLAG, WORD])
@pytest.mark.parametrize("raw", HOSTILE)
def test_a_hostile_value_is_the_default(param: state.Param[object], raw: object) -> None:
    assert param.read(raw) == param.default


@pytest.mark.parametrize("raw", ["a,b,zz", "<script>", "9" * 10_000, "A"])
def test_a_choice_of_unknown_things_is_the_default(raw: str) -> None:
    assert KINDS.read(raw) == KINDS.default


@pytest.mark.parametrize(
    ("param", "value"),
    [
        (MINUTES, 12.5),
        (KINDS, ("c",)),
        (KINDS, ()),
        (AT, (121.4438, 31.2078)),
        (FLAG, True),
        (WORD, "child"),
    ],
)
def test_what_is_written_is_read_again(param: state.Param[object], value: object) -> None:
    assert param.read(param.format(value)) == value


def test_a_point_is_never_nan() -> None:
    assert all(math.isfinite(x) for x in AT.read("nan,3"))


def one(found: object) -> object:
    """Return a query parameter's value: AppTest holds it bare or in a list."""
    return found[0] if isinstance(found, list) else found


def page() -> None:
    import streamlit as st  # noqa: PLC0415 - runs on its own

    from circle.web import state  # noqa: PLC0415

    which = st.session_state.get("test_page", "one")
    state.enter(which)
    minutes = state.Param("minutes", state.number(1, 60), state.write_number, 15.0)
    kinds: state.Param[tuple[str, ...]] = state.Param(
        "kinds", state.some_of(["a", "b", "c"]), state.join, ("a", "b")
    )
    st.slider("m", 1.0, 60.0, key=state.widget_key(minutes), on_change=state.push, args=(minutes,))
    st.multiselect(
        "k", ["a", "b", "c"], key=state.widget_key(kinds), on_change=state.push, args=(kinds,)
    )
    if st.button("put"):
        state.put(minutes, 33.0)
        st.rerun()
    chosen = state.value(kinds)
    st.text(f"{state.value(minutes):g} {state.join(chosen)}")


def test_the_address_sets_the_widget() -> None:
    app = AppTest.from_function(page)
    app.query_params["minutes"] = "20"
    app.run()
    assert app.slider[0].value == 20
    assert app.text[0].value == "20 a,b"


def test_the_widget_sets_the_address_and_the_default_leaves_it() -> None:
    app = AppTest.from_function(page).run()
    app.slider[0].set_value(9.0).run()
    assert one(app.query_params["minutes"]) == "9"
    assert app.text[0].value == "9 a,b"
    app.slider[0].set_value(15.0).run()
    assert "minutes" not in app.query_params


def test_an_empty_choice_is_not_the_default() -> None:
    app = AppTest.from_function(page).run()
    app.multiselect[0].set_value([]).run()
    assert one(app.query_params["kinds"]) == ""
    assert app.text[0].value == "15"
    assert app.multiselect[0].value == []


def test_a_value_set_by_the_page_reaches_widget_and_address() -> None:
    app = AppTest.from_function(page).run()
    app.button[0].click().run()
    assert app.slider[0].value == 33
    assert one(app.query_params["minutes"]) == "33"


def test_another_page_starts_with_the_last_values() -> None:
    app = AppTest.from_function(page).run()
    app.slider[0].set_value(9.0).run()
    app.query_params.clear()
    app.session_state["test_page"] = "two"
    app.run()
    assert app.text[0].value == "9 a,b"
    assert one(app.query_params["minutes"]) == "9"


def test_the_same_page_without_an_address_is_the_default() -> None:
    app = AppTest.from_function(page).run()
    app.slider[0].set_value(9.0).run()
    app.query_params.clear()
    app.run()
    assert app.text[0].value == "15 a,b"


def test_a_hostile_address_opens_the_page() -> None:
    app = AppTest.from_function(page)
    app.query_params["minutes"] = "<script>" * 100
    app.query_params["kinds"] = "zz"
    app.run()
    assert not app.exception
    assert app.text[0].value == "15 a,b"
