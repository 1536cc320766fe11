"""What is worked out once for whoever asks: the memo of the pages.

The two districts last shown are kept with their networks. Answers are kept by the
scenario's id, the measure and the question (`circle.study.Memo`), for whoever asks.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st

from circle.config import settings
from circle.errors import StoreError
from circle.i18n import language
from circle.load import read_district
from circle.load.standards import standard_sets
from circle.maps.base_map import base_data
from circle.maps.drawing import Shared
from circle.network.speeds import walked
from circle.places.search import build_index
from circle.reach.travel import warm
from circle.store import opened, with_confirmations
from circle.study import Drawing, Study, of_standard
from circle.wishes import recording

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pandas as pd

    from circle.model import District, Gap, LifeCircle, Question, Requirement, StandardSet
    from circle.places.search import Place
    from circle.report.content.elements import Choice, Map, Report
    from circle.study import Key

T = TypeVar("T")

_MOST = {
    "coverage": 256,
    "gaps": 256,
    "life_circle": 128,
    "uncertainty": 24,
    "siting": 3,
    "siting_first": 4,
    "siting_candidates": 6,
}
_MOST_OTHERS = 64
"""Of each measure so many answers are kept."""
_SCREEN_DPI = 130
_M2_PER_HA = 10_000


class StreamlitMemo:
    """Streamlit's cache as the memo of a study."""

    def __init__(self) -> None:
        self._caches: dict[str, Any] = {}

    def get(self, key: Key, make: Callable[[], T]) -> T:
        """Return the answer kept under `key`, made by `make` where there is none."""
        measure = key[1]
        if measure not in self._caches:
            self._caches[measure] = _cache(measure)
        answer: T = self._caches[measure](key, make)
        return answer

    def forget(self, measure: str) -> None:
        """Drop all answers of a measure."""
        if measure in self._caches:
            self._caches[measure].clear()


def _cache(measure: str) -> Any:  # noqa: ANN401 - Streamlit's
    """Return a cache of one measure; Streamlit tells caches apart by their function's name."""

    def keep(key: Key, _make: Callable[[], Any]) -> Any:  # noqa: ANN401, ARG001 - any answer
        return _make()

    keep.__qualname__ = f"keep_{measure}"
    most = _MOST.get(measure, _MOST_OTHERS)
    return st.cache_resource(max_entries=most, show_spinner=False)(keep)


_memo = StreamlitMemo()


def study(district: District | None = None) -> Study:
    """Return the study of a district, by default as it is now; see `current`."""
    return Study(district or current(), _memo)


def current() -> District:
    """Return the district of this installation, with its confirmed registers.

    The confirmations are read each time.

    Raises
    ------
    StoreError
        When they cannot be read.
    """
    return with_confirmations(as_built(), opened())


def current_or_last() -> tuple[District, datetime | None]:
    """Return the district as `current`; where the store does not answer, as it was read last.

    For pages of the public, which go on: what was confirmed then is not taken back for that.

    Returns
    -------
    tuple
        The district, and when it was read (UTC) if that is not now.

    Raises
    ------
    StoreError
        When the store does not answer and did not since the server began, or cannot be used.
    """
    built = as_built()
    key = (opened().address, built.base_id)
    known = _last_read.get(key)
    if known is not None and time.monotonic() < known.away_until:
        return known.district, known.at
    try:
        district = with_confirmations(built, opened())
    except StoreError as error:
        if known is None or error.key not in _AWAY:
            raise
        _last_read[key] = replace(known, away_until=time.monotonic() + _AWAY_S)
        return known.district, known.at
    _last_read[key] = _LastRead(district, datetime.now(UTC))
    for other in set(_last_read) - {key}:  # of one district alone
        _last_read.pop(other, None)
    return district, None


@dataclass(frozen=True, eq=False)
class _LastRead:
    """A district with its confirmations as they were read; until when the store is let alone."""

    district: District
    at: datetime
    away_until: float = 0.0


_last_read: dict[tuple[str, str], _LastRead] = {}
_AWAY = ("store.unreachable", "store.busy")
_AWAY_S = 10.0
"""So long nobody waits again for a store that did not answer."""


