"""Missing links 缺失通道 on Lifts and lanes: candidates for a look on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
import streamlit as st

from circle.i18n import t
from circle.lanes.links import missing_links
from circle.maps import layers, legend
from circle.maps.geometry import feature
from circle.web import downloads, shell
from circle.web.map_view import show_map
from circle.words import passages, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.lanes.links import MissingLink
    from circle.lanes.walks import Walkers
    from circle.maps.drawing import Layer
    from circle.study import Study

MOST_LISTED = 20
_LINK = "links"


def show(study: Study, who: Walkers) -> bool:
    """Draw the candidates on the map and ranked; they depend on who walks."""
    district = study.district
    answer = missing_links(study, who, top=MOST_LISTED)
    shell.answer(wording.marked(passages.links_sentence(answer)))
    shell.notes([t("links.note.candidates")])
    if answer.links:
        shown = map_layers(answer.links, district.crs)
        row = legend.outlines_row(t("links.title"), _LINK)
        show_map(district, [*shown, legend.layer([row])], key="links")
        _list(answer.links)
    shell.notes(passages.links_notes(district, answer)[1:])
    downloads.sources(district)
    return True


def map_layers(links: Sequence[MissingLink], crs: str) -> list[Layer]:
    """Return the candidates as lines, with their rank at one end."""
    names = [passages.link_name(each) for each in links]
    lines = [
        feature(shapely.LineString(each.xy), crs, name=name, lines=[passages.link_line(each)])
        for each, name in zip(links, names, strict=True)
    ]
    spots = layers.spot_places(
        layers.Spot(
            f"link-{rank}",
            (each.begin[0] + each.finish[0]) / 2,
            (each.begin[1] + each.finish[1]) / 2,
            name,
            _LINK,
            str(rank),
            (passages.link_line(each),),
        )
        for rank, (each, name) in enumerate(zip(links, names, strict=True), start=1)
    )
    return [layers.outlines(lines, key=_LINK), layers.spots(spots)]


def _list(links: Sequence[MissingLink]) -> None:
    shell.heading(t("links.ranked"))
    most = links[0].minutes or 1.0
    shell.rows(
        [
            shell.Row(
                passages.link_name(each),
                passages.link_line(each),
                passages.minutes_text(each.minutes),
                rank=rank,
                share=each.minutes / most,
            )
            for rank, each in enumerate(links, start=1)
        ]
    )
    with st.expander(t("links.table")):
        downloads.table(passages.links_table(links), file=t("lanes.file.links"))
