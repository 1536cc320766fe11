"""Which column is which, as it was stated once: remembered in the district folder by header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tomli_w

from circle.errors import InputError
from circle.intake.layers import plain
from circle.load.meta import parse_toml
from circle.load.text_tables import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from circle.intake.layers import Layer

FILE = "layouts.toml"
_MOST = 200

Layouts = dict[tuple[str, ...], dict[str, str]]
"""Columns by name, of a header: names as `circle.intake.layers.plain` writes them."""


def remembered(folder: Path, layer: Layer) -> Layouts:
    """Return the layouts that a district folder remembers of a layer.

    Raises
    ------
    InputError
        When its file of layouts cannot be read.
    """
    return {shape: columns for name, shape, columns in _all(folder) if name == layer.id}


def names(layouts: Layouts) -> dict[str, str]:
    """Return every name that some layout knows, to find a header by."""
    return {name: column for columns in layouts.values() for name, column in columns.items()}


def of_header(layouts: Layouts, header: Sequence[str]) -> dict[str, str]:
    """Return the layout that is remembered of a header; empty for none."""
    return layouts.get(_shape(header), {})


def with_layout(
    folder: Path, layer: Layer, header: Sequence[str], columns: Mapping[str, str]
) -> bytes:
    """Return the file of layouts with one more, in the place of what was known of its header."""
    shape = _shape(header)
    kept = [each for each in _all(folder) if each[:2] != (layer.id, shape)][-_MOST:]
    kept.append((layer.id, shape, {plain(name): column for name, column in columns.items()}))
    tables = [
        {"layer": name, "header": list(each), "columns": dict(known)} for name, each, known in kept
    ]
    return tomli_w.dumps({"layout": tables}).encode()


def _shape(header: Sequence[str]) -> tuple[str, ...]:
    return tuple(plain(name) for name in header)


def _all(folder: Path) -> list[tuple[str, tuple[str, ...], dict[str, str]]]:
    path = folder / FILE
    if not path.exists():
        return []
    data, findings = read_bytes(path)
    document, faults = ({}, findings) if findings else parse_toml(data, FILE)
    try:
        if faults:
            raise InputError("intake.layouts", file=FILE)
        return [
            (
                str(table["layer"]),
                tuple(map(str, table["header"])),
                {str(name): str(column) for name, column in table["columns"].items()},
            )
            for table in document["layout"]
        ]
    except (LookupError, TypeError, AttributeError) as error:
        raise InputError("intake.layouts", file=FILE) from error
