"""Reports around a map made by hand, and the maps of a report by name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from circle.report.content.elements import Choice, Imprint, Report

if TYPE_CHECKING:
    from circle.model import District
    from circle.report.content.elements import Map

MADE = datetime(2026, 11, 22, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def imprint() -> Imprint:
    """Return an imprint that says something in every field."""
    return Imprint(
        title="覆盖报告",
        subtitle="步行 15 分钟",
        district="小街道",
        period="2026 年",
        issuer="规划科",
        version="1",
        map_number="沪S(2026)001号",
        made=MADE,
        observed="2026-03",
        data_hash="0" * 64,
        software="circle",
        crs="EPSG:4490",
        crs_name="CGCS2000",
        map_crs="CGCS2000 / 3 度带",
        sources="资料来源：测试",
        summary="一句话",
        caution="居民为推算。",
    )


def report_of(district: District, choice: Choice | None = None) -> Report:
    """Return a report without a chapter, for maps of a district."""
    return Report(district, choice or Choice(), imprint(), (), ())


def plate(report: Report, name: str = "coverage-canteen") -> Map:
    """Return a map of a report by its id."""
    return next(one for one in report.maps if one.id == name)
