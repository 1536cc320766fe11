"""Registers that a steward brings on the Data page: read, looked at, corrected, put in place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.config import settings
from circle.errors import CircleError
from circle.geo.datum import DATUMS
from circle.i18n import t
from circle.intake import applying, brought, importing
from circle.intake.export import exported
from circle.intake.importing import Wishes
from circle.intake.layers import layers
from circle.intake.mending import bad_rows
from circle.intake.rows import Filled
from circle.load.text_tables import LARGEST_MB
from circle.store import noted
from circle.web import (
    controls,
    data_change,
    data_import_told,
    downloads,
    job_view,
    shell,
    state,
    templates,
    uploads,
)
from circle.words import version_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from circle.intake.importing import Prepared
    from circle.intake.layers import Layer
    from circle.load.versions import Made
    from circle.model import District
    from circle.web.jobs import Progress, Stop
    from circle.words.version_tables import Beside

_READ, _PUT, _TIMES = "bringing:read", "bringing:put", "bringing:times"
_EPSG = "epsg"
_SHARES = {"reading": 0.05, "placing": 0.3, "merging": 0.5, "checking": 0.7, "counting": 0.85}


@dataclass(frozen=True)
class Asked:
    """What is to be read, and how."""

    layer: str
    name: str
    sha256: str
    wishes: Wishes
    data: bytes = field(repr=False, compare=False, default=b"")


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a file would change, worked out and not written."""

    asked: Asked
    prepared: Prepared
    coverage: Beside | None


def show(district: District) -> None:
    """Draw the layers that may be brought, and for stewards the way to bring one."""
    shell.heading(t("bringing.title"))
    layer = _layer()
    _offered(district, layer)
    if not data_change.allowed("import"):
        uploads.forbid()
        return
    uploads.allow()
    if job_view.running(_PUT):
        job_view.made(_PUT)
        return
    if (number := job_view.made(_PUT)) is not None:
        _finish(number)
    asked = _form(district, layer)
    proposal = job_view.made(_READ)
    if isinstance(proposal, Proposal):
        if asked is None or proposal.asked != asked:
            st.warning(t("bringing.older"))
        _told(proposal, asked)


def _layer() -> Layer:
    known = layers()
    name = controls.select(
        t("bringing.layer"),
        tuple(known),
        state.choice("bring", known),
        lambda name: str(known[name].title),
    )
    return known[name]


def _offered(district: District, layer: Layer) -> None:
    """Offer the template of a layer, and the layer as it is."""
    folder = settings().district
    ending = ".geojson" if layer.level else ".xlsx"
    held = bool(district.levels.get(layer.level)) or any(
        each.file == layer.file and each.rows for each in district.layers
    )
    with st.container(horizontal=True):
        templates.offer(layer.id)
        if held:
            downloads.made_on_click(
                t("bringing.export"),
                lambda: exported(folder, layer, ending)[0],
                f"{layer.id}{ending}",
            )
    shell.notes([t("bringing.note", mb=LARGEST_MB)])


def _form(district: District, layer: Layer) -> Asked | None:
    """Draw the file and how it is to be read; return both, None where no file was sent."""
    times = st.session_state.get(_TIMES, 0)
    sent = st.file_uploader(
        t("bringing.file"),
        type=[ending.removeprefix(".") for ending in brought.KNOWN],
        max_upload_size=LARGEST_MB,
        key=f"bringing:file:{times}",
    )
    left, right = st.columns(2)
    with left:
        datum = _datum()
    with right:
        kind = _kind(district, layer)
    wishes = _more(Wishes(datum=datum, filled=Filled(kind)))
    if sent is None:
        shell.notes([t("bringing.no_file")])
        return None
    data = sent.getvalue()
    wishes = replace(wishes, columns=wishes.columns or _corrected(sent.name, data))
    asked = Asked(layer.id, sent.name, hashlib.sha256(data).hexdigest(), wishes, data)
    st.button(
        t("bringing.read"),
        type="primary",
        on_click=_read,
        args=(asked,),
        disabled=job_view.running(_READ),
    )
    return asked


def _datum() -> str:
    options = ("", *DATUMS, _EPSG)
    chosen: str = st.selectbox(
        t("bringing.datum"),
        options,
        format_func=lambda name: t(f"bringing.datum_{name or 'none'}"),
        key="bringing:datum",
    )
    if chosen != _EPSG:
        return chosen
    return st.text_input(t("bringing.epsg"), placeholder="EPSG:4549", key="bringing:epsg").strip()


def _kind(district: District, layer: Layer) -> str:
    if layer.column("kind") is None or layer.id != "facilities":
        return ""
    chosen: str = st.selectbox(
        t("bringing.kind"),
        ("", *district.kinds),
        format_func=lambda name: str(district.kinds[name].name) if name else t("bringing.kind_row"),
        key="bringing:kind",
    )
    return chosen


