from __future__ import annotations

import math

import pytest

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


def test_no_way_is_said_in_words() -> None:
    assert rounding.time_text(math.inf) == "走不到"
    with in_language("en"):
        assert rounding.time_text(math.inf) == "no way"
        assert rounding.people(1234) == "about 1,230 people"
