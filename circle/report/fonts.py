"""Fonts that print Chinese: found on this machine, or a clear error; never boxes.

`faces` is the one answer for maps and documents. A font is taken from the setting
``fonts`` (a folder or a file), else from what the system has installed, the first
of `FAMILIES` that is there.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import typst
from matplotlib import font_manager

from circle.config import settings
from circle.errors import FontError

if TYPE_CHECKING:
    from pathlib import Path

FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "SimHei",
)
"""Humanist sans of Chinese, the best first."""
FALLBACK = "DejaVu Sans"
"""Signs that a Chinese font lacks; comes with matplotlib."""


def faces() -> tuple[str, str]:
    """Return the families to set text in: the Chinese one, and the one for other signs.

    Both are known to matplotlib afterwards.

    Raises
    ------
    FontError
        When no font with Chinese is found.
    """
    return family(settings().fonts), FALLBACK


def folders() -> tuple[str, ...]:
    """Return the folders that hold the files of `faces`."""
    files = [
        font_manager.findfont(font_manager.FontProperties(family=one, weight=weight))
        for one in faces()
        for weight in ("normal", "bold")
    ]
    return tuple(sorted({file.rpartition("/")[0] for file in files}))


def for_typst() -> typst.Fonts:
    """Return the fonts of `folders` as Typst takes them, read once."""
    return _read(folders())


@cache
def _read(paths: tuple[str, ...]) -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths)
    )


@cache
def family(own: Path | None) -> str:
    """Return the family of Chinese in the file or folder `own`, or else of the system."""
    known = font_manager.fontManager
    if own is not None:
        files = font_manager.findSystemFonts([str(own)]) if own.is_dir() else [str(own)]
        before = len(known.ttflist)
        try:
            for file in files:
                known.addfont(file)
        except (OSError, RuntimeError) as error:
            raise FontError("font_file", file=own, problem=error) from error
        named = [face.name for face in known.ttflist[before:]]
        chosen = [name for name in FAMILIES if name in named] or named
        if not chosen:
            raise FontError("font_none_in", folder=own)
        return chosen[0]
    listed = {face.fname for face in known.ttflist}
    for file in set(font_manager.findSystemFonts()) - listed:
        with suppress(OSError, RuntimeError, ValueError):  # a font that cannot be read is none
            known.addfont(file)
    names = {face.name for face in known.ttflist}
    for name in FAMILIES:
        if name in names:
            return name
    raise FontError("font_none", names=", ".join(FAMILIES[:3]))
