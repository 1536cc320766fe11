"""What differs between two states of a district folder, layer by layer and row by row."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from circle.load.text_tables import parse_csv

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS = (
    ("id",),
    ("key",),
    ("cell", "segment", "fraction"),
    ("cell",),
    ("from_id", "to_id"),
    ("kind",),
    ("compound",),
    ("name",),
)
"""Columns that tell a row from the others, the first that do being taken."""

Rows = dict[tuple[str, ...], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Changed:
    """One row that both have, with other values.

    Attributes
    ----------
    row
        What tells it from the others.
    values
        Column → value before, value after.
    """

    row: str
    values: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class LayerChange:
    """How one file differs.

    Attributes
    ----------
    added, removed
        What tells each of these rows from the others; empty for a file that is no
        table and no GeoJSON, which is only said to differ.
    changed
        Rows that both have.
    """

    file: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Changed, ...] = ()


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[LayerChange, ...]:
    """Return the files that differ between two folders' contents, by name.

    Parameters
    ----------
    before, after
        Files by name, as `circle.load.versions.content_in` returns them.
    """
    return tuple(
        _change(name, before.get(name, b""), after.get(name, b""))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )


def _change(file: str, before: bytes, after: bytes) -> LayerChange:
    old, new = _rows(file, before), _rows(file, after)
    if old is None or new is None:
        return LayerChange(file)
    names = next(
        (names for names in _KEYS if _tells(old, names) and _tells(new, names)),
        None,
    )
    if names is None:
        return _as_multisets(file, old, new)
    then, now = _keyed(old, names), _keyed(new, names)
    return LayerChange(
        file,
        added=tuple(_label(key) for key in now if key not in then),
        removed=tuple(_label(key) for key in then if key not in now),
        changed=tuple(
            Changed(_label(key), values)
            for key in now
            if key in then and (values := _differing(then[key], now[key]))
        ),
    )


def _rows(file: str, content: bytes) -> list[dict[str, str]] | None:
    """Return the rows of a table, or the features of a GeoJSON; None of anything else."""
    if not content:
        return []
    if file.endswith(".csv"):
        table, findings = parse_csv(content, file)
        columns = [str(name) for name in table.columns]
        rows = table.to_numpy(object).tolist()
        return None if findings else [dict(zip(columns, row, strict=True)) for row in rows]
    if not file.endswith(".geojson"):
        return None
    try:
        features = json.loads(content)["features"]
        return [
            {name: str(value) for name, value in (feature["properties"] or {}).items()}
            | {"geometry": json.dumps(feature["geometry"], sort_keys=True)}
            for feature in features
        ]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _tells(rows: list[dict[str, str]], names: tuple[str, ...]) -> bool:
    keys = [tuple(row[name] for name in names) for row in rows if all(n in row for n in names)]
    return len(keys) == len(rows) == len(set(keys))


def _keyed(rows: list[dict[str, str]], names: tuple[str, ...]) -> Rows:
    return {tuple(row[name] for name in names): row for row in rows}


def _differing(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    }


def _label(key: tuple[str, ...]) -> str:
    return " ".join(key)


def _as_multisets(
    file: str, before: list[dict[str, str]], after: list[dict[str, str]]
) -> LayerChange:
    """Compare rows that nothing tells apart: one that changed is one removed and one added."""
    then = Counter(tuple(row.items()) for row in before)
    now = Counter(tuple(row.items()) for row in after)
    return LayerChange(
        file,
        added=tuple(_first_values(row) for row in (now - then).elements()),
        removed=tuple(_first_values(row) for row in (then - now).elements()),
    )


def _first_values(row: tuple[tuple[str, str], ...]) -> str:
    values = [value for _, value in row if value]
    return " ".join(values[:3])
