r"""A plan at once: one site after the other, the best first, with a bound that is proven.

Residents covered, and minutes of walking saved, are monotone and submodular in the set of
open sites: with $f$ such a figure and $\Delta_j(S) = f(S \cup j) - f(S)$, no plan that opens
at most $p$ sites of choice gives more than

$$ \min_S \Big\{ f(S) + \max_{|T| \le p} \sum_{j \in T} \Delta_j(S) \Big\} , $$

over all $S$ that the greedy choice goes through. At its end this is never more than
$f(S) / (1 - 1/e)$ where the count is the only constraint (Nemhauser, Wolsey & Fisher
1978); other constraints only lower what can be reached.

References
----------
Nemhauser, G. L., Wolsey, L. A., & Fisher, M. L. (1978). An analysis of approximations for
maximizing submodular set functions - I. Mathematical Programming 14, 265-294.

Chvatal, V. (1979). A greedy heuristic for the set-covering problem. Mathematics of
Operations Research 4(3), 233-235.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from circle.model import Bools, Floats
    from circle.siting.constraints import Named

_LEAST = 1e-9


class Chosen(NamedTuple):
    """Which sites are open, shape (s,), and what no plan can better."""

    is_open: Bools
    bound: float


class Room:
    """What the constraints still leave room for, as sites are opened one by one.

    All rows that limit a sum from above have no negative factors, so that a site that does
    not fit once never fits again.
    """

    def __init__(self, count: int, constraints: Sequence[Named], is_open: Bools) -> None:
        rows = [row for each in constraints for row in each.rows if np.isfinite(row.high)]
        self._factors = np.zeros((len(rows), count))
        for number, row in enumerate(rows):
            self._factors[number, list(row.columns)] = row.values
        self._left = np.array([row.high for row in rows]) - self._factors @ is_open
        self.is_open = is_open.copy()

    @property
    def fits(self) -> Bools:
        """Shape (s,): which sites may be opened next."""
        short = self._factors > self._left[:, None] + _LEAST
        fits: Bools = ~(short & (self._factors > 0)).any(axis=0) & ~self.is_open
        return fits

    def open(self, site: int) -> None:
        """Open a site."""
        self.is_open[site] = True
        self._left -= self._factors[:, site]


def greedy_most(gain: Floats, weight: Floats, room: Room, most: int) -> Chosen:
    """Open the site that adds most, until none adds anything or fits.

    Parameters
    ----------
    gain
        Shape (m, s): what each site alone gives each resident, at least 0; a resident has
        the best of the open ones.
    weight
        Shape (m,): residents.
    room
        What is open from the start, and what may be opened.
    most
        No plan opens more sites beside those.
    """
    best = gain[:, room.is_open].max(axis=1, initial=0.0)
    bound = np.inf
    while True:
        added = weight @ np.maximum(gain - best[:, None], 0.0)
        added[room.is_open] = 0.0
        bound = min(bound, float(weight @ best) + float(np.sort(added)[::-1][:most].sum()))
        added[~room.fits] = 0.0
        site = int(added.argmax()) if len(added) else 0
        if not len(added) or added[site] <= _LEAST:
            return Chosen(room.is_open, bound)
        room.open(site)
        best = np.maximum(best, gain[:, site])


def greedy_fewest(covers: Bools, weight: Floats, room: Room, needed: float) -> Chosen:
    """Open the site that covers most anew, until enough is covered; its bound is a number of sites.

    What each resident costs (one site shared among those it covers anew), scaled so that
    no site's residents cost more than one, is a solution of the dual: its sum bounds the
    number from below. So does the number of the largest sites that would be needed were
    there no overlap.
    """
    left = np.logical_not(np.asarray(covers[:, room.is_open].any(axis=1), np.bool_))
    at_start, price = int(room.is_open.sum()), np.zeros(len(weight))
    target = needed - float(weight[~left].sum())
    bound = _largest(np.sort(weight @ (covers & left[:, None]))[::-1], target)
    whole = target >= float(weight[left].sum()) * (1 - _LEAST)
    for site in _next(covers, weight, room, left, needed):
        anew = left & covers[:, site]
        price[anew] = 1 / anew.sum()
        left &= ~covers[:, site]
        room.open(site)
    if whole and not left.any():
        dearest = float((price @ covers).max(initial=0.0))
        bound = max(bound, int(np.ceil(price.sum() / dearest - _LEAST)) if dearest else 0)
    return Chosen(room.is_open, float(at_start + bound))


def greedy_worst(seconds: Floats, room: Room) -> Chosen:
    """Open the site that shortens the longest walk most, then the walks in all.

    Parameters
    ----------
    seconds
        Shape (m, s), of residents who have a way to any site.
    room
        What is open from the start, and what may be opened.

    Returns
    -------
    Chosen
        Its bound is in seconds: somebody has no nearer site at all.
    """
    walks = seconds[:, room.is_open].min(axis=1, initial=np.inf)
    possible = seconds[:, room.fits | room.is_open].min(axis=1, initial=np.inf)
    while room.fits.any():
        then = np.minimum(seconds, walks[:, None])
        order = np.lexsort((then.clip(max=1e9).sum(axis=0), then.max(axis=0, initial=0.0)))
        site = next(int(each) for each in order if room.fits[each])
        if (then[:, site] >= walks).all():
            break
        room.open(site)
        walks = then[:, site]
    return Chosen(room.is_open, float(possible.max(initial=0.0)))


def _next(covers: Bools, weight: Floats, room: Room, left: Bools, needed: float) -> Iterator[int]:
    """Yield the site to open next, as long as more is needed and any helps."""
    while float(weight[~left].sum()) < needed - _LEAST:
        added = weight @ (covers & left[:, None])
        added[~room.fits] = 0.0
        if not len(added) or added.max() <= 0:
            return
        yield int(added.argmax())


def _largest(amounts: Floats, target: float) -> int:
    """Return how many of the largest amounts come to the target."""
    if target <= _LEAST:
        return 0
    return int(np.searchsorted(np.cumsum(amounts), target - _LEAST)) + 1
