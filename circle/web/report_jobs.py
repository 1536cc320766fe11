"""Reports made in the background: their progress, and stopping them.

One report is made at a time on this server; others wait for their turn. What is
made lies in a folder of its own that goes with the session.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from circle.errors import CancelledError, CircleError
from circle.i18n import in_language, language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.report.bundle import Manifest

WAITING = "waiting"
_WAIT_S = 0.2
_turn = threading.BoundedSemaphore(1)
_log = logging.getLogger(__name__)


class Job:
    """A report on its way.

    Parameters
    ----------
    make
        Writes into a folder; takes what to report progress to and what says whether to stop.

    Attributes
    ----------
    part, share
        What is at work, and how much of all is done.
    made
        What was written, once it is.
    failed
        Why it was not; None while there is no failure.
    """

    def __init__(
        self,
        make: Callable[[Path, Callable[[str, float], None], Callable[[], bool]], Manifest],
    ) -> None:
        self.part, self.share = WAITING, 0.0
        self.made: Manifest | None = None
        self.failed: Exception | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="circle-report-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._make, self._spoken = make, language()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Stop at the next part."""
        self._stop.set()

    def _run(self) -> None:
        try:
            with self._in_turn(), in_language(self._spoken):
                self.made = self._make(self.folder / "report", self._progress, self._stop.is_set)
        except CircleError as error:
            self.failed = error
        except Exception as error:  # noqa: BLE001 - logged, and shown on the page
            _log.exception("a report failed")
            self.failed = error

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        while not _turn.acquire(timeout=_WAIT_S):
            if self._stop.is_set():
                raise CancelledError
        try:
            yield
        finally:
            _turn.release()

    def _progress(self, part: str, share: float) -> None:
        self.part, self.share = part, share
