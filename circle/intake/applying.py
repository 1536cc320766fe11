"""What a file would change → the district folder that has it, rehearsed and put in place."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from circle.config import os_user
from circle.errors import InputError
from circle.files import shown
from circle.intake import layouts
from circle.intake.merge import Merged
from circle.load.read import read_district
from circle.load.replacing import staged
from circle.load.rewrite import rewritten
from circle.load.versions import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.intake.importing import Prepared
    from circle.load.replacing import Staged
    from circle.model import District


@contextmanager
def rehearsed(prepared: Prepared) -> Iterator[Staged]:
    """Write the district folder as it would be beside its place; `put` puts it there.

    Every change of a district folder by a file that is brought goes this way.

    Raises
    ------
    DataError
        When the folder was changed meanwhile, or would have faults.
    OutputError
        When it cannot be written.
    """
    merged, layer, folder = prepared.merged, prepared.layer, prepared.folder
    source = prepared.wishes.filled.source
    if isinstance(merged, Merged):
        content = rewritten(folder, {layer.file: merged.table}, {}, source)
    else:
        content = rewritten(folder, {}, {layer.level: merged.outlines}, source)
    if prepared.wishes.columns:
        content[layouts.FILE] = layouts.with_layout(
            folder.path, layer, prepared.columns.header, prepared.columns.as_layout()
        )
    made = prepared.wishes.made or Made("import", os_user(), prepared.sheet.file)
    with staged(folder.path, content, made, expected=prepared.present) as new:
        yield new


def district_after(prepared: Prepared) -> District:
    """Return the district as it would be; nothing of it stays written. See `rehearsed`."""
    with rehearsed(prepared) as new:
        return read_district(new.path)


def apply(prepared: Prepared, made: Made, *, accept_good: bool = False) -> None:
    """Put what a file changes in place.

    Parameters
    ----------
    accept_good
        Whether the good rows are taken though there are bad ones.

    Raises
    ------
    InputError
        When the file is refused, changes nothing, or has bad rows and the good ones are not to
        be taken alone.
    DataError
        When the folder was changed meanwhile, or would have faults.
    OutputError
        When it cannot be written.
    """
    if prepared.refused or (prepared.bad and not accept_good):
        raise InputError("intake.not_accepted", file=shown(prepared.sheet.file))
    if not prepared.changes_anything:
        raise InputError("intake.no_change", file=shown(prepared.sheet.file))
    with rehearsed(replace(prepared, wishes=replace(prepared.wishes, made=made))) as new:
        new.put()
