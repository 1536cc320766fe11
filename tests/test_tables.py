from __future__ import annotations

import pytest

from circle.i18n import t
from circle.network.speeds import impedance
from circle.words import tables
from tests.asking import coverage
from tests.test_levels import DISTRICT

WALK = impedance(DISTRICT.network, next(iter(DISTRICT.profiles.values())))


@pytest.mark.parametrize("level", ["area", "committee", "grid"])
def test_the_table_of_a_level_adds_up_to_the_whole(level: str) -> None:
    table = tables.coverage(DISTRICT, coverage(DISTRICT, WALK, "market", 10), level)
    own = table[table[t("coverage.col_group")].eq(t("group.residents"))]
    whole = own[t("coverage.col_area")].eq(t("common.district_all"))
    people = t("coverage.col_residents")
    assert own.loc[~whole, people].sum() == own.loc[whole, people].iloc[0] > 0
    names = set(own.loc[~whole, t("coverage.col_area")])
    assert names - {t("unit.not_in_any")} <= {str(u.name) for u in DISTRICT.levels[level]}
