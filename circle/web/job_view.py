"""A job in the background, as a page shows it: how far it is, and stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.errors import CancelledError, CircleError, DataError
from circle.i18n import t
from circle.load import finding_text
from circle.web import shell
from circle.web.jobs import CHANGES, Job, Queue
from circle.web.language import choose_language
from circle.web.part import part

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle.web.jobs import Progress, Stop

_POLL_S = 0.5
_AT_ONCE_S = 1.0
"""What is done within this time shows no progress."""
_MOST_FINDINGS = 20


def start(
    key: str,
    make: Callable[[Path, Progress, Stop], Any],
    queue: Queue = CHANGES,
    at_once_s: float = _AT_ONCE_S,
) -> None:
    """Begin a job, in place of the one before under the same key; wait for it for a moment."""
    stop(key)
    choose_language()  # before a run Streamlit knows none
    job: Job[Any] = Job(make, queue)
    st.session_state[key] = job
    job.wait(at_once_s)


def stop(key: str) -> None:
    """Stop a job, and forget what it made."""
    job = st.session_state.pop(key, None)
    if isinstance(job, Job):
        job.cancel()


def running(key: str) -> bool:
    """Tell whether a job is at work."""
    job = st.session_state.get(key)
    return isinstance(job, Job) and job.running


def peek(key: str) -> Any:  # noqa: ANN401 - whatever the job makes
    """Return what a job made, None where it has not, and draw nothing."""
    job = st.session_state.get(key)
    return job.made if isinstance(job, Job) and not job.running else None


def made(key: str, cancelled: str = "working.cancelled") -> Any:  # noqa: ANN401 - as `peek`
    """Draw how far a job is or why it failed; return what it made, None where it has not.

    Parameters
    ----------
    key
        Of the job.
    cancelled
        Key of what is said of one that was cancelled.
    """
    job = st.session_state.get(key)
    if not isinstance(job, Job):
        return None
    if job.running:
        part(lambda: _progress(key), every_s=_POLL_S)
    elif isinstance(job.failed, CancelledError):
        st.info(t(cancelled))
    elif isinstance(job.failed, CircleError):
        _fault(job.failed)
    elif job.failed is not None:
        st.error(t("error.unexpected"))
    else:
        return job.made
    return None


def step(progress: Progress, stopped: Stop, part: str, share: float) -> None:
    """Tell what is at work.

    Raises
    ------
    CancelledError
        When the job is to stop.
    """
    if stopped():
        raise CancelledError
    progress(part, share)


def _fault(error: CircleError) -> None:
    st.error(shell.escaped_markdown(error.message()))
    for finding in error.findings[:_MOST_FINDINGS] if isinstance(error, DataError) else ():
        st.warning(shell.escaped_markdown(finding_text(finding)))


def _progress(key: str) -> None:
    job = st.session_state.get(key)
    if not isinstance(job, Job) or not job.running:
        st.rerun()
    st.progress(min(1.0, job.share), text=t("working.at_work", part=t(f"working.{job.part}")))
    st.button(t("working.cancel"), on_click=job.cancel, icon=":material/close:", key=f"{key}:stop")
