"""The style sheet in the page that Streamlit sends first, so that nothing jumps when it comes.

Streamlit's own page has no style of ours: it would arrive with the first run, after
the first parts of the page were laid out without it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from circle.web.server.headers import FRAMES
from circle.web.style import style_sheet

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BODY = b"<body>"
"""After the head: Streamlit adds its own styles there, and of equals the last one holds."""
_OF_THE_WHOLE = ("etag", "last-modified", "accept-ranges")
"""What is said of the file as Streamlit has it, and is not true of what is sent."""


class FirstStyle:
    """Puts the style sheet into the page that a browser loads first.

    Parameters
    ----------
    app
        The application behind it.
    base
        Path below which the app is served: "", or one that begins with a slash.
    """

    def __init__(self, app: ASGIApp, base: str = "") -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the style sheet in it, if it is the page that is asked for."""
        if not self._asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def send_styled(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_page(message):
                start = message
                return
            if not start:
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = body.replace(_BODY, _BODY + _style(), 1)
            headers = MutableHeaders(scope=start)
            headers["content-length"] = str(len(whole))
            for name in _OF_THE_WHOLE:
                del headers[name]
            await send(start)
            await send({"type": "http.response.body", "body": whole})

        await self.app({**scope, "headers": plain}, receive, send_styled)

    def _asks_for_page(self, scope: Scope) -> bool:
        return (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and not scope["path"].removeprefix(self.base).startswith(FRAMES)
            and "text/html" in Headers(scope=scope).get("accept", "")
        )


def _is_page(message: Message) -> bool:
    given = Headers(raw=message["headers"])
    return (
        message["status"] == 200  # noqa: PLR2004 - all is well
        and given.get("content-type", "").startswith("text/html")
    )


@cache
def _style() -> bytes:
    return f"<style>{style_sheet()}</style>".encode()
