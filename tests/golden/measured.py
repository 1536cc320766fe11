"""Every measure of the embedded district as plain values, to be compared with those kept."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.config import ROOT
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.measures import heritage
from circle.measures.coverage import by_other_rule
from circle.model import Coverage, NoData, Question
from circle.places.facilities import coverable_kinds
from circle.study import Study, of_standard

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from circle.measures.uncertainty import Uncertainty
    from circle.model import Gap, Requirement

MINUTES = (10.0, 15.0)
PLACES = (None, (121.4430, 31.2060), (121.4480, 31.2040))
"""Where life circles are asked for; None is the district's own start."""


@cache
def study() -> Study:
    """Return the study of the embedded district."""
    return Study(read_district(ROOT / "data" / "tianping"))


def measured(profile: str) -> Iterator[tuple[str, Any]]:
    """Give the name and the plain value of every measure for one profile."""
    for asked in _asked():
        yield from _of_question(profile, asked)
    for unverified in (False, True):
        yield from _of_services(profile, unverified=unverified)
    for kind in ("market", "canteen"):
        yield from _of_kind(profile, kind)
    for at in PLACES:
        yield _life_circle(profile, at)


def _asked() -> list[tuple[str, float] | Requirement]:
    sets = standard_sets(ROOT / "data" / "standards").values()
    kinds = [(kind, limit) for kind in coverable_kinds(study().district) for limit in MINUTES]
    return [*kinds, *(requirement for each in sets for requirement in each.requirements)]


def _question(profile: str, asked: Any, *, unverified: bool = False) -> Question:
    if isinstance(asked, tuple):
        return Question.by_minutes(asked[0], profile, asked[1], unverified=unverified)
    return Question.by_standard(asked, profile, unverified=unverified)


def _name(asked: tuple[str, float] | Requirement) -> str:
    if isinstance(asked, tuple):
        return f"{asked[0]}/{asked[1]:g}"
    return f"{asked.standard}/{asked.id}"


def _of_question(profile: str, asked: tuple[str, float] | Requirement) -> Iterator[tuple[str, Any]]:
    for unverified in (False, True):
        key = f"{profile} {_name(asked)} {'all' if unverified else 'verified'}"
        question = _question(profile, asked, unverified=unverified)
        coverage = study().coverage(question)
        yield f"coverage {key}", _coverage(coverage)
        if isinstance(coverage, Coverage):
            yield f"gaps {key}", [_gap(zone) for zone in study().gaps(question)]
            other = by_other_rule(study().district, coverage)
            if other is not None:
                yield f"other_rule {key}", _columns(other, "covered", "rate")
            spread = study().spread(question)
            if not unverified and spread is not None:
                columns = ("mean", "gini", "palma", "capped_share")
                yield f"spread {key}", _columns(spread.table, *columns)
        if isinstance(asked, tuple):
            yield f"capacity {key}", _capacity(question)
    if not isinstance(asked, tuple) or asked[1] == MINUTES[-1]:
        drawn = study().uncertainty(_question(profile, asked))
        yield f"sure {profile} {_name(asked)}", None if drawn is None else _drawn(drawn)


def _of_services(profile: str, *, unverified: bool) -> Iterator[tuple[str, Any]]:
    sets = standard_sets(ROOT / "data" / "standards").values()
    every = {each.id: of_standard(each, profile, unverified=unverified) for each in sets}
    every["15"] = study().services(profile, MINUTES[-1], unverified=unverified)
    for name, questions in every.items():
        provision = study().together(questions)
        table = provision.table
        yield (
            f"together {profile} {name} {unverified}",
            {
                **({} if table is None else _columns(table, "covered", "rate")),
                "no_data": [missing.question.kind for missing in provision.no_data],
                "count": np.bincount(provision.count).tolist(),
                "at_least": provision.at_least,
            },
        )
    near = study().near_heritage(profile, unverified=unverified)
    yield f"heritage {profile} {unverified}", {kind: _digest(near[kind]) for kind in near}


