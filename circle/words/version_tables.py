"""Versions of a district folder, and what differs between two, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from circle.demand import figure_in
from circle.i18n import t
from circle.i18n.rounding import bound, fraction
from circle.model import NoData, Question
from circle.places.facilities import coverable_kinds, usual_profile
from circle.store import zone
from circle.study import Study
from circle.words.data_tables import layer_name
from circle.words.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from circle.load.changes import LayerChange
    from circle.load.versions import Version
    from circle.model import Coverage, District, Kind

MINUTES = 15.0
MOST_ROWS = 200
"""Of each layer so many rows are named."""
_MINUTE = "%Y-%m-%d %H:%M"
_DECIMALS = 4


def label(district: District, version: Version) -> str:
    """Return a version in one line: its number, when, by what."""
    return t(
        "history.label",
        number=version.number,
        time=version.time.astimezone(zone(district)).strftime(_MINUTE),
        action=t(f"history.action.{version.action}"),
    )


def history(district: District, known: Sequence[Version], present: Version | None) -> pd.DataFrame:
    """Return the versions, newest first, in the district's time."""
    rows = [
        (
            version.number,
            version.time.astimezone(zone(district)).strftime(_MINUTE),
            t(f"history.action.{version.action}"),
            version.author,
            version.reason,
            t("history.present") if version is present else "",
            version.content_hash[:12],
        )
        for version in reversed(known)
    ]
    names = ("number", "time", "action", "author", "reason", "state", "hash")
    return pd.DataFrame(rows, columns=[t(f"history.col_{name}") for name in names])


def layers(changes: Sequence[LayerChange]) -> pd.DataFrame:
    """Return how many rows of each layer differ."""
    rows = [
        (_layer(change.file), len(change.added), len(change.removed), len(change.changed))
        for change in changes
    ]
    names = ("layer", "added", "removed", "changed")
    return pd.DataFrame(rows, columns=[t(f"history.col_{name}") for name in names])


def rows(changes: Sequence[LayerChange]) -> pd.DataFrame:
    """Return which rows differ and how, at most `MOST_ROWS` of a layer."""
    told: list[tuple[str, str, str, str]] = []
    for change in changes:
        name = _layer(change.file)
        lines = [
            *((name, row, t("history.added"), "") for row in change.added),
            *((name, row, t("history.removed"), "") for row in change.removed),
            *(
                (name, each.row, t("history.changed"), _values(each.values))
                for each in change.changed
            ),
        ]
        told += lines[:MOST_ROWS]
        if len(lines) > MOST_ROWS:
            told.append((name, "…", t("history.more", n=len(lines) - MOST_ROWS), ""))
    names = ("layer", "row", "change", "values")
    return pd.DataFrame(told, columns=[t(f"history.col_{name}") for name in names])


def services(district: District) -> tuple[str, ...]:
    """Return the kinds that a life circle is judged by."""
    return tuple(kind.id for kind in district.kinds.values() if kind.service)


def coverages(district: District, kinds: Iterable[str]) -> dict[str, Coverage | None]:
    """Return the coverage of kinds in `MINUTES` for the usual profile; None for no answer."""
    study, profile = Study(district), usual_profile(district)
    known = set(coverable_kinds(district))
    answers = {
        kind: study.coverage(Question.by_minutes(kind, profile, MINUTES)) if kind in known else None
        for kind in kinds
    }
    return {kind: None if isinstance(each, NoData) else each for kind, each in answers.items()}


def figure(answer: Coverage | None) -> dict[str, Any] | None:
    """Return the share of residents that a coverage tells, and whether it is a lower bound."""
    if answer is None:
        return None
    is_ = "at_least" if answer.at_least else "exact"
    share = float(figure_in(answer.table)["rate"])
    return {"rate": fraction(share, _DECIMALS, at_least=answer.at_least), "rate_is": is_}


def beside(before: District, after: District, kinds: Iterable[str]) -> dict[str, Any]:
    """Return the `figure` of kinds before and after, as plain data."""
    kinds = tuple(kinds)
    then, now = coverages(before, kinds), coverages(after, kinds)
    return {kind: {"before": figure(then[kind]), "after": figure(now[kind])} for kind in kinds}


class Beside(NamedTuple):
    """The coverage of kinds before and after a change, in no language yet."""

    kinds: tuple[Kind, ...]
    then: Mapping[str, Coverage | None]
    now: Mapping[str, Coverage | None]


def both(before: District, after: District, kinds: Iterable[str] | None = None) -> Beside:
    """Return the coverage of kinds before and after, of each service where none are named."""
    named = (*services(before), *services(after)) if kinds is None else kinds
    known = {**before.kinds, **after.kinds}
    asked = tuple(dict.fromkeys(named))
    return Beside(
        tuple(known[kind] for kind in asked), coverages(before, asked), coverages(after, asked)
    )


def coverage(beside: Beside) -> pd.DataFrame:
    """Return the coverage of kinds before and after as a table."""
    rows = [
        (str(kind.name), told(beside.then[kind.id]), told(beside.now[kind.id]))
        for kind in beside.kinds
    ]
    columns = ("kind", "before", "after")
    return pd.DataFrame(rows, columns=[t(f"history.col_{name}") for name in columns])


def told(answer: Coverage | None) -> str:
    """Return the share of residents that a coverage tells, as it is read."""
    if answer is None:
        return t("history.no_figure")
    return bound(float(figure_in(answer.table)["rate"]), at_least=answer.at_least)


def _layer(file: str) -> str:
    stem, _, ending = file.rpartition(".")
    return layer_name(stem) if ending in {"csv", "geojson"} else file


def _values(values: Mapping[str, tuple[str, str]]) -> str:
    return listed(
        f"{name}: {before or '—'} → {after or '—'}" for name, (before, after) in values.items()
    )
