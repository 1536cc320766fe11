"""Symbols of the map as separate images: with the styles that the map's frame gives them."""

from __future__ import annotations

import base64
import re
from functools import cache

from circle.maps.assets import STATIC
from circle.maps.colours import BEYOND

HATCH = (
    '<pattern id="circle-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="7" height="7" fill="{BEYOND}" '
    f'fill-opacity="0.13"/><path d="M0 0V7" stroke="{BEYOND}" stroke-width="2.2" '
    'stroke-opacity="0.55"/></pattern>'
)
"""The hatch of the gaps, as the drawing script defines it."""
_ON_DARK = re.compile(
    r"^\.circle-dark ((?:\[fill|\.circle-ring|\.circle-mark)[^{]*\{[^}]*\})", re.MULTILINE
)
_SVG = re.compile(r"^(<svg [^>]*>)")


def image(svg: str) -> str:
    """Return a symbol of `circle.maps.symbols` as the address of an image.

    Parameters
    ----------
    svg
        One SVG element.

    Returns
    -------
    str
        A ``data:`` address; the image has the hatch, and the map's colours on a dark
        ground where the page's ground is dark.
    """
    alone = _SVG.sub(lambda match: f"{match[1]}<defs>{HATCH}</defs><style>{_dark()}</style>", svg)
    return f"data:image/svg+xml;base64,{base64.b64encode(alone.encode()).decode()}"


@cache
def _dark() -> str:
    rules = _ON_DARK.findall((STATIC / "circle.css").read_text(encoding="utf-8"))
    return f"@media (prefers-color-scheme: dark) {{{' '.join(rules)}}}"
