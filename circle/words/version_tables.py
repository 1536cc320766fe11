"""Versions of a district folder, and what differs between two, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from circle.i18n import t
from circle.i18n.rounding import bound
from circle.model import NoData, Question
from circle.places.facilities import usual_profile
from circle.store import zone
from circle.study import Study
from circle.words.data_tables import layer_name
from circle.words.wording import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from circle.load.changes import LayerChange
    from circle.load.versions import Version
    from circle.model import Coverage, District

MINUTES = 15.0
MOST_ROWS = 200
"""Of each layer so many rows are named."""
_MINUTE = "%Y-%m-%d %H:%M"


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


def service_coverage(district: District) -> dict[str, Coverage]:
    """Return the coverage of each service in `MINUTES` for the usual profile, where known."""
    study, profile = Study(district), usual_profile(district)
    answers = {
        kind.id: study.coverage(Question.by_minutes(kind.id, profile, MINUTES))
        for kind in district.kinds.values()
        if kind.service
    }
    return {kind: answer for kind, answer in answers.items() if not isinstance(answer, NoData)}


def rate(coverage: Coverage) -> float:
    """Return the share of all residents that a coverage tells."""
    whole = coverage.table[coverage.table["area"].eq("") & coverage.table["group"].eq("residents")]
    return float(whole["rate"].iloc[0])


def coverage(before: District, after: District) -> pd.DataFrame:
    """Return the coverage of each service before and after."""
    then, now = service_coverage(before), service_coverage(after)
    names = {kind.id: str(kind.name) for kind in (*before.kinds.values(), *after.kinds.values())}
    rows = [
        (names[kind], _told(then.get(kind)), _told(now.get(kind)))
        for kind in dict.fromkeys([*then, *now])
    ]
    columns = ("kind", "before", "after")
    return pd.DataFrame(rows, columns=[t(f"history.col_{name}") for name in columns])


def _told(answer: Coverage | None) -> str:
    if answer is None:
        return t("history.no_figure")
    return bound(rate(answer), at_least=answer.at_least)


def _layer(file: str) -> str:
    stem, _, ending = file.rpartition(".")
    return layer_name(stem) if ending in {"csv", "geojson"} else file


def _values(values: Mapping[str, tuple[str, str]]) -> str:
    return listed(
        f"{name}: {before or '—'} → {after or '—'}" for name, (before, after) in values.items()
    )
