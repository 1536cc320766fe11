"""A district small enough to compute by hand.

One straight street of 1,200 m from west to east, three segments of 400 m; the
boundary ends at 1,000 m. Residents sit every 100 m from 50 m on, ten at each
place, two of them aged 60-64 and one 65 or over. A market stands at 0 m, a
canteen with a guessed position at 900 m, a canteen that is sure beyond the
boundary at 1,200 m.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_lonlat
from circle.model import (
    Area,
    Completeness,
    District,
    Kind,
    Layer,
    Profile,
    Register,
    Requirement,
    Rule,
    StandardSet,
    Status,
    Text,
)
from tests.oracle import CRS, network_of

WEST, SOUTH = 500_000.0, 3_450_000.0
EAST_END = 1000.0


def kinds() -> dict[str, Kind]:
    rows = [
        Kind("market", Text("菜市场", "market"), "菜", "#B8860B", "basket", service=True),
        Kind("canteen", Text("社区食堂", "canteen"), "食", "#C2571A", "bowl", service=True),
        Kind("health", Text("卫生站", "clinic"), "医", "#2F6B3C", "cross", service=True),
        Kind("heritage", Text("历史建筑", "heritage"), "筑", "#6B4E8E", "gable"),
    ]
    return {kind.id: kind for kind in rows}


def with_places(table: pd.DataFrame) -> pd.DataFrame:
    degrees = to_lonlat(table[["x", "y"]].to_numpy(np.float64), CRS)
    return table.assign(lon=degrees[:, 0], lat=degrees[:, 1])


def facilities() -> pd.DataFrame:
    rows = [
        ("m1", "甲市场", "Market A", "market", "甲路1号", 0.0, True, True),
        ("c1", "乙食堂", "Canteen B", "canteen", "甲路9弄2号", 900.0, False, True),
        ("c2", "丙食堂", "Canteen C", "canteen", "乙路3号", 1200.0, True, False),
    ]
    table = pd.DataFrame(
        rows, columns=["id", "name", "name_en", "kind", "address", "x", "verified", "inside"]
    )
    return with_places(table.assign(x=WEST + table["x"], y=SOUTH, position_accuracy_m=40.0))


def heritage() -> pd.DataFrame:
    rows = [
        ("h1", "优秀历史建筑", "住宅", "甲路77弄", 150.0),
        ("h2", "不可移动文物", "旧居", "甲路2号", 850.0),
    ]
    table = pd.DataFrame(rows, columns=["id", "kind", "name", "address", "x"])
    return with_places(table.assign(x=WEST + table["x"], y=SOUTH, position_accuracy_m=50.0))


def demand() -> pd.DataFrame:
    at = np.arange(50.0, 1200.0, 100.0)
    table = pd.DataFrame({"x": WEST + at, "y": SOUTH, "cell": range(len(at))})
    table["inside"] = at < EAST_END
    table["area"] = np.where(at < 500, "west", np.where(at < EAST_END, "east", ""))
    table["segment"] = (at // 400).astype(int)
    table["fraction"] = (at % 400) / 400
    table["off_m"] = 0.0
    counts = {
        "residents": 10.0,
        "age_0_14": 1.0,
        "age_15_59": 6.0,
        "age_60_64": 2.0,
        "age_65_plus": 1.0,
    }
    return with_places(table.assign(**counts))


def district() -> District:
    network = network_of(
        [(WEST + 400 * i, SOUTH) for i in range(4)],
        [(0, 1, 400.0), (1, 2, 400.0), (2, 3, 400.0)],
        names=["甲路", "甲路", "乙路"],
    )
    note = Text("非官方", "unofficial")
    return District(
        id="small",
        name=Text("小街道", "Small"),
        time_zone="Asia/Shanghai",
        crs=CRS,
        observed="2026-03",
        base_id="0" * 64,
        boundary=shapely.box(WEST - 20, SOUTH - 80, WEST + EAST_END, SOUTH + 80),
        areas=(
            Area(
                "west",
                Text("西片区", "West"),
                official=False,
                note=note,
                polygon=shapely.box(WEST - 20, SOUTH - 80, WEST + 500, SOUTH + 80),
            ),
            Area(
                "east",
                Text("东片区", "East"),
                official=False,
                note=note,
                polygon=shapely.box(WEST + 500, SOUTH - 80, WEST + EAST_END, SOUTH + 80),
            ),
        ),
        network=network,
        facilities=facilities(),
        heritage=heritage(),
        demand=demand(),
        kinds=kinds(),
        registers={
            "market": Register("market", Completeness.COMPLETE, "2026-03", Text("清单", "a list")),
            "canteen": Register("canteen", Completeness.PARTIAL, "2024-10", Text("两处", "two")),
        },
        profiles={
            "adult": Profile("adult", Text("成人", "Adult"), 1.0),
            "slow": Profile("slow", Text("老年人", "Older adult"), 0.5),
        },
        layers=(
            Layer(
                "streets",
                "segments.csv",
                3,
                "",
                Text("测试", "test"),
                Text("无", "none"),
                "2026-03",
                Text("好", "good"),
            ),
        ),
    )


def requirement(kind: str = "market", **changes: Any) -> Requirement:
    """Return a requirement: 600 m along the streets, 10 minutes beside it."""
    plain = Requirement(
        id=f"{kind}-600",
        standard="small",
        service=kind,
        name=Text("服务", "service"),
        kind=kind,
        name_has="",
        tier=10,
        minutes=10.0,
        metres=600.0,
        judged_by=Rule.METRES,
        profile="",
        group="residents",
        document=Text("文件", "document"),
        clause=Text("", ""),
        year=None,
        source=Text("来源", "source"),
        status=Status.MEMORY,
        default=True,
        note=Text("", ""),
    )
    return replace(plain, **changes)


def standard(*requirements: Requirement) -> StandardSet:
    name = Text("标准", "standard")
    return StandardSet("small", name, name, None, Text("", ""), requirements)
