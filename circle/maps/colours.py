"""Colours that stand for one thing wherever it is drawn: on maps, on paper, in files."""

from __future__ import annotations

BEYOND, BEYOND_DARK = "#B33A3A", "#F08A80"
"""Out of reach: on paper, and on a dark ground."""
ACCENT, MIDDLE, PALE = "#23716B", "#86C5BD", "#CFE8E4"
"""The hue of what is within reach, in three strengths."""
HERITAGE = "#6B4E8E"
WISH = "#C2185B"
SPOT = "#1F3D8A"
"""Rows of a layer, and places to look at."""
UNGRADED = "#6B6B6B"
"""Residents where nothing is asked of them."""
PAPER = "#FFFFFF"
