"""The help page: how to use what there is, and how it is computed, for each audience."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from circle.i18n import language, rounding, t
from circle.i18n.help_texts import Section, filled, guide
from circle.load import DRAWN
from circle.maps import grades, legend, symbol_images
from circle.web import controls, memo, params, shell, sign_in, state
from circle.web.help_figures import numbers
from circle.web.navigation import title_of
from circle.words import data_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from circle.model import District, Profile

AUDIENCES = {
    "residents": "public",
    "officials": "official",
    "planners": "planner",
    "stewards": "steward",
}
"""Each audience, and the role whose help it is."""
VIEWS = ("use", "method")
_METHOD = {"residents": "method", "officials": "method"}
_FORMULAS = "formulas"


class LegendEntry(NamedTuple):
    """Symbols of the map with their words, and what they mean."""

    samples: list[dict[str, str]]
    meaning: str


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    shell.header(district.name, t("help.subtitle"), district.observed)
    with st.container(key="reading"):
        audience, view = _choice()
        placeholder_text = _placeholder_texts(district)
        if view == "use":
            _use(district, audience, placeholder_text)
        else:
            _method(district, audience, placeholder_text)


def audience_of(role: str) -> str:
    """Return whose help a role sees first."""
    return next((name for name, known in AUDIENCES.items() if known == role), "residents")


def shown(sections: Iterable[Section], audience: str) -> list[Section]:
    """Return the sections for an audience that are about pages which there are."""
    return [
        section
        for section in sections
        if (not section.page or section.page in sign_in.existing())
        and (not section.audiences or audience in section.audiences)
    ]


def _choice() -> tuple[str, str]:
    """Draw the choice of audience and view; return it."""
    first = audience_of(sign_in.visitor().role)
    with st.container(key="help-choice", horizontal=True):
        return _chosen("audience", tuple(AUDIENCES), first), _chosen("part", VIEWS, VIEWS[0])


def _chosen(name: str, options: tuple[str, ...], first: str) -> str:
    param = state.choice(name, options, first)
    return controls.segmented(
        t(f"help.{name}"), options, param, lambda option: t(f"help.{name}_{option}")
    )


def _placeholder_texts(district: District) -> Callable[[str], str]:
    """Return what a placeholder stands for, as safe Markdown: a figure, or a control's name."""
    figures = numbers(district)

    def meaning(name: str) -> str:
        if name in figures:
            text = shell.escaped_markdown(figures[name])
            return f"<code>{text}</code>" if name.startswith("setting.") else text
        of_page = name.removeprefix("page.")
        text = title_of(of_page) if of_page != name else t(name)
        return f'<b class="lc-control">{shell.escaped_markdown(text)}</b>'

    return meaning


def _use(district: District, audience: str, placeholder_text: Callable[[str], str]) -> None:
    subject, common = guide(audience, language()), guide("everyone", language())
    shell.answer(shell.escape(subject.lead))
    sections = [*shown(subject.sections, audience), *shown(common.sections, audience)]
    text, aside = _columns()
    with text:
        _sections(sections, placeholder_text)
    with aside:
        shell.heading(t("help.signs"))
        _draw_legend(legend_entries(district, audience))
        shell.heading(t("help.words"))
        _words(shown(guide("words", language()).sections, audience), placeholder_text)


def _method(district: District, audience: str, placeholder_text: Callable[[str], str]) -> None:
    method = guide(_METHOD.get(audience, _FORMULAS), language())
    shell.answer(shell.escape(method.lead))
    text, aside = _columns()
    with text:
        _sections(shown(method.sections, audience), placeholder_text)
    with aside:
        shell.heading(t("help.speeds"))
        full = audience not in _METHOD
        shell.rows([_pace(profile, full=full) for profile in district.profiles.values()])
        shell.heading(t("help.trust"))
        shell.rows(
            [
                shell.Row(data_tables.layer_name(layer.id), str(layer.trust), layer.observed)
                for layer in district.layers
                if layer.id in DRAWN
            ]
        )


