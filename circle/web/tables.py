"""Tables on the pages and as files: the same figures in both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from circle.coverage import WHOLE
from circle.i18n import t
from circle.lifecircle import count_within
from circle.load import provenance
from circle.model import NOT_IN_ANY

if TYPE_CHECKING:
    from circle.model import Coverage, District, LifeCircle

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a sheet may run as a formula: in Chinese versions the wide signs too."""


def show(table: pd.DataFrame, *, file: str) -> None:
    """Draw a table and offer it as a CSV that Excel opens."""
    formats = {
        column: st.column_config.NumberColumn(format="localized")
        for column in table.columns
        if pd.api.types.is_numeric_dtype(table[column])
    }
    st.dataframe(table, hide_index=True, width="stretch", column_config=formats)
    st.download_button(
        t("common.download"),
        to_csv(table),
        file_name=f"{file}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def to_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a mark, texts that look like formulas quoted."""
    safe = table.rename(columns=_text)
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_text)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def bands(district: District, found: LifeCircle) -> pd.DataFrame:
    """Return what lies within each limit, one row a limit."""
    sure = found.facilities[found.facilities["verified"]]
    rows = []
    for row, one in enumerate(found.isochrones):
        people = dict(zip(found.residents, found.residents.to_numpy()[row], strict=True))
        line: dict[str, object] = {
            t("explore.col_minutes"): f"{one.minutes:g}",
            t("explore.col_residents"): round(people["residents"]),
            t("explore.col_60"): round(people["residents_60_plus"]),
            t("explore.col_65"): round(people["residents_65_plus"]),
            t("explore.col_beyond"): round(people["residents_beyond"]),
        }
        for kind in (k for k in district.kinds.values() if k.service):
            line[str(kind.name)] = count_within(sure[sure["kind"].eq(kind.id)], one.minutes)
        line[t("explore.col_heritage")] = count_within(found.heritage, one.minutes)
        line[t("explore.col_area")] = round(one.area_km2, 3)
        rows.append(line)
    return pd.DataFrame(rows)


def coverage(district: District, found: Coverage) -> pd.DataFrame:
    """Return a coverage by area and age group, worst first, the whole last."""
    names = {area.id: str(area.name) for area in district.areas}
    names |= {WHOLE: t("common.district_all"), NOT_IN_ANY: t("unit.not_in_any")}
    low = found.at_least
    once = found.table[found.table["group"] != "residents_65_plus"]  # as age_65_plus
    own = once.assign(whole=once["area"].eq(WHOLE))
    own = own.sort_values(["whole", "rate", "uncovered"], ascending=[True, True, False])
    return pd.DataFrame(
        {
            t("coverage.col_area"): own["area"].map(lambda a: names.get(a, a or "—")),
            t("coverage.col_group"): own["group"].map(lambda g: t(f"group.{g}")),
            t("coverage.col_residents"): own["residents"].round().astype(int),
            t("coverage.col_covered"): own["covered"].round().astype(int),
            t("coverage.col_uncovered_none_known" if low else "coverage.col_uncovered"): own[
                "uncovered"
            ]
            .round()
            .astype(int),
            t("coverage.col_rate_low" if low else "coverage.col_rate"): (own["rate"] * 100).round(
                1
            ),
        }
    )


def show_sources(district: District) -> None:
    """Draw where each layer comes from and how far to trust it."""
    with st.expander(t("common.sources")):
        st.dataframe(provenance(district), hide_index=True, width="stretch")
        if any(not area.official for area in district.areas):
            st.caption(t("common.area_unofficial"))


def _text(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
