"""The security headers: what a page may run, load, frame and pass on to other sites.

Streamlit sends none of these itself. Its own page has one script inside it, and ours
puts one there (`circle.web.names`); both are allowed by their hash, and no text is run
as code. The frames of ours have none inside them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from circle.web import names

FRAMES = ("/component/", "/_stcore/bidi-components/")
"""Where the documents of the map's and the components' frames are."""
FOR_GOOD = "public, max-age=31536000, immutable"
"""How long a browser keeps a file whose address names its content (`circle.maps.assets`)."""
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
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_SCRIPTS_OF_PAGE = "'self' 'wasm-unsafe-eval'"
_SCRIPTS_OF_FRAME = "'self'"


def policy(path: str, tiles: str = "") -> str:
    """Return the Content-Security-Policy of an address.

    Parameters
    ----------
    path
        Of the request, below the app's base path.
    tiles
        Origin of the background map's tiles, or "".
    """
    scripts = _SCRIPTS_OF_FRAME
    if not path.startswith(FRAMES):
        scripts = " ".join((_SCRIPTS_OF_PAGE, *_hashes()))
    images = f"{_POLICY['img-src']} {tiles}".strip()
    parts = _POLICY | {"script-src": scripts, "img-src": images}
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def origin(template: str | None) -> str:
    """Return the origin of a tiles' address, "" for none or one that a policy cannot hold."""
    if not template:
        return ""
    parts = urlsplit(template)
    host = parts.netloc.replace("{s}", "*")
    letters = host.replace("*.", "", 1).replace("-", "").replace(".", "").replace(":", "")
    return f"{parts.scheme}://{host}" if parts.scheme and letters.isalnum() else ""


@cache
def _hashes() -> tuple[str, ...]:
    """Return the hashes of the scripts inside Streamlit's page, and of the one we put there."""
    page = Path(st.__file__).with_name("static") / "index.html"
    scripts = (*_INLINE.findall(page.read_bytes()), names.script().encode())
    digests = (hashlib.sha256(script).digest() for script in scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
