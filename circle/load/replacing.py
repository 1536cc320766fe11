"""A district folder is put in place whole, checked first, and what it was is kept."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from circle import files
from circle.load import versions
from circle.load.folder import faulty_folder, put_back, rescue
from circle.load.meta import FILE
from circle.load.read import check
from circle.load.text_tables import COLUMNS, OUTLINES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from circle.load.versions import Made, Version

GENERATED = frozenset({FILE, *OUTLINES, *COLUMNS})
"""Files of a district folder that its builder writes."""


def replace_folder(
    out: Path,
    content: Mapping[str, bytes],
    made: Made,
    gone: Collection[str] = GENERATED,
) -> None:
    """Write a folder beside `out`, check it, and put it in the place of `out`.

    Killed at any moment, it leaves the folder as it was or as it shall be.

    Parameters
    ----------
    out
        A district folder, or one that is not there or empty.
    content
        Its files, by name.
    made
        Who changes it, by what, and why: what it was is kept as a version.
    gone
        Files of the folder that are there now and shall not stay where `content` has
        none of their name. All others stay.

    Raises
    ------
    DataError
        With all findings, when the content is no district; `out` is then as it was.
    OutputError
        When `out` cannot be written, or somebody else is changing it.
    """
    rescue(out)
    with files.written(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with (
        files.written(out),
        versions.changing(out),
        files.work_folder(out.parent, out.name) as work,
    ):
        versions.tidy(out)
        new, old = work / "new", work / "old"
        new.mkdir()
        if out.is_dir():
            _keep_others(out, new, gone)
        for file, data in content.items():
            (new / file).write_bytes(data)
        findings = check(new)
        if findings:
            raise faulty_folder(out.name, findings)
        version = versions.keep(out, new, made)
        try:
            if out.is_dir():
                out.replace(old)
            new.replace(out)
        except BaseException:
            put_back(old, out)
            raise
        versions.settle(version)


def restore(out: Path, version: Version, made: Made) -> None:
    """Put a version of a district folder in its place; the one that was there is kept.

    Raises
    ------
    DataError
        When a file of the version is gone or damaged, or it is no district any more.
    OutputError
        When `out` cannot be written, or somebody else is changing it.
    """
    content = versions.content_of(out, version)
    replace_folder(out, content, made, gone=frozenset(versions.present(out)))


def _keep_others(out: Path, new: Path, gone: Collection[str]) -> None:
    for entry in out.iterdir():
        if entry.name in gone:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, new / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, new / entry.name, follow_symlinks=False)
