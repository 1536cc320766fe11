"""A district whose every text would like to run as something else."""

from __future__ import annotations

import json
import shutil
import tomllib
from typing import TYPE_CHECKING, Any

import pandas as pd
import tomli_w

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = (
    '=1+1<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>\'{{7*7}}$x$ #let'
)
"""A formula, an image that fails, a script, templates, mathematics and markup."""
TEXTS = {
    "facilities.csv": (
        "name", "name_en", "address", "position_basis", "opened", "capacity_unit", "services",
        "source",
    ),
    "heritage.csv": ("kind", "name", "address", "batch", "built", "grade", "uri"),
    "segments.csv": ("name", "observed", "osm_ways"),
    "profiles.csv": ("name_zh", "name_en", "source"),
    "registers.csv": ("as_of", "basis_zh", "basis_en"),
    "never_widened_roads.csv": ("name", "confidence"),
    "places.csv": ("name", "address"),
    "seed_figures.csv": ("meaning",),
}  # fmt: skip
"""Columns of free text, by table."""


def hostile_folder(source: Path, target: Path) -> Path:
    """Copy a district folder and put `SCRIPT` before every free text in it."""
    shutil.copytree(source, target)
    for file, columns in TEXTS.items():
        table = pd.read_csv(target / file, dtype=str, keep_default_na=False)
        for column in columns:
            table[column] = SCRIPT + table[column]
        table.to_csv(target / file, index=False)
    for file in ("areas.geojson", "boundary.geojson"):
        shapes = json.loads((target / file).read_text(encoding="utf-8"))
        for one in shapes["features"]:
            one["properties"] = {
                name: SCRIPT + value if isinstance(value, str) and name != "id" else value
                for name, value in one["properties"].items()
            }
        (target / file).write_text(json.dumps(shapes, ensure_ascii=False), encoding="utf-8")
    about = tomllib.loads((target / "district.toml").read_text(encoding="utf-8"))
    (target / "district.toml").write_bytes(tomli_w.dumps(_spoilt(about)).encode())
    return target


def _spoilt(table: dict[str, Any]) -> dict[str, Any]:
    """Put `SCRIPT` before every wording: whatever stands below ``zh`` and ``en``."""
    return {
        name: _spoilt(value)
        if isinstance(value, dict)
        else SCRIPT + value
        if name in {"zh", "en"}
        else value
        for name, value in table.items()
    }