def as_built() -> District:
    """Return the district of this installation as its folder is, read anew when that changes.

    For pages that rest on no confirmation: they go on where the store cannot be read.
    """
    folder = settings().district
    return _district(str(folder), _stamp(folder))


@st.cache_resource(max_entries=2, show_spinner=False)
def _district(folder: str, stamp: float) -> District:  # noqa: ARG001 - the stamp is the key
    district = read_district(Path(folder))
    first = next(iter(district.profiles.values()))
    threading.Thread(target=lambda: warm(walked(district.network, first)), daemon=True).start()
    return district


def _stamp(folder: Path) -> float:
    try:
        return max((f.stat().st_mtime for f in folder.iterdir()), default=0.0)
    except OSError:
        return 0.0


def life_circle(
    study: Study, profile: str, at: tuple[float, float], minutes: tuple[float, ...]
) -> LifeCircle:
    """Return what a place has within each limit, drawn as this installation draws."""
    installed = settings()
    drawing = Drawing(
        installed.max_off_street_m, installed.cell_m, installed.fill_holes_ha * _M2_PER_HA
    )
    return study.life_circle(profile, at, minutes, drawing)


def standards() -> dict[str, StandardSet]:
    """Return the standard sets of this installation."""
    folder = settings().standards
    return _standards(str(folder), _stamp(folder))


@st.cache_resource(max_entries=2, show_spinner=False)
def _standards(folder: str, stamp: float) -> dict[str, StandardSet]:  # noqa: ARG001
    return standard_sets(folder)


def requirement(name: str) -> Requirement | None:
    """Return the requirement called ``set/requirement``; None when there is none."""
    set_id, _, requirement_id = name.partition("/")
    standard = standards().get(set_id)
    if standard is None:
        return None
    return next((each for each in standard.requirements if each.id == requirement_id), None)


def standard_of(question: Question) -> StandardSet | None:
    """Return the standard that a question is judged by; None for plain minutes."""
    asked = question.criterion.requirement
    return None if asked is None else standards().get(asked.standard)


def services(study: Study, question: Question) -> tuple[Question, ...]:
    """Return the questions of all services, judged as this one is, for whoever walks in it."""
    standard = standard_of(question)
    profile, unverified = question.profile, question.unverified
    if standard is not None:
        return of_standard(standard, profile, unverified=unverified)
    return study.services(profile, question.criterion.minutes, unverified=unverified)


def report(study: Study, choice: Choice) -> Report:
    """Return what a report says, for its preview."""
    from circle.report.content.assemble import build  # noqa: PLC0415 - for this page alone

    wishes = recording.stamp(opened(), study.district.id)
    stamp = (_stamp(settings().standards), wishes)
    return _kept(
        study, "report", (stamp, choice), lambda: build(study, choice, standards(), preview=True)
    )


def forget_reports() -> None:
    """Drop the previews of reports: what was deleted on request stands in none."""
    for kept in ("report", "picture"):
        _memo.forget(kept)


def picture(report: Report, shown: Map) -> bytes:
    """Return a map of a report as a picture for the screen (PNG)."""
    from circle.report.print_map import render  # noqa: PLC0415 - only a report's page draws so

    key = (report.choice, report.imprint.made, shown.id)
    study = Study(report.district, _memo)
    return _kept(
        study,
        "picture",
        key,
        lambda: render.png(render.draw(report, shown), dpi=_SCREEN_DPI),
    )


def zone_table(study: Study, question: Question, zone: Gap) -> pd.DataFrame | None:
    """Return what the draws make of a gap zone."""
    return _kept(study, "zone", (question, zone.rank), lambda: study.zone_table(question, zone))


def ground(district: District) -> Shared:
    """Return the ground of the map, in the language in use."""
    return drawn(district, "ground", None, lambda: Shared(base_data(district)))


def drawn(district: District, what: str, question: Hashable, make: Callable[[], T]) -> T:
    """Return a part of a map that many answers share, in the language in use."""
    return _kept(Study(district, _memo), what, (question, language()), make)


def search_index(district: District) -> tuple[Place, ...]:
    """Return everything that can be searched for."""
    return _kept(Study(district, _memo), "search", None, lambda: build_index(district))


def _kept(study: Study, what: str, question: Hashable, make: Callable[[], T]) -> T:
    return study.memo.get((study.district.scenario_id, what, question), make)
