"""Whether the audit is as it was written, asked again and again: whole once, then what is new."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from circle.store import audit

if TYPE_CHECKING:
    from circle.store.audit import Fault, Head
    from circle.store.engine import Store

WHOLE_AGAIN = timedelta(hours=1)
"""After so long all entries are checked anew: older ones may have been changed since."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How the audit stands.

    Attributes
    ----------
    head
        The newest entry; None where nothing was written yet.
    faults
        Where it is not as it was written.
    whole
        When all entries were checked last (UTC).
    trusted
        The newest entry when it was last as it was written: it must stay in the chain.
    """

    head: Head | None
    faults: tuple[Fault, ...]
    whole: datetime
    trusted: Head | None


class Watch:
    """The audit of one store, as one process looks at it."""

    def __init__(self) -> None:
        self._known: Checked | None = None
        self._lock = threading.Lock()

    def look(self, store: Store, now: datetime, *, anew: bool = False) -> Checked:
        """Return how the audit stands.

        Parameters
        ----------
        store
            Whose; always the same.
        now
            The present (UTC).
        anew
            Whether all entries are checked; else only those since the last look, unless
            that is long ago or there were faults.

        Raises
        ------
        StoreError
            When the store cannot be read.
        """
        with self._lock:
            known = self._known
            newer = None
            if known is not None and not anew and now - known.whole <= WHOLE_AGAIN:
                newer = _since(store, known)
            self._known = newer or _whole(store, known.trusted if known else None)
            return self._known


def _whole(store: Store, trusted: Head | None) -> Checked:
    """Check all entries; the one that is trusted must be among them."""
    faults, head = audit.verify(audit.lines(store), [str(trusted)] if trusted else ())
    return Checked(head, tuple(faults), datetime.now(UTC), trusted if faults else head)


def _since(store: Store, known: Checked) -> Checked | None:
    """Check the entries after the one that is trusted; None where all have to be looked at."""
    trusted = known.trusted
    if known.faults or trusted is None:
        return None
    faults, head = audit.verify(audit.lines(store, after=trusted.number), after=trusted)
    if faults or audit.hash_of(store, trusted.number) != trusted.hash:
        return None
    return Checked(head, (), known.whole, head)