def _more(wishes: Wishes) -> Wishes:
    with st.expander(t("bringing.more")):
        sheet = st.text_input(t("bringing.sheet"), key="bringing:sheet")
        columns = st.text_input(
            t("bringing.columns_stated"), placeholder="名称=name", key="bringing:columns"
        )
        source = st.text_input(t("bringing.source"), key="bringing:source")
        verified = st.checkbox(t("bringing.verified"), key="bringing:verified")
        whole = st.checkbox(t("bringing.whole"), key="bringing:whole")
        trusted = st.checkbox(t("bringing.trusted"), key="bringing:trusted")
    return replace(
        wishes,
        sheet=sheet.strip(),
        columns=columns.strip(),
        filled=replace(wishes.filled, source=source.strip(), verified=verified),
        whole=whole,
        trusted=trusted,
    )


def _corrected(name: str, data: bytes) -> dict[str, str]:
    """Return the columns as they were corrected for this file; empty for none."""
    held = st.session_state.get(data_import_told.CORRECTED, {})
    if held.get("file") != (name, len(data)):
        return {}
    columns: dict[str, str] = held["columns"]
    return columns


def _read(asked: Asked) -> None:
    """Work out in the background what a file would change."""
    here = settings().district

    def make(folder: Path, progress: Progress, stop: Stop) -> Proposal:
        def told(part: str) -> None:
            job_view.step(progress, stop, part, _SHARES[part])

        path = brought.kept(asked.data, asked.name, folder)
        prepared = importing.prepare(here, asked.layer, path, asked.wishes, told)
        beside = None
        if not prepared.refused and prepared.changes_anything:
            told("checking")
            after = applying.district_after(prepared)
            told("counting")
            beside = version_tables.both(prepared.district, after, prepared.kinds)
        return Proposal(asked, prepared, beside)

    job_view.start(_READ, make)


def _told(proposal: Proposal, asked: Asked | None) -> None:
    prepared = proposal.prepared
    data_import_told.counted(prepared)
    data_import_told.datum(prepared)
    if asked is not None and (likely := prepared.likely_datum):
        st.button(
            t("bringing.take_datum", datum=t(f"bringing.datum_{likely}")),
            on_click=_take_datum,
            args=(asked, likely),
        )
    again: Callable[[dict[str, str]], None] | None = None
    if asked is not None:

        def again(columns: dict[str, str]) -> None:
            st.session_state[data_import_told.CORRECTED] = {
                "file": (asked.name, len(asked.data)),
                "columns": columns,
            }
            _read(replace(asked, wishes=replace(asked.wishes, columns=columns)))

    data_import_told.columns(prepared, again)
    data_import_told.findings(prepared)
    data_import_told.changed(prepared, proposal.coverage)
    _bad_rows(prepared)
    if not prepared.refused and prepared.changes_anything and proposal.asked == asked:
        _putting(proposal)


def _take_datum(asked: Asked, datum: str) -> None:
    """Read the file again, by the datum that the evidence speaks for."""
    st.session_state["bringing:datum"] = datum
    _read(replace(asked, wishes=replace(asked.wishes, datum=datum)))


def _bad_rows(prepared: Prepared) -> None:
    if not prepared.bad:
        return
    ending = ".geojson" if prepared.layer.level else ".csv"
    stem = prepared.sheet.file.rpartition(".")[0] or prepared.sheet.file
    downloads.made_on_click(
        t("bringing.bad_rows", n=len(prepared.bad)),
        lambda: bad_rows(prepared, ending),
        f"{stem}-to-mend{ending}",
    )


def _putting(proposal: Proposal) -> None:
    prepared = proposal.prepared
    accept = False
    if prepared.bad:
        accept = st.checkbox(t("bringing.accept_good", n=len(prepared.bad)), key="bringing:accept")
    with st.form("bringing:put-form"):
        by, reason = data_change.who_and_why("bringing", prepared.sheet.file)
        sent = st.form_submit_button(
            t("bringing.put"), type="primary", disabled=bool(prepared.bad) and not accept
        )
    if not sent:
        return
    try:
        made = data_change.made("import", by, reason)
        folder = data_change.folder()
    except CircleError as error:
        st.error(shell.escaped_markdown(error.message()))
        return
    _put(proposal, folder, made, accept_good=accept)
    st.rerun()


def _put(proposal: Proposal, folder: Path, made: Made, *, accept_good: bool) -> None:
    district_id = proposal.prepared.district.id

    def make(_: Path, progress: Progress, __: Stop) -> dict[str, Any]:
        progress("writing", 0.5)
        with noted(made, district_id):
            applying.apply(proposal.prepared, made, accept_good=accept_good)
        return {"rows": proposal.prepared, "folder": folder.name}

    job_view.start(_PUT, make)


def _finish(told: dict[str, Any]) -> None:
    """Say that it is done, and begin anew: the file was taken."""
    merged = told["rows"].merged
    job_view.stop(_PUT)
    job_view.stop(_READ)
    st.session_state.pop(data_import_told.CORRECTED, None)
    st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
    data_change.done(
        t(
            "bringing.done",
            added=len(merged.added),
            changed=len(merged.changed),
            removed=len(merged.removed),
        )
    )
    st.rerun()
