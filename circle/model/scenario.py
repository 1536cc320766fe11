"""A scenario: a base district and what people changed of it, under one identity.

::

    base ── changes in force ──► scenario_id ── resolve ──► one District an id

The base is the district as its folder was built. A change is laid over it and
never written into it; the newest of each subject is in force.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from circle.model.kept import Kept

if TYPE_CHECKING:
    from datetime import datetime

    from circle.model.district import District


@dataclass(frozen=True, kw_only=True)
class Change(ABC):
    """One change of a base: who made it, when (UTC), and why."""

    author: str
    time: datetime
    reason: str

    @property
    @abstractmethod
    def subject(self) -> tuple[str, str]:
        """What is changed, for example ``("register", "canteen")``: the newest holds."""

    @property
    @abstractmethod
    def undoes(self) -> bool:
        """Whether it takes back what was changed of the subject before."""

    @property
    @abstractmethod
    def identity(self) -> tuple[str, ...]:
        """What makes it another change than any other: part of the scenario's id."""

    @property
    def renews(self) -> bool:
        """Whether streets or residents are others, so that nothing derived of them stays."""
        return False

    @property
    def moves_homes(self) -> bool:
        """Whether residents are others; where streets alone are, what is of homes stays."""
        return self.renews

    @abstractmethod
    def fields(self, district: District) -> dict[str, Any]:
        """Return the fields of the district that it replaces, with their new values."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A base and its changes.

    Attributes
    ----------
    base
        The district as its folder was built; of one that carries changes that
        is the one they were made of.
    changes
        Oldest first.
    """

    base: District
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        """Start from the district as it was built, whatever was laid over it before."""
        object.__setattr__(self, "base", self.base.as_built or self.base)

    @property
    def in_force(self) -> tuple[Change, ...]:
        """The newest change of each subject, those taken back left out, by subject."""
        newest = {change.subject: change for change in self.changes}
        return tuple(newest[key] for key in sorted(newest) if not newest[key].undoes)

    @property
    def scenario_id(self) -> str:
        """The base's id where nothing is changed, else a SHA-256 of base and changes."""
        if not self.in_force:
            return self.base.base_id
        parts = [self.base.base_id, [change.identity for change in self.in_force]]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()

    def resolve(self) -> District:
        """Return the district with its changes: one object an id, as long as it is in use.

        It shares with the base all that is derived of streets, boundary and
        residents; a change of these needs values of its own.
        """
        if not self.in_force:
            return self.base
        in_use: WeakValueDictionary[str, District] = self.base.kept.get(
            "scenarios in use", None, WeakValueDictionary
        )
        district = in_use.get(self.scenario_id)
        if district is None:
            district = self.base.kept.get("scenario", self.scenario_id, self._resolved)
        return in_use.setdefault(self.scenario_id, district)

    def _resolved(self) -> District:
        district = self.base
        for change in self.in_force:
            district = replace(district, **change.fields(district))
        district = replace(district, scenario_id=self.scenario_id)
        if not any(change.renews for change in self.in_force):
            object.__setattr__(district, "kept", self.base.kept)
        elif not any(change.moves_homes for change in self.in_force):
            object.__setattr__(district, "kept", Kept(self.base.kept.homes))
        object.__setattr__(district, "as_built", self.base)
        object.__setattr__(district, "changes", self.in_force)
        return district
