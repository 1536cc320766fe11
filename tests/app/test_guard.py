"""Who opens a page's address first meets its guard first."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

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
