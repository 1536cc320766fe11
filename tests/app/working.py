"""What a page makes in the background: waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.web.jobs import Job

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

JOBS = (
    "bringing:read",
    "bringing:put",
    "refreshing:fetch",
    "refreshing:put",
    "edits:put",
    "siting:exact",
    "siting:without",
    "siting:stays",
    "siting:prices",
    "siting:curve",
    "siting:front",
)


def finished(app: AppTest) -> AppTest:
    """Wait for what is at work, and draw the page anew where it showed its progress."""
    waited = False
    for key in JOBS:
        if key not in app.session_state:
            continue
        job = app.session_state[key]
        if isinstance(job, Job) and job.running:
            job.wait(60)
            waited = True
    return app.run() if waited else app
