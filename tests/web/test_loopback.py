"""The local mode's own machine, told from all others."""

from __future__ import annotations

import pytest

from circle.web.server.loopback import is_loopback, stranger


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "0.0.0.0",  # noqa: S104
        "::",
        "192.0.2.7",
        "localhost.example",
        "127.0.0.1.example",
        "2130706433",
    ],
)
def test_another_machine(host: str | None) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("peer", "host", "headers", "why"),
    [
        ("127.0.0.1", "127.0.0.1:8501", (), None),
        ("::1", "[::1]:8501", ("cookie",), None),
        (None, None, (), None),
        ("192.0.2.7", "127.0.0.1", (), "peer"),
        ("testclient", "localhost", (), "peer"),
        ("127.0.0.1", "circle.example:8501", (), "host"),
        ("127.0.0.1", "", (), "host"),
        ("127.0.0.1", "[::1", (), "host"),
        ("127.0.0.1", "localhost", ("x-forwarded-for",), "proxy"),
        ("127.0.0.1", "localhost", ("forwarded",), "proxy"),
    ],
)
def test_a_stranger(
    peer: str | None, host: str | None, headers: tuple[str, ...], why: str | None
) -> None:
    assert stranger(peer, host, headers) == why
