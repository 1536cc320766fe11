"""How good the data of a district is, and how to mend it."""

from circle.quality.findings import Check, Quality, Severity
from circle.quality.panel import far_places, missing, quality

__all__ = ["Check", "Quality", "Severity", "far_places", "missing", "quality"]
