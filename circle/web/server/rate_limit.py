"""So many times within so many seconds, for each address."""

from __future__ import annotations

from collections import OrderedDict, deque
from ipaddress import IPv6Address, ip_address, ip_network


class Limiter:
    """A count of what each address did lately.

    Parameters
    ----------
    most
        How many times an address may.
    within_s
        In how many seconds.
    addresses
        How many addresses are remembered; the one unheard of for longest is dropped.
    """

    def __init__(self, most: int, within_s: float, addresses: int = 10_000) -> None:
        self.most = most
        self.within_s = within_s
        self.addresses = addresses
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, peer: str | None, now: float) -> bool:
        """Return whether an address may once more at `now` (seconds), and count it."""
        who = _neighbourhood(peer)
        times = self._seen.setdefault(who, deque())
        self._seen.move_to_end(who)
        if len(self._seen) > self.addresses:
            self._seen.popitem(last=False)
        while times and times[0] <= now - self.within_s:
            times.popleft()
        if len(times) >= self.most:
            return False
        times.append(now)
        return True


def _neighbourhood(peer: str | None) -> str:
    """Return the address, or of IPv6 the network of 64 bits that one household has."""
    try:
        address = ip_address(peer or "")
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address)
