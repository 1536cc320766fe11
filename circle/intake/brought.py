"""A file that was sent, kept under a name that is harmless."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from circle.intake.formats import ENDINGS

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST = 60
_STEM = "file"
KNOWN = tuple(dict.fromkeys(ending for endings in ENDINGS.values() for ending in endings))
"""The endings of all files that may be brought."""


def harmless(name: str) -> str:
    """Return a file's name without folders, without what is not printed, and not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    line = "".join(c if c.isprintable() and c not in ':*?"<>|' else "_" for c in last)
    path = PurePosixPath(line.strip(". ") or _STEM)
    ending = path.suffix if path.suffix.lower() in KNOWN else ""
    stem = line.strip(". ").removesuffix(ending)[:_LONGEST].strip(". ")
    return f"{stem or _STEM}{ending}"


def kept(data: bytes, name: str, folder: Path) -> Path:
    """Write what was sent into a folder, which is made, and return where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / harmless(name)
    path.write_bytes(data)
    return path
