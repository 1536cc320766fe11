"""Wishes on the Coverage page: blurred on the map, and against the gap zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.i18n import t
from circle.store import Store
from circle.web import coverage_map, coverage_wishes
from circle.web.map_view import Click
from circle.web.sign_in import LOCAL_ROLE
from circle.wishes import recording
from tests.app.reading import drawn, failed, html, text
from tests.conftest import place
from tests.hostile import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from circle.model import District
    from circle.wishes.nouns import Wish

    Opener = Callable[..., AppTest]
ASKED = {"kind": "canteen", "within": 1, "wishes": 1, "view": "wishes", "unverified": 1}


@pytest.fixture
def wishes(
    district: District,
    district_dir: Path,
    show_district: Callable[[Path], None],
    store_file: Path,
) -> tuple[Wish, ...]:
    """Write six wishes for a canteen, one without a place, and show the tiny district."""
    show_district(district_dir)
    return tuple(
        recording.add(
            Store(str(store_file)),
            district,
            text=f"要食堂 {SCRIPT}",
            kind="canteen",
            at=place(50 * n, 350) if n else None,
            by="a",
            submission=f"k{n}",
        )
        for n in range(6)
    )


@pytest.mark.parametrize(
    ("role", "asked", "true"),
    [("official", 1, False), ("planner", 1, False), ("steward", 0, False), ("steward", 1, True)],
)
def test_places_are_blurred_but_for_those_who_ask_and_may(
    app: AppTest,
    open_page: Opener,
    wishes: tuple[Wish, ...],
    role: str,
    asked: int,
    *,
    true: bool,
) -> None:
    app.session_state[LOCAL_ROLE] = role
    app = open_page("coverage", **ASKED, true_places=asked)
    assert not failed(app)
    of = [((w.lon, w.lat) if true else (w.shown_lon, w.shown_lat)) for w in wishes[::-1] if w.lon]
    places = [round((degrees or 0) * 1e6) for place_of in of for degrees in place_of]
    assert drawn(app)["clusters"]["at"] == places
    assert "<script>" not in html(app) + str(drawn(app)["clusters"])


def test_a_click_leads_to_the_wish_or_to_those_that_lie_as_one(
    app: AppTest, open_page: Opener, wishes: tuple[Wish, ...]
) -> None:
    open_page("wishes", new="1", about="other")  # what was looked at there before
    for chosen in (wishes[2:3], wishes[1:4]):
        app.query_params.clear()
        open_page("coverage", **ASKED)
        app.session_state["coverage:wishes"] = tuple(wish.id for wish in chosen)
        app.run()
        assert not failed(app)
        one = "wishes:back" in {button.key for button in app.button}
        assert (one, t("wishes.list", n=3) in text(app)) == (len(chosen) == 1, len(chosen) == 3)


def test_only_a_click_on_a_wish_leads_away(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[object] = []
    monkeypatch.setattr(coverage_wishes, "take_click", taken.append)
    over = coverage_map.Over(district, (), (), lambda _, click: taken.append(click))
    take = coverage_map._clicked(over)  # noqa: SLF001 - what the frame calls
    take(district, Click(0, 0, "wish", "3,4"))
    take(district, Click(0, 0, "gap", "1"))
    assert taken == ["3,4", Click(0, 0, "gap", "1")]


def test_whether_people_ask_for_what_is_missing(
    open_page: Opener, wishes: tuple[Wish, ...]
) -> None:
    assert len(wishes) == 6
    app = open_page("coverage", **ASKED)
    assert "关于社区食堂的 5 条心愿中" in text(app)
    table = app.dataframe[0].value.set_index(t("wishes.col.kind"))
    row = table.loc[next(name for name in table.index if "食堂" in name)]
    assert row[t("wishes.col.counted")] == 5
    assert t("wishes.gaps.no_kind") in text(app)


def test_without_wishes_it_says_so(open_page: Opener, store_file: Path) -> None:
    app = open_page("coverage", **ASKED)
    assert not failed(app)
    assert t("wishes.gaps.no_wishes") in text(app)
    assert drawn(app)["clusters"]["at"] == []
    assert not store_file.exists()
