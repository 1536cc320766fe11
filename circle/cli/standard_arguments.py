"""Standards as the commands name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle.config import settings
from circle.errors import DataError, InputError
from circle.i18n import t
from circle.load.standards import standard_named, standard_sets
from circle.model import Rule

if TYPE_CHECKING:
    from circle.model import Coverage, NoData, Requirement, StandardSet

_NO_STANDARD = ("no_folder", "standards_none")


def standard_sets_here() -> dict[str, StandardSet]:
    """Return the standards of this installation; none where there is no file.

    Raises
    ------
    DataError
        When a file has faults.
    """
    try:
        return standard_sets(settings().standards)
    except DataError as error:
        if error.key in _NO_STANDARD:
            return {}
        raise


def named(sets: dict[str, StandardSet], name: str) -> StandardSet:
    """Return a standard by its name; see `circle.load.standards.standard_named`."""
    return standard_named(sets, name.strip())


def asked_for(standard: StandardSet, kinds: str | None) -> list[Requirement]:
    """Return what a standard asks of some kinds, or of all.

    Raises
    ------
    InputError
        When it asks nothing of one of them.
    """
    if kinds is None:
        return list(standard.defaults)
    requirements: list[Requirement] = []
    for kind in (word.strip() for word in kinds.split(",")):
        matching = [
            requirement
            for requirement in standard.defaults
            if kind in {requirement.kind, requirement.service, requirement.id}
        ]
        if not matching:
            raise _unknown(standard, kind)
        requirements += [requirement for requirement in matching if requirement not in requirements]
    return requirements


def one_asked_for(standard: StandardSet, kind: str) -> Requirement:
    """Return the one requirement of a standard for a kind, or of that name.

    Raises
    ------
    InputError
        When there is none, or the standard asks for several of the kind.
    """
    exact = [requirement for requirement in standard.requirements if requirement.id == kind]
    requirements = exact or asked_for(standard, kind)
    if len(requirements) > 1:
        raise _unknown(standard, kind)
    return requirements[0]


def described(asked: Requirement) -> dict[str, Any]:
    """Return a requirement as plain data."""
    return {
        "id": asked.id,
        "set": asked.standard,
        "name": str(asked.name),
        "kind": asked.kind,
        "minutes": asked.minutes,
        "metres": asked.metres,
        "judged_by": asked.judged_by.value,
        "status": asked.status.value,
    }


def no_data(answer: NoData) -> dict[str, Any]:
    """Return what is reported of a service without data."""
    return {"no_data": answer.reason, "standard": described(answer.standard)}


def limit_text(coverage: Coverage) -> str:
    """Return the limit that judges, in words."""
    asked = coverage.standard
    if asked is not None and coverage.rule is Rule.METRES:
        return t("cli.limit_metres", n=f"{asked.metres:g}")
    return t("cli.limit_minutes", n=f"{coverage.minutes:g}")


def _unknown(standard: StandardSet, name: str) -> InputError:
    known = ", ".join(requirement.id for requirement in standard.defaults)
    return InputError("standard_service", standard=standard.id, name=name, known=known)
