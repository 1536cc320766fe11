"""A report of everything that a report may hold, invented for the writers' tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from circle.report.content.elements import (
    Block,
    Bullets,
    Choice,
    Facts,
    Imprint,
    Map,
    Pair,
    Paragraph,
    Report,
    Section,
    Table,
    Tone,
)
from circle.report.print_map.render import Picture
from tests.small import district

LONG_NAME = "Shanghai" * 25
LONG_ZH = "上海市" * 66
HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tindented",
    "<script>alert(1)</script>",
    "\"quoted\" 'single' “双引号”",
    "#let x = 1; #panic()",
    "$x^2$ *bold* _it_ `raw` @ref <label>",
    "C:\\temp\\new &amp; ${HOME} {brace}",
    "emoji 😀 🧪",
    "生僻字 𠮷㐂龘",
    "nul\x00 vt\x0b esc\x1b bell\x07",
    "turned \u202etxt.exe",
    "https://data.example/" + "a1b2c3d4e5" * 15,  # pragma: allowlist secret
    LONG_NAME,
    LONG_ZH,
)
"""Texts that a format might take for something else."""

ANNEXES = ("lists", "more")
COVER = ("title", "subtitle", "district", "issuer", "version", "caution")
BODY = {
    "zh": (
        "本报告按居民实际步行路网测算各类服务设施的覆盖情况。覆盖率指在规定时间内可步行到达至少一处"
        "设施的居民所占比例；凡设施名录不完整的，均以“至少”表述。测算结果供规划编制参考，不作为"
        "行政许可的依据。步行速度、过街等候、上下楼梯按人群分别取值（见表 1），不含室内时间。"
    ),
    "en": (
        "This report measures how far residents walk to services along the streets that exist. "
        "The coverage rate is the share of residents who reach at least one place in time; where "
        "a register is incomplete the rate reads “at least”. Speeds, waits and stairs are "
        "those of each group of people; time inside buildings is not counted."
    ),
}
TITLES = {
    "zh": ("结论摘要", "街道概况", "方法", "服务覆盖", "按标准", "按片区", "缺口区域", "数据来源"),
    "en": (
        "Summary",
        "The subdistrict",
        "Method",
        "Coverage of services",
        "By standard",
        "By area",
        "Gap zones",
        "Sources",
    ),
}


@cache
def picture(width_in: float, height_in: float, seed: int = 0) -> Picture:
    """Draw lines that look like streets; text comes as paths."""
    rng = np.random.default_rng(seed)
    figure = Figure(figsize=(width_in, height_in))
    axes = figure.add_axes((0.03, 0.03, 0.94, 0.94))
    for x, y, dx, dy in rng.uniform(0, 1, (150, 4)):
        axes.plot([x, x + dx / 9], [y, y + dy / 9], color="#777", lw=0.6)
    axes.fill([0.2, 0.7, 0.6, 0.3], [0.2, 0.3, 0.8, 0.6], color="#23716B", alpha=0.4)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    files = {}
    for kind in ("png", "svg"):
        file = BytesIO()
        figure.savefig(file, format=kind, dpi=150, metadata={"Date": None} if kind == "svg" else {})
        files[kind] = file.getvalue()
    return Picture(files["png"], files["svg"])


def pictures(report: Report) -> dict[str, Picture]:
    """Draw the maps of a report, every other one upright."""
    shapes = ((6.3, 4.4), (6.3, 8.9))
    return {one.id: picture(*shapes[i % 2], i % 4) for i, one in enumerate(report.maps)}


def imprint(language: str = "zh") -> Imprint:
    """Return what the cover says."""
    zh = language == "zh"
    return Imprint(
        title="小街道十五分钟社区生活圈覆盖评估报告"
        if zh
        else "Coverage of the 15-minute life circle",
        subtitle="按步行路网测算的公共服务覆盖" if zh else "Public services along walkable streets",
        district="小街道" if zh else "Small Subdistrict",
        period="2026年上半年" if zh else "First half of 2026",
        issuer="小街道办事处规划科" if zh else "Planning office of the subdistrict",
        version="征求意见稿 1.0" if zh else "Draft 1.0",
        map_number="未填报" if zh else "not stated",
        made=datetime(2026, 10, 5, 9, 30, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
        observed="2026-03",
        data_hash="0f" * 32,
        audit_head="7-" + "ab" * 32,
        software="circle 0.1.0",
        crs="EPSG:4490",
        crs_name="CGCS2000",
        map_crs="CGCS2000 / 3-degree Gauss-Kruger CM 120E",
        sources="路网：OpenStreetMap" if zh else "Streets: OpenStreetMap",
        summary="摘要",
        caution="居民分布为模型估算；部分设施位置未经核实。"
        if zh
        else "Residents are modelled; some places have unverified positions.",
    )


def coverage(language: str, name: str = "coverage", rows: int = 8) -> Table:
    """Return a table with a row of the whole, numbers and gaps."""
    zh = language == "zh"
    columns = (
        ["服务", "人群", "达标居民（%）", "95% 区间（%）", "居民（人）", "中位步行（分钟）"]
        if zh
        else ["Service", "Who", "Covered (%)", "95% interval (%)", "Residents", "Median walk (min)"]
    )
    kinds = (
        ["菜市场", "社区食堂", "卫生站", "公园绿地"]
        if zh
        else ["market", "canteen", "clinic", "park"]
    )
    who = ["老年人", "成人"] if zh else ["older adults", "adults"]
    cells = [
        (kinds[i % 4], who[i // 4 % 2], 91.5 - i, f"{88 - i}–{94 - i}", 37_801 * (i + 1), 7.5 + i)
        for i in range(rows)
    ]
    cells[-1] = ("全街道" if zh else "whole subdistrict", "—", 88.0, "—", 302_408, np.nan)
    return Table(
        id=name,
        title="各类服务的覆盖" if zh else "Coverage by service",
        frame=pd.DataFrame(cells, columns=columns),
        note="区间由居民分布与步速的抽样得出。“—”表示没有数据。"
        if zh
        else "Intervals are drawn from residents and speeds. “—” is no data.",
        whole=np.arange(rows) == rows - 1,
    )


def wide(language: str, rows: int = 300) -> Table:
    """Return a long and wide table; its first rows are hostile."""
    zh = language == "zh"
    names = [HOSTILE[i] if i < len(HOSTILE) else f"设施第{i}号社区服务中心" for i in range(rows)]
    streets = "横一路一弄二号" if zh else "2 First Cross Road"
    columns = {
        "名称" if zh else "Name": names,
        "类型" if zh else "Kind": ["社区食堂" if zh else "canteen"] * rows,
        "地址" if zh else "Address": [f"{streets} {i}" for i in range(rows)],
        "片区" if zh else "Area": ["西片区" if zh else "West area"] * rows,
        "经度（°）" if zh else "Longitude (°)": 121.4 + np.arange(rows) / 1e5,
        "纬度（°）" if zh else "Latitude (°)": 31.2 + np.arange(rows) / 1e5,
        "位置依据" if zh else "Basis of position": ["门牌号" if zh else "house number"] * rows,
        "误差（米）" if zh else "Accuracy (m)": np.full(rows, 40),
        "核实" if zh else "Verified": ["是" if zh else "yes"] * rows,
        "来源" if zh else "Source": ["名录 2026-03" if zh else "register 2026-03"] * rows,
    }
    return Table(
        id="places",
        title="设施清单" if zh else "Places",
        frame=pd.DataFrame(columns),
        note="位置为门牌号所在。" if zh else "Positions are house numbers.",
    )


def chart(language: str, number: int) -> Map:
    """Return a map; only what writers read of it is real."""
    zh = language == "zh"
    return Map(
        id=f"map-{number}",
        title=f"缺口区域 {number}" if zh else f"Gap zone {number}",
        alt=f"地图：第 {number} 处缺口位于街道西北"
        if zh
        else f"Map: gap zone {number}, north-west",
        bounds=(0.0, 0.0, 1.0, 1.0),
        places=pd.DataFrame(),
    )


def sections(language: str) -> tuple[Section, ...]:
    """Return chapters with every kind of block; an appendix stands in the middle."""
    zh = language == "zh"
    body = Paragraph(BODY[language])
    summary, place, method, covered, standard, areas, gaps, sources = TITLES[language]
    large = Facts(
        (
            Pair(
                "10 分钟内可步行到达菜市场的居民" if zh else "reach a market in 10 minutes",
                "至少 91%" if zh else "≥ 91%",
            ),
            Pair("常住居民" if zh else "residents", "约 37,800" if zh else "≈ 37,800"),
            Pair("缺口区域" if zh else "gap zones", "12"),
            Pair("服务齐全的居民" if zh else "have all services", "63%"),
        ),
        big=True,
    )
    lead = Paragraph(
        "大多数居民十分钟内可步行到菜市场；社区食堂的缺口集中在街道西北。"
        if zh
        else "Most residents walk to a market in ten minutes; the north-west has no canteen.",
        Tone.LEAD,
    )
    warning = Paragraph(
        "社区食堂名录不完整，实际覆盖可能更高。请与主管部门核对后使用。"
        if zh
        else "The register of canteens is incomplete, so coverage may be higher. Check before use.",
        Tone.WARNING,
    )
    note = Paragraph(
        "注：本章数据截至 2026 年 3 月。" if zh else "Note: the data is of March 2026.", Tone.NOTE
    )
    bullets = Bullets(
        (
            "优先补足西北片区的社区食堂。" if zh else "Add canteens in the north-west first.",
            "核实 12 处位置未经核实的设施。" if zh else "Verify the twelve unverified places.",
            BODY[language],
        )
    )
    plain = Facts(
        (
            Pair("面积" if zh else "Area", "2.7 平方千米" if zh else "2.7 km²"),
            Pair("步行路网" if zh else "Streets", BODY[language]),
            Pair("居民" if zh else "Residents", "约 37,800 人" if zh else "about 37,800"),
        )
    )
    hostile = Bullets(HOSTILE)
    zones = tuple(
        Section(f"zone-{i}", f"{gaps} {i}", (plain, chart(language, i)), level=2)
        for i in range(1, 13)
    )
    return (
        Section("summary", summary, (lead, large, body, bullets, warning)),
        Section("district", place, (body, plain, chart(language, 0), note)),
        Section("lists", "附表" if zh else "Lists", (body, wide(language)), annex="lists"),
        Section("method", method, (body, body, note, warning)),
        Section("coverage", covered, (body,)),
        Section("standard", standard, (body, coverage(language)), level=2),
        Section("areas", areas, (coverage(language, "areas", 40), body), level=2),
        Section("deep", "说明" if zh else "Remarks", (body, hostile), level=3),
        Section("gaps", gaps, (body,)),
        *zones,
        Section("sources", sources, (body, coverage(language, "sources", 5))),
        Section(
            "more", "说明" if zh else "Remarks", (coverage(language, "more", 60),), annex="more"
        ),
    )


@cache
def sample(language: str = "zh") -> Report:
    """Return the report."""
    return Report(
        district=district(),
        choice=Choice(language=language, issuer=imprint(language).issuer, annexes=ANNEXES),
        imprint=imprint(language),
        sections=sections(language),
        layers=(),
    )


def hostile() -> Report:
    """Return a report whose every text is hostile, one after the other."""
    report = sample()
    text = " ".join(HOSTILE) + "half \ud800 pair"
    cover: dict[str, Any] = dict.fromkeys(COVER, text)
    frame = pd.DataFrame({HOSTILE[7]: HOSTILE, "#n": range(len(HOSTILE))})
    blocks: tuple[Block, ...] = (
        *(Paragraph(text, tone) for tone in Tone),
        Facts((Pair(text, text),)),
        Facts((Pair(text, LONG_NAME),), big=True),
        Table("t", text, frame, note=text),
        replace(chart("zh", 1), id="m", title=text, alt=text),
    )
    return replace(
        report,
        imprint=replace(report.imprint, **cover),
        sections=(Section("s", text, blocks), Section("a", text, (), annex="more")),
    )
