"""The proxy as it runs: what it lets through, what it adds, and where it stops."""

from __future__ import annotations

import json
import re
import socket
import time
from contextlib import ExitStack, closing
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from circle.web.server.middleware import SIGN_INS
from tests.deploy.conftest import LIMIT_S, OWN_HEADERS, Proxy, answer

if TYPE_CHECKING:
    import ssl

BASES = ("", "/circle", "/staff/circle")
BURST, MOST_OPEN, MOST_BODY = 20, 100, 110 * 1024 * 1024
STREAM = "{}/_stcore/stream"
UPGRADE = "GET {} HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade"
HSTS = b"Strict-Transport-Security: max-age=31536000\r\n"
_hosts = count(2)


@pytest.fixture
def peer() -> str:
    """Return an address of this machine that no other test asks from."""
    return f"127.0.0.{next(_hosts)}"


def status(got: bytes) -> int:
    """Return the status of an answer; 0 where there is none."""
    found = re.match(rb"HTTP/1.1 (\d+)", got)
    return int(found[1]) if found else 0


def told(got: bytes) -> dict[str, Any]:
    """Return what came to the app: the first line and the headers."""
    assert status(got) == 200, got
    came: dict[str, Any] = json.loads(got.partition(b"\r\n\r\n")[2])
    return came


@pytest.mark.parametrize("base", BASES)
def test_the_app_gets_who_asks_and_no_header_that_names_someone(
    nginx: Proxy, peer: str, base: str
) -> None:
    claimed = ("X-Forwarded-User", "X-Forwarded-Groups", "X-Circle-Proxy-Secret")
    forged = "".join(f"\r\n{name}: steward" for name in claimed)
    for path in ("/explore?at=1,2", *SIGN_INS, "/_stcore/stream"):
        request = f"GET {base}{path} HTTP/1.1\r\nX-Forwarded-For: 9.9.9.9{forged}"
        came = told(nginx.ask(request, peer=peer))
        assert came["first"] == f"GET {base}{path} HTTP/1.1"
        assert came["host"] == "a.example:99"
        assert (came["x-forwarded-for"], came["x-forwarded-proto"]) == (peer, "https")
        assert not {name.lower() for name in claimed} & came.keys()
        assert "upgrade" not in came


@pytest.mark.parametrize("base", BASES)
def test_sign_ins_are_limited_by_address_and_not_logged(nginx: Proxy, peer: str, base: str) -> None:
    for path in SIGN_INS:
        last = [nginx.ask(f"GET {base}{path}?code=s3cret HTTP/1.1", peer=peer) for _ in range(3)][
            -1
        ]
        assert status(last) == 200
    rest = [nginx.ask(f"GET {base}{SIGN_INS[0]} HTTP/1.1", peer=peer) for _ in range(BURST)]
    assert [status(got) for got in rest[: BURST - 6]] == [200] * (BURST - 6)
    assert status(rest[-1]) == 429
    assert HSTS in rest[-1]
    assert status(nginx.ask(f"GET {base}/explore HTTP/1.1", peer=peer)) == 200
    assert status(nginx.ask(f"GET {base}{SIGN_INS[0]} HTTP/1.1", peer=f"127.0.1.{peer[8:]}")) == 200
    log = (nginx.folder / "access.log").read_text()
    assert f"GET {base}/explore" in log
    assert "s3cret" not in log


@pytest.mark.parametrize("base", BASES)
def test_a_websocket_passes_and_an_address_has_a_hundred(
    nginx: Proxy, peer: str, base: str
) -> None:
    def opened(path: str) -> tuple[ssl.SSLSocket, bytes]:
        line = stack.enter_context(closing(nginx.connected(peer)))
        line.sendall(f"{UPGRADE.format(path)}\r\nHost: a\r\n\r\n".encode())
        return line, answer(line)

    stream = STREAM.format(base)
    with ExitStack() as stack:
        first, got = opened(stream)
        assert status(got) == 101
        assert {status(opened(stream)[1]) for _ in range(MOST_OPEN - 1)} == {101}
        assert status(opened(stream)[1]) == 503
        assert status(opened(f"{base}/else")[1]) == 101
        time.sleep(1.5 * LIMIT_S)  # no request's limit ends it
        first.sendall(b"still here")
        assert first.recv(100) == b"still here"


@pytest.mark.parametrize("base", BASES)
def test_a_large_body_is_refused_before_it_comes(nginx: Proxy, base: str) -> None:
    head = f"POST {base}/x HTTP/1.1\r\nContent-Length: "
    assert status(nginx.ask(f"{head}{MOST_BODY + 1}")) == 413
    assert status(nginx.ask(f"{head}9", body=b"123456789")) == 200


@pytest.mark.parametrize(
    "parts",
    [
        [b""],
        [b"GET / HT"],
        [b"GET / HTTP/1.1\r\nHost: a\r\n", *[b"A: b\r\n"] * 40],
        [b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n1"],
        [b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n", *[b"1"] * 40],
    ],
    ids=["silent", "begun", "head drop by drop", "half a body", "body drop by drop"],
)
def test_a_request_that_is_not_whole_ends(nginx: Proxy, parts: list[bytes]) -> None:
    with closing(nginx.connected()) as line:
        line.settimeout(0.1)
        for part in [*parts, *[b""] * (40 - len(parts))]:
            try:
                line.sendall(part)
                got = line.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                return
            assert status(got) in {0, 408, 502}
            return
    pytest.fail("it is waited for without end")


@pytest.mark.parametrize("base", BASES)
def test_headers_are_sent_once(nginx: Proxy, base: str) -> None:
    got = nginx.ask(f"GET {base}/ HTTP/1.1")
    assert got.count(HSTS) == 1
    for name, value in OWN_HEADERS.items():
        assert got.count(f"{name}: {value}\r\n".encode()) == 1
    assert b"Server: nginx\r\n" in got  # without its version


def test_what_is_not_encrypted_is_sent_on(nginx: Proxy) -> None:
    with closing(socket.create_connection(("127.0.0.1", nginx.plain_port), 10)) as line:
        line.sendall(b"GET /circle/explore?at=1,2 HTTP/1.1\r\nHost: a.example\r\n\r\n")
        got = answer(line)
    assert status(got) == 301
    assert b"Location: https://a.example/circle/explore?at=1,2\r\n" in got
