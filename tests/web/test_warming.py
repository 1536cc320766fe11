"""What is loaded as the server starts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from circle.config import settings
from circle.errors import CircleError
from circle.web import memo, sign_in
from circle.web.server.warming import begin

if TYPE_CHECKING:
    from pathlib import Path


def begun(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_DISTRICT", str(folder))
    settings.cache_clear()
    begin().join()


@pytest.mark.usefixtures("on_this_machine")
def test_the_first_visitor_finds_pages_and_ground_made(
    district_dir: Path, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(district_dir, monkeypatch)
    monkeypatch.delattr(memo, "base_data")  # nothing draws it again
    assert memo.ground(memo.as_built()).json
    assert {f"circle.web.{page}_page" for page in sign_in.existing()} <= set(sys.modules)
    assert not store_file.exists()


@pytest.mark.filterwarnings("error")
def test_a_district_that_cannot_be_read_is_told_by_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(tmp_path / "none", monkeypatch)
    with pytest.raises(CircleError):
        memo.as_built()
