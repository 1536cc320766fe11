from __future__ import annotations

from dataclasses import replace

import pytest

from circle.i18n import t
from circle.measures.gaps import gaps
from circle.model import SHOWN_GROUPS
from circle.network.speeds import impedance
from circle.study import Study
from circle.words import tables, wording
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


@pytest.mark.parametrize(
    ("minutes", "metres", "said", "pill"),
    [(9.46, None, "9.5", "+9.5 分钟"), (9.0, None, "9", "+9 分钟"),
     (0.01, None, "0.1", "+0.1 分钟"), (5.0, 286.4, "286", "+286 米"), (5.0, 0.2, "1", "+1 米")],
)  # fmt: skip
def test_an_excess_reads_the_same_everywhere(
    minutes: float, metres: float | None, said: str, pill: str
) -> None:
    answer = coverage(DISTRICT, WALK, "market", 10)
    zone = replace(gaps(DISTRICT, answer)[0], minutes_beyond=minutes, metres_beyond=metres)
    assert wording.gap_beyond(zone) == pill
    assert f" {said} {pill.split()[1]}" in wording.zone_sentence(DISTRICT, answer, zone)
    title = t("details.col_beyond", limit=wording.limit_text(answer))
    assert tables.zones(DISTRICT, answer, (zone,))[title].tolist() == [float(said)]


def test_ages_stand_in_one_order_in_every_table() -> None:
    answer = coverage(DISTRICT, WALK, "market", 10)
    study = Study(DISTRICT)
    comparison, spread = study.circles(answer.question), study.spread(answer.question)
    assert spread is not None
    order = [t(f"group.{group}") for group in SHOWN_GROUPS]
    for table in (
        tables.coverage(DISTRICT, answer),
        tables.circles(DISTRICT, comparison),
        tables.spread(DISTRICT, spread),
    ):
        ages = table[t("coverage.col_group")].tolist()
        assert ages == order * (len(ages) // len(order))


def test_the_areas_of_a_coverage_run_from_the_weakest_to_the_whole() -> None:
    answer = coverage(DISTRICT, WALK, "market", 10)
    table = tables.coverage(DISTRICT, answer)
    everybody = table[table[t("coverage.col_group")].eq(t("group.residents"))]
    rate = t("coverage.col_rate_low" if answer.at_least else "coverage.col_rate")
    rates = everybody[rate].tolist()[:-1]
    assert rates == sorted(rates)
    assert everybody[t("coverage.col_area")].iloc[-1] == t("common.district_all")
