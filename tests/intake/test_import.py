"""Registers brought into a district folder: whole or not at all, shown before, and again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from circle.cli import FAULT, OK, USAGE, main
from circle.errors import DataError
from circle.intake.applying import rehearsed
from circle.intake.columns import FINDINGS
from circle.intake.importing import Wishes, prepare
from circle.intake.layers import layers
from circle.intake.rows import Filled
from circle.load import check, read_district
from circle.load.rewrite import rewritten
from tests.conftest import place
from tests.intake.corpus import HEAD, csv_file, features, row, square

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bring(capsys: pytest.CaptureFixture[str], district_dir: Path) -> Any:
    """Return what runs ``import`` on the tiny district and gives the code and the answer."""

    def run(path: Path, *words: str, layer: str = "facilities") -> tuple[int, dict[str, Any]]:
        code = main(["import", layer, str(path), "--district", str(district_dir), "--json", *words])
        out = capsys.readouterr().out
        return code, json.loads(out.splitlines()[-1]) if out else {}

    return run


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_rehearsal_shows_what_an_import_does(
    bring: Any, district_dir: Path, tmp_path: Path
) -> None:
    before = _files(district_dir)
    path = csv_file([row(7)])(tmp_path)
    code, shown = bring(path, "--datum", "wgs84", "--verified", "--dry-run")
    assert (code, shown["applied"], _files(district_dir)) == (OK, False, before)
    code, done = bring(path, "--datum", "wgs84", "--verified")
    assert (code, done["applied"]) == (OK, True)
    assert done["content_hash"] == shown["content_hash"] == read_district(district_dir).base_id
    assert done["coverage"] == shown["coverage"]
    assert done["coverage"]["market"].keys() == {"before", "after"}
    assert check(district_dir) == []
    changed = {name for name, data in _files(district_dir).items() if before.get(name) != data}
    assert changed == {"facilities.csv", "district.toml"}
    again, answer = bring(path, "--datum", "wgs84", "--verified")
    assert (again, answer["rows"]["unchanged"]) == (OK, 1)


def test_one_bad_row_and_nothing_is_written(bring: Any, district_dir: Path, tmp_path: Path) -> None:
    before = _files(district_dir)
    path = csv_file([row(1), row(2, 类别="菜场")])(tmp_path)
    code, answer = bring(path, "--datum", "wgs84")
    assert (code, answer["applied"], _files(district_dir)) == (FAULT, False, before)
    assert [each["key"] for each in answer["remarks"] if each["severity"] == "error"] == [
        "unknown_kind"
    ]
    assert sorted(tmp_path.glob("*mend*")) == []


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_bad_rows_are_mended_and_brought_again(
    bring: Any, district_dir: Path, tmp_path: Path, ending: str
) -> None:
    rows = [row(1), row(2, 类别="=cmd()"), row(3, 类别="-菜场")]
    mend = tmp_path / f"mend{ending}"
    wishes = ("--datum", "wgs84", "--accept-good", "--bad-rows", str(mend))
    code, answer = bring(csv_file(rows)(tmp_path), *wishes)
    assert (code, answer["rows"]["added"], answer["rows"]["bad"]) == (OK, 1, 2)
    table = (
        pd.read_csv(mend, dtype=str, keep_default_na=False)
        if ending == ".csv"
        else pd.read_excel(mend, dtype=str, engine="openpyxl").fillna("")
    )
    assert list(table.columns) == [*HEAD, FINDINGS]
    assert table["名称"].tolist() == ["新市场2", "新市场3"]
    assert table[FINDINGS].str.len().min() > 0
    code, answer = bring(mend, "--datum", "wgs84")
    assert (code, answer["rows"]["bad"]) == (FAULT, 2)
    table["类别"] = "菜市场"
    table.to_csv(tmp_path / "mended.csv", index=False)
    code, answer = bring(tmp_path / "mended.csv", "--datum", "wgs84")
    assert (code, answer["rows"]["added"]) == (OK, 2)
    assert {"新市场1", "新市场2", "新市场3"} <= set(read_district(district_dir).facilities["name"])


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson"])
@pytest.mark.parametrize("layer", ["facilities", "heritage"])
def test_export_and_import_give_the_same_district(
    bring: Any, district_dir: Path, tmp_path: Path, layer: str, ending: str
) -> None:
    before = _files(district_dir)
    out = tmp_path / f"out{ending}"
    assert main(["export", layer, str(out), "--district", str(district_dir)]) == OK
    code, answer = bring(out, "--datum", "wgs84", "--replace", layer=layer)
    assert (code, answer["rows"]["removed"], answer["rows"]["changed"]) == (OK, 0, 0)
    assert _files(district_dir) == before


def test_areas_go_out_and_come_back(bring: Any, district_dir: Path, tmp_path: Path) -> None:
    before = _files(district_dir)
    out = tmp_path / "areas.geojson"
    assert main(["export", "areas", str(out), "--district", str(district_dir)]) == OK
    code, _ = bring(out, "--replace", layer="areas")
    assert (code, _files(district_dir)) == (OK, before)
    halves = features(({"名称": "西片区"}, square(0, 100)), ({"名称": "东片区"}, square(100, 330)))
    (tmp_path / "new.geojson").write_bytes(halves)
    code, answer = bring(tmp_path / "new.geojson", "--replace", layer="areas")
    assert (code, answer["rows"]["changed"]) == (OK, 2)
    district = read_district(district_dir)
    assert {area.name.zh for area in district.areas} == {"西片区", "东片区"}
    west = district.demand[district.demand["area"].eq(district.areas[0].id)]
    assert west["lon"].max() < place(101, 0)[0]
    assert check(district_dir) == []


@pytest.mark.parametrize("layer", [name for name, each in layers().items() if each.file])
def test_a_template_filled_in_is_taken(
    bring: Any, district_dir: Path, tmp_path: Path, layer: str
) -> None:
    path = tmp_path / "template.xlsx"
    assert main(["template", layer, str(path)]) == OK
    book = openpyxl.load_workbook(path)
    rows, about = book.worksheets
    header = [cell.value for cell in rows[1]]
    columns = {str(column.title.zh): column for column in layers()[layer].columns}
    assert [cell.value for cell in about["A"]][1 : len(header) + 1] == header
    example = {
        columns[str(name)].id: cell.value for name, cell in zip(header, rows[2], strict=True)
    }
    lon, lat = place(60, 60)
    mine = {
        **example,
        "name": "我的",
        "committee": "我的居委会",
        "address": "横3路88号",
        "source": "我的文件",
        "lon": lon,
        "lat": lat,
    }
    rows.append([mine.get(columns[str(name)].id) for name in header])
    book.save(path)
    code, answer = bring(path, "--datum", "wgs84", layer=layer)
    assert (code, answer["rows"]["added"]) == (OK, 1), answer["remarks"]
    assert "example_row" in {remark["key"] for remark in answer["remarks"]} or layer.endswith("s")
    assert check(district_dir) == []
    assert {each.id for each in read_district(district_dir).layers} >= {layers()[layer].file[:-4]}


def test_a_layout_is_remembered(bring: Any, district_dir: Path, tmp_path: Path) -> None:
    path = csv_file([row(1)], ("甲", "乙", "丙", "丁", "戊"))(tmp_path)
    assert bring(path, "--datum", "wgs84")[0] == USAGE
    stated = "甲=name,乙=kind,丙=address,丁=lon,戊=lat"
    assert bring(path, "--datum", "wgs84", "--columns", stated)[0] == OK
    path = csv_file([row(2)], ("甲", "乙", "丙", "丁", "戊"))(tmp_path)
    code, answer = bring(path, "--datum", "wgs84")
    assert (code, answer["columns"]["甲"]) == (OK, "name")
    assert "layout_used" in {remark["key"] for remark in answer["remarks"]}
    (district_dir / "layouts.toml").write_text("layout = 3", encoding="utf-8")
    assert bring(path, "--datum", "wgs84")[0] == USAGE


def test_whole_list_removes_but_not_for_a_bad_row(
    bring: Any, district_dir: Path, tmp_path: Path
) -> None:
    bad = row(1, 名称="设施market-a", 类别="菜市场", 经度="abc")
    path = csv_file([row(1), bad])(tmp_path)
    words = ("--datum", "wgs84", "--kind", "market", "--replace", "--accept-good")
    code, answer = bring(path, *words)
    assert code == OK
    assert [each["id"] for each in answer["removed"]] == ["market-b"]
    assert set(read_district(district_dir).facilities["kind"]) == {"market", "canteen", "health"}


def test_a_folder_changed_meanwhile_is_refused(district_dir: Path, tmp_path: Path) -> None:
    path = csv_file([row(1)])(tmp_path)
    prepared = prepare(district_dir, "facilities", path, Wishes(datum="wgs84"))
    with (district_dir / "facilities.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    with pytest.raises(DataError), rehearsed(prepared):
        pass


def test_geocoded_rows_are_never_shown_as_surveyed(
    bring: Any, district_dir: Path, tmp_path: Path
) -> None:
    path = csv_file([row(1, 经度="", 纬度="", 地址="纵2路")])(tmp_path)
    code, answer = bring(path, "--verified")
    assert (code, answer["placed_by_address"]) == (OK, {"centroid": 1})
    placed = read_district(district_dir).facilities.set_index("name").loc["新市场1"]
    assert not placed["verified"]
    assert placed["position_accuracy_m"] >= 150
    assert placed["position_basis"].startswith("geocoded")


def test_an_empty_cell_changes_nothing_and_a_word_empties(
    bring: Any, district_dir: Path, tmp_path: Path
) -> None:
    head = ("编号", "名称", "类别", "英文名称", "来源")
    rows = [["market-a", "设施market-a", "market", "", "(空)"]]
    code, answer = bring(csv_file(rows, head)(tmp_path))
    assert (code, answer["rows"]["changed"]) == (OK, 1)
    changed = read_district(district_dir).facilities.set_index("id").loc["market-a"]
    assert (changed["name_en"], changed["source"]) == ("Place market-a", "")


def test_rewriting_nothing_changes_no_byte(district_dir: Path) -> None:
    from circle.load.folder import read_folder  # noqa: PLC0415 - here alone

    held = read_folder(district_dir)
    content = rewritten(held, held.tables, held.levels)
    assert content == {name: (district_dir / name).read_bytes() for name in content}


@pytest.mark.slow
@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.soak)])
def test_a_large_register(district_dir: Path, tmp_path: Path, count: int) -> None:
    rows = [
        [
            f"甲{n}",
            f"横{n % 400}路{n}号",
            f"{116.4 + n % 400 * 1e-5:.7f}",
            f"{39.9 + n // 400 * 1e-5:.7f}",
        ]
        for n in range(count)
    ]
    rows[7_777][2] = "abc"
    path = csv_file(rows, ("名称", "地址", "经度", "纬度"))(tmp_path)
    wishes = Wishes(datum="wgs84", filled=Filled(kind="market"))
    prepared = prepare(district_dir, "facilities", path, wishes)
    assert [row.line.number for row in prepared.bad] == [7_779]
    assert len(prepared.merged.added) == count - 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["import", "nothing", "x.csv"], USAGE),
        (["import", "facilities", "not-there.csv"], USAGE),
        (["import", "facilities", "."], USAGE),
        (["geocode"], USAGE),
        (["geocode", "甲", "--measure"], USAGE),
        (["template", "facilities", "x.csv"], USAGE),
        (["export", "gates", "x.csv"], USAGE),
        (["geocode", "不知路1号"], FAULT),
    ],
)
def test_calls_that_cannot_be_taken(
    capsys: pytest.CaptureFixture[str],
    district_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
) -> None:
    monkeypatch.setenv("CIRCLE_DISTRICT", str(district_dir))
    monkeypatch.chdir(district_dir.parent)
    assert main(words) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert "Traceback" not in told.err
    assert told.err.strip()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_import_in_words(
    capsys: pytest.CaptureFixture[str], district_dir: Path, tmp_path: Path, language: str
) -> None:
    path = csv_file([row(1), row(2, 经度="", 纬度="")])(tmp_path)
    words = ["--datum", "wgs84", "--dry-run", "--district", str(district_dir)]
    assert main(["--lang", language, "import", "facilities", str(path), *words]) == OK
    told = capsys.readouterr()
    assert "新市场1" in told.out
    assert "名称 → name" in told.out
    assert "{" not in told.out + told.err
