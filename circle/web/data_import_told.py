"""What is told of a register that was read: its rows, datum, columns, findings, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle.i18n import t
from circle.web import downloads, shell
from circle.words import intake_tables, version_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.intake.importing import Prepared
    from circle.words.version_tables import Beside

CORRECTED = "bringing:corrected"
"""Of which file the columns were corrected, and how."""
_MOST_COLUMNS = 60


def counted(prepared: Prepared) -> None:
    """Draw how many rows there are of each fate."""
    counts = intake_tables.counts(prepared)
    shell.figures(
        [
            (f"{counts[name]:,}", t(f"bringing.figure_{name}"))
            for name in ("read", "added", "changed", "removed", "bad")
        ]
    )
    shell.notes(
        [
            t("bringing.rest", language=None, **counts),
            t("intake.told.file", file=prepared.sheet.file, format=prepared.sheet.format),
        ]
    )


def datum(prepared: Prepared) -> None:
    """Draw which datum was taken, and what known places say of it."""
    lines = []
    if prepared.datum:
        lines.append(t("intake.told.datum", datum=prepared.datum))
    if told := intake_tables.evidence(prepared):
        lines.append(told)
    if prepared.by_address:
        methods = t("unit.semicolon").join(
            f"{t(f'intake.method.{method}')} {count}"
            for method, count in sorted(prepared.by_address.items())
        )
        lines.append(t("intake.told.by_address", methods=methods))
    if lines:
        shell.notes(lines)
    for remark in prepared.of_file:
        if remark.severity.value == "error":
            st.error(shell.escaped_markdown(remark.text()))


def columns(prepared: Prepared, again: Callable[[dict[str, str]], None] | None) -> None:
    """Draw which column was taken for which; `again` reads the file with others."""
    match, layer = prepared.columns, prepared.layer
    names = [name for name in match.header if name][:_MOST_COLUMNS]
    targets = match.as_layout()
    taken = sum(bool(target) for target in targets.values())
    with st.expander(t("bringing.columns", taken=taken, n=len(targets))), st.form("bringing:match"):
        options = ("", *(column.id for column in layer.columns))
        titles = {column.id: f"{column.title} ({column.id})" for column in layer.columns}
        parts = st.columns(2)
        chosen = {
            name: parts[number % 2].selectbox(
                shell.escaped_markdown(name),
                options,
                index=options.index(targets.get(name, "")),
                format_func=lambda column: titles.get(column, t("bringing.left_out")),
                key=f"bringing:match:{prepared.sheet.file}:{number}",
            )
            for number, name in enumerate(dict.fromkeys(names))
        }
        shell.notes([t("bringing.columns_note")])
        sent = st.form_submit_button(t("bringing.again"), disabled=again is None)
    if sent and again is not None:
        again({**{name: target for name, target in targets.items() if target}, **chosen})
        st.rerun()


def findings(prepared: Prepared) -> None:
    """Draw what is said of the file, row by row."""
    table = intake_tables.findings(prepared)
    with st.expander(t("bringing.findings", n=len(prepared.remarks)), expanded=bool(prepared.bad)):
        if table.empty:
            shell.notes([t("bringing.no_findings")])
            return
        downloads.table(table, file=t("bringing.findings_file"))


def changed(prepared: Prepared, coverage: Beside | None) -> None:
    """Draw what would be another district: rows, and coverage."""
    if prepared.refused:
        return
    if not prepared.changes_anything:
        st.info(t("bringing.no_change"))
        return
    with st.expander(t("bringing.changes"), expanded=True):
        downloads.table(intake_tables.changes(prepared), file=t("bringing.changes_file"))
    if coverage is None or not coverage.kinds:
        shell.notes([t("bringing.coverage_same")])
        return
    downloads.table(version_tables.coverage(coverage), file=t("bringing.coverage_file"))
    shell.notes([t("history.coverage_note", minutes=f"{version_tables.MINUTES:g}")])
