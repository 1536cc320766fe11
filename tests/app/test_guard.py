"""Who opens a page's address first meets its guard first."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from circle.identity import PUBLIC
from circle.web import sign_in

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "pages").glob("*.py"))


def statements(page: Path) -> list[ast.stmt]:
    """Return the statements of a page without its docstring and __future__ imports."""
    body = ast.parse(page.read_text(encoding="utf-8")).body
    return [
        one
        for one in body
        if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        and not (isinstance(one, ast.ImportFrom) and one.module == "__future__")
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_guard_is_imported_alone_and_called_first(page: Path) -> None:
    first, second, *_ = map(ast.unparse, statements(page))
    assert first == "from circle.web.guard import guard"
    assert second == f"guard({page.stem!r})"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_all_else_of_a_page_fails_calmly(page: Path) -> None:
    rest = [one for one in statements(page)[2:] if not isinstance(one, ast.Import | ast.ImportFrom)]
    assert len(rest) == 1
    assert isinstance(rest[0], ast.With)
    assert ast.unparse(rest[0].items[0]) == "failures.errors_shown()"


def again() -> None:
    import streamlit as st  # noqa: PLC0415 - runs on its own

    from circle.web import guard  # noqa: PLC0415

    guard.again("coverage")
    st.text("went on")


@pytest.mark.parametrize("allowed", [True, False])
def test_a_part_that_runs_alone_asks_again_who_the_visitor_is(
    monkeypatch: pytest.MonkeyPatch, *, allowed: bool
) -> None:
    def rerun() -> None:
        raise PermissionError

    monkeypatch.setattr("streamlit.rerun", rerun)
    if not allowed:
        monkeypatch.setattr(sign_in, "visitor", lambda: PUBLIC)
    app = AppTest.from_function(again).run()
    assert bool(app.text) == allowed
    assert bool(app.exception) != allowed


def test_whatever_runs_alone_asks_again_who_looks_and_in_which_language() -> None:
    alone = [
        file.name
        for file in (ROOT / "circle" / "web").rglob("*.py")
        if "st.fragment" in file.read_text("utf-8")
    ]
    assert alone == ["part.py"]
