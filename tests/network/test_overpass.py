"""An Overpass server's answer is taken when it holds, and none of the bad ones ever is."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from circle.errors import FetchError
from circle.network import overpass
from circle.network.overpass import Expected, query, streets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BOUNDS = (121.43, 31.19, 121.46, 31.21)
BODY = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="Overpass API">
<note>The data is made available under ODbL.</note>
<meta osm_base="2026-11-20T10:00:00Z"/>
<node id="1" lat="31.2" lon="121.44"/>
<node id="2" lat="31.2" lon="121.441"/>
<way id="7"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
</osm>
"""
REMARK = '<remark> runtime error: Query timed out in "query" at line 1 </remark></osm>'
EXPECTED = Expected(least_ways=1, since=datetime(2026, 3, 1, tzinfo=UTC))


@dataclass
class Served:
    """One answer of the server.

    `claims` is the length that it says its body has; None: as it is.
    """

    status: int = 200
    body: str | bytes = BODY
    headers: dict[str, str] = field(default_factory=dict)
    claims: int | None = None
    silent: bool = False


@contextmanager
def server(*answers: Served) -> Iterator[tuple[str, list[str]]]:
    """Serve the answers in turn, the last for ever; yield the address and what was asked."""
    asked: list[str] = []
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked.append(parse_qs(self.rfile.read(length).decode())["data"][0])
            answer = answers[min(len(asked), len(answers)) - 1]
            if answer.silent:
                ended.wait(5)
                return
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            self.send_header("Content-Length", str(answer.claims or len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=web.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{web.server_port}/api/interpreter", asked
    finally:
        ended.set()
        web.shutdown()
        thread.join()
        web.server_close()


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overpass, "_FIRST_WAIT_S", 0.01)


def test_a_whole_answer_is_put_in_place(tmp_path: Path) -> None:
    out = tmp_path / "streets.osm"
    sizes: list[int] = []
    with server(Served()) as (address, asked):
        answer = streets(address, BOUNDS, out, EXPECTED, progress=sizes.append)
    assert (answer.ways, answer.nodes) == (1, 2)
    assert answer.as_of == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert out.read_text() == BODY
    assert asked == [query(BOUNDS)]
    assert sizes[-1] == len(BODY)


def test_the_question_names_south_before_west() -> None:
    assert "way[highway](31.1900000,121.4300000,31.2100000,121.4600000)" in query(BOUNDS)


BAD = {
    "a remark that it timed out": ("remark", Served(body=BODY.replace("</osm>", REMARK))),
    "a server's fault with a body of JSON": (
        "status",
        Served(500, '{"elements": []}', {"Content-Type": "application/json"}),
    ),
    "a question refused": ("status", Served(400, "<html>error</html>")),
    "moved elsewhere": ("status", Served(302, "", {"Location": "http://127.0.0.1:9/"})),
    "busy for ever": ("busy", Served(429, "", {"Retry-After": "0"})),
    "busy for hours": ("busy", Served(429, "", {"Retry-After": "86400"})),
    "no gateway": ("busy", Served(504, "<html></html>")),
    "cut off in the middle": ("truncated", Served(body=BODY[:250])),
    "shorter than it says": ("truncated", Served(body=BODY[:250], claims=len(BODY))),
    "cut off while packed": (
        "truncated",
        Served(body=gzip.compress(BODY.encode())[:-9] + b"x", headers={"Content-Encoding": "gzip"}),
    ),
    "an older map": ("older", Served(body=BODY.replace("2026-11-20", "2025-01-01"))),
    "a map of no date": ("undated", Served(body=BODY.replace("2026-11-20T10:00:00Z", ""))),
    "no street": ("few", Served(body=BODY[: BODY.index("<way")] + "</osm>")),
    "a street without its points": ("incomplete", Served(body=BODY.replace('ref="2"', 'ref="3"'))),
    "a page in place of data": ("not_osm", Served(body="<html><body>welcome</body></html>")),
    "data of another form": ("not_osm", Served(body='{"elements": [], "osm3s": {}}')),
    "a bomb of entities": (
        "not_osm",
        Served(body='<!DOCTYPE osm [<!ENTITY a "aaaa">]>' + BODY.partition("?>")[2]),
    ),
    "nothing": ("not_osm", Served(body=b"")),
    "silence": ("late", Served(silent=True)),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_is_never_taken(case: str, tmp_path: Path) -> None:
    key, answer = BAD[case]
    out = tmp_path / "streets.osm"
    out.write_text("as it was")
    with server(answer) as (address, asked), pytest.raises(FetchError) as told:
        streets(address, BOUNDS, out, EXPECTED, deadline_s=0.5)
    assert told.value.key == f"fetch.{key}"
    assert "127.0.0.1" in told.value.message("en")
    assert out.read_text() == "as it was"
    assert [entry.name for entry in tmp_path.iterdir()] == ["streets.osm"]
    assert len(asked) <= overpass.TRIES


def test_a_server_that_has_time_later_is_asked_again(tmp_path: Path) -> None:
    with server(Served(429), Served(504), Served()) as (address, asked):
        streets(address, BOUNDS, tmp_path / "streets.osm", EXPECTED)
    assert len(asked) == 3


@pytest.mark.parametrize("address", ["ftp://a/b", "file:///etc/passwd", "a/b", "http://"])
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    with pytest.raises(FetchError) as told:
        streets(address, BOUNDS, tmp_path / "streets.osm", deadline_s=0.3)
    assert told.value.key in {"fetch.address", "fetch.unreachable"}


def test_nobody_listens(tmp_path: Path) -> None:
    with server(Served()) as (address, _):
        pass
    with pytest.raises(FetchError) as told:
        streets(address, BOUNDS, tmp_path / "streets.osm", deadline_s=0.3)
    assert told.value.key == "fetch.unreachable"
