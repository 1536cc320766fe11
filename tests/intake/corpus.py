"""Messy files with their truth: each is made when it is asked for, from a table of cases.

The district is the tiny one of conftest: markets, a canteen and a clinic on streets 横N路.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import openpyxl
import shapely

from circle.geo.datum import from_wgs84
from circle.intake.importing import Wishes
from circle.intake.rows import Filled
from tests.conftest import place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

HEAD = ("名称", "类别", "地址", "经度", "纬度")
Keys = dict[int, set[str]]
"""Keys of remarks by row of the file."""


@dataclass(frozen=True)
class Case:
    """A file and what importing it must say.

    Attributes
    ----------
    lines
        How many lines (or features) hold anything, the header among them.
    error
        Key of the error with which the file is refused before it is read; "" for none.
    rows
        Rows added, changed, unchanged, repeated.
    bad, words
        Rows that are not accepted, and rows accepted with a word, with the keys.
    of_file, aside
        Keys of what is said of the file, and of its lines that are no rows.
    refused
        Whether the file as a whole is not accepted.
    """

    name: str
    make: Callable[[Path], Path]
    lines: int = 0
    error: str = ""
    rows: tuple[int, int, int, int] = (0, 0, 0, 0)
    bad: Keys = field(default_factory=dict)
    words: Keys = field(default_factory=dict)
    of_file: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)
    refused: bool = False
    layer: str = "facilities"
    wishes: Wishes = field(default_factory=lambda: Wishes(datum="wgs84"))


def row(number: int, **cells: str) -> list[str]:
    """Return a good row: a market of its own, 60 m from the next, on a street without numbers."""
    lon, lat = place(20 + 60 * (number % 5), 20 + 60 * (number // 5))
    values = {"名称": f"新市场{number}", "类别": "菜市场", "地址": f"横3路{number}弄9号"}
    values |= {"经度": f"{lon:.7f}", "纬度": f"{lat:.7f}"} | cells
    return [values[name] for name in (*HEAD, *(name for name in cells if name not in HEAD))]


def csv_file(
    rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD, **how: str
) -> Callable[[Path], Path]:
    """Return what writes rows as text with separators; `how`: encoding, separator, name."""
    separator = how.get("separator", ",")

    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if separator in cell or '"' in cell else cell

    lines = [separator.join(map(quoted, line)) for line in ([head, *rows] if head else rows)]
    data = ("\n".join(lines) + "\n").encode(how.get("encoding", "utf-8"))
    return raw_file(data, how.get("name", "list.csv"))


def raw_file(data: bytes, name: str = "list.csv") -> Callable[[Path], Path]:
    """Return what writes bytes as they are."""

    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def workbook(fill: Callable[[Any], None], name: str = "list.xlsx") -> Callable[[Path], Path]:
    """Return what writes a workbook that `fill` fills, its header and two good rows there."""

    def write(folder: Path) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in (HEAD, row(1), row(2)):
            sheet.append(list(line))
        fill(sheet)
        book.save(folder / name)
        return folder / name

    return write


def two_line_header(sheet: Any) -> None:
    """Put groups of columns above the header, in merged cells."""
    sheet.insert_rows(1)
    for number, name in enumerate((*HEAD[:3], "坐标")):
        sheet.cell(1, number + 1, name)
    sheet.merge_cells("D1:E1")
    for column in "ABC":
        sheet[f"{column}2"] = None
        sheet.merge_cells(f"{column}1:{column}2")


def features(*pairs: tuple[dict[str, Any], Any]) -> bytes:
    """Return a GeoJSON file of properties and geometries."""
    listed = [{"type": "Feature", "properties": p, "geometry": g} for p, g in pairs]
    return json.dumps({"type": "FeatureCollection", "features": listed}).encode()


def point(number: int) -> dict[str, Any]:
    """Return the place of a good row as a geometry."""
    return {"type": "Point", "coordinates": [float(cell) for cell in row(number)[3:5]]}


def square(west_m: float, east_m: float, south_m: float = 0.0) -> dict[str, Any]:
    """Return a rectangle in the tiny district as a geometry."""
    corners = ((west_m, south_m), (east_m, south_m), (east_m, 400), (west_m, 400))
    ring = [list(place(*corner)) for corner in (*corners, corners[0])]
    return {"type": "Polygon", "coordinates": [ring]}


def table(crs: int = 4326) -> gpd.GeoDataFrame:
    """Return three good rows as features."""
    rows = [row(number) for number in (1, 2, 3)]
    shapes = [shapely.Point(float(r[3]), float(r[4])) for r in rows]
    columns = {name: [r[n] for r in rows] for n, name in enumerate(HEAD[:3])}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326).to_crs(crs)


def shapefile(*left_out: str, encoding: str = "gbk", codepage: str = "UTF-8") -> Any:
    """Return what writes a zipped Shapefile whose .cpg says what it likes."""

    def write(folder: Path) -> Path:
        parts = folder / "parts"
        parts.mkdir()
        table().to_file(parts / "list.shp", encoding=encoding)
        (parts / "list.cpg").write_text(codepage, encoding="ascii")
        with zipfile.ZipFile(folder / "list.zip", "w") as packed:
            for part in sorted(parts.iterdir()):
                if part.suffix not in left_out:
                    packed.write(part, f"list/{part.name}")
        return folder / "list.zip"

    return write


def packed(name: str, **members: bytes) -> Callable[[Path], Path]:
    """Return what writes a zip file; double underscores in names are slashes, single ones dots."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for member, data in members.items():
            book.writestr(member.replace("__", "/").replace("_", "."), data)
    return raw_file(out.getvalue(), name)


