"""Debian's nginx with the configuration of deploy/, before a server that says what came."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import re
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from circle.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT_S = 0.7
"""In place of the half minute that a request has."""
OWN_HEADERS = {"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff"}
"""What the app sends itself."""
_MAIN = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/circle.conf;
}}
"""


@dataclass
class Proxy:
    """A running nginx: its ports, what it logged, and how to ask it."""

    port: int
    plain_port: int
    folder: Path

    def ask(self, request: str, *, peer: str = "127.0.0.1", body: bytes = b"") -> bytes:
        """Return the whole answer to a request of HTTP/1.1, its first line and headers given."""
        with closing(self.connected(peer)) as line:
            line.sendall(f"{request}\r\nHost: a.example:99\r\n\r\n".encode() + body)
            return answer(line)

    def connected(self, peer: str = "127.0.0.1") -> ssl.SSLSocket:
        """Return an encrypted connection, from an address of this machine."""
        context = ssl.create_default_context(cafile=self.folder / "fullchain.pem")
        context.check_hostname = False
        raw = socket.create_connection(("127.0.0.1", self.port), 10, (peer, 0))
        return context.wrap_socket(raw)


def answer(line: socket.socket) -> bytes:
    """Return what comes until the answer is whole or the connection ends."""
    got = b""
    while part := line.recv(65_536):
        got += part
        head, _, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if b" 101 " in head[:20] or (length and len(body) >= int(length[1])):
            break
    return got


async def _said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer with the request's headers, or open a WebSocket and send back what comes."""
    try:
        async with asyncio.timeout(60):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            given = {name.lower(): value for name, value in (row.split(": ", 1) for row in lines)}
            if given.get("upgrade") == "websocket" and given.get("connection") == "upgrade":
                writer.write(
                    b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
                )
                while part := await reader.read(100):
                    writer.write(part)
            else:
                async with asyncio.timeout(LIMIT_S):  # as circle.web.server.patience
                    await reader.readexactly(int(given.get("content-length", 0)))
                text = json.dumps({"first": first, **given})
                own = "".join(f"{name}: {value}\r\n" for name, value in OWN_HEADERS.items())
                writer.write(
                    f"HTTP/1.1 200 OK\r\n{own}Content-Length: {len(text)}\r\n\r\n{text}".encode()
                )
                await writer.drain()
    except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    """Serve in the app's place, and give the port."""
    ports: queue.Queue[int] = queue.Queue()
    ended = threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(_said, "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await asyncio.to_thread(ended.wait)
        server.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    yield ports.get(timeout=10)
    ended.set()
    thread.join()


@pytest.fixture(scope="module")
def nginx_program() -> str:
    """Return the path of nginx."""
    path = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is not None:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail("nginx is not installed (Debian: nginx-light)")
    pytest.skip("needs nginx (Debian: nginx-light)")


@pytest.fixture(scope="module")
def nginx(
    nginx_program: str, upstream: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    """Run nginx as deploy/nginx.conf says, but for ports, names of files and patience."""
    folder = tmp_path_factory.mktemp("nginx")
    with closing(socket.socket()) as plain, closing(socket.socket()) as encrypted:
        plain.bind(("127.0.0.1", 0))
        encrypted.bind(("127.0.0.1", 0))
        proxy = Proxy(encrypted.getsockname()[1], plain.getsockname()[1], folder)
    _write(proxy, upstream)
    call = [nginx_program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*call, "-t"], capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert checked.returncode == 0, checked.stderr
    server = subprocess.Popen(call, stderr=subprocess.PIPE)  # noqa: S603 - our own command
    try:
        _wait(proxy, server)
        yield proxy
    finally:
        server.terminate()
        server.communicate(timeout=10)


def _write(proxy: Proxy, upstream: int) -> None:
    folder = proxy.folder
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for before, after, times in (
        ("listen 80;", f"listen 127.0.0.1:{proxy.plain_port};", 1),
        ("listen 443 ", f"listen 127.0.0.1:{proxy.port} ", 1),
        ("127.0.0.1:8501", f"127.0.0.1:{upstream}", 3),
        ("/etc/ssl/circle/", f"{folder}/", 2),
        ("_timeout 30s;", f"_timeout {LIMIT_S * 1000:.0f}ms;", 2),
    ):
        assert text.count(before) == times, before
        text = text.replace(before, after)
    (folder / "circle.conf").write_text(text)
    _certify(folder)


def _certify(folder: Path) -> None:
    """Make a key, and a certificate that it signs itself."""
    subprocess.run(  # noqa: S603 - our own command
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        check=True,
        capture_output=True,
    )


def _wait(proxy: Proxy, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert server.poll() is None, (proxy.folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", proxy.port), 1).close()
        except OSError:
            threading.Event().wait(0.05)
        else:
            return
    pytest.fail("nginx did not start")
