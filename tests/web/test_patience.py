"""Requests that never become whole end with their connection."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest
import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol
from uvicorn.protocols.http.h11_impl import H11Protocol
from websockets.asyncio.client import connect

from circle.web.server import patience
from tests.waiting import awaited
from tests.web.asgi import Inner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Receive, Scope, Send

LIMIT_S = 0.5
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"


class Slow(Inner):
    """An app that reads the request to its end and takes longer than a request may."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer late; a WebSocket's message at once."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            await send({"type": "websocket.send", "text": "here"})
            return
        while (message := await receive())["type"] == "http.request" and message["more_body"]:
            pass
        await asyncio.sleep(2 * LIMIT_S)
        await super().__call__(scope, receive, send)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Serve a slow app, as Streamlit serves, and give its port."""
    patience.limit_half_open()
    patience.limit_half_open()
    before, patience.REQUEST_S = patience.REQUEST_S, LIMIT_S
    config = uvicorn.Config(Slow(), host="127.0.0.1", port=0, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()
    patience.REQUEST_S = before


async def talk(port: int, *parts: bytes, pause_s: float = 0.1) -> bytes:
    """Send parts of a request, then wait for the connection's end or for an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.read(500))
    for part in parts:
        if answer.done():
            break
        writer.write(part)
        await asyncio.sleep(pause_s)
    try:
        return await asyncio.wait_for(answer, 20)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def test_it_is_the_protocol_that_serves() -> None:
    assert AutoHTTPProtocol is H11Protocol


@pytest.mark.parametrize(
    "parts",
    [[], [b"GET / HTTP"], [b"GET / HTTP/1.1\r\n", *[b"A: b\r\n"] * 100], [HEAD, b"1"]],
    ids=["silent", "begun", "drop by drop", "half a body"],
)
def test_a_request_that_is_not_whole_ends(port: int, parts: list[bytes]) -> None:
    assert awaited(talk(port, *parts)) == b""


def test_a_whole_request_is_answered_however_long_that_takes(port: int) -> None:
    answer = awaited(talk(port, HEAD[:20], HEAD[20:], b"12345"))
    assert answer.startswith(b"HTTP/1.1 200")


def test_a_websocket_stays_open_without_a_word(port: int) -> None:
    async def silent() -> str | bytes:
        async with connect(f"ws://127.0.0.1:{port}/", proxy=None) as socket:
            await asyncio.sleep(3 * LIMIT_S)
            await socket.send("still here?")
            return await socket.recv()

    assert awaited(silent()) == "here"
