"""The pages, their files and the command line give the same figures."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from circle.cli import OK, main
from circle.i18n import in_language, t
from circle.i18n.rounding import per_cents
from circle.load import build
from circle.words.tables import to_csv
from tests.app.reading import failed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]

GROUPS = {"residents": "", "residents_60_plus": "_60_plus", "residents_65_plus": "_65_plus"}


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert main(arguments) == OK
    return json.loads(capsys.readouterr().out)


def rows(file: bytes) -> list[dict[str, str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    ("kind", "profile", "minutes", "unverified", "lang"),
    [
        ("canteen", "older_adult", "15", "exclude", "zh"),
        ("canteen", "older_adult", "15", "include", "en"),
        ("market", "adult", "10", "exclude", "zh"),
        ("health", "wheelchair", "7.5", "exclude", "zh"),
    ],
)
def test_coverage(  # noqa: PLR0913, PLR0917 - one question
    open_page: Opener,
    files: list[bytes],
    capsys: pytest.CaptureFixture[str],
    kind: str,
    profile: str,
    minutes: str,
    unverified: str,
    lang: str,
) -> None:
    app = open_page(
        "coverage", kind=kind, profile=profile, within=minutes, lang=lang,
        unverified="1" if unverified == "include" else "0",
    )  # fmt: skip
    assert not failed(app)
    found = said(
        capsys, "coverage", "--json", "--kinds", kind, "--profile", profile, "--minutes", minutes,
        "--unverified", unverified,
    )["kinds"][kind]  # fmt: skip
    shown, file = app.dataframe[0].value, rows(files[-1])
    assert list(shown.columns) == list(file[0])
    with in_language(lang):
        by_name = {t("common.district_all"): found}
        if lang == "zh":
            by_name |= found["by_area"]
        compared = 0
        for row in file:
            name, group = list(row.values())[:2]
            for column, ending in GROUPS.items():
                if name not in by_name or group != t(f"group.{column}"):
                    continue
                compared += 1
                residents, covered, uncovered, rate = list(row.values())[2:6]
                told = by_name[name]
                assert int(residents) == round(told[f"residents{ending}"])
                assert int(covered) == round(told[f"covered{ending}"])
                assert int(uncovered) == pytest.approx(int(residents) - int(covered), abs=1)
                share = told[f"covered{ending}"] / told[f"residents{ending}"]
                at_least = found["rate_is"] == "at_least"
                assert float(rate) == per_cents(share, at_least=at_least)
    assert compared == 3 * len(by_name)
    for number, row in enumerate(file):
        assert [str(value) for value in shown.iloc[number]] == list(row.values())


@pytest.mark.parametrize(
    ("at", "profile"), [("121.4438,31.2078", "adult"), ("121.4351,31.2012", "older_adult")]
)
def test_isochrone(
    open_page: Opener,
    files: list[bytes],
    capsys: pytest.CaptureFixture[str],
    at: str,
    profile: str,
) -> None:
    app = open_page("explore", at=at, profile=profile, minutes="5,12.5,20")
    assert not failed(app)
    found = said(
        capsys, "isochrone", "--at", at, "--profile", profile, "--minutes", "5,12.5,20"
    )["features"]  # fmt: skip
    file = rows(files[-1])
    assert [row[t("explore.col_minutes")] for row in file] == ["5", "12.5", "20"]
    kinds = {"market": "菜市场", "canteen": "社区食堂", "health": "社区卫生服务"}
    for row, feature in zip(file, found, strict=True):
        told = feature["properties"]
        assert int(row[t("explore.col_residents")]) == round(told["residents"])
        assert int(row[t("explore.col_60")]) == round(told["residents_60_plus"])
        assert int(row[t("explore.col_65")]) == round(told["residents_65_plus"])
        assert int(row[t("common.heritage")]) == told["heritage"]
        assert float(row[t("explore.col_area")]) == pytest.approx(told["area_km2"], abs=6e-4)
        for kind, name in kinds.items():
            assert int(row[name]) == told["facilities"].get(kind, 0)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠"])
def test_a_text_that_a_sheet_would_run_is_defused(sign: str) -> None:
    text = f"{sign}HYPERLINK(1)"
    made = to_csv(pd.DataFrame({text: [text, "甲"], "n": [-1, 2]}))
    (head, _), (first, number), (second, _) = csv.reader(
        io.StringIO(made.decode("utf-8-sig"), newline="")
    )
    assert head == first == f"'{text}"
    assert number == "-1"
    assert second == "甲"


def test_a_name_in_the_data_is_defused_in_the_file_of_the_page(
    open_page: Opener,
    show_district: Callable[[Path], None],
    files: list[bytes],
    facts_dir: Path,
    tmp_path: Path,
) -> None:
    outlines = facts_dir / "areas.geojson"
    bad = outlines.read_text(encoding="utf-8").replace("西片区", "=cmd|' /C calc'!A0")
    outlines.write_text(bad, encoding="utf-8")
    build(facts_dir, tmp_path / "bad")
    show_district(tmp_path / "bad")
    app = open_page("coverage", kind="market")
    assert not failed(app)
    names = {next(iter(row.values())) for row in rows(files[-1])}
    assert "'=cmd|' /C calc'!A0" in names
    assert not any(name.startswith("=") for name in names)
