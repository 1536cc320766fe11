"""Sources → district folder → `District`, with findings row by row."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from circle.load.build import build
    from circle.load.problems import fault_text, finding_text
    from circle.load.read import DRAWN, check, layer_sources, provenance, read_district

__all__ = [
    "DRAWN",
    "build",
    "check",
    "fault_text",
    "finding_text",
    "layer_sources",
    "provenance",
    "read_district",
]

_ROOMS = {
    "build": {"build"},
    "problems": {"fault_text", "finding_text"},
    "read": {"DRAWN", "check", "layer_sources", "provenance", "read_district"},
}
"""What each module gives; a walk needs no tables, and pandas is slow to load."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        for room, names in _ROOMS.items():
            if name in names:
                value = getattr(import_module(f"{__name__}.{room}"), name)
                globals()[name] = value  # a module of this name gives way to what it holds
                return value
        raise AttributeError(name)
