"""What takes long is made in the background: reports, changes of the data, plans of sites.

Of each sort one is made at a time on this server; others wait for their turn. What is
made lies in a folder of its own that goes with the session. The job of a visitor
whose page is gone makes way for others; it is there when the page comes back in time,
and ends with the visit.
"""

from __future__ import annotations

import logging
import tempfile
import threading
import weakref
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from circle.errors import CancelledError, CircleError
from circle.files import WorkFolder, clear_abandoned
from circle.i18n import in_language, language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Progress = Callable[[str, float], None]
    """Is told what is at work, and how much of all is done."""
    Stop = Callable[[], bool]

T = TypeVar("T")

WAITING = "waiting"
_NAME = "job"
_WAIT_S = 0.2
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Queue:
    """Jobs of one sort, of which one is at work."""

    turn: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(1))
    waiting: set[_Work] = field(default_factory=set)


REPORTS, CHANGES, PLANS = Queue(), Queue(), Queue()


@dataclass(eq=False)
class _Work:
    """What a job and its thread share."""

    session: str | None
    folder: WorkFolder
    queue: Queue
    stop: threading.Event = field(default_factory=threading.Event)
    part: str = WAITING
    share: float = 0.0
    made: Any = None
    failed: Exception | None = None
    done: bool = False
    ended: bool = False

    @property
    def away(self) -> bool:
        """Whether the page that asked for it is not connected."""
        if self.session is None or not runtime.exists():
            return False
        return not runtime.get_instance().is_active_session(self.session)

    def given_up(self) -> bool:
        """Whether to stop: it was cancelled, or is in the way of somebody who is here."""
        if self.away and any(not other.away for other in list(self.queue.waiting)):
            self.stop.set()
        return self.stop.is_set()

    def end(self) -> None:
        """Stop, and leave nothing once nothing is written any more."""
        self.ended = True
        self.stop.set()
        if self.done:
            self.folder.remove()


_works: weakref.WeakSet[_Work] = weakref.WeakSet()
_works_lock = threading.Lock()


class Job(Generic[T]):
    """What is on its way.

    Parameters
    ----------
    make
        Writes into a folder; takes what to report progress to and what says whether to stop.
    queue
        For whose turn it waits.
    """

    def __init__(self, make: Callable[[Path, Progress, Stop], T], queue: Queue = REPORTS) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        folder = WorkFolder(Path(tempfile.gettempdir()), _NAME)
        self._work = _Work(None if context is None else context.session_id, folder, queue)
        with _works_lock:
            _works.add(self._work)
        weakref.finalize(self, self._work.end)
        self._thread = threading.Thread(
            target=_run, args=(self._work, make, language()), daemon=True
        )
        self._thread.start()

    @property
    def part(self) -> str:
        """What is at work."""
        return self._work.part

    @property
    def share(self) -> float:
        """How much of all is done."""
        return self._work.share

    @property
    def made(self) -> T | None:
        """What was made, once it is."""
        made: T | None = self._work.made
        return made

    @property
    def failed(self) -> Exception | None:
        """Why nothing was made; None while there is no failure."""
        return self._work.failed

    @property
    def folder(self) -> Path:
        """Where it is made."""
        return self._work.folder.path

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    def wait(self, seconds: float) -> None:
        """Wait until it is done, at most so long."""
        self._thread.join(seconds)

    def cancel(self) -> None:
        """Stop at the next part."""
        self._work.stop.set()


def keep(sessions: Collection[str]) -> None:
    """Stop the jobs of all sessions but these, and remove what they made."""
    with _works_lock:
        ended = [work for work in _works if work.session not in {None, *sessions}]
    for work in ended:
        work.end()


def clear_leftovers() -> None:
    """Remove what servers that were killed were making."""
    clear_abandoned(Path(tempfile.gettempdir()), _NAME)


def _run(work: _Work, make: Callable[[Path, Progress, Stop], object], spoken: str) -> None:
    def progress(part: str, share: float) -> None:
        work.part, work.share = part, share

    try:
        with _in_turn(work), in_language(spoken):
            work.made = make(work.folder.path / "report", progress, work.given_up)
    except CircleError as error:
        work.failed = error
    except Exception as error:  # noqa: BLE001 - logged, and shown on the page
        _log.exception("a job failed")
        work.failed = error
    work.done = True
    if work.ended:
        work.folder.remove()


@contextmanager
def _in_turn(work: _Work) -> Iterator[None]:
    work.queue.waiting.add(work)
    try:
        while not _its_turn(work):
            if work.stop.is_set():
                raise CancelledError
    finally:
        work.queue.waiting.discard(work)
    try:
        yield
    finally:
        work.queue.turn.release()


def _its_turn(work: _Work) -> bool:
    """Take the turn if it comes within a moment; whoever is away takes none."""
    if work.away:
        work.stop.wait(_WAIT_S)
        return False
    return work.queue.turn.acquire(timeout=_WAIT_S)
