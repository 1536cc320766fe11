"""The map's scripts and styles, from this package: no map needs the internet.

folium names its files on four foreign servers. `links` names the same version
of Leaflet, and this project's own drawing script, in ``static/`` for a frame of
the running app; `contents` is their text, for a page that is one file. jQuery,
Bootstrap and the marker fonts that folium adds are not used here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FRAME_URL = "../circle.web.map_view.static/"
"""Where the app serves `STATIC`, seen from the frame of a map in it."""
SCRIPTS = ("leaflet/leaflet.js", "circle.js", "picture.js")
APP_SCRIPTS = (*SCRIPTS, "tools.js")
"""What a map in the app has too; a page that is one file has not."""
STYLES = ("leaflet/leaflet.css", "circle.css")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)
_CSS_URL = re.compile(r"url\(([^)#]+\.png)\)")


@cache
def links(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return some of `APP_SCRIPTS` or `STYLES`, each with its address where the app serves it.

    The addresses are below `FRAME_URL` and hold the content's hash, so that a browser
    never keeps an outdated file.
    """
    return [(name, f"{FRAME_URL}{name}?v={_digest(name)}") for name in names]


@cache
def contents() -> tuple[str, str]:
    """Return all scripts and all styles as text, for a page that is one file.

    Pictures that a style names are within it.
    """
    scripts = [(STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS]
    styles = [_inlined(STATIC / name) for name in STYLES]
    return _SOURCE_MAP.sub("", "\n".join(scripts)), "\n".join(styles)


def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]


def _inlined(style: Path) -> str:
    return _CSS_URL.sub(
        lambda match: f"url({_picture(style.parent / match[1])})",
        style.read_text(encoding="utf-8"),
    )


def _picture(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
