"""A change of the data in the background, as a page shows it: how far it is, and stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.errors import CancelledError, CircleError, DataError
from circle.i18n import t
from circle.load import finding_text
from circle.web import shell
from circle.web.jobs import CHANGES, Job
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


def start(key: str, make: Callable[[Path, Progress, Stop], Any]) -> None:
    """Begin a job, in place of the one before under the same key."""
    stop(key)
    choose_language()  # before a run Streamlit knows none
    job: Job[Any] = Job(make, CHANGES)
    st.session_state[key] = job
    job.wait(_AT_ONCE_S)


def stop(key: str) -> None:
    """Stop a job, and forget what it made."""
    job = st.session_state.pop(key, None)
    if isinstance(job, Job):
        job.cancel()


def running(key: str) -> bool:
    """Tell whether a job is at work."""
    job = st.session_state.get(key)
    return isinstance(job, Job) and job.running


def made(key: str) -> Any:  # noqa: ANN401 - whatever the job makes
    """Draw how far a job is or why it failed; return what it made, None where it has not."""
    job = st.session_state.get(key)
    if not isinstance(job, Job):
        return None
    if job.running:
        part(lambda: _progress(key), every_s=_POLL_S)
    elif isinstance(job.failed, CancelledError):
        st.info(t("working.cancelled"))
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