def geopackage(crs: int) -> Callable[[Path], Path]:
    """Return what writes a GeoPackage in a reference system."""

    def write(folder: Path) -> Path:
        table(crs).to_file(folder / "list.gpkg")
        return folder / "list.gpkg"

    return write


def sparse(folder: Path) -> Path:
    """Write a file of two gigabytes that takes no room."""
    with (folder / "large.csv").open("wb") as large:
        large.truncate(2_000_000_000)
    return folder / "large.csv"


KNOWN = (
    ("设施market-a", "market", 100, 105),
    ("设施market-b", "market", 390, 300),
    ("设施canteen-a", "canteen", 205, 200),
    ("设施health-a", "health", 300, 310),
)


def known(datum: str, *others: str) -> list[list[str]]:
    """Return the district's facilities in a datum, the last of them in `others`."""
    datums = [datum] * (len(KNOWN) - len(others)) + list(others)
    rows = []
    for (name, kind, east, north), each in zip(KNOWN, datums, strict=True):
        lon, lat = from_wgs84(np.array([place(east, north)]), each)[0]
        rows.append([name, kind, "", f"{lon:.7f}", f"{lat:.7f}"])
    return rows


KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>新市场1</name>'
    '<ExtendedData><Data name="类别"><value>菜市场</value></Data></ExtendedData>'
    "<Point><coordinates>"
    f"{','.join(row(1)[3:5])},0</coordinates></Point></Placemark></Document></kml>"
)
MARKETS = Wishes(datum="wgs84", filled=Filled(kind="market"))
PEOPLE = ("居委会", "人口", "0-14岁", "15-59岁", "60-64岁", "65岁及以上")
THREE = (3, 0, 0, 0)
ONE = (1, 0, 0, 0)


def three(**how: str) -> Callable[[Path], Path]:
    """Return what writes three good rows."""
    return csv_file([row(1), row(2), row(3)], **how)


def two_and(*third: str, head: Sequence[str] = HEAD) -> Callable[[Path], Path]:
    """Return what writes two good rows and one that is stated."""
    return csv_file([row(1), row(2), list(third)], head)


def one_of(column: str, *cells: str) -> Callable[[Path], Path]:
    """Return what writes good rows with one more column and its cells."""
    rows = [[*row(n), cell] for n, cell in enumerate(cells, start=1)]
    return csv_file(rows, (*HEAD, column))


def _merged(sheet: Any) -> None:
    sheet.append(row(3, 类别=""))
    sheet.merge_cells("B3:B4")


