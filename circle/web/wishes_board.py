"""Wishes as staff see them: how they stand, the map, the list, the one that is opened."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import InputError, StoreError
from circle.i18n import t
from circle.maps import layers, legend, wish_layers
from circle.store import opened
from circle.web import (
    controls,
    search_box,
    shell,
    state,
    wishes_fields,
    wishes_files,
    wishes_form,
    wishes_list,
    wishes_one,
    wishes_steps,
)
from circle.web import wishes_state as view
from circle.web.map_view import show_map
from circle.wishes import answers, browsing, recording
from circle.wishes.browsing import Filter, Order
from circle.wishes.levels import LONG_DAYS
from circle.wishes.nouns import OTHER_KIND, SETTLED, Level, State
from circle.words import wish_words, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import District
    from circle.store import Store
    from circle.web.map_view import Click
    from circle.wishes.browsing import Board
    from circle.wishes.nouns import Unit, Wish


def filters(district: District) -> None:
    """Draw what the list can be narrowed to."""
    units: dict[str, str] = {}
    with suppress(StoreError):  # the page says it
        units = {str(unit.id): unit.name for unit in answers.units(opened(), district.id)}
    names = wording.area_names(district)
    kinds = (view.ALL, *district.kinds, OTHER_KIND)
    _select(
        "state",
        (view.ALL, *State),
        view.stage(public=False),
        lambda name: wish_words.state_name(State(name)),
    )
    _select(
        "about", kinds, view.about(district, public=False),
        lambda name: wish_words.kind_name(district, name),
    )  # fmt: skip
    if district.areas:
        known = (view.ALL, *(area.id for area in district.areas))
        _select("area", known, view.area(district), lambda name: names[name])
    _select("level", (view.ALL, *Level), view.level(), lambda name: t(f"wishes.level.{name}"))
    if units:
        _select("units", (view.ALL, *units), view.unit(units), lambda name: units[name])
    _select("waits", view.WAITS, view.waits(), lambda name: t("wishes.waits_over", days=name))
    controls.segmented(
        t("wishes.order"),
        tuple(each.value for each in Order),
        view.order(),
        lambda name: t(f"wishes.order_{name}"),
        titled=True,
    )


def _select(
    fact: str, options: Sequence[str], param: state.Param[str], name: Callable[[str], str]
) -> None:
    plain = tuple(str(option) for option in options)
    controls.select(
        t(f"wishes.fact.{fact}"),
        plain,
        param,
        lambda option: t("wishes.all") if option == view.ALL else name(option),
    )


def show(district: District) -> None:
    """Draw the part of the page that answers; what is being recorded goes on without a store."""
    try:
        _show(district, opened())
    except StoreError as error:
        view.hold()
        st.error(shell.escaped_markdown(error.message()))
        if state.value(view.new()) and view.may_act():
            wishes_form.search(district)
            wishes_form.show(district)


def _show(district: District, store: Store) -> None:
    units = {unit.id: unit for unit in answers.units(store, district.id)}
    asked = _asked(district, units)
    skip = ((state.value(view.page()) or 1) - 1) * view.PAGE
    order = Order(state.value(view.order()))
    board = browsing.board(store, district.id, asked, order=order, skip=skip, most=view.PAGE)
    stage = shell.stage()
    recording_one = state.value(view.new()) and view.may_act()
    wish = None if recording_one else _opened(district, store)
    with stage.lead:
        _lead(board, brief=recording_one or wish is not None)
    with stage.map:
        if recording_one:
            wishes_form.search(district)
        elif wish is not None and wishes_steps.editing(wish):
            number = wish.id
            search_box.for_spot(
                district, "search:edit", lambda where, at: wishes_fields.put_spot(where, number, at)
            )
        _map(district, store, asked, wish)
    with stage.side:
        view.tell()
        if recording_one:
            wishes_form.show(district)
        elif wish is not None:
            wishes_one.show(district, store, wish, units)
        else:
            _list(district, store, board, units)
    _below(district, board)


def _asked(district: District, units: dict[int, Unit]) -> Filter:
    stage, level = view.chosen(view.stage(public=False)), view.chosen(view.level())
    unit, waits = view.chosen(view.unit(units)), view.chosen(view.waits())
    return Filter(
        states=frozenset({State(stage)} if stage else ()),
        kind=view.chosen(view.about(district, public=False)),
        area=view.chosen(view.area(district)),
        level=Level(level) if level else None,
        unit=int(unit) if unit else None,
        waiting_days=int(waits) if waits else None,
        among=state.value(view.among()),
    )


def _opened(district: District, store: Store) -> Wish | None:
    number = state.value(view.wish())
    if number is None:
        return None
    try:
        return recording.get(store, district.id, number)
    except InputError as error:
        view.refuse(error.message())
        state.put(view.wish(), None)
        return None


def _lead(board: Board, *, brief: bool) -> None:
    """Draw how the wishes stand; briefly beside a form or a wish, which need the room."""
    shell.answer(wording.marked(wish_words.board_sentence(board)))
    if brief:
        return
    count = board.by_state
    review = count[State.RECORDED] + count[State.REVIEWED]
    held = count[State.CLAIMED] + count[State.IN_PROGRESS]
    shell.figures(
        [
            (str(review), t("wishes.figure_review")),
            (str(count[State.PUBLISHED]), t("wishes.figure_open")),
            (str(held), t("wishes.figure_held")),
            (str(count[State.FULFILLED]), t("wishes.figure_done")),
        ]
    )
    if not view.may_act():
        shell.notes([t("wishes.read_only")])
    else:
        st.button(
            t("wishes.record"),
            key="wishes:new",
            type="primary",
            icon=":material/edit_note:",
            width="stretch",
            on_click=state.put,
            args=(view.new(), True),
        )


def _map(district: District, store: Store, asked: Filter, wish: Wish | None) -> None:
    exact = view.may_act()
    points = browsing.points(store, district.id, asked, masked=not exact)
    rows = [wish_layers.legend_row([*wishes_list.kinds_of(district, points), None])]
    selected = None if wish is None else wish.id
    shown = [
        legend.layer(rows),
        wish_layers.clusters(wish_layers.notes(points, district.kinds), selected=selected),
    ]
    if state.value(view.new()) and exact:
        spot = wishes_form.spot()
    else:
        spot = _chosen(wish) or _place(wish, exact=exact)
    if spot is not None:
        shown.append(layers.origin(*spot))
    show_map(district, shown, key="wishes", on_click=lambda *told: _clicked(wish, *told))
    shell.notes([t("wishes.map_exact" if exact else "wishes.map_masked")])


def _place(wish: Wish | None, *, exact: bool) -> tuple[float, float] | None:
    if wish is None or wish.lon is None:
        return None
    lon, lat = (wish.lon, wish.lat) if exact else (wish.shown_lon, wish.shown_lat)
    return None if lon is None or lat is None else (lon, lat)


def _chosen(wish: Wish | None) -> tuple[float, float] | None:
    """Return the place that is chosen for a wish that is edited."""
    if wish is None or not wishes_steps.editing(wish):
        return None
    return wishes_fields.Typed(wish.id).spot


def _clicked(wish: Wish | None, district: District, click: Click) -> None:
    if state.value(view.new()) and view.may_act():
        wishes_form.put_spot(district, (click.lon, click.lat))
    elif wish is not None and wishes_steps.editing(wish) and view.may_act():
        wishes_fields.put_spot(district, wish.id, (click.lon, click.lat))
    elif click.layer == "wish":
        numbers = view.among().read(click.id)
        one = len(numbers) == 1
        state.put(view.wish(), numbers[0] if one else None)
        view.look_at(view.among(), () if one else numbers)


def _list(district: District, store: Store, board: Board, units: dict[int, Unit]) -> None:
    shell.heading(t("wishes.list", n=board.total))
    if state.value(view.among()):
        st.button(
            t("wishes.unchoose"),
            key="wishes:unchoose",
            on_click=view.look_at,
            args=(view.among(), ()),
        )
    if not sum(board.by_state.values()):
        shell.notes(_how_to_begin(store))
    elif not board.wishes:
        shell.notes([t("wishes.none_such")])
    held = browsing.holders(store, [wish.id for wish in board.wishes])
    for wish in board.wishes:
        names = [units[unit].name for unit in held.get(wish.id, ()) if unit in units]
        shell.pick_row(
            _row(district, wish, names),
            t("wishes.open", number=wish.id),
            key=f"wish-{wish.id}",
            on_click=state.put,
            args=(view.wish(), wish.id),
        )
    wishes_list.pager(board.total)


def _row(district: District, wish: Wish, units: Sequence[str]) -> shell.Row:
    open_ = wish.state not in SETTLED
    days = wish_words.days_waiting(wish)
    return shell.Row(
        wish_words.short(wish.text),
        wish_words.staff_line(district, wish, units),
        t("wishes.days", days=days) if open_ else wish_words.state_name(wish.state),
        alarming=open_ and days > LONG_DAYS,
        more=t("wishes.waits_for", why=wish.waits) if wish.waits else "",
    )


def _how_to_begin(store: Store) -> list[str]:
    """Return how the first wishes come in, and what is there for them to be kept in."""
    lines = [t("wishes.begin_record" if view.may_act() else "wishes.begin_steward")]
    if not store.in_use:
        lines.append(t("wishes.begin_store"))
    return [*lines, t("wishes.begin_restore")]


def _below(district: District, board: Board) -> None:
    if sum(board.by_state.values()):
        shell.heading(t("wishes.files"))
        wishes_files.offer(district, public=False)
    shell.notes([t("wishes.about_flow"), t("wishes.about_places")])
