"""The report of the real district, built once for all who read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.config import settings
from circle.report.content import build
from circle.report.parts import Choice
from circle.standards import standard_sets

if TYPE_CHECKING:
    from circle.model import District
    from circle.report.parts import Report


@pytest.fixture(scope="session")
def canteens(tianping: District) -> Report:
    """Give the report on canteens, in Chinese."""
    return build(tianping, Choice(kinds=("canteen",)), standard_sets(settings().standards))
