"""What each table must hold, as pandera schemas, all faults found at once.

pandera takes long to import: this module is imported only where a folder is
validated, never on the fast way of reading one that is unchanged.
"""

from __future__ import annotations

from functools import cache

import pandera.pandas as pa

from circle.load.text_tables import COLUMNS, columns_of
from circle.model import RESIDENT_COLUMNS
from circle.model.doorways import MOST_FLOORS
from circle.model.lanes import MOST_EXTENT_M
from circle.network.edits import Act

_UNIQUE = {
    "junctions.csv": "id",
    "facilities.csv": "id",
    "heritage.csv": "id",
    "residents.csv": "cell",
    "registers.csv": "kind",
    "profiles.csv": "id",
    "places.csv": "id",
    "standards.csv": "key",
    "seed_figures.csv": "key",
    "street_edits.csv": "id",
    "buildings.csv": "id",
    "doorways.csv": "id",
    "gates.csv": "id",
    "lanes.csv": "id",
    "candidate_rooms.csv": "id",
    "committee_residents.csv": "committee",
    "lift_shares.csv": "id",
}
_FILLED = {
    "facilities.csv": ("id", "name", "kind"),
    "heritage.csv": ("id", "name"),
    "registers.csv": ("kind",),
    "profiles.csv": ("id", "name_zh", "name_en"),
    "places.csv": ("id", "kind", "name"),
    "never_widened_roads.csv": ("name",),
    "street_edits.csv": ("id", "author", "date"),
    "buildings.csv": ("id",),
    "doorways.csv": ("id",),
    "gates.csv": ("id",),
    "lanes.csv": ("id", "name"),
    "candidate_rooms.csv": ("id", "name"),
    "committee_residents.csv": ("committee",),
    "lift_shares.csv": ("id", "source"),
}
_HOUSED = ("households", "residents", "residents_60_plus")
_COUNTED = {
    "buildings.csv": _HOUSED,
    "doorways.csv": _HOUSED,
    "committee_residents.csv": RESIDENT_COLUMNS,
}
"""Columns of persons or homes, never below none."""


def _checks() -> dict[tuple[str, str], pa.Check]:
    people = {
        (file, column): pa.Check.ge(0, error="negative_residents")
        for file in ("residents.csv", "demand.csv")
        for column in RESIDENT_COLUMNS
    }
    people |= {
        (file, column): pa.Check.ge(0, error="negative_residents")
        for file, columns in _COUNTED.items()
        for column in columns
    }
    return people | {
        ("segments.csv", "length_m"): pa.Check.gt(0, error="length_not_positive"),
        ("segments.csv", "steps"): pa.Check.ge(-1, error="bad_steps"),
        ("segments.csv", "shape_kind"): pa.Check.isin(
            ["traced", "straight", "chord"], error="unknown_word"
        ),
        ("residents.csv", "share_inside"): pa.Check.in_range(0, 1, error="share_range"),
        ("demand.csv", "fraction"): pa.Check.in_range(0, 1, error="share_range"),
        ("demand.csv", "off_m"): pa.Check.ge(0, error="negative_metres"),
        ("registers.csv", "completeness"): pa.Check.isin(
            ["complete", "partial", "unknown"], error="unknown_word"
        ),
        ("street_edits.csv", "act"): pa.Check.isin(
            [act.value for act in Act if act is not Act.GATE_OPENED], error="unknown_word"
        ),
        ("lanes.csv", "extent_m"): pa.Check.in_range(1, MOST_EXTENT_M, error="extent_range"),
        ("candidate_rooms.csv", "protected"): pa.Check.isin([0, 1], error="not_flag"),
        ("doorways.csv", "protected"): pa.Check.isin([0, 1], error="not_flag"),
        ("doorways.csv", "ground_used"): pa.Check.isin([0, 1], error="not_flag"),
        ("doorways.csv", "floors"): pa.Check.in_range(1, MOST_FLOORS, error="floors_range"),
        ("lift_shares.csv", "storeys"): pa.Check.in_range(1, MOST_FLOORS, error="floors_range"),
        ("lift_shares.csv", "floor"): pa.Check.in_range(1, MOST_FLOORS, error="floors_range"),
        ("lift_shares.csv", "share"): pa.Check.in_range(0, 100, error="percent_range"),
        ("street_edits.csv", "steps"): pa.Check.ge(-1, error="bad_steps"),
        ("profiles.csv", "speed_m_s"): pa.Check.in_range(0.1, 5, error="speed_range"),
        ("profiles.csv", "seconds_per_step"): pa.Check.in_range(0.05, 30, error="speed_range"),
        ("profiles.csv", "speed_cv"): pa.Check.in_range(0, 1, error="spread_range"),
        ("profiles.csv", "speed_percentile"): pa.Check.in_range(1, 99, error="percentile_range"),
        ("profiles.csv", "signal_wait_s"): pa.Check.in_range(0, 600, error="wait_range"),
    }


@cache
def schema(file: str) -> pa.DataFrameSchema:
    """Return the schema of one table, as `circle.load.text_tables.typed` gives it.

    A check's ``error`` is the key of the finding that it makes.
    """
    checks = _checks()
    columns = {}
    for name, kind in columns_of(file).items():
        column_checks = [checks[file, name]] if (file, name) in checks else []
        if name in _FILLED.get(file, ()):
            column_checks.append(pa.Check.str_length(min_value=1, error="missing_value"))
        columns[name] = pa.Column(
            checks=column_checks,
            nullable=kind == "number?",
            unique=_UNIQUE.get(file) == name,
            required=name in COLUMNS[file],
        )
    return pa.DataFrameSchema(columns, strict=False)
