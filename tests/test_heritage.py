from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from circle.load import read_district
from circle.measures.heritage import along_never_widened, beside, compared, services_near
from circle.network.speeds import impedance
from tests import small
from tests.asking import coverage

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District

DISTRICT = small.district()
ADULT = impedance(DISTRICT.network, DISTRICT.profiles["adult"])


def _kept(*names: str) -> District:
    roads = pd.DataFrame({"name": list(names), "confidence": ""}, dtype=object)
    return replace(DISTRICT, never_widened=roads)


def test_minutes_from_each_heritage_place() -> None:
    found = services_near(DISTRICT, ADULT)
    assert found.index.equals(DISTRICT.heritage.index)
    assert found["market"].tolist() == pytest.approx([150 / 60, 850 / 60])
    assert found["canteen"].tolist() == pytest.approx([1050 / 60, 350 / 60])
    assert found["health"].isna().all()
    both = services_near(DISTRICT, ADULT, unverified=True)
    assert both["canteen"].tolist() == pytest.approx([750 / 60, 50 / 60])


def test_no_heritage() -> None:
    bare = replace(DISTRICT, heritage=DISTRICT.heritage.head(0))
    assert services_near(bare, ADULT).shape == (0, 3)
    assert not beside(bare).any()


def test_beside_by_hand() -> None:
    """The heritage places at 150 m and 850 m each have one place of residence there."""
    assert np.flatnonzero(beside(DISTRICT)).tolist() == [1, 8]
    assert np.flatnonzero(beside(DISTRICT, 100)).tolist() == [0, 1, 2, 7, 8, 9]


def test_along_by_hand() -> None:
    """The third segment, from 800 m on, is 乙路; lanes have names of their own."""
    assert np.flatnonzero(along_never_widened(_kept("乙路"))).tolist() == [8, 9, 10, 11]
    assert not along_never_widened(_kept("乙路9弄", "")).any()
    assert not along_never_widened(DISTRICT).any()
    merged = DISTRICT.network.segment_name.copy()
    merged[0] = "甲路;丙路"
    district = replace(_kept("丙路"), network=replace(DISTRICT.network, segment_name=merged))
    assert np.flatnonzero(along_never_widened(district)).tolist() == [0, 1, 2, 3]


def test_compared_by_hand() -> None:
    found = coverage(DISTRICT, ADULT, "market", 10)
    table = compared(DISTRICT, found, beside(DISTRICT))
    whole = table[table["area"].eq("") & table["group"].eq("residents")].set_index("part").T
    assert (whole[True]["residents"], whole[True]["covered"]) == (20, 10)
    assert (whole[True]["rate"], whole[True]["share"]) == (0.5, 0.2)
    assert (whole[False]["residents"], whole[False]["covered"]) == (80, 50)


@pytest.mark.parametrize("minutes", [1, 5, 10, 20])
@pytest.mark.parametrize("kind", ["market", "canteen"])
def test_both_parts_add_up_at_every_level(kind: str, minutes: float) -> None:
    district = _kept("甲路")
    found = coverage(district, ADULT, kind, minutes)
    for part in (beside(district), along_never_widened(district)):
        table = compared(district, found, part)
        keys = ["area", "group"]
        columns = ["residents", "covered", "uncovered"]
        added = table.groupby(keys)[columns].sum()
        assert np.allclose(added, found.table.set_index(keys)[columns].loc[added.index])
        assert np.allclose(table.groupby(keys)["share"].sum(), 1)


def test_the_table_of_roads_is_read(district: District, district_dir: Path) -> None:
    assert district.never_widened.columns.tolist() == ["name", "confidence"]
    (district_dir / "never_widened_roads.csv").unlink(missing_ok=True)
    assert len(read_district(district_dir).never_widened) == 0
    roads = "name,confidence\n横1路,made up\n"
    (district_dir / "never_widened_roads.csv").write_text(roads, encoding="utf-8")
    found = read_district(district_dir)
    assert found.never_widened["name"].tolist() == ["横1路"]
    along = along_never_widened(found)
    street = found.network.segment_name[found.demand["segment"]]
    assert along.any()
    assert set(street[along]) == {"横1路"}
