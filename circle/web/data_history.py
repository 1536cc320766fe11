"""The versions of the district's data on the Data page: listed, compared, put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from circle.config import settings
from circle.errors import DataError, InputError, OutputError, StoreError
from circle.files import folder_to_write
from circle.i18n import t
from circle.load import changes, replacing, versions
from circle.load.versions import LONGEST_REASON, Made
from circle.store import noted
from circle.web import controls, downloads, memo, shell, sign_in, state
from circle.words import version_tables

if TYPE_CHECKING:
    from circle.load.versions import Version
    from circle.model import District

MESSAGE = "history:message"


def show(district: District) -> None:
    """Draw the versions, what one differs in from the present, and the way back to it."""
    shell.heading(t("history.title"))
    folder = Path(settings().district)
    try:
        known = versions.versions(folder)
        present = versions.present_version(folder, known)
    except DataError as error:
        st.error(shell.escaped_markdown(error.message()))
        return
    if message := st.session_state.pop(MESSAGE, None):
        st.success(shell.escaped_markdown(message))
    if not known:
        shell.notes([t("history.none")])
        return
    downloads.table(version_tables.history(district, known, present), file=t("history.file"))
    others = [version for version in reversed(known) if version is not present]
    if others:
        _comparison(district, folder, others)


def _comparison(district: District, folder: Path, others: list[Version]) -> None:
    by_number = {str(version.number): version for version in others}
    number = controls.select(
        t("history.choose"),
        tuple(by_number),
        state.choice("version", by_number),
        lambda name: version_tables.label(district, by_number[name]),
    )
    version = by_number[number]
    try:
        before = versions.content_of(folder, version)
        earlier = replacing.district_of(folder, before)
    except DataError as error:
        st.error(shell.escaped_markdown(error.message()))
        return
    differing = changes.changes(before, versions.content_in(folder))
    if not differing:
        shell.notes([t("history.same")])
        return
    shell.notes([t("history.compared", number=version.number)])
    left, right = st.columns([3, 2], gap="large")
    with left:
        downloads.table(version_tables.layers(differing), file=t("history.layers_file"))
        with st.expander(t("history.rows")):
            downloads.table(version_tables.rows(differing), file=t("history.rows_file"))
    with right:
        downloads.table(
            version_tables.coverage(version_tables.both(earlier, memo.as_built())),
            file=t("history.coverage_file"),
        )
        shell.notes([t("history.coverage_note", minutes=f"{version_tables.MINUTES:g}")])
    _restoring(district, folder, version)


def _restoring(district: District, folder: Path, version: Version) -> None:
    visitor = sign_in.visitor()
    if not visitor.may("restore"):
        shell.notes([t("history.read_only")])
        return
    with st.form(f"restore-{version.number}"):
        shell.notes([t("history.restore_meaning", number=version.number)])
        by = visitor.name or st.text_input(t("history.by"))
        reason = st.text_input(t("history.reason"), max_chars=LONGEST_REASON)
        sent = st.form_submit_button(t("history.restore", number=version.number))
    if not sent:
        return
    if not reason.strip():
        st.error(InputError("version.no_reason").message())
        return
    try:
        made = Made("restore", by, reason.strip())
        with (
            replacing.restoring(folder_to_write(folder), version, made) as new,
            noted(made, district.id),
        ):
            new.put()
    except (InputError, DataError, OutputError, StoreError) as error:
        st.error(shell.escaped_markdown(error.message()))
        return
    st.session_state[MESSAGE] = t("history.restored", number=version.number)
    st.rerun()
