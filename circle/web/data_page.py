"""The Data page: what the figures rest on, what is missing, who vouches for it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from circle import store
from circle.demand import residents_unknown
from circle.errors import InputError, StoreError
from circle.i18n import t
from circle.load import provenance
from circle.model import Completeness
from circle.places.facilities import register_of
from circle.quality import Severity, missing
from circle.web import (
    controls,
    data_change,
    data_edits,
    data_history,
    data_import,
    data_map,
    data_refresh,
    downloads,
    memo,
    shell,
    sign_in,
    state,
)
from circle.words import data_tables, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from circle.model import District
    from circle.quality import Quality

PARTS = ("lists", "map", "bring", "streets", "versions")
"""The parts of the page, the one that it opens with first."""
_MESSAGE = "data:message"
_COUNT = re.compile(r"(\d+)")


def show() -> None:
    """Draw the page."""
    study = memo.study()
    district = study.district
    shell.header(district.name, t("data.subtitle"), district.observed)
    quality = study.quality()
    with st.container(key="plain-page"):
        shell.answer(_COUNT.sub(r"<b>\1</b>", shell.escape(sentence(district, quality))))
        _figures(quality)
        if message := st.session_state.pop(_MESSAGE, None):
            st.success(shell.escaped_markdown(message))
        data_change.say_done()
        param = state.choice("part", PARTS)
        part = controls.segmented(t("data.part"), PARTS, param, lambda name: t(f"data.part_{name}"))
        if part == "lists":
            _lists(district, quality)
        elif part == "bring":
            data_import.show(district)
        elif part == "map":
            data_map.show(district, quality)
        elif part == "streets":
            data_edits.show(district)
            data_refresh.show()
        elif part == "versions":
            data_history.show(district)


def _lists(district: District, quality: Quality) -> None:
    shell.heading(t("data.registers"))
    rows = store.history(store.opened(), district.id)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _registers(district, quality)
    with right:
        _confirming(district, quality, len(rows))
    _history(district, rows)
    _quality(district, quality)
    _missing(district)
    _sources(district)


def sentence(district: District, quality: Quality) -> str:
    """Return the answer of the page, as plain text."""
    table, places = quality.registers, district.facilities
    modelled = any(
        layer.modelled for layer in district.layers if layer.id in {"residents", "demand"}
    )
    residents = "modelled" if modelled else "counted"
    return t(
        "data.sentence",
        total=len(table),
        complete=int(table["completeness"].eq(Completeness.COMPLETE.value).sum()),
        places=len(places),
        unverified=int((~places["verified"]).sum()),
    ) + t(f"data.{'no_residents' if residents_unknown(district) else residents}")


def _figures(quality: Quality) -> None:
    table = quality.registers
    complete = int(table["completeness"].eq(Completeness.COMPLETE.value).sum())
    chords = next(
        (check.ours for check in quality.checks if check.key in {"chords", "no_chords"}), None
    )
    shell.figures(
        [
            (f"{complete} / {len(table)}", t("data.figure_complete")),
            (str(int(table["unverified"].sum())), t("data.figure_unverified")),
            ("—" if chords is None else f"{chords:.1f} %", t("data.figure_chords")),
            (str(quality.problems), t("data.figure_problems")),
        ]
    )


def _chosen(district: District) -> state.Param[str]:
    """Return the list that the form is about.

    By default it is the first, services before the rest, that the district's own
    table does not call complete: confirming it does not change the default.
    """
    known = tuple(district.kinds)
    to_confirm = (
        kind.id
        for kind in sorted(district.kinds.values(), key=lambda kind: not kind.service)
        for register in [register_of(district, kind.id)]
        if register.confirmed_by or not register.is_complete
    )
    return state.choice("register", known, next(to_confirm, known[0]))


def _registers(district: District, quality: Quality) -> None:
    param = _chosen(district)
    chosen = state.value(param)
    lines = st.container(gap=None)
    for row in quality.registers.to_dict("records"):
        kind = district.kinds[row["kind"]]
        state_word = t(f"register.{row['completeness']}")
        lacking = row["completeness"] != Completeness.COMPLETE.value
        line = shell.Row(
            str(kind.name),
            _register_sub(district, row),
            state_word,
            kind=kind,
            alarming=lacking and kind.service,
            chosen=chosen == kind.id,
        )
        label = t("data.choose", kind=wording.inline(kind.name))
        with lines:
            shell.pick_row(
                line, label, key=f"reg-{kind.id}", on_click=state.put, args=(param, kind.id)
            )
    shell.notes([t("data.registers_note")])
    downloads.files(data_tables.registers(district, quality), file=t("data.registers_file"))


def _register_sub(district: District, row: Mapping[Any, Any]) -> str:
    register = register_of(district, str(row["kind"]))
    ending = "_verified"
    if not row["places"]:
        ending = "_empty"
    elif row["unverified"]:
        ending = ""
    elif pd.isna(row["verified"]):
        ending = "_address"
    as_of = register.as_of or t("register.no_date")
    sub = t(
        f"data.register_sub{ending}",
        places=row["places"],
        unverified=row["unverified"],
        as_of=as_of,
    )
    return f"{sub} · {register.basis}" if str(register.basis) else sub


def _confirming(district: District, quality: Quality, version: int) -> None:
    """Draw the forms of one list; `version` changes with each one sent, and empties them."""
    if not sign_in.visitor().may("confirm"):
        shell.notes([t("confirm.read_only")])
        return
    kind = controls.select(
        t("confirm.kind"),
        tuple(district.kinds),
        _chosen(district),
        lambda name: str(district.kinds[name].name),
    )
    register = register_of(district, kind)
    if register.confirmed_by:
        shell.notes([str(register.basis)])
        _withdraw_form(district, kind, version)
    _confirm_form(district, quality, kind, version)
    shell.notes([t("confirm.meaning")])


def _confirm_form(district: District, quality: Quality, kind: str, version: int) -> None:
    today = datetime.now(store.zone(district)).date()
    with st.form(f"confirm-{kind}-{version}"):
        as_of = st.date_input(
            t("confirm.as_of"),
            today,
            min_value=min(store.first_day(district, kind), today),
            max_value=today,
            format="YYYY-MM-DD",
            key=state.typed(f"as_of-{kind}-{version}"),
        )
        by = _by(t("confirm.by"), f"confirm-{kind}-{version}")
        basis = st.text_input(
            t("confirm.basis_label"),
            placeholder=t("confirm.basis_hint"),
            key=state.typed(f"basis-{kind}-{version}"),
        )
        sent = st.form_submit_button(t("confirm.submit"), type="primary", width="stretch")
    if sent:
        row = quality.registers[quality.registers["kind"].eq(kind)].iloc[0]
        unverified = int(row["unverified"])
        message = t(
            "confirm.confirmed_unverified" if unverified else "confirm.confirmed",
            kind=wording.inline(district.kinds[kind].name),
            date=as_of.isoformat(),
            n=unverified,
        )
        _write(
            lambda: store.confirm(store.opened(), district, kind, as_of=as_of, by=by, basis=basis),
            message,
        )


def _withdraw_form(district: District, kind: str, version: int) -> None:
    with st.form(f"withdraw-{kind}-{version}"):
        by = _by(t("confirm.withdraw_by"), f"withdraw-{kind}-{version}")
        why = st.text_input(t("confirm.withdraw_why"), key=state.typed(f"why-{kind}-{version}"))
        sent = st.form_submit_button(t("confirm.withdraw"), width="stretch")
    if sent:
        message = t("confirm.withdrawn", kind=wording.inline(district.kinds[kind].name))
        _write(lambda: store.withdraw(store.opened(), district, kind, by=by, basis=why), message)


def _by(label: str, form: str) -> str:
    """Return who says so: the name that the person signed in by, else one that is typed."""
    name = sign_in.visitor().name
    if not name:
        return st.text_input(label, key=state.typed(f"by-{form}"))
    shell.notes([t("sign_in.by_name", label=label, name=name)])
    return name


def _write(write: Callable[[], object], message: str) -> None:
    """Write, and draw the page anew; or say why nothing was written."""
    try:
        write()
    except (InputError, StoreError) as error:
        st.error(shell.escaped_markdown(error.message()))
        return
    st.session_state[_MESSAGE] = message
    st.rerun()


def _history(district: District, rows: Sequence[store.Confirmation]) -> None:
    with st.expander(t("confirm.history")):
        if not rows:
            shell.notes([t("confirm.history_none")])
            return
        downloads.table(data_tables.history(district, rows), file=t("confirm.file"))


def _quality(district: District, quality: Quality) -> None:
    shell.heading(t("data.quality"))
    for severity in (Severity.PROBLEM, Severity.NOTE):
        _checks(quality, severity)
    fine = sum(check.severity is Severity.OK for check in quality.checks)
    with st.expander(f"{t('quality.severity.ok')} · {fine}"):
        _checks(quality, Severity.OK)
    if len(quality.far):
        with st.expander(t("data.far")):
            downloads.table(data_tables.far(quality), file=t("data.far_file"))
    if len(quality.apart):
        with st.expander(t("data.apart")):
            downloads.table(data_tables.apart(district, quality), file=t("data.apart_file"))
    if len(quality.flaws):
        with st.expander(f"{t('data.flaws')} · {len(quality.flaws)}"):
            downloads.table(data_tables.flaws(quality), file=t("data.flaws_file"))
    with st.expander(t("data.frontage")):
        downloads.table(data_tables.frontage(quality), file=t("data.frontage_file"))
    downloads.files(data_tables.checks(quality), file=t("data.quality_file"))


def _checks(quality: Quality, severity: Severity) -> None:
    shell.rows(
        [
            shell.Row(
                data_tables.what(check),
                f"{t(f'quality.part.{check.part}')} · {data_tables.mend_here(check)}",
                t(f"quality.severity.{severity.value}"),
                alarming=severity is Severity.PROBLEM,
            )
            for check in quality.checks
            if check.severity is severity
        ]
    )


def _missing(district: District) -> None:
    shell.heading(t("data.missing_title"))
    shell.rows(
        [
            shell.Row(t(f"data.missing.{key}.what"), t(f"data.missing.{key}.how"), "")
            for key in missing(district)
        ]
    )


def _sources(district: District) -> None:
    shell.heading(t("data.sources"))
    downloads.layers(district)
    downloads.files(provenance(district), file=t("data.sources_file"))
