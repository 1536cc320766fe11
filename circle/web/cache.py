"""What is computed once: the only place that caches.

A district and its network live as long as the server; results are kept by the
district's content hash and the question.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from circle import lifecircle
from circle.access import capacity, gaussian
from circle.circles import compare
from circle.completeness import completeness
from circle.config import settings
from circle.coverage import coverage, coverage_by, coverages_by
from circle.gaps import Ground, frontages, gaps
from circle.i18n import language
from circle.load import read_district
from circle.maps.base import Backdrop, base_data
from circle.model import NoData
from circle.network.speeds import impedance
from circle.quality import quality
from circle.reach.travel import warm
from circle.search import build_index
from circle.standards import standard_sets
from circle.store import opened, with_confirmations
from circle.uncertainty import uncertainty, uncertainty_by

if TYPE_CHECKING:
    from circle.access import Capacity
    from circle.circles import Comparison
    from circle.model import (
        Coverage,
        District,
        Gap,
        Impedance,
        LifeCircle,
        Provision,
        Requirement,
        StandardSet,
    )
    from circle.quality import Quality
    from circle.report.parts import Choice, Map, Report
    from circle.search import Place
    from circle.uncertainty import Uncertainty

_MOST_RESULTS = 256
_SCREEN_DPI = 130
_M2_PER_HA = 10_000


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a coverage; two equal ones have the same answer.

    `requirement` is ``set/requirement`` of a standard, or "" for plain minutes.
    """

    kind: str
    profile: str
    minutes: float
    unverified: bool
    requirement: str = ""


def current() -> District:
    """Return the district of this installation, with its confirmed registers.

    It is read anew when its files change; the confirmations are read each time.
    """
    folder = settings().district
    return with_confirmations(_district(str(folder), _stamp(folder)), opened())


@st.cache_resource(max_entries=2, show_spinner=False)
def _district(folder: str, stamp: float) -> District:  # noqa: ARG001 - the stamp is the key
    district = read_district(Path(folder))
    first = next(iter(district.profiles))
    threading.Thread(
        target=lambda: warm(impedance(district.network, district.profiles[first])), daemon=True
    ).start()
    return district


def _stamp(folder: Path) -> float:
    try:
        return max((f.stat().st_mtime for f in folder.iterdir()), default=0.0)
    except OSError:
        return 0.0


def walker(district: District, profile: str) -> Impedance:
    """Return the district's streets as one profile walks them."""
    return _walker(district.content_hash, profile, district)


@st.cache_resource(max_entries=32, show_spinner=False)
def _walker(content: str, profile: str, _district: District) -> Impedance:  # noqa: ARG001
    return impedance(_district.network, _district.profiles[profile])


def life_circle(
    district: District, profile: str, at: tuple[float, float], minutes: tuple[float, ...]
) -> LifeCircle:
    """Return what a place has within each limit; see `circle.lifecircle.life_circle`."""
    return _life_circle(district.content_hash, profile, at, minutes, district)


@st.cache_resource(max_entries=_MOST_RESULTS, show_spinner=False)
def _life_circle(
    content: str,  # noqa: ARG001 - a key
    profile: str,
    at: tuple[float, float],
    minutes: tuple[float, ...],
    _district: District,
) -> LifeCircle:
    walk = walker(_district, profile)
    origin = lifecircle.origin_at(_district, walk, *at, settings().max_off_street_m)
    return lifecircle.life_circle(
        _district,
        walk,
        origin,
        minutes,
        cell_m=settings().cell_m,
        fill_holes_m2=settings().fill_holes_ha * _M2_PER_HA,
    )


def covered(district: District, question: Question) -> Coverage | NoData:
    """Return the coverage that `question` asks for."""
    return _covered(district.content_hash, question, district)


@st.cache_resource(max_entries=_MOST_RESULTS, show_spinner=False)
def _covered(content: str, question: Question, _district: District) -> Coverage | NoData:  # noqa: ARG001
    walk = walker(_district, question.profile)
    asked = requirement(question.requirement)
    if asked is not None:
        return coverage_by(_district, walk, asked, unverified=question.unverified)
    return coverage(
        _district, walk, question.kind, question.minutes, unverified=question.unverified
    )


def standards() -> dict[str, StandardSet]:
    """Return the standard sets of this installation."""
    folder = settings().standards
    return _standards(str(folder), _stamp(folder))


@st.cache_resource(max_entries=2, show_spinner=False)
def _standards(folder: str, stamp: float) -> dict[str, StandardSet]:  # noqa: ARG001
    return standard_sets(folder)


def requirement(name: str) -> Requirement | None:
    """Return the requirement called ``set/requirement``; None when there is none."""
    of_set, _, own = name.partition("/")
    found = standards().get(of_set) if own else None
    return next((one for one in found.requirements if one.id == own), None) if found else None


def sure(district: District, question: Question) -> Uncertainty | None:
    """Return how sure a coverage is; None where there is nothing to draw."""
    found = _sure(district.content_hash, question, district)
    return None if isinstance(found, NoData) else found


