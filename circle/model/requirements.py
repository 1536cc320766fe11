"""What documents ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circle.model.vocabulary import Bools, Floats, Rule, Status, Text

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Requirement:
    """What one document asks of one service.

    Attributes
    ----------
    id, standard
        Its own name, and the set that it stands in.
    service
        What is asked for. Requirements of one set with the same service are
        what disagreeing sources say of it; exactly one is the `default`.
    kind, name_has
        Which facilities count: those of a kind, and, unless "", of these the
        ones whose name holds `name_has`.
    tier
        The circle that the document puts it in: 5, 10 or 15 minutes.
    minutes, metres
        The limits; one at least. Metres are judged along the network.
    judged_by
        Which limit decides where there are two.
    profile, group
        Whom it is for: a walking profile ("" when the document names no pace)
        and a group of residents.
    floor_area_m2
        The least of a place of the service; None where the document names none. Coverage
        does not ask for it, siting where it is asked to.
    clause, year
        Empty and None when not known.
    status
        How far it has been checked against the official text.
    """

    id: str
    standard: str
    service: str
    name: Text
    kind: str
    name_has: str
    tier: int
    minutes: float | None
    metres: float | None
    judged_by: Rule
    profile: str
    group: str
    document: Text
    clause: Text
    year: int | None
    source: Text
    status: Status
    default: bool
    note: Text
    floor_area_m2: float | None = None

    @property
    def limit_minutes(self) -> float:
        """The limit in minutes; that of the tier where the document gives metres alone."""
        return float(self.tier) if self.minutes is None else self.minutes

    def within(self, seconds: Floats, metres: Floats, rule: Rule) -> Bools:
        """Return which walks, shape (k,), keep one of the limits."""
        if rule is Rule.METRES and self.metres is not None:
            return np.asarray(metres <= self.metres)
        return np.asarray(seconds <= self.limit_minutes * 60)


@dataclass(frozen=True, slots=True)
class StandardSet:
    """The requirements of one document, as one file holds them."""

    id: str
    name: Text
    document: Text
    year: int | None
    note: Text
    requirements: tuple[Requirement, ...]

    @property
    def defaults(self) -> tuple[Requirement, ...]:
        """The requirement of each service that stands where sources disagree."""
        return tuple(requirement for requirement in self.requirements if requirement.default)

    def of_kind(self, kind: str) -> tuple[Requirement, ...]:
        """Return what is asked of a kind of facility, the usual first."""
        asked = (requirement for requirement in self.requirements if requirement.kind == kind)
        return tuple(sorted(asked, key=lambda requirement: not requirement.default))

    def asks_nothing_of(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Return which kinds of facility no requirement that stands is about."""
        asked = {requirement.kind for requirement in self.defaults}
        return tuple(kind for kind in kinds if kind not in asked)

    def others(self, requirement: Requirement) -> tuple[Requirement, ...]:
        """Return what disagreeing sources say of the same service."""
        return tuple(
            candidate
            for candidate in self.requirements
            if candidate.service == requirement.service and candidate.id != requirement.id
        )
