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
_MOST_BELOW_WHOLE = 99.9
_LEAST_ABOVE_NOTHING = 0.1


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


def short(value: float) -> str:
    """Return a number to two figures, never in powers: 0.013, 4.2, 130."""
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
    return t("unit.not_known") if math.isnan(count) else t(key, n=rounded(count))


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; a dash where there is none."""
    return f"{value:.{decimals}f}" if math.isfinite(value) else "—"


def whole_percent(share: float) -> str:
    """Return a share in whole per cents, as far as draws can tell one; a dash for none.

    Less than the whole never reads 100 %, more than nothing never 0 %.
    """
    if not math.isfinite(share):
        return "—"
    shown = round(share * 100)
    shown = min(shown, 99) if share < 1 else shown
    return f"{max(shown, 1) if share > 0 else shown}{_UNIT}"


def whole_percents(low: float, high: float) -> str:
    """Return a range of shares in whole per cents, as ``31—55 %``."""
    shown = (whole_percent(share).removesuffix(_UNIT) for share in (low, high))
    return t("unit.percent_range", **dict(zip(("low", "high"), shown, strict=True)))


def percent(share: float) -> str:
    """Return a share with one decimal at most; a dash where there is none."""
    return f"{per_cents(share):g} %" if math.isfinite(share) else "—"


def per_cents(share: float) -> float:
    """Return a share in per cents with one decimal at most, NaN where there is none.

    Less than the whole never reads 100, more than nothing never 0.
    """
    if not math.isfinite(share):
        return math.nan
    shown = round(share * 100, 1)
    if share < 1:
        shown = min(shown, _MOST_BELOW_WHOLE)
    if share > 0:
        shown = max(shown, _LEAST_ABOVE_NOTHING)
    return shown
