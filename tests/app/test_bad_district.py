"""A district folder at fault is told in a sentence, never in a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.i18n import t
from tests.app.reading import answer, failed, maps, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]

PAGES = ("explore", "coverage")


def no_layer(folder: Path) -> tuple[str, dict[str, str]]:
    (folder / "segments.csv").unlink()
    return "missing_layer", {"file": "segments.csv"}


def broken_outline(folder: Path) -> tuple[str, dict[str, str]]:
    (folder / "boundary.geojson").write_text('{"type": "FeatureColl', encoding="utf-8")
    return "bad_geojson", {}


def outline_of_nothing(folder: Path) -> tuple[str, dict[str, str]]:
    (folder / "boundary.geojson").write_text(
        '{"type": "FeatureCollection", "features": []}', encoding="utf-8"
    )
    return "one_boundary", {"count": "0"}


def no_facilities(folder: Path) -> tuple[str, dict[str, str]]:
    file = folder / "facilities.csv"
    file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    return "unknown_start", {}  # a district may have none


def half_a_row(folder: Path) -> tuple[str, dict[str, str]]:
    file = folder / "facilities.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:-1], "x,<b>y</b>", ""]), encoding="utf-8")
    return "short_row", {}


def not_text(folder: Path) -> tuple[str, dict[str, str]]:
    (folder / "facilities.csv").write_bytes("编号,名称\n".encode("gbk"))
    return "not_utf8", {}


def no_folder(folder: Path) -> tuple[str, dict[str, str]]:
    folder.rename(folder.with_name("gone"))
    return "", {}


FAULTS = [
    no_layer, broken_outline, outline_of_nothing, no_facilities, half_a_row, not_text, no_folder,
]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("spoil", FAULTS)
def test_a_fault_is_told(
    open_page: Opener,
    show_district: Callable[[Path], None],
    district_dir: Path,
    spoil: Callable[[Path], tuple[str, dict[str, str]]],
    page: str,
    lang: str,
) -> None:
    key, values = spoil(district_dir)
    show_district(district_dir)
    app = open_page(page, lang=lang)
    assert not app.exception
    (said,) = (str(error.value).replace("\\", "") for error in app.error)
    assert "tiny" in said or "gone" in said
    assert said != t("error.unexpected", language=lang)
    told = " ".join(str(warning.value) for warning in app.warning).replace("\\", "")
    if key:
        assert t(f"finding.{key}.mend", language=lang, **values) in told
    assert "Traceback" not in said + told
    assert "Error" not in said + told
    assert not maps(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_setting_is_told(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setenv("CIRCLE_CELL_M", "wide")
    app = open_page(page)
    assert not app.exception
    (said,) = failed(app)
    assert "CIRCLE" in said.replace("\\", "")


def test_a_folder_that_comes_right_is_shown_on_the_next_run(
    open_page: Opener, show_district: Callable[[Path], None], district_dir: Path
) -> None:
    file = district_dir / "boundary.geojson"
    good = file.read_text(encoding="utf-8")
    file.write_text("{", encoding="utf-8")
    show_district(district_dir)
    app = open_page("explore")
    assert failed(app)
    file.write_text(good, encoding="utf-8")
    app.run()
    assert not failed(app)
    assert answer(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_facility_fewer_is_shown_without_it(
    open_page: Opener, show_district: Callable[[Path], None], district_dir: Path, page: str
) -> None:
    file = district_dir / "facilities.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "market-b" not in line]
    file.write_text("\n".join([*kept, ""]), encoding="utf-8")
    show_district(district_dir)
    app = open_page(page, kind="market")
    assert not failed(app), [str(warning.value) for warning in app.warning]
    assert answer(app)
    assert "设施market-b" not in text(app)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("unverified", ["0", "1"])
def test_a_kind_without_facilities_reads_well(
    open_page: Opener,
    show_district: Callable[[Path], None],
    district_dir: Path,
    lang: str,
    unverified: str,
) -> None:
    show_district(district_dir)
    app = open_page("coverage", kind="party_service", unverified=unverified, lang=lang)
    assert not failed(app)
    said = answer(app)
    assert "0 %" not in said
    assert said.endswith((".", "。"))
    assert "  " not in said
    assert "nan" not in text(app).lower().replace("tenan", "")


def test_explore_says_which_kind_the_list_has_none_of(
    open_page: Opener, show_district: Callable[[Path], None], district_dir: Path
) -> None:
    show_district(district_dir)
    app = open_page("explore")
    assert not failed(app)
    assert t("explore.row_none") in text(app)
