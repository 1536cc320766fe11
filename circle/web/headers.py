"""What browsers are told beside the answer: what may run, load, frame and be told on.

Streamlit sends none of these itself. Its own page needs styles and a script inside the
page, and runs no text as code; the map and the charts' frames come with scripts of
libraries that do, so their documents have a policy of their own.
"""

from __future__ import annotations

from urllib.parse import urlsplit

FRAMES = ("/component/", "/_stcore/bidi-components/")
"""Where the documents of the map's and the components' frames are."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_POLICY = {
    "default-src": "'self'",
    "base-uri": "'self'",
    "object-src": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",
    "connect-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'self' blob:",
}
_SCRIPTS_OF_PAGE = "'self' 'unsafe-inline' 'wasm-unsafe-eval'"
_SCRIPTS_OF_FRAME = "'self' 'unsafe-inline' 'unsafe-eval'"


def policy(path: str, tiles: str = "") -> str:
    """Return the Content-Security-Policy of an address.

    Parameters
    ----------
    path
        Of the request, below the app's base path.
    tiles
        Origin of the background map's tiles, or "".
    """
    scripts = _SCRIPTS_OF_FRAME if path.startswith(FRAMES) else _SCRIPTS_OF_PAGE
    images = f"{_POLICY['img-src']} {tiles}".strip()
    parts = _POLICY | {"script-src": scripts, "img-src": images}
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def origin(template: str | None) -> str:
    """Return the origin of a tiles' address, "" for none or one that a policy cannot hold."""
    if not template:
        return ""
    parts = urlsplit(template)
    host = parts.netloc.replace("{s}", "*")
    plain = host.replace("*.", "", 1).replace("-", "").replace(".", "").replace(":", "")
    return f"{parts.scheme}://{host}" if parts.scheme and plain.isalnum() else ""
