"""What the server looks at before it serves."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from circle.config import settings
from circle.store import Store, schema
from circle.web.server.start import check_store
from tests.store import unversioned
from tests.store.test_confirmations import said

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def line(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="circle.web.server.start")
    return caplog


def told(line: pytest.LogCaptureFixture) -> str:
    """Return the one line that was logged of the store."""
    (record,) = [record for record in line.records if record.name == "circle.web.server.start"]
    return record.getMessage()


def test_no_store_yet(line: pytest.LogCaptureFixture, store_file: Path) -> None:
    check_store()
    assert "尚不存在" in told(line)
    assert not store_file.parent.exists()


def test_where_people_sign_in_there_is_a_store(
    line: pytest.LogCaptureFixture, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIRCLE_MODE", "serve")
    monkeypatch.setenv("CIRCLE_SIGN_IN__BY", "proxy")
    settings.cache_clear()
    check_store()
    assert f"可用，版本 {schema.newest()}" in told(line)
    assert store_file.is_file()


def test_a_store_that_is_ready(line: pytest.LogCaptureFixture, store_file: Path) -> None:
    said(Store(str(store_file)))
    check_store()
    assert f"可用，版本 {schema.newest()}" in told(line)


def test_an_old_store_is_upgraded(line: pytest.LogCaptureFixture, store_file: Path) -> None:
    unversioned.make(store_file)
    check_store()
    assert "已升级" in told(line)
    assert store_file.with_name(f"{store_file.name}.before-{schema.newest()}").is_file()


def test_a_store_that_cannot_be_used_is_told(
    line: pytest.LogCaptureFixture, store_file: Path
) -> None:
    store_file.mkdir(parents=True)
    check_store()
    assert "无法打开" in told(line)
    assert line.records[-1].levelno == logging.ERROR


def test_an_address_that_is_none_ends_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_STORE", "nothing://x")
    settings.cache_clear()
    with pytest.raises(SystemExit, match="store"):
        check_store()
