"""Stores of both kinds for wishes too, and a district with enough streets to hide in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.wishes import answers
from circle.wishes.nouns import UnitKind
from tests import small
from tests.store.conftest import file_store, kind, server, server_store, store

if TYPE_CHECKING:
    from circle.model import District
    from circle.store import Store

__all__ = ["file_store", "kind", "server", "server_store", "store"]


@pytest.fixture(scope="session")
def home() -> District:
    """Return the district that is computed by hand."""
    return small.district()


@pytest.fixture
def units(store: Store) -> tuple[int, int]:
    """Return the numbers of two units."""
    first, second = (
        answers.add_unit(store, "small", name, UnitKind.COMMITTEE, by="王晓明").id
        for name in ("甲居委", "乙公司")
    )
    return first, second
