"""The parts of a page: escaped, in the language of the address."""

import pytest
from streamlit.testing.v1 import AppTest

from circle.web import map_view
from circle.web.names import script
from circle.web.style import style_sheet

pytestmark = pytest.mark.usefixtures("on_this_machine")


def page() -> None:
    from circle.model import Kind, Text  # noqa: PLC0415 - runs on its own
    from circle.web import shell  # noqa: PLC0415
    from circle.web.guard import guard  # noqa: PLC0415

    guard("explore")
    bad = "<script>alert(1)</script>"
    kind = Kind("k", Text(bad, bad), "<", "#123456", "bowl")
    shell.header(Text("甲街道", "District A"), bad, bad)
    parts = shell.stage()
    with parts.lead:
        shell.answer(f"<b>{shell.escape(bad)}</b>")
        shell.figures([(bad, bad)])
    with parts.side:
        shell.rows([shell.Row(bad, bad, bad, kind), shell.Row(bad, bad, bad, rank=1)])
        shell.notes([bad])


def one(found: object) -> object:
    """Return a query parameter's value: AppTest holds it bare or in a list."""
    return found[0] if isinstance(found, list) else found


def html_of(app: AppTest) -> str:
    bodies = (element.proto for element in app.get("html"))
    return "".join(str(html.body) for html in bodies if not html.unsafe_allow_javascript)


def test_every_part_escapes_what_it_is_given() -> None:
    app = AppTest.from_function(page).run()
    assert not app.exception
    said = html_of(app)
    assert "<script" not in said
    assert said.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 9


def test_a_page_runs_no_script_but_the_one_that_names_its_parts() -> None:
    app = AppTest.from_function(page).run()
    scripts = [e.proto.body for e in app.get("html") if e.proto.unsafe_allow_javascript]
    assert scripts == [f"<script>{script()}</script>"]


@pytest.mark.parametrize(
    ("asked", "said"), [("zh", "甲街道"), ("en", "District A"), ("xx", "甲街道"), ("", "甲街道")]
)
def test_the_address_chooses_the_language(asked: str, said: str) -> None:
    app = AppTest.from_function(page)
    app.query_params["lang"] = asked
    app.run()
    assert said in html_of(app)


def test_the_language_outlives_a_page_without_it_in_the_address() -> None:
    app = AppTest.from_function(page)
    app.query_params["lang"] = "en"
    app.run()
    app.query_params.clear()
    app.run()
    assert "District A" in html_of(app)
    assert one(app.query_params["lang"]) == "en"


def test_a_page_opened_first_has_its_style() -> None:
    app = AppTest.from_function(page).run()
    assert ".lc-answer" in html_of(app)
    assert "http" not in style_sheet()


@pytest.mark.parametrize(
    ("told", "click"),
    [
        ({"lon": 2, "lat": 1, "time": 3}, map_view.Click(2, 1)),
        ({"lon": 2, "lat": 1, "layer": "gap", "id": "g1"}, map_view.Click(2, 1, "gap", "g1")),
        *(
            (hostile, None)
            for hostile in (
                None, "x", {}, {"lon": 2}, {"lon": None, "lat": 1}, {"lon": True, "lat": 1},
                {"lon": float("nan"), "lat": 1}, {"lon": 181, "lat": 1}, {"lon": 1, "lat": -91},
            )
        ),
    ],
)  # fmt: skip
def test_what_a_frame_tells_is_a_click_or_nothing(
    told: object, click: map_view.Click | None
) -> None:
    assert map_view.read_click(told) == click
