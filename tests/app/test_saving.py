"""What a map shows is offered as a file that is made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import pytest

from circle.report import snapshot
from tests.app.reading import drawn, failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest


@pytest.mark.parametrize("page", ["explore", "coverage"])
def test_the_map_is_offered_and_not_made_before(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    def made_too_early(*_: object) -> NoReturn:
        raise AssertionError

    monkeypatch.setattr(snapshot, page, made_too_early)
    app = open_page(page)
    assert not failed(app)
    labels = [one.proto.label for one in app.get("download_button")]
    assert "当前地图（GeoJSON）" in labels
    assert "picture" in drawn(app)


def test_without_an_answer_there_is_nothing_to_save(open_page: Callable[..., AppTest]) -> None:
    app = open_page("explore", at="121.6,31.2")
    labels = [one.proto.label for one in app.get("download_button")]
    assert "当前地图（GeoJSON）" not in labels
    assert "picture" not in drawn(app)
