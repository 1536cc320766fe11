"""The page of wishes: recorded, taken further, shown to all; opinions and visits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from circle.i18n import t
from circle.store import Store, audit, opened
from circle.web import draft, memo, wishes_form
from circle.web.sign_in import LOCAL_ROLE
from circle.wishes import answers, flow, recording
from circle.wishes.nouns import State, UnitKind, Visibility, Visited
from tests.app.reading import answer, asked, drawn, failed, figures, html, text
from tests.hostile import SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from circle.wishes.nouns import Wish

    Opener = Callable[..., AppTest]

AT = (121.4438, 31.2078)
BY = "王晓明"
TEXT = "draft:wish:text"


def add(number: int, words: str = "想要一张长椅", kind: str = "market", **more: Any) -> Wish:
    """Write a wish to the store of the application."""
    given = {"at": AT, "by": BY, "submission": f"k{number}"} | more
    return recording.add(opened(), memo.as_built(), text=words, kind=kind, **given)


def public(number: int, words: str = "想要一张长椅", **more: Any) -> Wish:
    wish = add(number, words, **more)
    for to in (State.REVIEWED, State.PUBLISHED):
        wish = flow.move(opened(), memo.as_built().id, wish, to, by=BY)
    return wish


def preview_of_a_report(made: str) -> str:
    """Return the preview that the pages keep, `made` where they keep none."""
    return memo._kept(memo.study(), "report", "preview", lambda: made)  # noqa: SLF001


def now(wish: Wish) -> Wish:
    return recording.get(opened(), memo.as_built().id, wish.id)


def button(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def as_(app: AppTest, role: str) -> AppTest:
    app.session_state[LOCAL_ROLE] = role
    return app


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("role", ["public", "official", "steward"])
def test_an_empty_wall_explains_itself(
    app: AppTest, open_page: Opener, store_file: Path, role: str, lang: str
) -> None:
    as_(app, role)
    open_page("wishes", lang=lang)
    assert not failed(app)
    said = text(app)
    if role == "public":
        assert answer(app) == t("wishes.wall_none", language=lang)
        assert t("wishes.wall_how", language=lang) in said
        assert t("wishes.begin_store", language=lang) not in said
        assert not app.text_input
    else:
        assert answer(app) == t("wishes.board_none", language=lang)
        assert t("wishes.begin_store", language=lang) in said
    assert not store_file.exists()


def test_a_wish_is_recorded_and_what_tells_a_person_refused(open_page: Opener) -> None:
    app = open_page("wishes", new="1")
    app.text_area(key=TEXT).input("请联系王阿姨 13812345678，她想要长椅").run()
    refused = " ".join(failed(app))
    assert "王阿姨" in refused
    assert t("wishes.private.number") in refused
    button(app, "wishes:send")  # a kind is not chosen either, nor who does it
    assert recording.listed(opened(), memo.as_built().id) == ()
    app.text_area(key=TEXT).input("  想要  一张长椅 ").run()
    assert not failed(app)
    app.button_group(key="draft:wish:kind").set_value("market").run()
    app.session_state[draft.key("wish", "spot")] = AT
    app.text_input(key="wishes:by").input(BY).run()
    assert "梧桐片区" in text(app) or "片区" in text(app)
    before = app.session_state["draft:wish"]
    button(app, "wishes:send")
    assert not failed(app)
    (wish,) = recording.listed(opened(), memo.as_built().id)
    assert (wish.text, wish.kind, (wish.lon, wish.lat)) == ("想要 一张长椅", "market", AT)
    assert app.text_area(key=TEXT).value == ""
    assert app.session_state["draft:wish"] != before
    assert audit.entries(opened())[0].author == BY


def test_a_form_that_lacks_something_says_so_and_keeps_what_was_typed(open_page: Opener) -> None:
    app = open_page("wishes", new="1")
    app.text_area(key=TEXT).input("想要一张长椅").run()
    button(app, "wishes:send")
    assert t("error.wish.no_kind") in failed(app)
    app.button_group(key="draft:wish:kind").set_value("other").run()
    button(app, "wishes:send")
    assert t("error.wish.by", most=80) in failed(app)
    assert app.text_area(key=TEXT).value == "想要一张长椅"


def step(app: AppTest, wish: Wish, name: str, remark: str = "") -> None:
    """Choose a step, say something and send it."""
    button(app, f"step-{name}")
    if remark:
        app.text_area(key=f"step:{wish.id}:remark").input(remark).run()
    button(app, "step-send")


def begun(open_page: Opener, wish: Wish) -> AppTest:
    """Open a wish as somebody who may act, with a name."""
    app = open_page("wishes", wish=str(wish.id))
    app.text_input(key="wishes:by").input(BY).run()
    return app


def two_units() -> set[int]:
    home = memo.as_built().id
    names = ("甲居委", "乙公司")
    return {answers.add_unit(opened(), home, n, UnitKind.COMMITTEE, by=BY).id for n in names}


def test_the_place_of_a_wish_is_mended_by_a_click_and_masked_anew(open_page: Opener) -> None:
    wish = add(1, at=None)
    app = begun(open_page, wish)
    button(app, "step-edit")
    assert t("wishes.form_everywhere") in text(app)
    app.session_state[f"step:{wish.id}:spot"] = AT  # as a click on the map does
    app.run()
    assert t("wishes.form_everywhere") not in text(app)
    button(app, "step-send")
    placed = now(wish)
    assert (placed.lon, placed.lat) == AT
    assert placed.area
    assert placed.shown_lon not in {None, placed.lon}
    assert "wishes:undo" not in {each.key for each in app.button}
    assert f"step:{wish.id}:spot" not in app.session_state


def test_published_and_claimed_with_what_takes_it_back(open_page: Opener) -> None:
    units, wish = two_units(), add(1)
    app = begun(open_page, wish)
    button(app, "step-review")
    button(app, "step-publish")
    assert now(wish).visibility is Visibility.PUBLIC
    button(app, "wishes:undo")
    assert (now(wish).state, now(wish).visibility) == (State.PUBLISHED, Visibility.STAFF)
    button(app, "step-show")
    step(app, wish, "claim")
    assert now(wish).state is State.CLAIMED
    button(app, "wishes:undo")
    assert now(wish).state is State.PUBLISHED
    step(app, wish, "claim")
    step(app, wish, "share")
    assert {claim.unit for claim in flow.claims(opened(), memo.as_built().id)} == units
    step(app, wish, "release", "忙不过来")
    assert len(flow.claims(opened(), memo.as_built().id)) == 1


def test_in_progress_fulfilled_reopened_refused_and_deleted(open_page: Opener) -> None:
    unit, wish = min(two_units()), public(1)
    flow.claim(opened(), memo.as_built().id, wish.id, unit, by=BY)
    app = begun(open_page, wish)
    step(app, wish, "progress")
    assert failed(app) == [t("error.wish.remark", most=400)]
    step(app, wish, "progress", "已联系园林所")
    step(app, wish, "expect")
    step(app, wish, "wait", "等开春")
    button(app, "step-level")
    app.button_group(key=f"step:{wish.id}:level").set_value("area")
    step(app, wish, "level", "网格没有地")
    here = now(wish)
    assert (here.state, here.waits, here.level) == (State.IN_PROGRESS, "等开春", "area")
    assert here.expected is not None
    step(app, wish, "done", "长椅已放好")
    assert now(wish).state is State.FULFILLED
    assert not [one for one in app.button if one.key == "step-refuse"]
    assert "长椅已放好" in text(app)
    step(app, wish, "reopen", "又坏了")
    assert (now(wish).state, now(wish).visibility) == (State.REVIEWED, Visibility.STAFF)
    button(app, "step-refuse")
    app.selectbox(key=f"step:{wish.id}:reason").select("referred").run()
    button(app, "step-send")
    assert now(wish).state is State.NOT_TAKEN_UP
    assert preview_of_a_report("有它") == preview_of_a_report("没有它") == "有它"
    step(app, wish, "erase", "本人要求")
    assert not failed(app)
    assert preview_of_a_report("没有它") == "没有它"
    assert asked(app, "wish") is None
    assert recording.listed(opened(), memo.as_built().id) == ()
    assert audit.verify(audit.lines(opened()))[0] == []


def test_a_wish_goes_into_the_one_that_says_the_same(open_page: Opener) -> None:
    first, wish = add(1), add(2)
    app = begun(open_page, wish)
    button(app, "step-merge")
    app.number_input(key=f"step:{wish.id}:into").set_value(first.id)
    button(app, "step-send")
    assert now(wish).merged_into == first.id


def test_who_edits_what_was_changed_meanwhile_is_told_and_keeps_both(open_page: Opener) -> None:
    wish = add(1)
    app = open_page("wishes", wish=str(wish.id))
    app.text_input(key="wishes:by").input(BY).run()
    button(app, "step-edit")
    app.text_area(key=f"step:{wish.id}:text").input("想要两张长椅")
    recording.edit(opened(), memo.as_built(), wish, text="想要三张长椅", by="李梅")
    button(app, "step-send")
    assert now(wish).text == "想要三张长椅"
    (warning,) = app.warning
    assert "李梅" in warning.value
    table = html(app)
    assert "想要三张长椅" in table
    assert "想要两张长椅" in table
    button(app, "step-send")  # having looked at both
    assert now(wish).text == "想要两张长椅"
    button(app, "wishes:undo")
    assert now(wish).text == "想要三张长椅"


def test_the_public_sees_no_form_and_only_blurred_places(app: AppTest, open_page: Opener) -> None:
    wishes = [public(number, f"想要长椅{number}") for number in range(5)]
    rare = public(7, "想要轮椅", kind="canteen")
    hidden = add(8, "还没有审核")
    open_page("wishes")
    assert len(drawn(app)["clusters"]["ids"]) == 7
    as_(app, "public")
    app.run()
    assert not failed(app)
    said, clusters = text(app), drawn(app)["clusters"]
    assert not [*app.text_area, *app.text_input, *app.selectbox]
    assert not [one for one in app.button if str(one.key).startswith("step-")]
    assert hidden.text not in said
    assert "想要轮椅" in said
    assert sorted(clusters["ids"]) == [wish.id for wish in wishes]
    places = set(zip(clusters["at"][::2], clusters["at"][1::2], strict=True))
    assert (round(AT[0] * 1e6), round(AT[1] * 1e6)) not in places
    assert t("wishes.kind_not_told") in said
    for told, number in (("market", 5), ("canteen", 0), ("-", 1)):
        open_page("wishes", told=told)
        assert t("wishes.list", n=number) in text(app)
    open_page("wishes", told="*", among=f"{rare.id},{hidden.id}")
    assert t("wishes.chosen") in text(app)
    assert hidden.text not in text(app)


@pytest.mark.parametrize("role", ["official", "planner"])
def test_who_only_looks_changes_nothing_and_sees_blurred_places(
    app: AppTest, open_page: Opener, role: str
) -> None:
    wish = add(1)
    as_(app, role)
    open_page("wishes", wish=str(wish.id), new="1")
    assert not failed(app)
    assert wish.text in text(app)
    assert not [one for one in app.button if str(one.key).startswith(("step-", "wishes:new"))]
    assert not app.text_area
    clusters = drawn(app)["clusters"]
    assert clusters["at"] != [round(AT[0] * 1e6), round(AT[1] * 1e6)]
    for part in ("opinions", "visits", "units"):
        open_page("wishes", part=part)
        assert not failed(app)
        assert t("wishes.read_only") in text(app)
        assert not app.text_area


def test_an_act_is_refused_to_who_may_not_any_more(app: AppTest, open_page: Opener) -> None:
    """A page that was drawn for a steward still has its buttons."""
    wish = add(1)
    open_page("wishes", wish=str(wish.id))
    app.text_input(key="wishes:by").input(BY).run()
    app.session_state[LOCAL_ROLE] = "planner"
    button(app, "step-review")
    assert now(wish).state is State.RECORDED
    assert t("wishes.read_only") in failed(app)


def test_the_list_is_filtered_and_paged_by_its_address(open_page: Opener) -> None:
    for number in range(23):
        add(number, f"想要长椅{number}", kind="canteen" if number < 2 else "market")
    app = open_page("wishes")
    assert figures(app)[0] == "23"
    rows = [one.key for one in app.button if re.fullmatch(r"wish-\d+", str(one.key))]
    assert len(rows) == 20
    button(app, "wishes:after")
    assert asked(app, "page") == "2"
    assert len([one for one in app.button if re.fullmatch(r"wish-\d+", str(one.key))]) == 3
    app.query_params.update(about="canteen", page="1")
    app.run()
    assert t("wishes.list", n=2) in text(app)
    app.query_params.update(about="*", waits="7")
    app.run()
    assert t("wishes.none_such") in text(app)


@pytest.mark.parametrize("name", ["wish", "among", "page", "state", "about", "unit", "part", "in"])
@pytest.mark.parametrize("raw", ["<script>", "-1", "9" * 40, "1,2," * 30, "\x00", "0x1"])
def test_a_hostile_address_is_as_none(name: str, raw: str) -> None:
    from circle.web import wishes_state as at  # noqa: PLC0415 - of this table alone

    district = memo.as_built()
    params: dict[str, Any] = {
        "wish": at.wish(), "among": at.among(), "page": at.page(),
        "state": at.stage(public=False), "about": at.about(district, public=False),
        "unit": at.unit([1]), "part": at.part(), "in": at.area(district),
    }  # fmt: skip
    assert params[name].read(raw) == params[name].default


def test_texts_are_shown_as_texts(app: AppTest, open_page: Opener) -> None:
    hostile = SCRIPT[:300]
    store, home = opened(), memo.as_built()
    unit = answers.add_unit(store, home.id, hostile[:80], UnitKind.UNIT, contact=hostile, by=BY)
    for number in range(5):
        wish = public(number, hostile)
    flow.claim(store, home.id, wish.id, unit.id, by=hostile[:80])
    day = wish.recorded.date()
    answers.add_visit(store, home, Visited.SHOP, need=hostile, follow_up=hostile, on=day,
                      by=BY, submission="v")  # fmt: skip
    place = str(home.facilities["id"].iloc[0])
    answers.rate(store, home, place, 4, remark=hostile, on=day, by=BY, submission="o")
    for role, opened_ in (
        ("public", {}),
        ("steward", {"wish": str(wish.id)}),
        ("steward", {"part": "opinions", "facility": place}),
        ("steward", {"part": "visits"}),
        ("steward", {"part": "units"}),
    ):
        as_(app, role)
        app.query_params.clear()
        open_page("wishes", **opened_)
        assert not failed(app)
        assert "window.hacked=1</script>" in text(app)
        assert "<script>window" not in html(app)
        assert "<img src=x" not in html(app)


def test_opinions_and_visits(app: AppTest, open_page: Opener) -> None:
    place = str(memo.as_built().facilities["id"].iloc[0])
    open_page("wishes", part="opinions", facility=place)
    app.text_input(key="wishes:by").input(BY).run()
    for number in range(5):
        assert t("wishes.average", average="4.0") not in text(app)
        app.button_group(key="opinion:rating").set_value(4)
        app.text_area(key="draft:opinion:remark").input(f"很好{number}").run()
        button(app, "opinion:send")
        assert not failed(app)
    assert "很好4" in text(app)
    assert t("wishes.average", average="4.0") in text(app)
    as_(app, "public")
    app.run()
    assert t("wishes.ratings", n=5) in text(app)
    assert "很好" not in text(app)
    as_(app, "steward")
    open_page("wishes", part="visits")
    app.text_input(key="wishes:by").input(BY).run()
    button(app, "visit:send")
    assert failed(app) == [t("error.wish.visited")]
    app.button_group(key="draft:visit:kind").set_value("shop").run()
    app.text_area(key="draft:visit:need").input("午间没有卸货车位").run()
    button(app, "visit:send")
    (visit,) = answers.visits(opened(), memo.as_built().id)
    button(app, f"visit-wish-{visit.id}")
    (visit,) = answers.visits(opened(), memo.as_built().id)
    assert visit.wish is not None
    button(app, f"visit-open-{visit.id}")
    assert "午间没有卸货车位" in text(app)
    assert asked(app, "wish") == str(visit.wish)


AWAY = Store("postgresql://nobody:secret@127.0.0.1:1/none")  # pragma: allowlist secret


def away(monkeypatch: pytest.MonkeyPatch, *, now: bool) -> None:
    for module in ("wall", "board", "form", "steps", "units"):
        monkeypatch.setattr(f"circle.web.wishes_{module}.opened", lambda: AWAY if now else opened())


def test_a_store_that_is_away_is_told_to_all_calmly(
    app: AppTest, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    away(monkeypatch, now=True)
    as_(app, "public")
    open_page("wishes")
    assert not failed(app)
    assert answer(app) == t("wishes.away")
    as_(app, "steward")
    for part in ("wishes", "units"):
        open_page("wishes", part=part)
        (told,) = failed(app)
        assert "127.0.0.1" in told.replace("\\", "")
        assert "secret" not in told


def test_what_was_typed_outlives_a_store_that_is_away(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = add(1)
    app = open_page("wishes", wish=str(wish.id))
    app.text_input(key="wishes:by").input(BY).run()
    button(app, "step-wait")
    app.text_area(key=f"step:{wish.id}:remark").input("等开春")
    away(monkeypatch, now=True)
    button(app, "step-send")
    assert failed(app)
    app.run()
    away(monkeypatch, now=False)
    app.run()
    assert app.text_area(key=f"step:{wish.id}:remark").value == "等开春"
    button(app, "step-send")
    assert now(wish).waits == "等开春"
    app = open_page("wishes", new="1")
    app.text_area(key=TEXT).input("想要路灯").run()
    app.button_group(key="draft:wish:kind").set_value("other")
    away(monkeypatch, now=True)
    button(app, "wishes:send")
    assert failed(app)
    assert app.text_area(key=TEXT).value == "想要路灯"
    away(monkeypatch, now=False)
    button(app, "wishes:send")
    assert recording.listed(opened(), memo.as_built().id)[0].text == "想要路灯"


def test_the_files_are_whole_and_taking_them_is_written_down(
    app: AppTest, open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    from circle.web import downloads  # noqa: PLC0415 - of this test alone

    made: list[dict[str, dict[str, Callable[[], bytes]]]] = []
    monkeypatch.setattr(downloads, "made", lambda makers, file: made.append({file: makers}))
    for number in range(6):
        public(number)
    add(9, "还没有审核")
    before = audit.head(opened())
    as_(app, "public")
    open_page("wishes")
    (makers,) = made[-1].values()
    told = makers["csv"]().decode("utf-8-sig")
    assert len(told.splitlines()) == 7
    assert f"{AT[0]}" not in told
    assert b'"features"' in makers["geojson"]()
    assert audit.head(opened()) == before
    for role, exact in (("planner", False), ("steward", True)):
        as_(app, role)
        app.run()
        (makers,) = made[-1].values()
        told = makers["csv"]().decode("utf-8-sig")
        assert len(told.splitlines()) == 8
        assert (f"{AT[0]}" in told) == exact
    assert [entry.action for entry in audit.entries(opened())][:2] == ["export", "export"]


def test_a_draft_that_a_browser_brings_back_is_checked() -> None:
    fields = wishes_form._fields(memo.as_built())
    key = "ab" * 16
    values = {"text": "想要长椅", "kind": "market", "age": "age_65_plus", "spot": "121.4,31.2"}
    assert draft.read({"submission": key, "values": values}, fields) == (
        key,
        values | {"spot": (121.4, 31.2)},
    )
    empty = {name: field.default for name, field in fields.items()}
    wrong = {"text": 7, "kind": "<b>", "age": "", "spot": "nan,nan"}
    for given in (wrong, {"text": "x" * 5_000}, {}):
        assert draft.read({"submission": key, "values": given}, fields) == (key, empty)
    others: list[object] = [None, [], {"values": values}, {"submission": "x", "values": values}]
    for told in others:
        assert draft.read(told, fields) is None
