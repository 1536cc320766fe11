"""The local mode is for one's own machine: whatever comes from elsewhere is refused."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Container

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
"""Headers that show that a request was passed on by a proxy."""


def is_loopback(host: str | None) -> bool:
    """Return whether a name or an address is this machine's own."""
    if not host:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def stranger(peer: str | None, host: str | None, headers: Container[str]) -> str | None:
    """Return why a request does not come from this machine, or None when it does.

    Parameters
    ----------
    peer
        Address of the other side; None where there is no connection.
    host
        The request's Host header: another name than this machine's own means that
        a page elsewhere had its name point here.
    headers
        Names of the request's headers, in small letters.

    Returns
    -------
    str or None
        ``peer``, ``host`` or ``proxy``: what is not this machine's.
    """
    if peer is not None and not is_loopback(peer):
        return "peer"
    if host is not None and not is_loopback(_name(host)):
        return "host"
    return "proxy" if any(name in headers for name in FORWARDED) else None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
