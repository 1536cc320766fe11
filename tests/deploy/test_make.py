"""How make starts the server."""

from __future__ import annotations

import re

from circle.config import ROOT


def test_no_file_is_watched() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", "")
    (start,) = re.findall(r"^START := (.*)", makefile, re.MULTILINE)
    assert "--server.fileWatcherType none" in start
    for target in ("run", "serve"):
        assert re.search(rf"^{target}:.*(\n\t.*)*\$\(START\)", makefile, re.MULTILINE)
