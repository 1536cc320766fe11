"""The report of the real district, built once for all who read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.config import settings
from circle.load.standards import standard_sets
from circle.report.content.assemble import build
from circle.report.content.elements import Choice
from circle.study import Study

if TYPE_CHECKING:
    from circle.model import District
    from circle.report.content.elements import Report


@pytest.fixture(scope="session")
def canteens(tianping: District) -> Report:
    """Give the report on canteens, in Chinese."""
    return build(Study(tianping), Choice(kinds=("canteen",)), standard_sets(settings().standards))