@st.cache_resource(max_entries=24, show_spinner=False)
def _sure(
    content: str,  # noqa: ARG001 - a key
    question: Question,
    _district: District,
) -> Uncertainty | NoData:
    walk, asked = walker(_district, question.profile), requirement(question.requirement)
    if asked is not None:
        return uncertainty_by(_district, walk, asked)
    return uncertainty(_district, walk, question.kind, question.minutes)


def provision(district: District, question: Question) -> Provision:
    """Return how many services each place has, by the question's standard or minutes."""
    return _provision(district.content_hash, question, district)


@st.cache_resource(max_entries=64, show_spinner=False)
def _provision(content: str, question: Question, _district: District) -> Provision:  # noqa: ARG001
    return completeness(_district, services(_district, question))


def services(district: District, question: Question) -> tuple[Coverage | NoData, ...]:
    """Return the coverage of every service, by the question's standard or minutes."""
    asked = standards().get(question.requirement.partition("/")[0])
    if asked is not None:
        walk = walker(district, question.profile)
        return coverages_by(district, walk, asked, unverified=question.unverified)
    return tuple(
        covered(district, replace(question, kind=kind.id))
        for kind in district.kinds.values()
        if kind.service
    )


def floating(district: District, question: Question) -> Capacity:
    """Return the capacity within reach of each resident (E2SFCA, Gaussian decay)."""
    return _floating(district.content_hash, question, district)


@st.cache_resource(max_entries=64, show_spinner=False)
def _floating(content: str, question: Question, _district: District) -> Capacity:  # noqa: ARG001
    walk = walker(_district, question.profile)
    bands = [question.minutes * 60 * share / 3 for share in (1, 2, 3)]
    return capacity(_district, walk, question.kind, gaussian(bands), unverified=question.unverified)


def against_circles(district: District, question: Question) -> Comparison:
    """Return what a circle and a drawn polygon would say instead of the network."""
    return _against_circles(district.content_hash, question, district)


@st.cache_resource(max_entries=64, show_spinner=False)
def _against_circles(content: str, question: Question, _district: District) -> Comparison:  # noqa: ARG001
    return compare(
        _district,
        walker(_district, question.profile),
        question.kind,
        question.minutes,
        unverified=question.unverified,
    )


def gap_zones(district: District, question: Question) -> tuple[Gap, ...]:
    """Return the gap zones of the coverage that `question` asks for."""
    return _gap_zones(district.content_hash, question, district)


@st.cache_resource(max_entries=_MOST_RESULTS, show_spinner=False)
def _gap_zones(content: str, question: Question, _district: District) -> tuple[Gap, ...]:
    found = covered(_district, question)
    return () if isinstance(found, NoData) else gaps(_district, found, _ground(content, _district))


@st.cache_resource(max_entries=2, show_spinner=False)
def _ground(content: str, _district: District) -> Ground:  # noqa: ARG001
    return frontages(_district)


def report(district: District, choice: Choice) -> Report:
    """Return what a report says, for its preview."""
    return _report(district.content_hash, _stamp(settings().standards), choice, district)


@st.cache_resource(max_entries=8, show_spinner=False)
def _report(content: str, stamp: float, choice: Choice, _district: District) -> Report:  # noqa: ARG001
    from circle.report.content import build  # noqa: PLC0415 - only the page of reports needs it

    return build(_district, choice, standards())


def plate(report: Report, shown: Map) -> bytes:
    """Return a map of a report as a picture for the screen (PNG)."""
    key = (report.district.content_hash, report.choice, report.imprint.made, shown.id)
    return _plate(key, report, shown)


@st.cache_data(max_entries=48, show_spinner=False)
def _plate(key: tuple[object, ...], _report: Report, _shown: Map) -> bytes:  # noqa: ARG001
    from circle.report.print_map import render  # noqa: PLC0415 - only a report's page draws so

    return render.png(render.draw(_report, _shown), dpi=_SCREEN_DPI)


def data_quality(district: District) -> Quality:
    """Return what is known of the quality of the district's data."""
    return _data_quality(district.content_hash, district)


@st.cache_resource(max_entries=4, show_spinner=False)
def _data_quality(content: str, _district: District) -> Quality:  # noqa: ARG001
    return quality(_district)


def base(district: District) -> Backdrop:
    """Return the ground of the map, for `circle.maps.base.district_map`."""
    return _base(district.content_hash, language(), district)


@st.cache_resource(max_entries=2, show_spinner=False)
def _base(content: str, spoken: str, _district: District) -> Backdrop:  # noqa: ARG001
    return Backdrop.of(base_data(_district))


def search_index(district: District) -> tuple[Place, ...]:
    """Return everything that can be searched for."""
    return _search_index(district.content_hash, district)


@st.cache_resource(max_entries=2, show_spinner=False)
def _search_index(content: str, _district: District) -> tuple[Place, ...]:  # noqa: ARG001
    return build_index(_district)
