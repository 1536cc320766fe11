"""What every data file states about the report: the imprint, the choice, the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.config import settings
from circle.i18n import LANGUAGES, in_language, sentences, t
from circle.load import layer_sources
from circle.load.standards import standard_sets
from circle.report.content.elements import Pair
from circle.report.file_names import stems, storable
from circle.report.tabular.values import storable_values
from circle.words import data_tables
from circle.words.wording import listed, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from circle.model import District
    from circle.report.content.elements import Choice, Imprint, Report

_ITSELF = ("district", "period", "issuer", "version", "map_number")
_ITS_DATA = ("observed", "sources", "data_hash", "audit_head", "software")
_READ_WITH = ("crs_name", "crs", "map_crs", "caution")


def stated(imprint: Imprint, words: str, names: Iterable[str], **more: str) -> list[Pair]:
    """Return fields of an imprint that say something, labelled by the sentences below `words`.

    `more` says what stands for a field, or beside the fields.
    """
    texts = {name: more[name] if name in more else str(getattr(imprint, name)) for name in names}
    return [Pair(t(f"{words}.{name}"), text) for name, text in texts.items() if text]


def pairs(report: Report) -> tuple[Pair, ...]:
    """Return the title, the imprint and the choice, in the language in use."""
    imprint = report.imprint
    told = [section.id for section in report.sections if section.id == "wishes"]
    wishes = [
        Pair(t("datafiles.wishes"), t(f"reporting.wishes_told_{report.choice.wishes}"))
        for _ in told
    ]
    head = Pair(t("datafiles.title"), f"{imprint.title} {imprint.subtitle}".strip())
    created = Pair(t("datafiles.made"), imprint.made.strftime("%Y-%m-%d %H:%M %z").strip())
    itself, data, read = (
        stated(imprint, "datafiles", names, sources=layer_sources(report.district))
        for names in (_ITSELF, _ITS_DATA, _READ_WITH)
    )
    all_pairs = (
        head,
        *itself,
        created,
        *_chosen(report.district, report.choice),
        *wishes,
        *data,
        *read,
    )
    return tuple(Pair(pair.label, storable(pair.text)) for pair in all_pairs if pair.text)


def sources(district: District) -> pd.DataFrame:
    """Return the layers of a district, where they are from and their hashes."""
    table = data_tables.sources(district)
    table[t("datafiles.sha256")] = [layer.sha256 for layer in district.layers]
    return storable_values(table)


def readme(report: Report) -> str:
    """Return the text of the README: imprint, notes for the reader, tables and layers."""
    with in_language(report.choice.language):
        imprint = report.imprint
        keys = [key for key in sentences(LANGUAGES[0]) if key.startswith("datafiles.readme.")]
        names = stems(table.id for table in report.tables)
        noted = [f"{table.title} {table.note}" for table in report.tables]
        parts = (
            _lines(pairs(report)),
            [t(key, crs=imprint.crs, name=imprint.crs_name) for key in keys],
            [t("datafiles.tables"), *_lines(zip(names, noted, strict=True))],
            [t("datafiles.layers"), *_lines((layer.id, layer.title) for layer in report.layers)],
        )
        return "\r\n".join(line for part in parts for line in (*part, ""))


def _lines(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return names and their texts, a line each."""
    return [f"{name}{t('unit.colon')}{storable(' '.join(text.split()))}" for name, text in pairs]


def _chosen(district: District, choice: Choice) -> list[Pair]:
    """Return in words what was chosen, and the default where nothing was."""
    areas = {area.id: str(area.name) for area in district.areas}
    kinds = {kind.id: str(kind.name) for kind in district.kinds.values()}
    profiles = {profile.id: str(profile.name) for profile in district.profiles.values()}
    annexes = {name: t(f"report.annex.{name}") for name in choice.annexes}
    sets = standard_sets(settings().standards) if choice.standard else {}
    limit = t("datafiles.minutes_value", minutes=f"{choice.minutes:g}")
    standard = sets.get(choice.standard)
    judged = choice.standard if standard is None else str(standard.name)
    unjudged = () if standard is None else standard.asks_nothing_of(choice.kinds)
    return [
        Pair(t("datafiles.kinds"), _names(choice.kinds, kinds, "all_services")),
        Pair(t("datafiles.profiles"), _names(choice.profiles, profiles, "own_profiles")),
        Pair(t("datafiles.standard"), judged or limit),
        Pair(t("datafiles.unjudged"), listed(kinds.get(kind, kind) for kind in unjudged)),
        Pair(t("datafiles.areas"), _names(choice.areas, areas, "all_areas")),
        Pair(t("datafiles.unverified"), yes_or_no(choice.unverified)),
        Pair(t("datafiles.annexes"), _names(choice.annexes, annexes, "no_annexes")),
    ]


def _names(chosen: tuple[str, ...], names: dict[str, str], none: str) -> str:
    if not chosen:
        return t(f"datafiles.{none}")
    return listed(names.get(name, name) for name in chosen)
