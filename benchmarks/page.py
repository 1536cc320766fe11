"""docs/performance.md: each benchmark writes its own part and leaves the others alone."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
_TITLE = "# Performance\n"


def put(part: str, text: str, page: Path = PAGE) -> None:
    """Write a part of the page, in place of the one of before, or at its end.

    Parameters
    ----------
    part
        Its name.
    text
        Markdown.
    page
        The file.
    """
    before = page.read_text(encoding="utf-8") if page.is_file() else _TITLE
    begin, end = f"<!-- {part}: begin -->", f"<!-- {part}: end -->"
    own = f"{begin}\n{text.strip()}\n{end}"
    held = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    after = held.sub(lambda _: own, before) if held.search(before) else f"{before}\n{own}\n"
    new = page.with_suffix(".new")
    new.write_text(after, encoding="utf-8")
    new.replace(page)


def machine() -> str:
    """Return what the machine is, in a line."""
    python = f"Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, {python}"


def versions(packages: Iterable[str]) -> str:
    """Return the versions of those packages that are installed, in a line."""
    return ", ".join(f"{name} {found}" for name in packages if (found := _version(name)))


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
