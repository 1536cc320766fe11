"""Whether a page that opens a WebSocket is of this site: scheme, host and port alike.

Streamlit lets pages of the same host in whatever their scheme, and of this machine
whatever their port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

_PORTS = {"http": 80, "https": 443}


def is_own(origins: Sequence[str], host: str, scheme: str) -> bool:
    """Return whether the headers ``Origin`` of a request name this very site.

    Parameters
    ----------
    origins
        The values of the header. Every browser sends one; without it no page asks.
    host
        Of the request, with its port.
    scheme
        Of the request: ``ws`` or ``wss``, ``http`` or ``https``.
    """
    if not origins:
        return True
    ours = _parts(f"{scheme.replace('ws', 'http')}://{host}")
    return ours is not None and [_parts(origin) for origin in origins] == [ours]


def _parts(origin: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    if not plain or not parts.hostname or port is None:
        return None
    return parts.scheme, parts.hostname, port
