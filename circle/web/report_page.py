"""The Report page: the choice, a live preview, and the files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle import scenario
from circle.errors import CancelledError, CircleError
from circle.i18n import LANGUAGES, language, t
from circle.places.facilities import coverable_kinds
from circle.report.bundle import FORMATS
from circle.report.content import reference_systems
from circle.report.content.choices import ANNEXES, WISH_LEDGER, Crs, Wishes
from circle.report.content.elements import Bullets, Choice, Facts, Paragraph, Tone
from circle.report.run import run, write_to_audit
from circle.study import Study
from circle.web import controls, memo, params, shell, sign_in, state, whatif_plan
from circle.web.jobs import Job
from circle.web.part import part
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from circle.model import District, StandardSet
    from circle.report.bundle import File, Manifest
    from circle.report.content.elements import Report, Section

_JOB, _ASKED = "_report_job", "_report_asked"
_POLL_S = 0.7
_STATED = ("title", "period", "issuer", "version", "map_number")
_PRESETS = {
    "documents": ("docx", "pdf"),
    "gis": ("gpkg", "geojson", "shp"),
    "all": FORMATS,
}
_MOST_TEXT = 120
_SHEETS = ("a4-landscape", "a4-portrait", "a3-landscape", "a3-portrait")
_KB = 1024


def show() -> None:
    """Draw the page."""
    base = memo.study()
    shell.header(base.district.name, t("reporting.subtitle"), base.district.observed)
    with st.sidebar:
        study = _of_scenario(base)
        district = study.district
        choice = _choice(district)
        formats = _formats()
    _standard_notice(choice)
    if study is not base:
        plan = whatif_plan.work().plan
        told = t("cli.scenario", name=plan.name, n=len(plan.edits))
        st.warning(shell.escaped_markdown(told))
    with st.spinner(t("reporting.loading"), show_time=False):
        report = memo.report(study, choice)
    shell.answer(wording.marked(report.imprint.summary))
    left, right = st.columns([5, 4], gap="large")
    with right:
        _making(district, choice, formats)
        _stated()
        _maps(report)
    with left:
        _summary(report)


def _of_scenario(base: Study) -> Study:
    """Offer the scenario that this visit works on, to those who have one; return what is reported.

    Raises
    ------
    DataError
        When an edit does not fit the present data.
    """
    plan = whatif_plan.work().plan
    if not plan.edits or not sign_in.visitor().may_open("whatif"):
        return base
    label = t("reporting.scenario", name=shell.escaped_markdown(plan.name))
    if not controls.toggle(label, params.flag("with_scenario", default=False)):
        return base
    return memo.study(scenario.resolved(base.district, scenario.plan_of(plan)))


def _choice(district: District) -> Choice:
    """Draw what can be chosen; return it."""
    sets = memo.standards()
    by = controls.select(
        t("standard.title"),
        ("", *sets),
        _standard(sets),
        lambda name: str(sets[name].name) if name else t("coverage.own_minutes"),
    )
    limit = params.limit()
    if not by:
        controls.minutes(t("coverage.minutes"), limit)
    asked = {requirement.kind for requirement in sets[by].defaults} if by else None
    known = tuple(k for k in coverable_kinds(district) if asked is None or k in asked)
    kinds = controls.several(
        t("reporting.kinds"),
        known,
        _several("kinds", known),
        lambda name: str(district.kinds[name].name),
        t("reporting.all_services"),
    )
    profiles, areas = _profiles(district), _areas(district)
    annexes = controls.several(
        t("reporting.annexes"),
        ANNEXES,
        _several("annexes", ANNEXES),
        lambda name: t(f"report.annex.{name}"),
        t("reporting.no_annexes"),
    )
    unverified = controls.toggle(
        t("reporting.unverified"), params.flag("unverified", default=False)
    )
    wishes = _one("wishes_told", tuple(Wishes), Wishes.ALL)
    if wishes != Wishes.NONE and WISH_LEDGER not in annexes:
        shell.notes([t("reporting.ledger")])
    edition = _one("edition", LANGUAGES, language())
    usual_crs = reference_systems.usual(district).value
    crs = _one("crs", tuple(system.value for system in Crs), usual_crs)
    paper, _, turned = _one("sheet", _SHEETS, _SHEETS[0]).partition("-")
    return Choice(
        kinds=kinds,
        profiles=profiles,
        minutes=state.value(limit),
        standard=by,
        areas=areas,
        annexes=annexes,
        unverified=unverified,
        wishes=wishes,
        language=edition,
        crs=Crs(crs),
        paper=paper,
        landscape=turned == "landscape",
        **{name: state.value(_text(name)) for name in _STATED},
    )


def _profiles(district: District) -> tuple[str, ...]:
    """Draw who walks; return the one of the maps, then the others."""
    first = controls.profile(district, params.slow_profile(district))
    rest = tuple(name for name in district.profiles if name != first)
    usual = tuple(name for name in list(district.profiles)[:1] if name != first)
    others = controls.several(
        t("reporting.others"),
        rest,
        _several("others", rest, usual),
        lambda name: str(district.profiles[name].name),
        t("reporting.no_others"),
    )
    return (first, *others)


def _areas(district: District) -> tuple[str, ...]:
    """Draw which areas; return them, none for the whole district."""
    units = tuple(area.id for area in district.areas)
    if not units:
        return ()
    names = wording.area_names(district)
    return controls.several(
        t("reporting.areas"),
        units,
        _several("areas", units),
        lambda name: names[name],
        t("reporting.all_areas"),
    )


def _standard(sets: Mapping[str, StandardSet]) -> state.Param[str]:
    """Return the set that judges; an address may name it as that of Coverage does."""
    param, named = state.choice("by", ("", *sets)), _named(sets)
    asked = named.read(st.query_params.get(named.name))
    if asked and param.name not in st.query_params:
        st.query_params.pop(named.name)
        state.put(param, asked)
    return param


def _named(sets: Mapping[str, StandardSet]) -> state.Param[str]:
    meant = {name: name for name in sets}
    for standard in sets.values():
        meant |= {f"{standard.id}/{asked.id}": standard.id for asked in standard.requirements}
    return params.standard(meant)


def _standard_notice(choice: Choice) -> None:
    """Say so where the address names a standard that there is not."""
    sets = memo.standards()
    if not choice.standard and (name := params.unusable(_named(sets))):
        known = wording.listed(sets) or t("standard.none_usable")
        words = t("standard.unusable_report", name=name, known=known)
        st.warning(shell.escaped_markdown(words))


def _formats() -> tuple[str, ...]:
    """Draw the sets of formats and the formats themselves; return those chosen."""
    param = _several("formats", FORMATS, FORMATS)
    for column, (name, formats) in zip(st.columns(len(_PRESETS)), _PRESETS.items(), strict=True):
        column.button(
            t(f"reporting.preset_{name}"),
            key=f"report-preset-{name}",
            type="primary" if state.value(param) == formats else "secondary",
            on_click=state.put,
            args=(param, formats),
            width="stretch",
        )
    return controls.several(
        t("reporting.formats"),
        FORMATS,
        param,
        lambda name: t(f"reporting.format_{name}"),
        t("reporting.no_format"),
    )


def _one(name: str, options: tuple[str, ...], usual: str) -> str:
    """Draw the choice of something that the language files name by its options; return it."""
    param = state.choice(name, options, usual)
    return controls.select(
        t(f"reporting.{name}"), options, param, lambda option: t(f"reporting.{name}_{option}")
    )


def _several(
    name: str, known: tuple[str, ...], usual: tuple[str, ...] = ()
) -> state.Param[tuple[str, ...]]:
    return state.Param(name, state.some_of(known), state.join, usual)


def _text(name: str) -> state.Param[str]:
    return state.Param(name, _line, str, "")


def _line(raw: str) -> str:
    """Parse one line of text for the cover."""
    text = " ".join(raw.split())
    if len(text) > _MOST_TEXT or not text.isprintable():
        raise ValueError(raw)
    return text


def _stated() -> None:
    """Draw what the cover says and no data knows."""
    with st.expander(t("reporting.cover")):
        for name in _STATED:
            param = _text(name)
            st.text_input(
                t(f"reporting.{name}"),
                max_chars=_MOST_TEXT,
                placeholder=t(f"reporting.{name}_hint"),
                **state.tied(param),
            )


def _summary(report: Report) -> None:
    """Draw the summary and the chapters of the report."""
    shell.heading(t("reporting.preview"))
    _draw(report.sections[0])
    shell.heading(t("reporting.contents"))
    chapters = [part.title for part in report.printed if part.level == 1]
    shell.rows([shell.Row(title, "", "") for title in chapters])


def _maps(report: Report) -> None:
    """Draw one map of the report."""
    shell.heading(t("reporting.maps", n=len(report.maps)))
    titles = {map_.id: map_.title for map_ in report.maps}
    first = next((map_.id for map_ in report.maps if map_.graded is not None), next(iter(titles)))
    param = state.choice("map", titles, first)
    shown = controls.select(t("reporting.map"), tuple(titles), param, lambda name: titles[name])
    chosen = next(map_ for map_ in report.maps if map_.id == shown)
    with st.spinner(t("reporting.drawing"), show_time=False):
        picture = memo.picture(report, chosen)
    st.image(picture, width="stretch", alt=chosen.alt)


def _draw(section: Section) -> None:
    """Draw the blocks of the summary as the page draws such things."""
    for block in section.blocks:
        if isinstance(block, Facts):
            shell.figures([(pair.text, pair.label) for pair in block.pairs])
        elif isinstance(block, Bullets):
            shell.rows([shell.Row(item, "", "") for item in block.items])
        elif isinstance(block, Paragraph) and block.tone is Tone.WARNING:
            st.warning(shell.escaped_markdown(block.text))
        elif isinstance(block, Paragraph) and block.tone is not Tone.LEAD:
            shell.notes([block.text])


def _making(district: District, choice: Choice, formats: tuple[str, ...]) -> None:
    """Draw the button, the progress, and what was made."""
    job = st.session_state.get(_JOB)
    running = isinstance(job, Job) and job.running
    shell.heading(t("reporting.files"))
    if not running:
        st.button(
            t("reporting.make"),
            type="primary",
            icon=":material/description:",
            disabled=not formats,
            on_click=_start,
            args=(district, choice, formats),
            width="stretch",
        )
        if not formats:
            shell.notes([t("reporting.choose_format")])
    if isinstance(job, Job):
        if running:
            part(_progress, every_s=_POLL_S)
        else:
            _outcome(job, (choice, formats, district.scenario_id))


def _start(district: District, choice: Choice, formats: tuple[str, ...]) -> None:
    standards = memo.standards()
    by = sign_in.visitor().name or sign_in.local_name()

    def make(
        folder: Path, progress: Callable[[str, float], None], stop: Callable[[], bool]
    ) -> Manifest:
        study = Study(district)
        made = run(study, choice, standards, folder, formats, progress=progress, cancelled=stop)
        write_to_audit(made, choice, by=by)
        return made

    st.session_state[_JOB] = Job(make)
    st.session_state[_ASKED] = (choice, formats, district.scenario_id)


def _progress() -> None:
    """Draw how far it is; run the page anew when it is done."""
    job = st.session_state.get(_JOB)
    if not isinstance(job, Job) or not job.running:
        st.rerun()
    part = t(f"reporting.part_{job.part}")
    st.progress(min(1.0, job.share), text=t("reporting.at_work", part=part))
    st.button(t("reporting.cancel"), on_click=job.cancel, icon=":material/close:")


def _outcome(job: Job[Manifest], asked: tuple[Choice, tuple[str, ...], str]) -> None:
    """Draw the files, or why there are none."""
    if isinstance(job.failed, CancelledError):
        st.info(t("reporting.cancelled"))
    elif isinstance(job.failed, CircleError):
        st.error(shell.escaped_markdown(job.failed.message()))
    elif job.failed is not None or job.made is None:
        st.error(t("error.unexpected"))
    else:
        if st.session_state.get(_ASKED) != asked:
            st.warning(t("reporting.older"))
        _files(job.made)


def _files(manifest: Manifest) -> None:
    """Offer the archive and the documents one by one."""
    _offer(manifest, manifest.archive.file, manifest.archive.bytes, t("reporting.all"), main=True)
    for file in manifest.files:
        if "/" not in file.file and file.format != "txt":
            _offer(manifest, file.file, file.bytes, t(f"reporting.format_{_kind_of(file)}"))
    total = sum(manifest.seconds.values())
    inside = sum("/" in file.file for file in manifest.files)
    shell.notes([t("reporting.made", n=len(manifest.files), inside=inside, seconds=f"{total:.0f}")])


def _kind_of(file: File) -> str:
    return "qgs" if file.file.endswith(".qgs") else file.format


def _offer(manifest: Manifest, file: str, size: int, label: str, *, main: bool = False) -> None:
    path = manifest.folder / file
    st.download_button(
        t("reporting.download", what=label, size=_size(size)),
        path.read_bytes,
        file_name=file,
        icon=":material/download:",
        key=f"report-file-{file}",
        type="primary" if main else "secondary",
        width="stretch",
        on_click="ignore",
    )


def _size(count: int) -> str:
    if count < _KB * _KB:
        return f"{count / _KB:,.0f} kB"
    return f"{count / _KB / _KB:,.1f} MB"
