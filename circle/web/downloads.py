"""Tables on the pages, and what a page offers as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from circle.i18n import in_language, language, t
from circle.load import provenance
from circle.report import snapshot
from circle.web import shell
from circle.words import data_tables, tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.model import District

MakesTable = Callable[[], pd.DataFrame]

_FORMATS = {
    "csv": ("common.download", "text/csv"),
    "geojson": ("common.geojson", "application/geo+json"),
}
_MISSING = "–"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(shown: pd.DataFrame, *, file: str) -> None:
    """Draw a table and offer it as files."""
    formats = {
        column: st.column_config.NumberColumn(format="localized")
        for column in shown.columns
        if pd.api.types.is_numeric_dtype(shown[column])
    }
    st.dataframe(
        shown, hide_index=True, width="stretch", column_config=formats, placeholder=_MISSING
    )
    files(shown, file=file)


def files(shown: pd.DataFrame, *, file: str) -> None:
    """Offer a table as a CSV that Excel opens and as a workbook, without drawing it."""
    files_later(lambda: shown, file=file)


def files_later(make: MakesTable, *, file: str) -> None:
    """Offer a table as `files` does, made when it is asked for.

    It is made in another thread, where there is no session.
    """

    def csv() -> bytes:
        return tables.to_csv(make())

    def workbook() -> bytes:
        from circle.report.tabular import xlsx  # noqa: PLC0415 - only for those who click

        return xlsx.workbook({file: make()})

    with st.container(horizontal=True):
        button(t("common.download"), made_later(csv), f"{file}.csv", "text/csv")
        button(t("datafiles.download_excel"), made_later(workbook), f"{file}.xlsx", _WORKBOOK)


def made_on_click(label: str, make: Callable[[], bytes], file: str) -> None:
    """Offer a file that is made when it is asked for; `make` runs without a session."""
    button(label, made_later(make), file, _mime(file))


def _mime(file: str) -> str:
    endings = {"xlsx": _WORKBOOK, "csv": "text/csv", "geojson": "application/geo+json"}
    return endings.get(file.rpartition(".")[2], "application/octet-stream")


def made(makers: Mapping[str, Callable[[], bytes]], *, file: str) -> None:
    """Offer files whose content is made when it is asked for: ``csv`` and ``geojson``.

    Parameters
    ----------
    makers
        What makes each. They run in another thread, where there is no session.
    file
        Name of the files, without an ending.
    """
    with st.container(horizontal=True):
        for form, make in makers.items():
            label, mime = _FORMATS[form]
            button(t(label), made_later(make), f"{file}.{form}", mime)


def made_later(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file on a click: in another thread, in this visitor's language."""
    return in_language(language())(make)


def button(
    label: str,
    data: Callable[[], bytes],
    file: str,
    mime: str,
    hint: str | None = None,
) -> None:
    """Draw a button that makes a file on a click; `data` runs in another thread."""
    st.download_button(
        label,
        data,
        file_name=file,
        mime=mime,
        icon=":material/download:",
        help=hint,
        on_click="ignore",
    )


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
    button(
        t("picture.geojson"),
        made_later(lambda: snapshot.to_bytes(make())),
        f"{file}.geojson",
        "application/geo+json",
        t("picture.geojson_help"),
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
    with st.expander(t("common.sources"), key="sources", on_change="rerun") as part:
        if not part.open:  # a table takes long to draw, and most never look
            return
        st.dataframe(provenance(district), hide_index=True, width="stretch")
        if any(not area.official for area in district.areas):
            st.caption(t("common.area_unofficial"))
