"""The about page: what is shown, where it comes from, on whose terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle import __version__
from circle.i18n import LANGUAGES, t
from circle.web import licences
from tests.app.reading import answer, failed, figures, html, text
from tests.app.test_pages import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from circle.model import District

    Opener = Callable[..., AppTest]

PARTS = ("map", "sources", "software", "privacy", "access", "contact")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_opens_with_version_date_and_district(
    open_page: Opener, tianping: District, lang: str
) -> None:
    app = open_page("about", lang=lang)
    assert not failed(app)
    district = tianping
    said = answer(app)
    assert __version__ in said
    assert district.observed in said
    assert getattr(district.name, lang) in said
    assert figures(app) == [
        __version__, district.observed, str(len(district.layers)), district.base_id[:12],
    ]  # fmt: skip
    assert district.base_id in text(app)
    for part in PARTS:
        assert t(f"about.{part}", language=lang) in text(app)


def test_every_source_is_told_with_its_licence(
    open_page: Opener, files: list[bytes], tianping: District
) -> None:
    app = open_page("about")
    for layer in tianping.layers:
        assert str(layer.source) in text(app)
        assert str(layer.licence) in text(app)
    assert "OpenStreetMap contributors" in text(app)
    assert len(files) == 2
    assert len(files[0].decode("utf-8-sig").splitlines()) == 1 + len(tianping.layers)


def test_software_and_packages_are_told_with_their_licences(
    open_page: Opener, files: list[bytes]
) -> None:
    app = open_page("about")
    assert "MIT License" in str(app.code[0].value)
    for one in licences.bundled():
        assert f"{one.name} {one.version}" in text(app)
        assert one.licence in text(app)
    table = files[1].decode("utf-8-sig")
    assert "streamlit,1" in table
    assert "Apache-2.0" in table


def test_a_missing_map_number_is_said(open_page: Opener) -> None:
    assert t("about.map_number_none") in text(open_page("about"))


def test_the_map_number_is_told_as_text(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_MAP_NUMBER", "沪S〔2026〕001号<img src=x>")
    app = open_page("about")
    assert t("about.map_number", number="沪S〔2026〕001号<img src=x>") in text(app)
    assert "<img src=x" not in html(app)
    assert t("about.map_number_none") not in text(app)


def test_foreign_tiles_are_told(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    assert t("about.tiles_none") in text(open_page("about"))
    monkeypatch.setenv("CIRCLE_TILES", "https://t.example/{z}/{x}/{y}.png")
    monkeypatch.setenv("CIRCLE_TILES_ATTRIBUTION", "© <b>示例</b>")
    from circle.config import settings  # noqa: PLC0415

    settings.cache_clear()
    said = open_page("about")
    assert t("about.tiles", host="t.example", credit="© <b>示例</b>") in text(said)
    assert "<b>示例" not in html(said)
    assert t("about.tiles_none") not in text(said)


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_address_changes_nothing(open_page: Opener, raw: object) -> None:
    app = open_page("about", audience=raw, lang=raw, at=raw)
    assert not failed(app)
    assert app.button_group(key="shell:language").value == "zh"


def test_another_district(
    open_page: Opener, show_district: Callable[[Path], None], district_dir: Path
) -> None:
    show_district(district_dir)
    app = open_page("about")
    assert not failed(app)
    assert "小街道" in answer(app)
    assert "天平" not in text(app)