def _of_kind(profile: str, kind: str) -> Iterator[tuple[str, Any]]:
    question = Question.by_minutes(kind, profile, MINUTES[-1])
    compared = study().circles(question)
    columns = ("network", "counted", "wrongly_in", "wrongly_out")
    grounds = (compared.circle.ground, compared.polygon.ground)
    yield (
        f"circles {profile} {kind}",
        {
            **_columns(compared.table, *columns),
            "radius_m": compared.radius_m,
            "ground": [round(ground.area, 3) for ground in grounds],
        },
    )
    yield (
        f"beside {profile} {kind}",
        [
            _columns(
                heritage.compared(study().district, compared.network, part),
                "residents", "covered", "rate", "share",
            )
            for part in study().beside().values()
        ],
    )  # fmt: skip


def _life_circle(profile: str, at: tuple[float, float] | None) -> tuple[str, Any]:
    at = at or study().district.start
    assert at is not None
    circle = study().life_circle(profile, at, (5.0, 10.0, 15.0))
    return f"life_circle {profile} {at[0]:.4f},{at[1]:.4f}", {
        **_columns(circle.residents, *map(str, circle.residents.columns)),
        "facilities": list(circle.facilities["id"]),
        "seconds": _digest(circle.facilities["seconds"]),
        "nearest": list(circle.nearest["id"]),
        "heritage": _digest(circle.heritage["seconds"]),
        "isochrones": [
            [
                _plain(value)
                for value in (
                    ground.minutes,
                    round(ground.geometry.area, 3),
                    ground.area_km2,
                    ground.missed,
                    ground.false_in,
                )
            ]
            for ground in circle.isochrones
        ],
    }


def _coverage(coverage: Coverage | NoData) -> dict[str, Any]:
    if isinstance(coverage, NoData):
        return {"no_data": coverage.reason, "left_out": coverage.left_out}
    return {
        **_columns(coverage.table, "residents", "covered", "uncovered", "rate"),
        "seconds": _digest(coverage.seconds),
        "metres": _digest(coverage.metres),
        "which": _digest(coverage.which / 1000),
        "counted": coverage.facilities_counted,
        "unverified": [coverage.unverified_counted, coverage.unverified_left_out],
        "at_least": coverage.at_least,
        "register": coverage.register.completeness.value,
    }


def _gap(zone: Gap) -> list[Any]:
    values = (
        zone.rank, ";".join(zone.streets), zone.near, zone.residents, zone.residents_60_plus,
        zone.minutes_beyond, zone.nearest, zone.straight_m, zone.detour, zone.cause.value,
        zone.heritage, zone.constrained, round(zone.geometry.area, 3),
    )  # fmt: skip
    return [_plain(value) for value in values]


def _drawn(drawn: Uncertainty) -> dict[str, Any]:
    verdicts = ("covered", "not_covered", "depends", "list")
    return {
        **_columns(
            drawn.table, "residents", "rate", "low", "median", "high", "verdict", "depends_on",
            "position", "unverified", "homes",
        ),
        "probability": _digest(drawn.probability),
        "verdicts": [int((drawn.verdict == verdict).sum()) for verdict in verdicts],
        "reached": int(np.unpackbits(drawn.reached).sum()),
    }  # fmt: skip


def _capacity(question: Question) -> dict[str, Any]:
    capacity = study().capacity(question)
    return {
        **_columns(capacity.table, "mean", "walk_in", "delivered", "without"),
        **_columns(capacity.facilities, "id", "walk_in_ratio", "delivered_ratio", "edge"),
        "unit": capacity.unit,
        "known": [capacity.facilities_counted, capacity.capacity_known],
        "at_least": capacity.supply_at_least,
    }


def _columns(table: pd.DataFrame, *names: str) -> dict[str, list[Any]]:
    return {name: [_plain(value) for value in table[name]] for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else repr(float(value))
    return str(value)


def _digest(seconds: Any) -> list[int]:
    """Return sums of whole milliseconds, plain and by order, and how many are infinite."""
    values = np.asarray(seconds, np.float64)
    finite = np.isfinite(values)
    whole = np.rint(values[finite] * 1000).astype(np.int64)
    rank = (np.flatnonzero(finite) + 1) % 997
    return [int(whole.sum()), int((whole * rank).sum()), int((~finite).sum())]
