"""The wish wall as everyone sees it: published wishes, places blurred, nothing that few share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from circle.errors import StoreError
from circle.i18n import t
from circle.maps import legend, wish_layers
from circle.store import opened
from circle.web import controls, downloads, shell, state, wishes_files, wishes_list, wishes_opinions
from circle.web import wishes_state as view
from circle.web.map_view import show_map
from circle.wishes import answers, browsing
from circle.wishes.nouns import LEAST_SHOWN, OTHER_KIND, SHOWABLE, State
from circle.wishes.published import WITHHELD
from circle.words import wish_words, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import District
    from circle.store import Store
    from circle.web.map_view import Click
    from circle.wishes.browsing import Wall
    from circle.wishes.published import Published


@dataclass(frozen=True, slots=True)
class _Filter:
    """What is asked for: a kind that is told, or `WITHHELD`; a state; None for all."""

    kind: str | None
    state: State | None


def show(district: District) -> None:
    """Draw the wall; where it cannot be read, a calm sentence that tells nothing of the store."""
    try:
        _show(district, opened())
    except StoreError:
        with st.container(key="home"):
            shell.answer(shell.escape(t("wishes.away")))


def _show(district: District, store: Store) -> None:
    asked = _asked(district)
    wall = _wall(district, store, asked)
    with st.container(key="home"):
        left, right = st.container(key="home-left"), st.container(key="home-right")
    with left:
        shell.answer(wording.marked(wish_words.wall_sentence(wall)))
        st.html(f'<a class="hm-jump" href="#home-map">{shell.escape(t("wishes.see_map"))}</a>')
        if not sum(wall.by_state.values()):
            shell.notes([t("wishes.wall_empty"), t("wishes.wall_how")])
        else:
            _choices(district, wall)
            _chosen(district, store)
            _list(district, store, wall)
        wishes_opinions.rated(district, store)
    with right:
        shell.heading(t("home.map"), anchor="home-map")
        shell.notes([t("wishes.wall_map", n=LEAST_SHOWN)])
        _map(district, store, asked)
    with st.container(key="home-below"):
        if sum(wall.by_state.values()):
            wishes_files.offer(district, public=True)
        with st.expander(t("wishes.about")):
            shell.notes([t("wishes.about_flow"), t("wishes.about_places"),
                         t("wishes.about_few", n=LEAST_SHOWN), t("wishes.wall_how")])  # fmt: skip
        downloads.sources(district)


def _asked(district: District) -> _Filter:
    kind, stage = (
        view.chosen(view.about(district, public=True)),
        view.chosen(view.stage(public=True)),
    )
    told = WITHHELD if kind == view.NOT_TOLD else kind or None
    return _Filter(told, State(stage) if stage in SHOWABLE else None)


def _wall(district: District, store: Store, asked: _Filter) -> Wall:
    skip = ((state.value(view.page()) or 1) - 1) * view.PAGE
    return browsing.wall(
        store, district.id, kind=asked.kind, state=asked.state, skip=skip, most=view.PAGE
    )


def _choices(district: District, wall: Wall) -> None:
    """Draw what can be chosen: the kinds that are told, and the states that there are."""
    kinds = [kind for kind in (*district.kinds, OTHER_KIND) if wall.by_kind.get(kind)]
    if wall.by_kind.get(WITHHELD):
        kinds.append(view.NOT_TOLD)
    stages = [each.value for each in State if wall.by_state[each]]
    with st.container(key="wishes-choices"):
        _chips(t("wishes.fact.about"), kinds, view.about(district, public=True), lambda kind: (
            wish_words.kind_name(district, WITHHELD if kind == view.NOT_TOLD else kind)
        ))  # fmt: skip
        _chips(
            t("wishes.fact.state"), stages, view.stage(public=True),
            lambda stage: wish_words.state_name(State(stage)),
        )  # fmt: skip


def _chips(
    label: str, options: Sequence[str], param: state.Param[str], name: Callable[[str], str]
) -> None:
    held = state.value(param)
    more = [held] if held not in {view.ALL, *options} else []
    controls.chips(
        label,
        (view.ALL, *options, *more),
        param,
        lambda option: t("wishes.all") if option == view.ALL else name(option),
    )


def _chosen(district: District, store: Store) -> None:
    """Draw the wishes that were chosen on the map."""
    among = state.value(view.among())
    if not among:
        return
    picked = browsing.wall(store, district.id, among=among, most=view.PAGE).wishes
    shell.heading(t("wishes.chosen"))
    if picked:
        _rows(district, store, picked)
    else:
        shell.notes([t("wishes.none_there")])
    st.button(
        t("wishes.unchoose"), key="wishes:unchoose", on_click=state.put, args=(view.among(), ())
    )


def _list(district: District, store: Store, wall: Wall) -> None:
    shell.heading(t("wishes.list", n=wall.total))
    if wall.wishes:
        _rows(district, store, wall.wishes)
    else:
        shell.notes([t("wishes.none_such")])
    wishes_list.pager(wall.total)


def _rows(district: District, store: Store, wishes: Sequence[Published]) -> None:
    units = {unit.id: unit.name for unit in answers.units(store, district.id)}
    held = browsing.holders(store, [wish.id for wish in wishes])
    shell.rows(
        [
            shell.Row(
                wish.text,
                wish_words.public_line(
                    district, wish, [units[unit] for unit in held.get(wish.id, ()) if unit in units]
                ),
                wish_words.state_name(wish.state),
            )
            for wish in wishes
        ]
    )


def _map(district: District, store: Store, asked: _Filter) -> None:
    points = browsing.public_points(store, district.id, kind=asked.kind, state=asked.state)
    among = state.value(view.among())
    shown = wish_layers.notes(points, district.kinds)
    row = wish_layers.legend_row([*wishes_list.kinds_of(district, points), None])
    layers = [legend.layer([row]), wish_layers.clusters(shown, selected=next(iter(among), None))]
    show_map(district, layers, key="wishes", on_click=_clicked)


def _clicked(district: District, click: Click) -> None:
    del district
    if click.layer == "wish":
        state.put(view.among(), view.among().read(click.id))
