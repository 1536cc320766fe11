"""What is refused before it is read: too large, packed too tightly, no regular file."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import TYPE_CHECKING

from circle.errors import InputError
from circle.files import reason, shown
from circle.load.text_tables import LARGEST_MB

if TYPE_CHECKING:
    from pathlib import Path

MOST_ROWS = 200_000
MOST_COLUMNS = 300
UNPACKED_MB = 500
"""All that a packed file holds may be this large."""
MOST_MEMBERS = 2_000
_TIGHT, _TIGHT_FROM = 250, 5_000_000
"""A member that is larger than the second number may be packed this many times smaller."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


def read_file(path: Path) -> bytes:
    """Return a file's bytes; its size is looked at first.

    Raises
    ------
    InputError
        When it is missing, is no regular file, is empty or too large.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise InputError("file", file=shown(path), problem=reason(error)) from error
    if not stat.S_ISREG(status.st_mode):
        raise InputError("not_a_file", file=shown(path))
    if status.st_size > LARGEST_MB * 1_000_000:
        size = f"{status.st_size / 1e6:,.0f}"
        raise InputError("intake.too_large", file=shown(path.name), mb=size, limit=LARGEST_MB)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("file", file=shown(path), problem=reason(error)) from error
    if not data.strip():
        raise InputError("intake.empty", file=shown(path.name))
    return data


def names_in(data: bytes, file: str) -> list[str]:
    """Return the names of what is packed in a file, once its sizes are found fit.

    Raises
    ------
    InputError
        When it is damaged, locked, or unpacks to what is too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except _DAMAGE as error:
        raise InputError("intake.damaged", file=shown(file)) from error
    if any(member.flag_bits & 1 for member in members):
        raise InputError("intake.locked", file=shown(file))
    size = sum(member.file_size for member in members)
    tight = any(
        member.file_size > max(_TIGHT_FROM, _TIGHT * member.compress_size) for member in members
    )
    if size > UNPACKED_MB * 1_000_000 or tight or len(members) > MOST_MEMBERS:
        raise InputError(
            "intake.bomb", file=shown(file), mb=f"{size / 1e6:,.0f}", limit=UNPACKED_MB
        )
    return [member.filename for member in members]


def member(data: bytes, name: str, file: str) -> bytes:
    """Return one member of a packed file whose sizes were found fit.

    Raises
    ------
    InputError
        When it is damaged, or larger than it says.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, packed.open(name) as opened:
            limit = packed.getinfo(name).file_size
            content = opened.read(limit + 1)
    except _DAMAGE as error:
        raise InputError("intake.damaged", file=shown(file)) from error
    if len(content) > limit:
        raise InputError("intake.bomb", file=shown(file), mb=">", limit=UNPACKED_MB)
    return content


def few_enough(rows: int, columns: int, file: str) -> None:
    """Refuse a table with too many rows or columns.

    Raises
    ------
    InputError
        When it is so.
    """
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise InputError(
            "intake.too_many_rows",
            file=shown(file),
            rows=f"{rows:,}",
            columns=columns,
            most_rows=f"{MOST_ROWS:,}",
            most_columns=MOST_COLUMNS,
        )
