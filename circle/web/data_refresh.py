"""The streets of today on the Data page: fetched, compared, put in place or left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from circle.config import settings
from circle.errors import CircleError
from circle.i18n import t
from circle.load.versions import Made
from circle.network.pieces import piece_count
from circle.osm.refresh import STREETS, fetched, refreshed
from circle.store import noted
from circle.web import data_change, downloads, job_view, shell
from circle.words import edit_tables, version_tables

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circle.load.changes import LayerChange
    from circle.osm.refresh import Fetched
    from circle.web.jobs import Progress, Stop
    from circle.words.version_tables import Beside

_FETCH, _PUT = "refreshing:fetch", "refreshing:put"
_SHARES = {"fetched": 0.2, "nodes": 0.5, "pass": 0.55, "ways": 0.6, "relations": 0.65}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Streets of today, and what they change."""

    streets: Fetched
    changes: tuple[LayerChange, ...]
    pieces: tuple[int, int]
    edits: pd.DataFrame
    coverage: Beside


def show() -> None:
    """Draw the way to the streets of today: to fetch them, to look, to agree or leave."""
    shell.heading(t("refreshing.title"))
    shell.notes([t("refreshing.note", server=settings().overpass)])
    if not data_change.allowed("refresh"):
        return
    if job_view.running(_PUT):
        job_view.made(_PUT)
        return
    if job_view.made(_PUT) is not None:
        _end()
        data_change.done(t("refreshing.done"))
        st.rerun()
    comparison = job_view.made(_FETCH)
    if isinstance(comparison, Comparison):
        _told(comparison)
        _agreeing(comparison)
    elif not job_view.running(_FETCH):
        st.button(t("refreshing.fetch"), icon=":material/sync:", on_click=_fetch)


def _fetch() -> None:
    here, server = settings().district, settings().overpass

    def make(_: Path, progress: Progress, stop: Stop) -> Comparison:
        def told(what: str, _count: int) -> None:
            job_view.step(progress, stop, what, _SHARES.get(what, 0.5))

        told("fetched", 0)
        streets = fetched(here, server, told)
        job_view.step(progress, stop, "checking", 0.75)
        with refreshed(streets, Made("refresh", "-")) as new:
            job_view.step(progress, stop, "counting", 0.85)
            return Comparison(
                streets,
                new.changes,
                (piece_count(streets.before.network), piece_count(new.after.network)),
                new.after.street_edits,
                version_tables.both(streets.before, new.after),
            )

    job_view.start(_FETCH, make)


def _told(comparison: Comparison) -> None:
    """Draw what the streets of today change."""
    answer = comparison.streets.answer
    then, now = comparison.pieces
    segments = next((each for each in comparison.changes if each.file == STREETS[1]), None)
    added, removed, changed = (
        (0, 0, 0)
        if segments is None
        else (len(segments.added), len(segments.removed), len(segments.changed))
    )
    shell.figures(
        [
            (f"{added:,}", t("refreshing.figure_added")),
            (f"{removed:,}", t("refreshing.figure_removed")),
            (f"{changed:,}", t("refreshing.figure_changed")),
            (f"{then} → {now}", t("refreshing.figure_pieces")),
        ]
    )
    as_of = answer.as_of.strftime("%Y-%m-%d %H:%M")
    shell.notes([t("refreshing.answer", as_of=as_of, ways=f"{answer.ways:,}")])
    left, right = st.columns([3, 2], gap="large")
    with left:
        downloads.table(version_tables.layers(comparison.changes), file=t("refreshing.layers_file"))
        with st.expander(t("history.rows")):
            rows = version_tables.rows(comparison.changes)
            downloads.table(rows, file=t("refreshing.rows_file"))
        with st.expander(t("refreshing.left_out")):
            reasons = comparison.streets.left_out.items()
            shell.notes([t(f"import.{reason}", count=count).strip() for reason, count in reasons])
    with right:
        downloads.table(
            version_tables.coverage(comparison.coverage), file=t("refreshing.coverage_file")
        )
        shell.notes([t("history.coverage_note", minutes=f"{version_tables.MINUTES:g}")])
    if len(comparison.edits):
        with st.expander(t("refreshing.edits"), expanded=True):
            shell.table(edit_tables.edits(comparison.edits))


def _agreeing(comparison: Comparison) -> None:
    with st.form("refreshing:agree"):
        shell.notes([t("refreshing.meaning")])
        by, reason = data_change.who_and_why("refreshing", t("refreshing.reason_hint"))
        sent = st.form_submit_button(t("refreshing.agree"), type="primary")
    st.button(t("refreshing.discard"), on_click=_end)
    if not sent:
        return
    try:
        made = data_change.made("refresh", by, reason)
        data_change.folder()
    except CircleError as error:
        st.error(shell.escaped_markdown(error.message()))
        return

    def make(_: Path, progress: Progress, __: Stop) -> bool:
        progress("writing", 0.5)
        with refreshed(comparison.streets, made) as new, noted(made, new.after.id):
            new.put()
        return True

    job_view.start(_PUT, make)
    st.rerun()


def _end() -> None:
    job_view.stop(_PUT)
    job_view.stop(_FETCH)
