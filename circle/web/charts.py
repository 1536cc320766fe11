"""Charts, by the library that Streamlit carries; every one readable in grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from circle.i18n import t

if TYPE_CHECKING:
    from circle.model import Floats

_CHART_PX = 260
_DARK, _MISS = "#1F6B66", "#B33A3A"
_BIN_MIN = 5
_SILENT = alt.Axis(aria=False)
"""Vega tells of axes in English alone; what a chart shows stands in words beside it."""


def histogram(minutes: Floats, residents: Floats, limit: float) -> None:
    """Draw residents by minutes, in steps of 5; those beyond the limit in red.

    Parameters
    ----------
    minutes, residents
        Shapes (k,).
    limit
        Minutes.
    """
    edge = np.floor(np.minimum(minutes, 60 - 1e-9) / _BIN_MIN) * _BIN_MIN
    late = minutes > limit
    people = pd.DataFrame({"edge": edge, "late": late, "residents": residents})
    table = people.groupby(["edge", "late"])["residents"].sum().reset_index()
    table["end"] = table["edge"] + _BIN_MIN
    table["which"] = np.where(table["late"], t("details.beyond"), t("details.within"))
    bars = (
        alt.Chart(table)
        .mark_bar(stroke="#FFFFFF", aria=False)
        .encode(
            x=alt.X("edge:Q", bin="binned", title=t("coverage.minutes"), axis=_SILENT),
            x2="end:Q",
            y=alt.Y("residents:Q", title=t("coverage.col_residents"), stack=True, axis=_SILENT),
            color=alt.Color(
                "which:N",
                title=None,
                scale=alt.Scale(
                    domain=[t("details.within"), t("details.beyond")], range=[_DARK, _MISS]
                ),
                legend=alt.Legend(orient="top", aria=False),
            ),
            tooltip=[
                alt.Tooltip("edge:Q", title=t("coverage.minutes")),
                alt.Tooltip("residents:Q", format=",.0f", title=t("coverage.col_residents")),
            ],
        )
    )
    st.altair_chart(bars.properties(height=_CHART_PX), width="stretch")


def lorenz(points: Floats) -> None:
    """Draw a Lorenz curve, shape (k, 2), beside the line of equality."""
    thin = points[np.unique(np.linspace(0, len(points) - 1, 200).astype(int))]
    curve = pd.DataFrame(thin, columns=["people", "share"])
    even = pd.DataFrame({"people": [0.0, 1.0], "share": [0.0, 1.0]})
    axes = {
        "x": alt.X(
            "people:Q", title=t("details.share_people"), axis=alt.Axis(format="%", aria=False)
        ),
        "y": alt.Y(
            "share:Q", title=t("details.share_minutes"), axis=alt.Axis(format="%", aria=False)
        ),
    }
    line = alt.Chart(curve).mark_line(color=_DARK, strokeWidth=3, aria=False).encode(**axes)
    equal = alt.Chart(even).mark_line(color="#8A857C", strokeDash=[5, 4], aria=False).encode(**axes)
    st.altair_chart((equal + line).properties(height=_CHART_PX), width="stretch")


def steps(points: pd.DataFrame, axes: tuple[str, str]) -> None:
    """Draw what comes of each step of an amount, a point a step; a bend in red, and by shape.

    Parameters
    ----------
    points
        Columns count, shown and elbow (bool).
    axes
        What the amount and what comes of it are called.
    """
    x = alt.X("count:Q", title=axes[0], axis=alt.Axis(aria=False, tickMinStep=1))
    y = alt.Y("shown:Q", title=axes[1], axis=_SILENT, scale=alt.Scale(zero=False))
    tips = [
        alt.Tooltip("count:Q", title=axes[0]),
        alt.Tooltip("shown:Q", format=",.1f", title=axes[1]),
    ]
    base = alt.Chart(points)
    line = base.mark_line(color=_DARK, strokeWidth=2, aria=False).encode(x=x, y=y)
    marks = base.mark_point(filled=True, size=70, opacity=1, aria=False).encode(
        x=x,
        y=y,
        color=alt.condition("datum.elbow", alt.value(_MISS), alt.value(_DARK)),
        shape=alt.condition("datum.elbow", alt.value("diamond"), alt.value("circle")),
        tooltip=tips,
    )
    st.altair_chart((line + marks).properties(height=_CHART_PX), width="stretch")
