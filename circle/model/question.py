"""What is asked of a district: which kind, who walks, by what it is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circle.model.vocabulary import Bools, Floats, Rule

if TYPE_CHECKING:
    from circle.model.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Criterion:
    """What coverage is judged by: plain minutes, or what a standard requires.

    Attributes
    ----------
    minutes
        The limit in minutes; where a requirement is judged by metres, the one
        that is shown beside it.
    requirement
        What a standard requires; None for plain minutes.
    """

    minutes: float
    requirement: Requirement | None = None

    @classmethod
    def of(cls, requirement: Requirement) -> Criterion:
        """Return the criterion that a requirement is."""
        return cls(requirement.limit_minutes, requirement)

    @property
    def rule(self) -> Rule:
        """Whether minutes or metres judge."""
        return Rule.MINUTES if self.requirement is None else self.requirement.judged_by

    @property
    def metres(self) -> float | None:
        """The limit in metres along the streets, where metres judge."""
        if self.requirement is None or self.rule is not Rule.METRES:
            return None
        return self.requirement.metres

    def within(self, seconds: Floats, metres: Floats) -> Bools:
        """Return which walks, shape (k,), keep the limit that judges."""
        if self.requirement is None:
            return np.asarray(seconds <= self.minutes * 60)
        return self.requirement.within(seconds, metres, self.rule)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a coverage; two equal ones have the same answer.

    Attributes
    ----------
    kind
        A kind of facility.
    profile
        Who walks.
    criterion
        What judges.
    unverified
        Whether facilities with a guessed position count.
    """

    kind: str
    profile: str
    criterion: Criterion
    unverified: bool = False

    @classmethod
    def by_minutes(
        cls, kind: str, profile: str, minutes: float, *, unverified: bool = False
    ) -> Question:
        """Return the question for plain minutes."""
        return cls(kind, profile, Criterion(float(minutes)), unverified)

    @classmethod
    def by_standard(
        cls, requirement: Requirement, profile: str, *, unverified: bool = False
    ) -> Question:
        """Return the question that a requirement asks."""
        return cls(requirement.kind, profile, Criterion.of(requirement), unverified)

    @property
    def by_minutes_alone(self) -> Question:
        """The same question, judged by its minutes alone."""
        return replace(self, criterion=Criterion(self.criterion.minutes))
