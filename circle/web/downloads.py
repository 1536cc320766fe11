"""Tables on the pages, and what a page offers as files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from circle.i18n import in_language, language, t
from circle.load import provenance
from circle.report import snapshot
from circle.web import shell
from circle.words import data_tables, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle.model import District


def table(shown: pd.DataFrame, *, file: str) -> None:
    """Draw a table and offer it as files."""
    formats = {
        column: st.column_config.NumberColumn(format="localized")
        for column in shown.columns
        if pd.api.types.is_numeric_dtype(shown[column])
    }
    st.dataframe(shown, hide_index=True, width="stretch", column_config=formats)
    files(shown, file=file)


def files(shown: pd.DataFrame, *, file: str) -> None:
    """Offer a table as a CSV that Excel opens and as a workbook, without drawing it."""
    with st.container(horizontal=True):
        st.download_button(
            t("common.download"),
            tables.to_csv(shown),
            file_name=f"{file}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            t("datafiles.download_excel"),
            partial(_workbook, shown, file, language()),
            file_name=f"{file}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            on_click="ignore",
        )


def _workbook(shown: pd.DataFrame, file: str, spoken: str) -> bytes:
    """Return a table as a workbook; called when the button is clicked, in another thread."""
    from circle.report.tabular import xlsx  # noqa: PLC0415 - only for those who click

    with in_language(spoken):
        return xlsx.workbook({file: shown})


def view(make: Callable[[], Mapping[str, Any]], *, file: str) -> None:
    """Offer what a map shows as GeoJSON, made when it is asked for.

    Parameters
    ----------
    make
        Returns the feature collection. It runs in another thread, where there is
        no session: it may use what the page has computed, and no state.
    file
        Name of the file, without its ending.
    """
    spoken = language()

    def content() -> bytes:
        with in_language(spoken):
            return snapshot.to_bytes(make())

    st.download_button(
        t("picture.geojson"),
        content,
        file_name=f"{file}.geojson",
        mime="application/geo+json",
        icon=":material/download:",
        help=t("picture.geojson_help"),
        on_click="ignore",
    )


def layers(district: District) -> None:
    """List where each layer comes from, on what terms, and how far to trust it."""
    shell.rows(
        [
            shell.Row(
                data_tables.layer_name(layer.id),
                f"{layer.source} · "
                + t("data.source_sub", licence=layer.licence, trust=layer.trust),
                t("common.modelled") if layer.modelled else layer.observed,
            )
            for layer in district.layers
        ]
    )
    if any(not area.official for area in district.areas):
        shell.notes([t("common.area_unofficial")])


def sources(district: District) -> None:
    """Draw where each layer comes from and how far to trust it."""
    if district.modified:
        st.warning(t("shell.modified"))
    with st.expander(t("common.sources")):
        st.dataframe(provenance(district), hide_index=True, width="stretch")
        if any(not area.official for area in district.areas):
            st.caption(t("common.area_unofficial"))
