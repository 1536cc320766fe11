"""Back to the page that was wanted: Streamlit's sign-in ends at the first page.

When a sign-in begins, the address it begins from (the browser's Referer, of this same
site) goes into a cookie of a quarter of an hour: a page of the table and its
parameters, nothing else. When it ends, that is where the browser is sent, whether it
succeeded or not; where not, with a parameter that has the page say so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request

from circle.identity import PAGES, SIGN_IN_PAGE
from circle.web.server.failed_sign_ins import FailedSignIns
from circle.web.sign_in import FAILED

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "circle_wanted"
LONGEST = 1500
MOST_PARAMETERS = 40
_KEPT_S = 15 * 60
_SIGNED_IN = b"_streamlit_user="
_REDIRECT = 302


class SignInReturn:
    """The middleware that leads a visitor back to where a sign-in began.

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
        self.failed = FailedSignIns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add to the answers of a sign-in's begin and end."""
        path = scope["path"].removeprefix(self.base) if scope["type"] == "http" else ""
        if path == "/auth/login":
            await self.app(scope, receive, self._begun(scope, send))
        elif path == "/oauth2callback":
            failed: list[str] = []
            await self.app(scope, receive, self._ended(scope, send, failed))
            for reason in failed:
                await run_in_threadpool(self.failed.note, reason, time.monotonic())
        else:
            await self.app(scope, receive, send)

    def _begun(self, scope: Scope, send: Send) -> Send:
        given = Headers(scope=scope)
        place = wanted(given.get("referer", ""), given.get("host", ""), self.base)
        return _adding(send, lambda _: [self._cookie(quote(place, safe=""), _KEPT_S)])

    def _ended(self, scope: Scope, send: Send, failed: list[str]) -> Send:
        """Return a `send` that leads back; why a sign-in failed is added to `failed`."""
        request = Request(scope)
        place = checked(unquote(request.cookies.get(COOKIE, "")))
        back_from_provider = bool({"state", "error"} & request.query_params.keys())

        def lead(message: Message) -> list[tuple[str, str]]:
            if message["status"] != _REDIRECT:
                return []
            target = place
            if not _signs_in(message):
                if not back_from_provider:  # but from signing out
                    return [self._cookie("", 0)]
                target = _failed(place or SIGN_IN_PAGE)
                failed.append(request.query_params.get("error", ""))
            return [("location", f"{self.base}/{target}"), self._cookie("", 0)]

        return _adding(send, lead)

    def _cookie(self, value: str, seconds: int) -> tuple[str, str]:
        kept = f"Path={self.base or '/'}; Max-Age={seconds}; HttpOnly; SameSite=Lax"
        return "set-cookie", f"{COOKIE}={value}; {kept}"


def wanted(referer: str, host: str, base: str = "") -> str:
    """Return the place on this site that an address names, or "".

    Parameters
    ----------
    referer
        The address.
    host
        This site's name and port, as the browser asked for it.
    base
        Path below which the app is served.

    Returns
    -------
    str
        A page of the table and its parameters, like ``coverage?kind=market``.
    """
    try:
        parts = urlsplit(referer)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or parts.netloc != host:
        return ""
    path = parts.path.rstrip("/")
    if path != base and not path.startswith(f"{base}/"):
        return ""
    return checked(f"{path.removeprefix(base).lstrip('/')}?{parts.query}")


def checked(place: str) -> str:
    """Return a place that the browser may be sent to, written anew; "" for any other."""
    page, _, query = place.partition("?")
    if len(place) > LONGEST or page == SIGN_IN_PAGE or (page and page not in PAGES):
        return ""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return ""
    kept = urlencode([(name, value) for name, value in given if name != FAILED])
    return f"{page}?{kept}" if kept else page


def _adding(send: Send, more: Callable[[Message], list[tuple[str, str]]]) -> Send:
    """Return a `send` that sets headers of the answer: another place, one more cookie."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableHeaders(scope=message)
            for name, value in more(message):
                if name == "location":
                    given[name] = value
                else:
                    given.append(name, value)
        await send(message)

    return add


def _failed(place: str) -> str:
    return f"{place}{'&' if '?' in place else '?'}{FAILED}=failed"


def _signs_in(message: Message) -> bool:
    """Return whether an answer sets the cookie of somebody signed in."""
    cookies = (value for name, value in message["headers"] if name.lower() == b"set-cookie")
    given = (cookie.removeprefix(_SIGNED_IN) for cookie in cookies if cookie.startswith(_SIGNED_IN))
    return any(value[:1] not in {b"", b";", b'"'} for value in given)
