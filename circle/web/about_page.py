"""The about page: sources and licences, version, privacy, accessibility, contact."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from circle import __version__
from circle.config import settings
from circle.i18n import t
from circle.load import provenance
from circle.web import downloads, licences, memo, shell
from circle.web.failures import errors_shown
from circle.web.help_figures import contact

if TYPE_CHECKING:
    from circle.model import District

_SHORT_HASH = 12
_PRIVACY = ("visitors", "link", "confirm", "sign_in", "residents")
_ACCESS = ("aim", "map", "charts", "tables", "review")


def show() -> None:
    """Draw the page."""
    district = memo.as_built()
    shell.header(district.name, t("about.subtitle"), district.observed)
    with st.container(key="reading"):
        shell.answer(
            shell.escape(
                t(
                    "about.sentence",
                    district=district.name,
                    date=district.observed,
                    version=__version__,
                )
            )
        )
        _figures(district)
        _map()
        _sources(district)
        _software()
        _titled_paragraphs("privacy", _PRIVACY)
        _titled_paragraphs("access", _ACCESS)
        shell.heading(t("about.contact"))
        shell.paragraphs([contact()])


def _figures(district: District) -> None:
    scenario_id = None
    with errors_shown():  # with the confirmations
        scenario_id = memo.current().scenario_id
    shell.figures(
        [
            (__version__, t("about.figure_version")),
            (district.observed, t("about.figure_date")),
            (str(len(district.layers)), t("about.figure_layers")),
            *([] if scenario_id is None else [(scenario_id[:_SHORT_HASH], t("about.figure_hash"))]),
        ]
    )
    if scenario_id is not None:
        shell.notes([t("about.hash_note", hash=scenario_id)])


def _map() -> None:
    shell.heading(t("about.map"))
    config = settings()
    number = " ".join(config.map_number.split())
    stated = t("about.map_number", number=number) if number else t("about.map_number_none")
    lines = [stated, t("about.map_law")]
    if config.tiles is None:
        lines.append(t("about.tiles_none"))
    else:
        host = urlsplit(config.tiles).netloc
        lines.append(t("about.tiles", host=host, credit=config.tiles_attribution or host))
    shell.paragraphs(lines)


def _sources(district: District) -> None:
    shell.heading(t("about.sources"))
    shell.paragraphs([t("about.osm")])
    downloads.layers(district)
    downloads.files(provenance(district), file=t("about.sources_file"))


def _software() -> None:
    shell.heading(t("about.software"))
    shell.paragraphs([t("about.software_own")])
    with st.expander(t("about.software_text")):
        st.code(licences.licence_text(), language=None, wrap_lines=True)
    shell.rows(
        [
            shell.Row(
                t("about.bundled_version", name=part.name, version=part.version),
                t("about.bundled"),
                part.licence,
            )
            for part in licences.bundled()
        ]
    )
    parts = licences.packages()
    with st.expander(t("about.packages", n=len(parts))):
        downloads.table(licences.table(parts), file=t("about.packages_file"))


def _titled_paragraphs(part: str, keys: tuple[str, ...]) -> None:
    shell.heading(t(f"about.{part}"))
    shell.paragraphs([t(f"about.{part}_{key}") for key in keys])
