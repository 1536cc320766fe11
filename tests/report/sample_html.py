"""A report made by hand on a district, with maps of every kind that a page draws."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from circle.config import ROOT
from circle.i18n import in_language
from circle.load import read_district
from circle.maps import grades
from circle.measures.gaps import gaps
from circle.measures.lifecircle import life_circle, origin_at
from circle.network.speeds import impedance
from circle.report.content.elements import (
    Band,
    Choice,
    Facts,
    Imprint,
    Map,
    Pair,
    Report,
    Section,
    Zone,
)
from circle.words import wording
from circle.words.tables import people
from tests.asking import coverage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from circle.model import Coverage, District, Gap, Impedance

WORDS = {
    "zh": ("步行覆盖报告", "摘要", "覆盖", "缺口", "生活圈", "居民为推算值。"),
    "en": ("Coverage on foot", "Summary", "Coverage", "Gaps", "Life circle", "A model."),
}


@cache
def tianping() -> District:
    return read_district(ROOT / "data" / "tianping")


def imprint(district: District, language: str, **changes: str) -> Imprint:
    said = {
        "title": WORDS[language][0],
        "subtitle": "",
        "period": "2026",
        "issuer": "—",
        "version": "1.0",
        "map_number": "—",
        "summary": WORDS[language][1],
        "caution": WORDS[language][5],
    }
    return Imprint(
        **(said | changes),
        district=str(district.name),
        made=dt.datetime(2026, 5, 6, 7, 8, tzinfo=ZoneInfo(district.time_zone)),
        observed=district.observed,
        data_hash=district.base_id,
        software="circle 0.1.0",
        crs="EPSG:4490",
        crs_name="CGCS2000",
        map_crs=district.crs,
        sources="© OpenStreetMap contributors",
    )


def covering(district: District, walk: Impedance, kind: str) -> Map:
    """Return the map of a coverage in 15 minutes with its gap zones."""
    found = coverage(district, walk, kind, 15)
    return _covering(district, found, gaps(district, found)[:6])


def _covering(district: District, found: Coverage, zones: tuple[Gap, ...], marked: int = 0) -> Map:
    own = people(district, "residents")
    sentence = wording.coverage_sentence(district, found, "residents")
    drawn = [one for one in zones if one.rank == marked] or zones
    grown = district.boundary if not marked else shapely.buffer(drawn[0].geometry, 120)
    return Map(
        id=f"{found.kind}-{marked}" if marked else found.kind,
        title=_title(district, found, zones, marked),
        alt=sentence if not marked else wording.zone_sentence(district, found, drawn[0]),
        bounds=grown.bounds,
        places=district.facilities[district.facilities["kind"].eq(found.kind)],
        xy=district.demand.loc[own.rows, ["x", "y"]].to_numpy(np.float64),
        graded=grades.by_minutes(found.seconds[own.rows] / 60, found.minutes),
        people=own.count,
        zones=tuple(_zone(district, one, marked) for one in zones),
        heritage=marked > 0,
        roads=marked > 0,
        note="".join(wording.trust_notes(district, found)[:1]),
    )


def _title(district: District, found: Coverage, zones: tuple[Gap, ...], marked: int) -> str:
    kind = str(district.kinds[found.kind].name)
    names = [wording.gap_name(one) for one in zones if one.rank == marked]
    return " · ".join([kind, *names, f"{found.minutes:g} min"])


def _zone(district: District, gap: Gap, marked: int) -> Zone:
    lines = (wording.gap_line(district, gap), wording.gap_beyond(gap))
    return Zone(gap.rank, wording.gap_name(gap), gap.geometry, gap.rank == marked, lines)


def circling(district: District, walk: Impedance) -> Map:
    """Return the map of what the district's start has within 5, 10 and 15 minutes."""
    assert district.start is not None
    found = life_circle(district, walk, origin_at(district, walk, *district.start), (5, 10, 15))
    services = [kind.id for kind in district.kinds.values() if kind.service]
    return Map(
        id="life-circle",
        title=f"{district.start_name} · 5/10/15 min",
        alt=wording.life_circle_sentence(district, found, str(district.start_name)),
        bounds=found.isochrones[-1].geometry.bounds,
        places=district.facilities[district.facilities["kind"].isin(services)],
        bands=tuple(Band(one.minutes, one.geometry) for one in found.isochrones),
        heritage=True,
    )


def _maps(district: District) -> Iterator[tuple[int, Map]]:
    slow = impedance(district.network, district.profiles["older_adult"])
    kinds = [kind.id for kind in district.kinds.values() if kind.service]
    for kind in kinds:
        yield 2, covering(district, slow, kind)
    found = coverage(district, slow, "canteen", 15)
    zones = gaps(district, found)[:6]
    for zone in zones[:4]:
        yield 3, _covering(district, found, zones, zone.rank)
    yield 4, circling(district, slow)


@cache
def report(language: str = "zh") -> Report:
    """Return a report of the real district."""
    district, words = tianping(), WORDS[language]
    with in_language(language):
        maps = list(_maps(district))
        counts = ((words[3], len(maps[1][1].zones)), (words[2], len(maps)))
        facts = Facts(tuple(Pair(name, str(count)) for name, count in counts), big=True)
        sections = (
            Section("summary", words[1], (facts,)),
            *(
                Section(f"maps-{part}", words[part], tuple(one for own, one in maps if own == part))
                for part in (2, 3, 4)
            ),
        )
        made = imprint(district, language, summary=maps[1][1].alt)
    return Report(district, Choice(language=language), made, sections, ())
