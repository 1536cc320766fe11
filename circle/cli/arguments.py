"""What the commands about measures share: walker, question and standard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle import store
from circle.cli.answers import (
    FAULT,
    OK,
    USAGE,
    emit,
    minutes_of,
    number_of,
    print_to_stderr,
    rounded,
    top_of,
)
from circle.config import settings
from circle.errors import CircleError, DataError, InputError
from circle.i18n import t
from circle.load.standards import described, standard_sets
from circle.model import Question
from circle.places.facilities import profile_named, service_name, usual_profile
from circle.reach.compiled import load_for_once
from circle.study import Study

if TYPE_CHECKING:
    import argparse

    from circle.model import Coverage, District, NoData, Requirement, StandardSet

__all__ = [
    "ENDINGS",
    "FAULT",
    "OK",
    "USAGE",
    "asked_for",
    "described",
    "described_or_none",
    "emit",
    "limit_of",
    "limit_text",
    "minutes_of",
    "number_of",
    "one_asked_for",
    "print_to_stderr",
    "question_of",
    "rounded",
    "standard_sets_here",
    "study_of",
    "top_of",
]

ENDINGS = {"residents": "", "residents_60_plus": "_60_plus", "residents_65_plus": "_65_plus"}
"""The age groups that commands report, and how the names of their figures end."""
_NO_STANDARD = ("no_folder", "standards_none")


def study_of(options: argparse.Namespace) -> Study:
    """Return the study of the district asked for; a profile not named is the usual one.

    Raises
    ------
    UnknownNameError
        When the profile asked for is none of the district's.
    """
    district = district_of(options)
    if options.profile is None:
        options.profile = usual_profile(district)
    profile_named(district, options.profile)
    load_for_once()
    return Study(district)


def district_of(options: argparse.Namespace) -> District:
    """Return the district asked for, with the scenario that is laid over it, if any.

    Raises
    ------
    DataError
        When the scenario cannot be read, or an edit does not fit.
    """
    district = store.open_district(options.district or settings().district)
    path = getattr(options, "scenario", None)
    if path is None:
        return district
    from circle import scenario  # noqa: PLC0415 - only here

    plan = scenario.read_plan(path)
    if plan.base not in {"", district.base_id}:
        print_to_stderr(t("cli.scenario_other_base", file=path.name))
    print_to_stderr(t("cli.scenario", name=plan.name, n=len(plan.edits)))
    return scenario.resolved(district, scenario.plan_of(plan, file=path.name))


def question_of(options: argparse.Namespace, asked: str | Requirement) -> Question:
    """Return the question of a kind by the minutes asked for, or of a requirement."""
    minutes, unverified = minutes_of(options), options.unverified == "include"
    if isinstance(asked, str):
        return Question.by_minutes(asked, options.profile, minutes, unverified=unverified)
    return Question.by_standard(asked, options.profile, unverified=unverified)


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


def described_or_none(asked: Requirement | None) -> dict[str, Any] | None:
    """Return a requirement as plain data; None where none asks."""
    return None if asked is None else described(asked)


def no_answer(district: District, no_data: NoData) -> CircleError:
    """Return that a question has no answer, and why."""
    reason = t(f"standard.reason.{no_data.reason}")
    return CircleError("no_answer", name=service_name(district, no_data.question), reason=reason)


def limit_text(coverage: Coverage) -> str:
    """Return the limit that judges, in words."""
    return limit_of(coverage.question)


def limit_of(question: Question) -> str:
    """Return the limit by which a question is judged, in words."""
    metres, minutes = question.criterion.metres, question.criterion.minutes
    if metres is not None:
        return t("cli.limit_metres", n=f"{metres:g}")
    return t("cli.limit_minutes", n=f"{minutes:g}")


def _unknown(standard: StandardSet, name: str) -> InputError:
    known = ", ".join(requirement.id for requirement in standard.defaults)
    return InputError("standard_service", standard=standard.id, name=name, known=known)
