"""Changes of a district folder in the audit: the folder is no part of the store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from circle.store import engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.load.versions import Made


@contextmanager
def noted(made: Made, district_id: str) -> Iterator[None]:
    """Write to the audit that a district folder is changed, and change it in the block.

    The entry is written first and kept when the block ends well: where nothing can be
    written, nothing is changed. Without a store there is no audit to write to.

    Parameters
    ----------
    made
        Who changes the folder, by what (an action of the audit), and why.
    district_id
        Whose folder it is.

    Raises
    ------
    StoreError
        When nothing can be written there.
    """
    store = engine.opened()
    if not store.in_use:
        yield
        return
    from circle.store import audit  # noqa: PLC0415 - the engine first, then its tables

    with store.writing() as connection:
        told = {"reason": made.reason}
        subject = f"district/{district_id}"
        audit.record(
            connection, audit.Action(made.action), by=made.author, subject=subject, content=told
        )
        yield
