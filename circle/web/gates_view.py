"""Gates 里弄门 on Lifts and lanes: what each costs while it is shut, on the map and by hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.lanes.gates import gate_prices
from circle.maps import layers, legend
from circle.web import controls, downloads, shell, state, templates
from circle.web.map_view import show_map
from circle.words import passages, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.lanes.gates import GatePrice, GatePrices
    from circle.lanes.walks import Walkers
    from circle.maps.drawing import Layer
    from circle.study import Study

MOST_LISTED = 20
_GATE = "gate"


def show(study: Study, who: Walkers) -> bool:
    """Draw the gates; where there is none what is missing, and the template.

    Returns
    -------
    bool
        Whether there was something that depends on who walks.
    """
    district, prices = study.district, gate_prices(study, who)
    if not prices.prices and not prices.unfit:
        missing()
        return False
    shell.answer(wording.marked(passages.gates_sentence(prices)))
    if prices.prices:
        show_map(district, map_layers(prices.prices), key="gates")
        _list(prices)
        _by_hour(prices.prices)
    shell.notes(passages.gates_notes(district, prices))
    downloads.sources(district)
    return True


def missing() -> None:
    """Say that there is no register of gates, and offer its template."""
    shell.answer(wording.marked(t("gates.no_register")))
    shell.notes([t("gates.bring")])
    templates.offer("gates")


def map_layers(prices: Sequence[GatePrice]) -> list[Layer]:
    """Return the gates and their row of the legend."""
    letter = t("gates.letter")
    shown = layers.spot_places(
        layers.Spot(
            each.gate.id,
            each.gate.lon,
            each.gate.lat,
            passages.gate_name(each.gate),
            _GATE,
            letter,
            (passages.gate_hours(each.gate), passages.gate_line(each)),
        )
        for each in prices
    )
    return [layers.spots(shown), legend.layer([legend.spots_row(_GATE, t("gates.title"), letter)])]


def _list(prices: GatePrices) -> None:
    most = prices.prices[0].minutes or 1.0
    shell.heading(t("gates.ranked"))
    shell.rows(
        [
            shell.Row(
                passages.gate_name(each.gate),
                passages.gate_line(each),
                passages.minutes_text(each.minutes),
                rank=rank,
                share=each.minutes / most,
            )
            for rank, each in enumerate(prices.prices[:MOST_LISTED], start=1)
        ]
    )
    with st.expander(t("gates.table", n=len(prices.prices))):
        downloads.table(passages.gates_table(prices.prices), file=t("lanes.file.gates"))


def _by_hour(prices: Sequence[GatePrice]) -> None:
    """Draw what the hours of one gate cost, hour by hour."""
    by_id = {each.gate.id: each for each in prices}
    shell.heading(t("gates.by_hour"))
    chosen = controls.select(
        t("gates.title"),
        tuple(by_id),
        state.choice("gate", by_id),
        lambda name: passages.gate_name(by_id[name].gate),
    )
    with st.expander(t("gates.hours_table")):
        downloads.table(passages.gate_hours_table(by_id[chosen]), file=t("lanes.file.hours"))
    shell.notes([passages.now_sentence(by_id[chosen])])
