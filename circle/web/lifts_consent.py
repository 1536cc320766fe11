"""A part of Lifts and lanes: votes as how many more, and what stands for and against a lift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.doors.feasibility import (
    GATES,
    MOST_WEIGHT,
    PARTS,
    USUAL_GATES,
    USUAL_WEIGHTS,
    feasibility,
)
from circle.i18n import t
from circle.web import controls, downloads, shell, state
from circle.words import lift_votes as words

if TYPE_CHECKING:
    import pandas as pd

    from circle.doors.homes import Homes


def show(register: pd.DataFrame, homes: Homes, prefix: str) -> None:
    """Draw both for every doorway without a running lift."""
    shell.heading(t("lifts.consent.title"))
    shell.notes([t("lifts.consent.rule")])
    downloads.table(words.votes_table(register), file=prefix + t("lifts.file.votes"))
    shell.heading(t("lifts.feasibility.title"))
    shell.notes([t("lifts.feasibility.own")])
    gates, weights = _gates(), _weights()
    judged = feasibility(register, homes, gates, weights)
    shut = sum(bool(each.forbids) for each in judged)
    shell.notes([t("lifts.feasibility.count", n=len(judged) - shut, shut=shut)])
    downloads.table(
        words.feasibility_table(register, judged), file=prefix + t("lifts.file.feasibility")
    )


def _gates() -> tuple[str, ...]:
    usual: tuple[str, ...] = USUAL_GATES
    param = state.Param("gates", state.some_of(GATES), state.join, usual)
    return controls.several(
        t("lifts.feasibility.gates"),
        GATES,
        param,
        lambda name: t(f"lifts.blocker.{name}"),
        t("lifts.feasibility.no_gates"),
    )


def _weights() -> dict[str, float]:
    weights = {}
    with st.container(horizontal=True, key="lifts-weights"):
        for name in PARTS:
            param = state.Param(
                f"w_{name}", state.number(0, MOST_WEIGHT), state.write_number, USUAL_WEIGHTS[name]
            )
            st.number_input(
                t("lifts.feasibility.weight", part=t(f"lifts.feasibility.part.{name}")),
                min_value=0.0,
                max_value=MOST_WEIGHT,
                step=1.0,
                format="%g",
                **state.tied(param),
            )
            weights[name] = state.value(param)
    return weights
