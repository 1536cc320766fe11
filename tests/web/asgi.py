"""One request to a layer of the server, without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.waiting import awaited

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for key, value in self.headers if key == name]


class Inner:
    """An app that answers all alike, and counts."""

    def __init__(
        self, status: int = 200, *headers: tuple[str, str], body: bytes = b"inside"
    ) -> None:
        self.status, self.headers, self.body, self.reached = status, headers, body, 0
        self.asked: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer."""
        self.reached += 1
        self.asked = [name for name, _ in scope.get("headers", ())]
        raw = [(name.encode(), value.encode()) for name, value in self.headers]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


def ask(
    app: ASGIApp,
    path: str = "/",
    *headers: tuple[str, str],
    query: str = "",
    **scope: Any,
) -> Answer:
    """Send one request and return the answer."""
    raw = [(b"host", b"127.0.0.1:8501")] if not dict(headers).get("host") else []
    raw += [(name.encode(), value.encode("latin-1")) for name, value in headers]
    asked = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
        "headers": raw, "client": ("127.0.0.1", 5000), "scheme": "http", **scope,
    }  # fmt: skip
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    awaited(app(asked, receive, send))  # type: ignore[arg-type]
    start = sent[0]
    told = [(name.decode().lower(), value.decode()) for name, value in start.get("headers", [])]
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return Answer(start.get("status", start.get("code", 0)), told, body.decode())
