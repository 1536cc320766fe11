"""The outermost middleware: who may connect, how often, and the security headers.

It stands around Streamlit's own layers. It keeps the local mode to its own machine
and WebSockets to this site's pages, shuts addresses that nobody needs, limits the rate
of sign-ins and adds the headers that Streamlit does not send.
"""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocketClose

from circle.config import settings
from circle.errors import SettingError
from circle.i18n import LANGUAGES, t
from circle.web import sign_in, uploads
from circle.web.server import headers
from circle.web.server.loopback import is_loopback, stranger
from circle.web.server.origin import is_own
from circle.web.server.rate_limit import Limiter

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SIGN_INS = ("/auth/login", "/oauth2callback")
SHUT = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""Addresses for monitoring programs, which nobody needs here."""
MEDIA = "/media/"
"""Where files for download are, those of staff too: no cache keeps them."""
MOST_SIGN_INS, WITHIN_S = 30, 60.0
_OK = 200
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the outermost middleware enforces.

    Attributes
    ----------
    local
        True in the local mode.
    base
        Path below which the app is served: "", or one that begins with a slash.
    tiles
        Origin of the background map's tiles, or "".
    """

    local: bool
    base: str = ""
    tiles: str = ""


class AccessControl:
    """The outermost middleware of the server.

    Parameters
    ----------
    app
        The application behind it.
    rules
        What it enforces.
    """

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules
        self.limiters = {path: Limiter(MOST_SIGN_INS, WITHIN_S) for path in SIGN_INS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix(self.rules.base)
        refusal = self._refusal(scope, path)
        if refusal is None:
            await self.app(scope, receive, self._with_headers(scope, path, send))
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await refusal(scope, receive, self._with_headers(scope, path, send))

    def _refusal(self, scope: Scope, path: str) -> PlainTextResponse | None:
        given = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else None
        if self.rules.local and stranger(peer, given.get("host", ""), given):
            return PlainTextResponse(_in_both_languages("not_local"), 403)
        if any(path == shut or path.startswith(f"{shut}/") for shut in SHUT):
            return PlainTextResponse("Not Found", 404)
        if path.startswith(uploads.ADDRESS) and not uploads.may_send(path):
            return PlainTextResponse("Forbidden", 403)
        if scope["type"] == "websocket" and not is_own(
            given.getlist("origin"), given.get("host", ""), scope["scheme"]
        ):
            return PlainTextResponse("Forbidden", 403)
        limiter = self.limiters.get(path)
        if limiter and not limiter.allows(peer, time.monotonic()):
            return PlainTextResponse(
                _in_both_languages("too_many"), 429, {"Retry-After": f"{WITHIN_S:.0f}"}
            )
        return None

    def _with_headers(self, scope: Scope, path: str, send: Send) -> Send:
        added = headers.HEADERS | {
            "Content-Security-Policy": headers.policy(path, self.rules.tiles)
        }
        encrypted = scope["scheme"] in {"https", "wss"}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in added.items():
                    given.setdefault(name, value)
                if path.startswith(MEDIA):
                    given["Cache-Control"] = "no-store"
                elif message["status"] == _OK and _named_by_content(scope, path):
                    given["Cache-Control"] = headers.FOR_GOOD
                if encrypted:
                    message["headers"] = [secured(name, value) for name, value in given.raw]
            await send(message)

        return send_with_headers


def _named_by_content(scope: Scope, path: str) -> bool:
    """Tell whether it is a file of a frame of ours, asked for by what it holds."""
    return path.startswith(headers.FRAMES) and scope.get("query_string", b"").startswith(b"v=")


def checked() -> Rules:
    """Return the rules of this installation; or end the server with what is wrong.

    Raises
    ------
    SystemExit
        When a setting cannot be used, or the local mode would be open to others.
    """
    try:
        config = settings()
        fault = None if config.mode == "local" else sign_in.fault()
    except SettingError as error:
        sys.exit("\n".join(error.message(code) for code in LANGUAGES))
    local = config.mode == "local"
    if local and not is_loopback(st.get_option("server.address")):
        sys.exit(_in_both_languages("not_local"))
    if fault is not None:
        _log.warning("%s", _in_both_languages(f"fault_{fault}"))
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return Rules(local, f"/{base}" if base else "", headers.origin(config.tiles))


def secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a header with its cookie, if it sets one, kept to encrypted connections."""
    if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
        return name, value + b"; Secure"
    return name, value


def _in_both_languages(key: str) -> str:
    return "\n".join(t(f"sign_in.{key}", language=code) for code in LANGUAGES) + "\n"
