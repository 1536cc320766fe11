"""Stores of both kinds of database: what takes `store` is tried on each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from circle.store import Store
from tests.store import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """Return a running PostgreSQL server, one for the session."""
    programs = postgres.programs()
    if programs is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed (Debian: postgresql)")
        pytest.skip("needs PostgreSQL (Debian: postgresql)")
    made = postgres.Server(programs)
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Return which kind of database it is."""
    return str(request.param)


@pytest.fixture
def store(kind: str, request: pytest.FixtureRequest) -> Store:
    """Return an empty store."""
    return empty(kind, request)


@pytest.fixture
def file_store(store_file: Path) -> Store:
    """Return a store that is an SQLite file, not yet there."""
    return Store(str(store_file))


@pytest.fixture
def server_store(server: postgres.Server) -> Store:
    """Return an empty store on PostgreSQL."""
    store = Store(server.new_place())
    store.prepare()
    return store


def empty(kind: str, request: pytest.FixtureRequest) -> Store:
    """Return an empty store of a kind."""
    name = "file_store" if kind == "sqlite" else "server_store"
    made: Store = request.getfixturevalue(name)
    return made