def _columns() -> tuple[Any, Any]:
    with st.container(key="help"):
        return st.container(key="help-text"), st.container(key="help-aside")


def _contents(sections: list[Section]) -> None:
    """Draw the list of the page's parts, each a way to it."""
    items = "".join(
        f'<li><a href="#part-{number}">{shell.escape(section.title)}</a></li>'
        for number, section in enumerate(sections)
    )
    label = shell.escape(t("help.contents"))
    st.html(f'<nav class="lc-contents" aria-label="{label}"><ul>{items}</ul></nav>')


def _sections(sections: list[Section], placeholder_text: Callable[[str], str]) -> None:
    """Draw the sections, and a way to each page below the first that is about it."""
    _contents(sections)
    linked = {""}
    for number, section in enumerate(sections):
        shell.heading(section.title, anchor=f"part-{number}")
        st.markdown(filled(section.body, placeholder_text), unsafe_allow_html=True)
        if section.page not in linked:
            linked.add(section.page)
            _way_to(section.page)


def _way_to(page: str) -> None:
    with suppress(StreamlitAPIException):  # no entry: the page is run by itself
        st.page_link(
            f"pages/{page}.py",
            label=t("help.open", page=title_of(page)),
            icon=":material/arrow_forward:",
        )


def _words(sections: list[Section], placeholder_text: Callable[[str], str]) -> None:
    for section in sections:
        title = filled(section.title, placeholder_text)
        st.markdown(
            f"### {title}\n\n{filled(section.body, placeholder_text)}", unsafe_allow_html=True
        )


def legend_entries(district: District, audience: str) -> list[LegendEntry]:
    """Return the symbols that an audience meets on its maps, as the maps' legends have them."""
    public = audience == "residents"
    there = set(district.facilities["kind"])
    kinds = [
        kind for kind in district.kinds.values() if (kind.id in there if public else kind.service)
    ]
    entries = [
        LegendEntry(
            [item for row in legend.kind_rows(kinds) for item in row["items"]], t("help.sign_kinds")
        ),
        LegendEntry(
            [legend.unverified_note(kind) for kind in kinds[:1]], t("help.sign_unverified")
        ),
        LegendEntry(legend.bands_row(params.LIMITS)["items"], t("help.sign_bands")),
    ]
    if not public:
        limit = params.LIMITS[-1]
        entries += [
            LegendEntry(legend.graded_row(grades.minutes(limit))["items"], t("help.sign_walk")),
            LegendEntry(legend.gaps_row()["items"], t("help.sign_gaps")),
            LegendEntry(legend.heritage_row()["items"], t("help.sign_heritage")),
        ]
    return entries


def _draw_legend(entries: list[LegendEntry]) -> None:
    items = "".join(
        f'<li><div class="lc-samples">{"".join(map(_sample, entry.samples))}</div>'
        f'<p class="lc-sub">{shell.escape(entry.meaning)}</p></li>'
        for entry in entries
    )
    st.html(f'<ul class="lc-signs">{items}</ul>')


def _sample(item: dict[str, str]) -> str:
    picture = symbol_images.image(item["sign"])
    text = shell.escape(item["text"])
    return f'<span class="lc-sample"><img alt="" src="{picture}">{text}</span>'


def _pace(profile: Profile, *, full: bool) -> shell.Row:
    parts = [t("help.pace_stairs" if profile.steps_allowed else "help.pace_no_stairs")]
    if profile.seconds_per_step is not None:
        parts.append(t("help.pace_step", seconds=f"{profile.seconds_per_step:g}"))
    if profile.signal_wait_s:
        parts.append(t("help.pace_wait", seconds=f"{profile.signal_wait_s:g}"))
    if full:
        parts += [t("help.pace_spread", spread=f"{profile.speed_cv:g}"), str(profile.source)]
    return shell.Row(
        str(profile.name),
        " · ".join(part for part in parts if part),
        t("help.pace", metres=rounding.pace(profile.speed_m_s)),
    )
