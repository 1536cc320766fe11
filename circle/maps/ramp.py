"""Runs of colours: for the ground within a time, the time from a point, and amounts.

They run evenly in lightness, so that a map printed in grey can be read.
"""

from __future__ import annotations

from itertools import pairwise

from circle.maps.colours import ACCENT, MIDDLE, PALE

STEP_MINUTES = 5
_NEAR_TO_FAR = (
    "#EBC93A",
    "#C4B56C",
    "#A69D75",
    "#8A8779",
    "#707173",
    "#575C6D",
    "#3D5478",
)
"""Cividis, reversed: yellow is near, dark blue is far."""
_LITTLE_TO_MUCH = ("#B9E0DA", "#63B3A9", ACCENT, "#0B3F3B")
"""The hue of the answer: a large amount stands out most from the ground."""
_LITTLE_TO_MUCH_DARK = ("#1F4F4A", "#35877E", "#68C0B5", "#D3F5EF")
_BAND_FILLS = ("#2E8C85", MIDDLE, PALE)
_BAND_LINES = (ACCENT, "#5BA79E", "#9CCBC4")


def band_colours(bands: int) -> list[tuple[str, str]]:
    """Return fill and outline for each of `bands` limits, the nearest first."""
    return list(
        zip(_spread(_BAND_FILLS, bands), _spread(_BAND_LINES, bands), strict=True),
    )


def step_colours(steps: int) -> list[str]:
    """Return a colour for each of `steps` classes of time, the nearest first."""
    return _spread(_NEAR_TO_FAR, steps)


def amount_colours(steps: int) -> list[tuple[str, str]]:
    """Return colours of `steps` classes of an amount, on paper and on a dark ground.

    The least comes first.
    """
    return list(
        zip(_spread(_LITTLE_TO_MUCH, steps), _spread(_LITTLE_TO_MUCH_DARK, steps), strict=True)
    )


def step_limits(limit: float) -> list[float]:
    """Return the upper limits of the classes: every 5 minutes, and `limit` itself."""
    whole = [float(step) for step in range(STEP_MINUTES, int(limit) + 1, STEP_MINUTES)]
    return whole if whole and whole[-1] == limit else [*whole, float(limit)]


def darker(colour: str, share: float = 0.35) -> str:
    """Return `colour` mixed with black."""
    return mixed(colour, "#000000", share)


def _spread(stops: tuple[str, ...], count: int) -> list[str]:
    if count <= 1:
        return [stops[len(stops) // 2]] * count
    spans = list(pairwise(stops))
    places = [i * len(spans) / (count - 1) for i in range(count)]
    return [
        mixed(*spans[min(int(place), len(spans) - 1)], place - min(int(place), len(spans) - 1))
        for place in places
    ]


def mixed(first: str, second: str, share: float) -> str:
    """Return `first` with a `share` of `second`, each ``#RRGGBB``."""
    pairs = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)