def _formulas(sheet: Any) -> None:
    sheet.append([*row(3)[:2], '=CONCATENATE("横3路","3号")', *row(3)[3:]])


def _errors(sheet: Any) -> None:
    sheet.append(row(3))
    sheet["C4"] = "#N/A"
    sheet["C4"].data_type = "e"


def _second_sheet(sheet: Any) -> None:
    other = sheet.parent.create_sheet("更多")
    for line in (HEAD, row(8), row(9)):
        other.append(list(line))


def _numbers(sheet: Any) -> None:
    cells = row(3)
    sheet.append([*cells[:3], float(cells[3]), float(cells[4])])


TITLED = [["小街道菜市场登记表（2026年）", "", "", "", ""], ["", "", "", "", ""], list(HEAD)]
TAIL = [["合计", "2", "", "", ""], ["注：本表由街道填报", "", "", "", ""]]

CASES: tuple[Case, ...] = (
    # encodings and separators
    Case("utf8", three(), 4, rows=THREE),
    Case("utf8-bom", three(encoding="utf-8-sig"), 4, rows=THREE),
    Case("gb18030", three(encoding="gb18030"), 4, rows=THREE, of_file={"encoding"}),
    Case("utf16", three(encoding="utf-16"), 4, rows=THREE, of_file={"encoding"}),
    Case("semicolons", three(separator=";"), 4, rows=THREE),
    Case("tabs", three(separator="\t", name="list.txt"), 4, rows=THREE),
    Case(
        "old-mac-lines",
        lambda f: raw_file(three()(f).read_bytes().replace(b"\n", b"\r"))(f),
        4,
        rows=THREE,
    ),
    Case(
        "one-damaged-byte",
        lambda f: raw_file(three()(f).read_bytes().replace("新市场3".encode(), b"\xe6\x963"))(f),
        4,
        rows=(2, 0, 0, 0),
        bad={4: {"broken_encoding"}},
    ),
    Case(
        "read-wrongly-before",
        two_and("æ–°å¸‚åœº", *row(3)[1:]),
        4,
        rows=(2, 0, 0, 0),
        bad={4: {"broken_encoding"}},
    ),
    Case(
        "replaced-for-good",
        two_and("锟斤拷市场", *row(3)[1:]),
        4,
        rows=(2, 0, 0, 0),
        bad={4: {"broken_encoding"}},
    ),
    # where the table is
    Case(
        "titles-totals-notes",
        csv_file([*TITLED, row(1), row(2), *TAIL], ()),
        6,
        rows=(2, 0, 0, 0),
        aside={"title_row", "total_row", "note_row"},
    ),
    Case(
        "header-in-two-lines",
        csv_file(
            [
                ["设施登记表", "", "", "", ""],
                ["名称", "类别", "位置信息", "", ""],
                ["", "", "地址", "经度", "纬度"],
                row(1),
                row(2),
            ],
            (),
        ),
        5,
        rows=(2, 0, 0, 0),
        aside={"title_row", "header_above"},
    ),
    Case(
        "header-in-two-languages",
        csv_file([["name", "kind", "address", "lon", "lat"], row(1)]),
        3,
        rows=ONE,
        aside={"header_again"},
    ),
    Case(
        "header-in-merged-cells",
        workbook(two_line_header),
        4,
        rows=(2, 0, 0, 0),
        aside={"title_row"},
    ),
    Case(
        "english-names",
        csv_file([row(1)], ("Facility Name", "Category", "Full address", "LNG", "Lat")),
        2,
        rows=ONE,
    ),
    Case(
        "names-with-units",
        csv_file([row(1)], ("*设施 名称", "类别：", "详细地址（必填）", "经度(°)", "纬度 (WGS84)")),
        2,
        rows=ONE,
    ),
    Case(
        "header-again",
        csv_file([row(1), list(HEAD), row(2)]),
        4,
        rows=(2, 0, 0, 0),
        aside={"header_again"},
    ),
    Case(
        "column-numbers",
        csv_file([["1", "2", "3", "4", "5"], row(1)]),
        3,
        rows=ONE,
        aside={"numbers_row"},
    ),
    Case("no-header", csv_file([row(1), row(2)], ()), error="intake.no_header"),
    Case(
        "blank-lines", csv_file([["", "", "", "", ""], row(1), [""], row(2)]), 3, rows=(2, 0, 0, 0)
    ),
    Case(
        "column-unknown",
        one_of("负责人", "甲", "乙", "丙"),
        4,
        rows=THREE,
        of_file={"column_unused"},
    ),
    Case(
        "columns-stated",
        csv_file([row(1)], ("甲", "乙", "丙", "丁", "戊")),
        2,
        rows=ONE,
        wishes=Wishes(datum="wgs84", columns="甲=name,乙=kind,丙=address,丁=lon,戊=lat"),
    ),
    Case(
        "stated-column-lost", three(), error="intake.column_lost", wishes=Wishes(columns="甲=name")
    ),
    Case(
        "two-address-columns",
        one_of("详细地址", "横3路1号", "横3路2号"),
        3,
        rows=(2, 0, 0, 0),
        of_file={"column_unused"},
    ),
    Case("header-alone", csv_file([]), 1, of_file={"no_rows"}, refused=True),
    # cells
    Case(
        "full-width",
        two_and("新市场３", "菜市场", "横３路３号", "１１６．４００２３", "３９．９００２"),
        4,
        rows=THREE,
        words={4: {"full_width"}},
    ),
    Case(
        "blanks-unseen", two_and("\u00a0新市场3\u200b ", "菜市场\u3000", *row(3)[2:]), 4, rows=THREE
    ),
    Case(
        "units-and-thousands",
        one_of("建筑面积（平方米）", "850㎡", "1,200", "约900"),
        4,
        rows=(2, 0, 0, 0),
        words={2: {"unit"}, 3: {"thousands"}},
        bad={4: {"not_number"}},
    ),
    Case("below-zero", one_of("面积", "-5", "0"), 3, rows=ONE, bad={2: {"below_zero"}}),
    Case(
        "kinds",
        csv_file(
            [row(1), row(2, 类别="market"), row(3, 类别="Community canteen"), row(4, 类别="菜场")]
        ),
        5,
        rows=THREE,
        bad={5: {"unknown_kind"}},
    ),
    Case("kind-for-all", csv_file([row(1, 类别="")]), 2, rows=ONE, wishes=MARKETS),
    Case("kind-missing", csv_file([row(1, 类别="")]), 2, bad={2: {"missing_value"}}),
    Case(
        "name-missing", two_and("", *row(3)[1:]), 4, rows=(2, 0, 0, 0), bad={4: {"missing_value"}}
    ),
    Case(
        "hours",
        one_of("开放时间", "Mo-Fr 08:30-17:00", "每天 6:00—19:00", "早到晚"),
        4,
        rows=(2, 0, 0, 0),
        words={3: {"hours"}},
        bad={4: {"bad_hours"}},
    ),
    Case(
        "contacts",
        one_of("电话", "021-12345678", "０２１－12345678", "问居委会"),
        4,
        rows=(2, 0, 0, 0),
        words={3: {"full_width"}},
        bad={4: {"bad_phone"}},
    ),
    Case(
        "websites",
        one_of("网址", "https://a.example/x", "javascript:alert(1)"),
        3,
        rows=ONE,
        bad={3: {"bad_website"}},
    ),
    Case(
        "flags", one_of("是否核实", "是", "×", "也许"), 4, rows=(2, 0, 0, 0), bad={4: {"not_flag"}}
    ),
    Case(
        "dates",
        one_of("启用时间", "2024年3月1日", "2024.3", "2024-13-01"),
        4,
        rows=(2, 0, 0, 0),
        words={2: {"date"}, 3: {"date"}},
        bad={4: {"not_date"}},
    ),
    Case(
        "dashes",
        one_of("面积", "/", "无数据"),
        3,
        rows=(2, 0, 0, 0),
        words={2: {"said_none"}, 3: {"said_none"}},
    ),
    Case(
        "formula", two_and("=HYPERLINK(1)", *row(3)[1:]), 4, rows=(2, 0, 0, 0), bad={4: {"formula"}}
    ),
    Case(
        "text-as-formula",
        csv_file([['="新市场1"', *row(1)[1:]]]),
        2,
        rows=ONE,
        words={2: {"formula_text"}},
    ),
    Case(
        "error-value",
        two_and(*row(3)[:2], "#N/A", *row(3)[3:]),
        4,
        rows=(2, 0, 0, 0),
        bad={4: {"error_cell"}},
    ),
    Case(
        "control-letters",
        two_and("新\x07市场", *row(3)[1:]),
        4,
        rows=(2, 0, 0, 0),
        bad={4: {"control"}},
    ),
    Case(
        "two-faults-of-a-column",
        one_of("面积", "甲", "-1", "5"),
        4,
        rows=ONE,
        bad={2: {"not_number"}, 3: {"below_zero"}},
    ),
    # coordinates
    Case(
        "sexagesimal",
        csv_file([row(1, 经度="116°24′00.5″E", 纬度="39°54′01″N")]),
        2,
        rows=ONE,
        words={2: {"sexagesimal"}},
    ),
    Case(
        "decimal-comma",
        csv_file([row(1, 经度="116,4002", 纬度="39,9002")], separator=";"),
        2,
        rows=ONE,
        words={2: {"decimal_comma"}},
    ),
    Case(
        "one-cell-for-both",
        csv_file(
            [[*row(1)[:3], "116.4002,39.9002"], [*row(2)[:3], "116.4"]], (*HEAD[:3], "经纬度")
        ),
        3,
        rows=ONE,
        bad={3: {"not_pair"}},
    ),
    Case(
        "scientific",
        csv_file([row(1, 经度="1.164002E+02")]),
        2,
        rows=ONE,
        words={2: {"rounded_off"}},
    ),
    Case("half", csv_file([row(1, 纬度="")]), 2, bad={2: {"half_position"}}),
    Case("swapped", csv_file([row(1, 经度=row(1)[4], 纬度=row(1)[3])]), 2, bad={2: {"swapped"}}),
    Case(
        "far",
        csv_file([row(1, 经度="121.4", 纬度="31.2"), row(2, 经度="0", 纬度="0")]),
        3,
        bad={2: {"far_away"}, 3: {"far_away"}},
    ),
    Case(
        "no-degrees",
        csv_file([row(1, 经度="500123.4", 纬度="4417890.2")]),
        2,
        bad={2: {"far_away"}},
    ),
    Case("outside", csv_file([row(1, 经度="116.4100000")]), 2, rows=ONE, words={2: {"outside"}}),
    Case(
        "no-place-at-all",
        csv_file([row(1, 地址="", 经度="", 纬度="")]),
        2,
        bad={2: {"no_position"}},
    ),
    Case(
        "by-address",
        csv_file(
            [
                row(1, 地址="横1路1弄2号", 经度="", 纬度="", 名称="甲"),
                row(2, 地址="纵3路", 经度="", 纬度=""),
            ]
        ),
        3,
        rows=(1, 0, 0, 0),
        words={3: {"placed_centroid"}},
        bad={2: {"duplicate_there"}},
    ),
    Case(
        "by-unknown-street",
        csv_file([row(1, 地址="不知路3号", 经度="", 纬度="")]),
        2,
        bad={2: {"unknown_address"}},
    ),
    # datums
    Case(
        "no-datum",
        csv_file(known("wgs84")),
        5,
        rows=(0, 0, 4, 0),
        of_file={"datum_missing"},
        refused=True,
        wishes=Wishes(),
    ),
    Case(
        "another-datum",
        csv_file(known("gcj02")),
        5,
        rows=(4, 0, 0, 0),
        of_file={"other_datum"},
        refused=True,
    ),
    Case(
        "declared-in-vain",
        csv_file(known("wgs84")),
        5,
        rows=(4, 0, 0, 0),
        of_file={"other_datum"},
        refused=True,
        wishes=Wishes(datum="bd09"),
    ),
    Case("declared", csv_file(known("bd09")), 5, rows=(0, 0, 4, 0), wishes=Wishes(datum="bd09")),
    Case(
        "mixed-datums",
        csv_file(known("wgs84", "gcj02")),
        5,
        rows=(0, 0, 3, 0),
        bad={5: {"row_datum"}},
    ),
    # one place twice
    Case(
        "repeated",
        csv_file([row(1), row(2), row(1)]),
        4,
        rows=(2, 0, 0, 1),
        words={4: {"repeated"}},
    ),
    Case(
        "one-name-twice",
        csv_file([row(1), row(1, 地址="横3路7号")]),
        3,
        rows=ONE,
        bad={3: {"duplicate_row"}},
    ),
    Case(
        "one-address-twice",
        csv_file([row(1), row(1, 名称="另一个")]),
        3,
        rows=ONE,
        bad={3: {"duplicate_row"}},
    ),
    Case(
        "one-id-twice",
        csv_file([[*row(1), "a1"], [*row(2), "a1"]], (*HEAD, "编号")),
        3,
        rows=ONE,
        bad={3: {"duplicate_id"}},
    ),
    Case("bad-id", csv_file([[*row(1), "../a"]], (*HEAD, "编号")), 2, bad={2: {"bad_id"}}),
    Case(
        "there-already",
        csv_file(
            [
                row(
                    1,
                    名称="设施market-a",
                    地址="横3路8号",
                    经度=f"{place(110, 105)[0]}",
                    纬度=f"{place(110, 105)[1]}",
                )
            ]
        ),
        2,
        rows=(0, 1, 0, 0),
    ),
    Case(
        "other-name-there",
        csv_file(
            [row(1, 地址="横1路1弄2号", 经度=f"{place(110, 105)[0]}", 纬度=f"{place(110, 105)[1]}")]
        ),
        2,
        bad={2: {"duplicate_there"}},
    ),
    # lines that tear
    Case(
        "open-quote",
        raw_file(
            (
                "\n".join(
                    map(
                        ",".join,
                        [HEAD, ['"新市场1', *row(1)[1:]], row(2), ['新市场3"', *row(3)[1:]]],
                    )
                )
                + "\n"
            ).encode()
        ),
        2,
        bad={2: {"torn_row", "short_row", "extra_cells", "unknown_kind", "missing_value"}},
    ),
    Case("short-row", csv_file([row(1), row(2)[:3]]), 3, rows=ONE, bad={3: {"short_row"}}),
    Case(
        "too-many-cells", csv_file([[*row(1), "多"], row(2)]), 3, rows=ONE, bad={2: {"extra_cells"}}
    ),
    # Excel
    Case("excel-numbers", workbook(_numbers), 4, rows=THREE),
    Case("merged", workbook(_merged), 4, rows=THREE, words={4: {"merged"}}),
    Case("formula-without-value", workbook(_formulas), 4, rows=(2, 0, 0, 0), bad={4: {"formula"}}),
    Case("error-in-sheet", workbook(_errors), 4, rows=(2, 0, 0, 0), bad={4: {"error_cell"}}),
    Case("other-sheets", workbook(_second_sheet), 3, rows=(2, 0, 0, 0), of_file={"other_sheets"}),
    Case(
        "wrong-ending",
        workbook(lambda _: None, "list.csv"),
        3,
        rows=(2, 0, 0, 0),
        of_file={"ending"},
    ),
    Case(
        "web-page",
        raw_file(b"<html><table><tr><td>1</td></tr></table></html>", "list.xls"),
        error="intake.markup",
    ),
    # features
    Case(
        "geojson",
        raw_file(
            features(
                ({"名称": "新市场1", "类别": "菜市场"}, point(1)),
                ({"名称": "新市场2", "类别": "菜市场"}, None),
            ),
            "a.geojson",
        ),
        2,
        rows=ONE,
        bad={2: {"no_position"}},
        wishes=Wishes(),
    ),
    Case(
        "geometry-of-nothing",
        raw_file(
            features(({"名称": "甲", "类别": "菜市场"}, {"type": "Point", "coordinates": ["x"]})),
            "a.geojson",
        ),
        1,
        bad={1: {"bad_geometry"}},
        wishes=Wishes(),
    ),
    Case(
        "footprint",
        raw_file(features(({"名称": "甲", "类别": "菜市场"}, square(10, 30))), "a.geojson"),
        1,
        rows=ONE,
        words={1: {"point_of_shape"}},
        wishes=Wishes(),
    ),
    Case("lying-cpg", shapefile(), 3, rows=THREE, of_file={"codepage"}, wishes=Wishes()),
    Case("honest-cpg", shapefile(encoding="utf-8"), 3, rows=THREE, wishes=Wishes()),
    Case("no-dbf", shapefile(".dbf"), error="intake.shapefile_lacks"),
    Case(
        "no-prj",
        shapefile(".prj", codepage="936"),
        3,
        rows=THREE,
        of_file={"datum_missing"},
        refused=True,
        wishes=Wishes(),
    ),
    Case("projected", geopackage(4527), 3, rows=THREE, wishes=Wishes()),
    Case("kml", raw_file(KML.encode(), "a.kml"), 1, rows=ONE, wishes=Wishes()),
    Case(
        "kml-with-entities",
        raw_file(f'<!DOCTYPE k [<!ENTITY a "b">]>{KML}'.encode(), "a.kml"),
        error="intake.entities",
    ),
    # polygons, and tables without places
    Case(
        "areas",
        raw_file(
            features(({"名称": "西片区"}, square(0, 150)), ({"名称": "东片区"}, square(150, 330))),
            "a.geojson",
        ),
        2,
        rows=(0, 2, 0, 0),
        layer="areas",
        wishes=Wishes(),
    ),
    Case(
        "areas-that-overlap",
        raw_file(
            features(({"名称": "西片区"}, square(0, 200)), ({"名称": "东片区"}, square(100, 330))),
            "a.geojson",
        ),
        2,
        rows=(0, 1, 0, 0),
        bad={2: {"overlap"}},
        layer="areas",
        wishes=Wishes(),
    ),
    Case(
        "area-as-point",
        raw_file(features(({"名称": "中片区"}, point(1))), "a.geojson"),
        1,
        bad={1: {"no_polygon"}},
        layer="areas",
        wishes=Wishes(),
    ),
    Case(
        "area-elsewhere",
        raw_file(features(({"名称": "中片区"}, square(90000, 90100))), "a.geojson"),
        1,
        bad={1: {"unit_outside"}},
        layer="areas",
        wishes=Wishes(),
    ),
    Case(
        "people",
        csv_file(
            [
                ["甲居委", "3200", "250", "1650", "400", "900"],
                ["乙居委", "100", "10", "", "", ""],
                ["丙居委", "-3", "", "", "", ""],
                ["合计", "3300", "", "", "", ""],
            ],
            PEOPLE,
        ),
        5,
        rows=ONE,
        bad={3: {"ages_partly"}, 4: {"below_zero"}},
        aside={"total_row"},
        layer="committee_residents",
    ),
    Case(
        "ten-thousands",
        csv_file([["甲居委", "0.32"]], ("居委会", "人口（万）")),
        2,
        rows=ONE,
        of_file={"ten_thousands"},
        refused=True,
        layer="committee_residents",
    ),
    # what is refused before it is read
    Case("two-gigabytes", sparse, error="intake.too_large"),
    Case("zip-bomb", packed("list.xlsx", xl__sheet_xml=bytes(60_000_000)), error="intake.bomb"),
    Case(
        "damaged-workbook",
        raw_file(b"PK\x03\x04" + bytes(200), "list.xlsx"),
        error="intake.damaged",
    ),
    Case("packed-nothing", packed("list.zip", readme_txt=b"x"), error="intake.packed"),
    Case("empty", raw_file(b" \n"), error="intake.empty"),
    Case("a-picture", raw_file(b"\x89PNG\r\n\x1a\n", "list.csv"), error="intake.format"),
    Case("half-a-geojson", raw_file(b'{"type": "Feat', "a.geojson"), error="intake.bad_geojson"),
)
