"""A report from the question to the files, with its progress reported."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from circle.files import folder_to_write
from circle.report import bundle
from circle.report.content.assemble import build
from circle.store import audit, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from circle.model import StandardSet
    from circle.report.bundle import Manifest
    from circle.report.content.elements import Choice
    from circle.study import Study

CONTENT = "content"
"""The part that computes what the report says."""
_CONTENT_SHARE = 0.15


def run(  # noqa: PLR0913 - the question, where to, and the callbacks
    study: Study,
    choice: Choice,
    standards: Mapping[str, StandardSet],
    out: str | Path,
    formats: Sequence[str] = bundle.FORMATS,
    *,
    progress: Callable[[str, float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Manifest:
    """Compute a report and write it; see `content.assemble.build` and `bundle.write`.

    Parameters
    ----------
    study, choice, standards
        Of whom, what, by which standards.
    out, formats
        Where to, in which formats.
    progress
        Called with the part at work and the share of all work done, 0 to 1.
    cancelled
        Asked between parts whether to stop.

    Raises
    ------
    InputError
        For what cannot be asked.
    CancelledError
        When `cancelled` returned True; nothing is changed then.
    OutputError
        When files cannot be written.
    """
    bundle.check(formats)
    folder_to_write(out)

    def of_content(share: float) -> bool:
        if progress is not None:
            progress(CONTENT, share * _CONTENT_SHARE)
        return cancelled is None or not cancelled()

    def of_files(part: str, share: float) -> None:
        if progress is not None:
            progress(part, _CONTENT_SHARE + share * (1 - _CONTENT_SHARE))

    start = time.perf_counter()
    report = build(study, choice, standards, of_content)
    took = time.perf_counter() - start
    written = bundle.write(report, out, formats, progress=of_files, cancelled=cancelled)
    return replace(written, seconds={CONTENT: took, **written.seconds})


def write_to_audit(written: Manifest, choice: Choice, *, by: str) -> None:
    """Write to the audit that a report was handed out, where there is a store.

    Raises
    ------
    StoreError
        When nothing can be written there: the report is not to be handed out.
    """
    store = opened()
    if store.in_use:
        told = {"sha256": written.archive.sha256, "kinds": choice.kinds, "areas": choice.areas}
        subject = f"report/{written.about['district']}"
        audit.note(store, audit.Action.REPORT, by=by, subject=subject, content=told)
