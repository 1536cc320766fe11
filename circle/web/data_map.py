"""The data on a map: places where streets deserve a look, edits by hand, the rows of each layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from circle.config import settings
from circle.i18n import t
from circle.intake.layers import layers as all_layers
from circle.intake.preview import rows_of
from circle.maps import layers, legend
from circle.quality.spots import SPOTS, spots
from circle.web import controls, downloads, memo, shell, state
from circle.web.map_view import show_map
from circle.words import edit_tables, spot_tables, wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from circle.maps.drawing import Layer, Shared
    from circle.model import Area, District
    from circle.quality import Quality
    from circle.web.map_view import Click

_KEY = "data"
FLAWS, EDITS = "flaws", "edits"
_MOST_LISTED = 40
MOST_DRAWN = 5_000
_LONGEST_ID = 200


class Shown(NamedTuple):
    """What the map shows: its rows (id, name, sub, lon, lat), as signs, and outlines."""

    rows: pd.DataFrame
    signs: Shared
    legend: tuple[tuple[str, str, str], ...]
    outlines: tuple[Area, ...] = ()


def show(district: District, quality: Quality) -> None:
    """Draw the map, and the list of what it shows; a row that is chosen is marked on it."""
    shell.heading(t("data_map.title"))
    name = _view(district, _shown(district, quality, FLAWS))
    shown = _shown(district, quality, name)
    kept = _searched(shown.rows)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        show_map(district, _layers(district, shown), key=_KEY, on_click=_mark)
        if len(shown.rows) > MOST_DRAWN:
            shell.notes([t("data_map.most", n=f"{MOST_DRAWN:,}", all=f"{len(shown.rows):,}")])
    with right:
        _list(kept)
    downloads.files(_as_table(shown.rows), file=t("data_map.file"))


def row() -> state.Param[str]:
    """Return the row that is marked, by its id; empty for none."""

    def parse(raw: str) -> str:
        if len(raw) > _LONGEST_ID or not raw.isprintable():
            raise ValueError(raw)
        return raw

    return state.Param("row", parse, str, "")


def _view(district: District, flaws: Shown) -> str:
    """Draw the choice of what is shown, and return it: flaws, a sort of them, edits, a layer."""
    known = all_layers()
    held = {layer.file: layer.rows for layer in district.layers}
    present = [
        layer.id
        for layer in known.values()
        if district.levels.get(layer.level) or (held.get(layer.file) and layer.has_places)
    ]
    titles = {name: str(known[name].title) for name in present}
    sorts = {spot: t(f"quality.flaw.{spot}") for spot in SPOTS if spot in set(flaws.rows["spot"])}
    titles = {FLAWS: t("data_map.flaws"), **sorts, EDITS: t("edits.title")} | titles
    return controls.select(
        t("data_map.view"), tuple(titles), state.choice("show", titles), lambda name: titles[name]
    )


def _shown(district: District, quality: Quality, name: str) -> Shown:
    if name == FLAWS or name in SPOTS:
        only = "" if name == FLAWS else name
        return memo.drawn(district, "data_flaws", only, lambda: _flaws(district, quality, only))
    if name == EDITS:
        return memo.drawn(district, "data_edits", None, lambda: edits(district))
    layer = all_layers()[name]
    folder = settings().district

    def make() -> Shown:
        rows = rows_of(folder, layer, district)
        places = rows.dropna(subset=["lon", "lat"]).head(MOST_DRAWN)
        signs = layers.spot_places(
            layers.Spot(each["id"], each["lon"], each["lat"], each["name"], lines=(each["sub"],))
            for each in places.to_dict("records")
        )
        units = tuple(district.levels.get(layer.level, ()))
        return Shown(rows, signs, (("spots", str(layer.title), ""),), units)

    return memo.drawn(district, "data_layer", name, make)


def _flaws(district: District, quality: Quality, only: str) -> Shown:
    table = spots(district, quality)
    table = table[table["spot"].eq(only)] if only else table
    told = [spot_tables.told(each) for each in table.to_dict("records")]
    letters = {spot: t(f"quality.spot_letter.{spot}") for spot in SPOTS}
    rows = table.assign(name=[name for name, _ in told], sub=[sub for _, sub in told])
    signs = layers.spot_places(
        layers.Spot(
            each["id"],
            each["lon"],
            each["lat"],
            each["name"],
            each["spot"],
            letters[each["spot"]],
            (each["sub"],),
        )
        for each in rows.head(MOST_DRAWN).to_dict("records")
    )
    present = [spot for spot in SPOTS if table["spot"].eq(spot).any()]
    named = tuple((spot, t(f"quality.flaw.{spot}"), letters[spot]) for spot in present)
    return Shown(rows, signs, named)


def edits(district: District) -> Shown:
    """Return the edits by hand as the map shows them."""
    table = district.street_edits
    letter = t("quality.spot_letter.edit")
    told = [edit_tables.told(each) for each in table.to_dict("records")]
    rows = table.assign(name=[name for name, _ in told], sub=[sub for _, sub in told])
    signs = layers.spot_places(
        layers.Spot(
            str(each["id"]), each["lon"], each["lat"], each["name"], "edit", letter, (each["sub"],)
        )
        for each in rows.to_dict("records")
    )
    named = (("edit", t("edits.title"), letter),) if len(rows) else ()
    return Shown(rows, signs, named)


def _layers(district: District, shown: Shown) -> Iterator[Layer]:
    if shown.outlines:
        yield layers.units(shown.outlines, district.crs)
    yield layers.spots(shown.signs, selected=state.value(row()))
    rows = [legend.spots_row(key, text, letter) for key, text, letter in shown.legend]
    if rows:
        yield legend.layer(rows)


def _mark(_: District, click: Click) -> None:
    """Mark the row that was clicked on the map."""
    if click.layer == "spot":
        state.toggle(row(), click.id)


def _searched(rows: pd.DataFrame) -> pd.DataFrame:
    """Draw the search, and return the rows that have its words, the marked one first."""
    asked = st.text_input(t("data_map.search"), key="data_map:search").strip().casefold()
    rows = rows.assign(chosen=rows["id"].astype(str).eq(state.value(row())))
    text = (rows["name"].astype(str) + " " + rows["sub"].astype(str)).str.casefold()
    kept = rows[text.str.contains(asked, regex=False) | rows["chosen"]] if asked else rows
    return kept.sort_values("chosen", ascending=False, kind="stable")


def _list(rows: pd.DataFrame) -> None:
    if rows.empty:
        shell.notes([t("data_map.none")])
        return
    for each in rows.head(_MOST_LISTED).to_dict("records"):
        name, identity = str(each["name"]), str(each["id"])
        line = shell.Row(name, str(each["sub"]), "", chosen=bool(each["chosen"]))
        shell.pick_row(
            line,
            t("data_map.choose", name=wording.inline(name)),
            key=f"spot-{identity}",
            on_click=state.toggle,
            args=(row(), identity),
        )
    if len(rows) > _MOST_LISTED:
        shell.notes([t("data_map.more", n=f"{len(rows) - _MOST_LISTED:,}")])


def _as_table(rows: pd.DataFrame) -> pd.DataFrame:
    names = ["id", "name", "sub", "lon", "lat"]
    table = rows[names].astype({"lon": float, "lat": float}).round({"lon": 6, "lat": 6})
    return table.rename(columns={name: t(f"data_map.col_{name}") for name in names})
