"""Numbers as people read them: rounded one way everywhere, never past the data."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

from circle.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterable

_FIGURES = 3
_UNIT = " %"
_NOISE = 1e-9
"""What a number may lack by the arithmetic of floats alone, in units of its last figure."""


def whole_minutes(minutes: float, limits: Iterable[float] = ()) -> int:
    """Return minutes as a whole number, at least 1.

    Rounded half up, but a time beyond one of `limits` never reads as within it:
    15.3 is 16 beside a limit of 15.
    """
    whole = max(1, math.floor(minutes + 0.5))
    for limit in limits:
        if minutes > limit:
            whole = max(whole, math.floor(limit) + 1)
    return whole


def time_text(minutes: float, limits: Iterable[float] = ()) -> str:
    """Return a time in whole minutes, or that there is no way."""
    if not math.isfinite(minutes):
        return t("unit.no_way")
    return t("unit.minutes", n=whole_minutes(minutes, limits))


def pace(speed_m_s: float) -> str:
    """Return a pace in metres a minute, to a tenth where it is not whole."""
    return f"{metres_a_minute(speed_m_s):g}"


def metres_a_minute(speed_m_s: float) -> float:
    """Return a pace in metres a minute as it is told."""
    return round(speed_m_s * 60, 1)


def ratio(way_over_straight: float) -> str:
    """Return how many times a straight line a way is, to a tenth."""
    return f"{way_over_straight:.1f}"


def rounded(count: float) -> str:
    """Return a modelled count to three figures at most, thousands separated."""
    return f"{three_figures(count):,}"


def three_figures(count: float) -> int | None:
    """Return a modelled count to three figures at most; less than one is none, NaN not known."""
    if math.isnan(count):
        return None
    if count < 1:
        return 0
    step: int = 10 ** max(0, math.floor(math.log10(count)) - _FIGURES + 1)
    return round(count / step) * step


def short(value: float, *, at_least: bool = False) -> str:
    """Return a number to two figures, never in powers: 0.013, 4.2, 130; a lower bound cut off."""
    if at_least and value > 0:
        value = cut(value, 1 - math.floor(math.log10(value)))
    return f"{Decimal(f'{value:.2g}').normalize():f}"


def about(count: float) -> str:
    """Return a modelled count as ``约 37,800``."""
    return _known("unit.about", count)


def about_short(count: float) -> str:
    """Return a modelled count for a narrow place, as ``≈ 37,800``."""
    return _known("unit.about_short", count)


def people(count: float) -> str:
    """Return a modelled count of people as ``约 37,800 人``."""
    return _known("unit.people", count)


def _known(key: str, count: float) -> str:
    if math.isnan(count):
        return t("unit.not_known")
    if count < 1:
        return t(f"{key}_few" if count > _NOISE else f"{key}_none")
    return t(key, n=rounded(count))


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; a dash where there is none."""
    return f"{value:.{decimals}f}" if math.isfinite(value) else "—"


def signed(value: float, decimals: int) -> str:
    """Return a difference with its sign, ``+3.1`` or ``−0.4``; a dash where there is none."""
    if not math.isfinite(value):
        return "—"
    shown = round(value, decimals)
    return "0" if shown == 0 else f"{shown:+.{decimals}f}".replace("-", "−")


def whole_percent(share: float) -> str:
    """Return a share in whole per cents, as far as draws can tell one; a dash for none.

    Less than the whole never reads 100 %, more than nothing never 0 %.
    """
    if not math.isfinite(share):
        return "—"
    shown = round(share * 100)
    shown = min(shown, 99) if share < 1 else shown
    return f"{max(shown, 1) if share > 0 else shown}{_UNIT}"


def ends(low: float, high: float) -> tuple[str, str]:
    """Return the ends of an interval of shares in whole per cents; in tenths where those are one.

    Tenths of an interval so narrow are what draws can tell, and a rate reads as within it.
    """
    whole = whole_percent(low), whole_percent(high)
    return whole if whole[0] != whole[1] else (percent(low), percent(high))


def whole_percents(low: float, high: float) -> str:
    """Return the `ends` of an interval in one, as ``31—55 %``."""
    below, above = (shown.removesuffix(_UNIT) for shown in ends(low, high))
    return t("unit.percent_range", low=below, high=above)


def percent(share: float, *, at_least: bool = False) -> str:
    """Return a share with one decimal at most, as `per_cents` does; a dash where there is none."""
    shown = per_cents(share, at_least=at_least)
    return f"{shown:g}{_UNIT}" if math.isfinite(share) else "—"


def bound(share: float, *, at_least: bool) -> str:
    """Return a share as `percent` does, after "≥" where it is a lower bound."""
    shown = percent(share, at_least=at_least)
    return f"≥ {shown}" if is_bound(share, at_least=at_least) else shown


def is_bound(share: float, *, at_least: bool) -> bool:
    """Return whether a share is told as a lower bound: all of them cannot be more."""
    return at_least and share < 1


def per_cents(share: float, *, at_least: bool = False, decimals: int = 1) -> float:
    """Return a share in per cents with one decimal at most, NaN where there is none.

    Less than the whole never reads 100, more than nothing never 0. A lower bound is
    cut off, so that it never reads higher than it is, even if that leaves 0.
    """
    if not math.isfinite(share):
        return math.nan
    shown = cut(share * 100, decimals) if at_least else round(share * 100, decimals)
    step = 10.0**-decimals
    if share < 1:
        shown = min(shown, round(100 - step, decimals))
    if share > 0 and not at_least:
        shown = max(shown, step)
    return shown


def fraction(share: float, decimals: int, *, at_least: bool) -> float | None:
    """Return a share from 0 to 1 for a file, cut off where it is a lower bound; None for none."""
    if not math.isfinite(share):
        return None
    return cut(share, decimals) if at_least else round(share, decimals)


def cut(value: float, decimals: int) -> float:
    """Return a number cut off after so many decimals, for a lower bound."""
    return round(math.floor(value * 10.0**decimals + _NOISE) / 10.0**decimals, max(decimals, 0))
