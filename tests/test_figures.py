from __future__ import annotations

import math
from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circle.i18n import in_language, rounding


@pytest.mark.parametrize(
    ("minutes", "limits", "said"),
    [(0, (), 1), (8.1, (), 8), (8.5, (), 9), (15, (15,), 15), (15.01, (15,), 16), (15.01, (), 15),
     (10.2, (5, 10, 15), 11), (4.9, (5, 10), 5), (200, (15,), 200)],
)  # fmt: skip
def test_whole_minutes(minutes: float, limits: tuple[float, ...], said: int) -> None:
    assert rounding.whole_minutes(minutes, limits) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0"), (0.4, "0"), (7.4, "7"), (123.4, "123"), (1234, "1,230"), (38_765, "38,800")],
)
def test_modelled_counts_keep_three_figures(count: float, said: str) -> None:
    assert rounding.rounded(count) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0 %"), (1, "100 %"), (0.99999, "99.9 %"), (1e-6, "0.1 %"), (0.331, "33.1 %"),
     (0.5, "50 %"), (math.nan, "—")],
)  # fmt: skip
def test_shares_never_say_more_than_they_are(share: float, said: str) -> None:
    assert rounding.percent(share) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.69463, "69.4 %"), (0.6946, "69.4 %"), (0.694, "69.4 %"), (0.29, "29 %"), (0.0003, "0 %"),
     (0.99999, "99.9 %"), (1.0, "100 %"), (0.0, "0 %"), (math.nan, "—")],
)  # fmt: skip
def test_a_lower_bound_is_cut_off(share: float, said: str) -> None:
    assert rounding.percent(share, at_least=True) == said
    marked = "" if said in {"100 %", "—"} else "≥ "
    assert rounding.bound(share, at_least=True) == marked + said


@pytest.mark.parametrize(
    ("share", "low", "near"), [(0.69463, 0.694, 0.695), (0.29, 0.29, 0.29), (math.nan, None, None)]
)
def test_a_share_in_a_file_is_cut_off_too(
    share: float, low: float | None, near: float | None
) -> None:
    assert rounding.fraction(share, 3, at_least=True) == low
    assert rounding.fraction(share, 3, at_least=False) == near


@given(share=st.decimals(0, 1, places=7))
def test_a_lower_bound_is_the_last_tenth_below(share: Decimal) -> None:
    shown = Decimal(repr(rounding.per_cents(float(share), at_least=True)))
    assert shown == (share * 100).quantize(Decimal("0.1"), ROUND_FLOOR)


@pytest.mark.parametrize(
    ("amount", "near", "low"),
    [(0.0139, "0.014", "0.013"), (4.29, "4.3", "4.2"), (138.0, "140", "130"), (0.0, "0", "0"),
     (130.0, "130", "130"), (0.29, "0.29", "0.29"), (9.96, "10", "9.9")],
)  # fmt: skip
def test_an_amount_that_is_at_least_is_cut_off(amount: float, near: str, low: str) -> None:
    assert rounding.short(amount) == near
    assert rounding.short(amount, at_least=True) == low


@pytest.mark.parametrize(
    ("speed_m_s", "said"), [(0.92, "55.2"), (1.333, "80"), (0.667, "40"), (1.0, "60")]
)
def test_a_pace_times_minutes_is_the_way(speed_m_s: float, said: str) -> None:
    assert rounding.pace(speed_m_s) == said
    assert round(float(said) * 15, -1) == round(speed_m_s * 900, -1)


@pytest.mark.parametrize(("count", "said"), [(0.0, "0 人"), (0.4, "不到 1 人"), (2.0, "约 2 人")])
def test_nobody_is_not_about_none(count: float, said: str) -> None:
    assert rounding.people(count) == said


def test_no_way_is_said_in_words() -> None:
    assert rounding.time_text(math.inf) == "走不到"
    with in_language("en"):
        assert rounding.time_text(math.inf) == "no way"
        assert rounding.people(1234) == "about 1,230 people"


def test_an_interval_within_one_per_cent_is_told_in_tenths() -> None:
    assert rounding.ends(0.31, 0.55) == ("31 %", "55 %")
    assert rounding.ends(0.036, 0.0412) == ("3.6 %", "4.1 %")
    assert rounding.ends(0.45, 0.45) == ("45 %", "45 %")
    with in_language("en"):
        assert rounding.whole_percents(0.036, 0.0412) == "3.6 to 4.1 %"
