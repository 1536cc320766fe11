"""A report made by hand on the real district, with texts that want to be something else."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle.geo import shapes
from circle.i18n import in_language
from circle.load import read_district
from circle.report.content.choices import Crs
from circle.report.content.elements import (
    Choice,
    Imprint,
    Layer,
    Paragraph,
    Report,
    Section,
    Table,
)
from circle.report.content.reference_systems import resolve

if TYPE_CHECKING:
    from circle.model import District

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "=1+1",
    "+86 21 6431",
    "-1",
    "@SUM(A1)",
    "\t=cmd|' /C calc'!A0",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "<script>alert('x')</script> & <b>",
    "quo\"te's, and; commas",
    "a/b\\c:d*e?f[g]",
    "😀 永嘉路",
    "𠮷㐂龘𪚥",
    "名" * 200,
    "control\x00\x01\x0b\x1f signs\x7f",
    "half \ud83d sign",
    "line\nbreak",
    "https://example.org/a?b=1&c=2",
    "0012",
    "1e5",
    "[1, 2]",
    '{"a": 1}',
    "_x0041_",
    "]]> -->",
    "",
)
FIT = tuple(
    text.replace("\ud83d", "").translate(dict.fromkeys([0, 1, 0x0B, 0x1F, 0x7F]))
    for text in HOSTILE
)
"""The same as a file holds them."""


@cache
def tianping() -> District:
    return read_district(ROOT / "data" / "tianping")


def imprint(district: District, choice: Choice) -> Imprint:
    code, name = resolve(choice.crs, district)
    return Imprint(
        title="天平街道 15 分钟生活圈覆盖报告 <&>",
        subtitle="=1+1",
        district=str(district.name),
        period="2026 年上半年",
        issuer="未注明 & 😀",
        version="1.0",
        map_number="",
        made=dt.datetime(2026, 5, 6, 7, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
        observed=district.observed,
        data_hash=district.base_id,
        software="circle 0.1.0",
        crs=code,
        crs_name=name,
        map_crs="CGCS2000",
        sources="© OpenStreetMap 贡献者",
        summary="摘要",
        caution="居民为推算。",
    )


def tables() -> tuple[Table, ...]:
    rates = pd.DataFrame(
        {
            "片区": ["甲", "乙", "全街道"],
            "居民（人）": [12_345, 6_789, 19_134],
            "覆盖率（%）": [12.5, np.nan, 99.25],
            "最近（分钟）": [3.25, np.inf, 1.5],
            "=坏标题": [True, False, True],
        }
    )
    many = pd.DataFrame(
        {
            "文字": pd.Series(HOSTILE, dtype=object),
            "数": np.arange(len(HOSTILE)) * 1000.5,
            "日期": [dt.date(2026, 4, 10)] * len(HOSTILE),
            "混杂": [None, np.nan, 1, 2.5, "甲", *[pd.NA] * (len(HOSTILE) - 5)],
        }
    )
    whole = np.array([False, False, True])
    return (
        Table(
            "coverage",
            "覆盖率：按片区/年龄组 [全部服务]，含置信区间与下限说明",
            rates,
            "=注：居民为推算",
            whole,
        ),
        Table("coverage-again", "覆盖率：按片区/年龄组 [全部服务]，含置信区间与下限说明", rates),
        Table("hostile", "'History'", many),
        Table("empty", "History", pd.DataFrame({"甲": pd.Series(dtype=float), "乙": []})),
    )


def layers(district: District) -> tuple[Layer, ...]:
    crs = district.crs
    areas = gpd.GeoDataFrame(
        {
            "id": [area.id for area in district.areas],
            "name": [str(area.name) for area in district.areas],
            "residents_60_plus": np.arange(len(district.areas)) + 0.5,
            "residents_65_plus": np.arange(len(district.areas)),
            "观察": "甲",
        },
        geometry=[area.polygon for area in district.areas],
        crs=crs,
    )
    table = district.facilities
    facilities = gpd.GeoDataFrame(
        {
            "kind": table["kind"],
            "name": pd.Series([HOSTILE[row % len(HOSTILE)] for row in table.index], dtype=object),
            "address": ["地址很长" * 30] * len(table),
            "verified": table["verified"],
            "maybe": [(True, False, None)[row % 3] for row in range(len(table))],
            "opened": [(dt.date(2026, 4, 10), None)[row % 2] for row in range(len(table))],
            "walk_min": [(1.5, np.nan, np.inf, -np.inf)[row % 4] for row in range(len(table))],
            "seen": pd.Timestamp("2026-04-10 12:30"),
        },
        geometry=gpd.points_from_xy(table["x"], table["y"]),
        crs=crs,
    )
    network = district.network
    streets = gpd.GeoDataFrame(
        {"name": network.segment_name, "length_m": network.segment_length_m},
        geometry=shapes.lines(network.shape_xy, network.shape_start),
        crs=crs,
    )
    return (
        Layer("areas", "片区", areas, {"id": "编号", "name": "名称"}, "id", {"x": "#FF0000"}),
        Layer(
            "facilities",
            "设施 <&>",
            facilities,
            {"name": "名称", "walk_min": "步行（分钟）"},
            "kind",
            {kind.id: kind.colour for kind in district.kinds.values()} | {"": "#999999"},
            {kind.id: f"{kind.name}{HOSTILE[9]}" for kind in district.kinds.values()},
        ),
        Layer("network", "街道", streets, {}, palette={"": "#336699"}),
        Layer("zones", "空白区", areas.iloc[:0], {}, "id", {"1": "#00FF00"}),
        mixed(crs, areas),
    )


def mixed(crs: str, areas: gpd.GeoDataFrame) -> Layer:
    """Return a layer of all kinds of geometry, one of them nested, one empty, one none."""
    centre = areas.geometry.iloc[0].centroid
    box = centre.buffer(10, cap_style="square")
    line = shapely.LineString([centre, (centre.x + 50, centre.y)])
    nested = shapely.GeometryCollection([box, shapely.GeometryCollection([line, centre])])
    found = [centre, line, box, shapely.MultiPolygon([box]), nested, None, shapely.Polygon()]
    frame = gpd.GeoDataFrame({"number": range(7)}, geometry=found, crs=crs)
    labels = {"0": "零", "1": '"><x>', "": "其余"}
    palette = {"0": "#111111", "1": "red;drop", "": "#222222"}
    return Layer("mixed", "混合", frame, {"number": "序号"}, "number", palette, labels)


def report(**choice: object) -> Report:
    """Return the report; `choice` changes what was chosen."""
    district = tianping()
    chosen = Choice(**{"standard": "", "crs": Crs.CGCS2000, **choice})  # type: ignore[arg-type]
    with in_language(chosen.language):
        said = imprint(district, chosen)
    sections = (Section("one", "一", (Paragraph("甲"), *tables())),)
    return Report(district, chosen, said, sections, layers(district))
