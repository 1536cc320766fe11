"""Programs that read what we write; without one a test is left out, but never on CI."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 90


def read_by(program: str, *arguments: object) -> str:
    """Run a program and return what it prints."""
    found = shutil.which(program)
    if found is None:
        missing = f"no {program} on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    done = subprocess.run(  # noqa: S603 - a program of this machine and files of the test
        [found, *map(str, arguments)], capture_output=True, timeout=PATIENCE_S, check=True
    )
    return done.stdout.decode(errors="replace")


def pages(pdf: Path) -> list[str]:
    """Return the text of each page of a PDF file, without its breaks."""
    return [" ".join(page.split()) for page in read_by("pdftotext", pdf, "-").split("\f")[:-1]]


def words(pdf: Path) -> str:
    """Return the text of a PDF file without its breaks."""
    return " ".join(pages(pdf))


def fonts(pdf: Path) -> list[dict[str, str]]:
    """Return the fonts of a PDF file: name, whether embedded, whether text can be read back."""
    lines = read_by("pdffonts", pdf).splitlines()[2:]
    return [
        dict(zip(("emb", "sub", "uni"), line.split()[-5:-2], strict=True))
        | {"name": line.split()[0]}
        for line in lines
    ]


def beyond_the_page(pdf: Path) -> list[str]:
    """Return the words that stand out over the edge of their page."""
    out: list[str] = []
    width = height = 0.0
    for line in read_by("pdftotext", "-bbox", pdf, "-").splitlines():
        numbers = [float(number) for number in re.findall(r'="(-?[\d.]+)"', line)]
        if "<page " in line:
            width, height = numbers
        elif "<word " in line:
            west, north, east, south = numbers
            inside = west > 0 and north > 0 and east < width and south < height
            out += [] if inside else [line]
    return out


def to_pdf(documents: list[Path], folder: Path) -> None:
    """Have LibreOffice open documents and print them as PDF into `folder`."""
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    read_by("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *documents)
