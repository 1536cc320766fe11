"""The map's scripts and styles, from this package: no map needs the internet.

``static/index.html`` is the frame of a map in the app. It names each file with the
`digest` of its content, so that a browser may keep it for good; ``python -m
circle.maps.assets`` writes these anew. `contents` is their text, for a page that is
one file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FRAME = STATIC / "index.html"
SCRIPTS = ("leaflet/leaflet.js", "circle.js", "picture.js")
STYLES = ("leaflet/leaflet.css", "circle.css")
_NAMED = re.compile(r'(?<=")([a-z/]+\.(?:js|css))\?v=[0-9a-f]*(?=")')
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_CSS_URL = re.compile(r"url\(([^)#]+\.png)\)")


@cache
def contents() -> tuple[str, str]:
    """Return all scripts and all styles as text, for a page that is one file.

    Pictures that a style names are within it.
    """
    scripts = [(STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS]
    styles = [_inlined(STATIC / name) for name in STYLES]
    return _SOURCE_MAP.sub("", "\n".join(scripts)), "\n".join(styles)


def digest(name: str) -> str:
    """Return what stands for the content of a file of `STATIC` in its address."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]


def frame() -> str:
    """Return what `FRAME` holds, with the digests of the files as they are."""
    before = FRAME.read_text(encoding="utf-8")
    return _NAMED.sub(lambda match: f"{match[1]}?v={digest(match[1])}", before)


def _inlined(style: Path) -> str:
    return _CSS_URL.sub(
        lambda match: f"url({_picture(style.parent / match[1])})",
        style.read_text(encoding="utf-8"),
    )


def _picture(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


if __name__ == "__main__":
    FRAME.write_text(frame(), encoding="utf-8")
