"""Sources → district folder → `District`, with findings row by row."""

from circle.load.build import build
from circle.load.problems import finding_text
from circle.load.read import DRAWN, check, layer_sources, provenance, read_district

__all__ = [
    "DRAWN",
    "build",
    "check",
    "finding_text",
    "layer_sources",
    "provenance",
    "read_district",
]
