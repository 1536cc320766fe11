"""What every data file says of itself: the imprint, the choice, the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.config import settings
from circle.i18n import LANGUAGES, in_language, sentences, t
from circle.load import provenance
from circle.report.flat import flat
from circle.report.names import plain
from circle.report.parts import Pair
from circle.standards import standard_sets
from circle.wording import listed

if TYPE_CHECKING:
    import pandas as pd

    from circle.model import District
    from circle.report.parts import Choice, Imprint, Report

_SAID = (
    *("district", "period", "issuer", "version", "map_number"),
    *("observed", "data_hash", "software", "crs_name", "crs", "map_crs", "sources", "caution"),
)


def pairs(report: Report) -> tuple[Pair, ...]:
    """Return the title, the imprint and the choice, in the language in use."""
    imprint = report.imprint
    head = Pair(t("datafiles.title"), f"{imprint.title} {imprint.subtitle}".strip())
    made = Pair(t("datafiles.made"), imprint.made.strftime("%Y-%m-%d %H:%M %z").strip())
    said = (_said(imprint, name) for name in _SAID)
    found = (head, *_chosen(report.district, report.choice), made, *said)
    return tuple(Pair(one.label, plain(one.text)) for one in found if one.text)


def sources(district: District) -> pd.DataFrame:
    """Return the layers of a district, where they are from and their hashes."""
    table = provenance(district)
    modelled = t("layer.column.modelled")
    words = {True: t("details.yes"), False: t("details.no")}
    table[modelled] = [words[one.modelled] for one in district.layers]
    table[t("datafiles.sha256")] = [one.sha256 for one in district.layers]
    return flat(table)


def readme(report: Report) -> str:
    """Return what is to be known before the files of a report are opened."""
    with in_language(report.choice.language):
        head = [f"{label}{t('datafiles.colon')}{text}" for label, text in pairs(report)]
        keys = [key for key in sentences(LANGUAGES[0]) if key.startswith("datafiles.readme.")]
        said = [t(key, crs=report.imprint.crs, name=report.imprint.crs_name) for key in keys]
        return "\r\n".join([*head, "", *said, ""])


def _said(imprint: Imprint, name: str) -> Pair:
    return Pair(t(f"datafiles.{name}"), str(getattr(imprint, name)))


def _chosen(district: District, choice: Choice) -> list[Pair]:
    """Return in words what was chosen; what was left open is said by the report itself."""
    areas = {area.id: str(area.name) for area in district.areas}
    kinds = {kind.id: str(kind.name) for kind in district.kinds.values()}
    profiles = {one.id: str(one.name) for one in district.profiles.values()}
    sets = standard_sets(settings().standards) if choice.standard else {}
    limit = t("datafiles.minutes_value", minutes=f"{choice.minutes:g}")
    judged = str(sets[choice.standard].name) if choice.standard in sets else choice.standard
    return [
        Pair(t("datafiles.kinds"), _names(choice.kinds, kinds, "all_services")),
        Pair(t("datafiles.profiles"), _names(choice.profiles, profiles, "own_profiles")),
        Pair(t("datafiles.standard"), judged or limit),
        Pair(t("datafiles.areas"), _names(choice.areas, areas, "all_areas")),
        Pair(t("datafiles.unverified"), t("details.yes" if choice.unverified else "details.no")),
    ]


def _names(chosen: tuple[str, ...], names: dict[str, str], none: str) -> str:
    if not chosen:
        return t(f"datafiles.{none}")
    return listed(names.get(one, one) for one in chosen)
