"""The map's scripts and styles, from this package: no map needs the internet.

folium names its files on four foreign servers. `links` names the same version
of Leaflet, and this project's own drawing script, in ``static/``: by address
for a frame of the running app, or within the page itself for a saved map.
jQuery, Bootstrap and the marker fonts that folium adds are not used here.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
FRAME_URL = "../circle.web.mapview.static/"
"""Where the app serves `STATIC`, seen from the frame of a map in it."""
SCRIPTS = ("leaflet/leaflet.js", "circle.js", "picture.js")
STYLES = ("leaflet/leaflet.css", "circle.css")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
_CSS_URL = re.compile(r"url\(([^)#]+)\)")


@dataclass(frozen=True, slots=True)
class Links:
    """Name and address of each script and style, in the order of loading."""

    scripts: tuple[tuple[str, str], ...]
    styles: tuple[tuple[str, str], ...]


@cache
def links(*, inline: bool = False) -> Links:
    """Return the addresses of the map's files.

    Parameters
    ----------
    inline
        True puts the files' content into the addresses: a saved map is then one
        file that works anywhere.

    Returns
    -------
    Links
        Addresses below `FRAME_URL` with the content's hash, so that a browser
        never keeps an outdated file; or ``data:`` addresses.
    """
    address = _inline if inline else _served
    return Links(
        scripts=tuple((name, address(name)) for name in SCRIPTS),
        styles=tuple((name, address(name)) for name in STYLES),
    )


def _served(name: str) -> str:
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]
    return f"{FRAME_URL}{name}?v={digest}"


def _inline(name: str) -> str:
    path = STATIC / name
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _CSS_URL.sub(
            lambda found: f"url({_inline(_beside(path, found[1]))})", content.decode()
        ).encode()
    return f"data:{_TYPES[path.suffix]};base64,{base64.b64encode(content).decode()}"


def _beside(path: Path, address: str) -> str:
    return (path.parent / address.strip("\"'")).relative_to(STATIC).as_posix()
