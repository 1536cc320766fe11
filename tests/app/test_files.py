"""Every table of a page is also an Excel file, made when it is asked for."""

from __future__ import annotations

import csv
import io
import threading
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.app import reading
from tests.app.test_data import confirm

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("coverage", {"kind": "canteen"}),
        ("coverage", {"kind": "market", "view": "zones", "lang": "en"}),
        ("coverage", {"kind": "market", "view": "together"}),
        ("data", {}),
    ],
)
def test_excel_has_the_same_cells_as_csv(
    open_page: Callable[..., AppTest],
    files: list[bytes],
    workbooks: dict[str, Callable[[], bytes]],
    page: str,
    asked: dict[str, str],
) -> None:
    assert not reading.failed(open_page(page, **asked))
    assert len(workbooks) == len(files) >= 1
    for (name, make), file in zip(workbooks.items(), files, strict=True):
        assert name.endswith(".xlsx")
        (sheet,) = openpyxl.load_workbook(io.BytesIO(in_a_thread(make))).worksheets
        rows = [list(map(said, row)) for row in sheet.iter_rows(values_only=True)]
        table = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
        assert rows == [list(map(said, row)) for row in table]


def test_excel_runs_no_formula(
    open_page: Callable[..., AppTest], workbooks: dict[str, Callable[[], bytes]]
) -> None:
    app = open_page("data", register="health")
    workbooks.clear()
    confirm(app, "=1+1")
    books = [openpyxl.load_workbook(io.BytesIO(make())) for make in workbooks.values()]
    cells = [cell for book in books for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


def in_a_thread(make: Callable[[], bytes]) -> bytes:
    """Return what is made as the server makes it: in a thread without a session."""
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    return made[0]


def said(value: object) -> str:
    """Return a cell as a text: 1.0 and 1 are the same."""
    try:
        return f"{float(str(value)):.9g}"
    except ValueError:
        return "" if value is None else str(value).removeprefix("'")
