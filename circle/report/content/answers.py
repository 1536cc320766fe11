"""All figures of a report, computed once by the study: the question and its answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from circle.errors import CancelledError, InputError, UnknownNameError
from circle.i18n import LANGUAGES, t
from circle.load.standards import standard_named
from circle.model import Coverage, NoData, Question
from circle.places.extract import of_areas
from circle.places.facilities import (
    area_named,
    kind_named,
    profile_named,
    service_name,
    usual_profile,
)
from circle.reach.travel import check_minutes
from circle.report.content import reference_systems, wishes
from circle.report.content.choices import ANNEXES, Wishes
from circle.study import Study, of_standard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circle.measures.access import Capacity
    from circle.measures.equity import Spread
    from circle.measures.uncertainty import Uncertainty
    from circle.model import (
        Bools,
        District,
        Gap,
        Impedance,
        Profile,
        Provision,
        StandardSet,
    )
    from circle.quality import Quality
    from circle.report.content.elements import Choice
    from circle.report.content.wishes import Told


@dataclass(frozen=True, eq=False)
class Service:
    """One service as the first profile reaches it.

    Attributes
    ----------
    key
        Its kind, or with a standard the id of the requirement.
    name
        In the language of the report.
    uncertainty
        None where there is no coverage to draw samples for.
    zones
        Gap zones, worst first.
    others
        Its coverage for every further profile.
    """

    key: str
    name: str
    coverage: Coverage | NoData
    uncertainty: Uncertainty | None
    zones: tuple[Gap, ...]
    others: tuple[Coverage | NoData, ...]


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one choice.

    Attributes
    ----------
    study
        The study that computed them: of the district, or of the chosen areas as a
        district of their own.
    around
        The study of the whole district where `study` is of a part, for comparison.
    choice
        With every default filled in.
    standard
        The standard that judges; None for plain minutes.
    walks
        Streets as each profile walks them; the first is the report's own.
    wishes
        Those that the report tells of; None for none.
    """

    study: Study
    around: Study | None
    choice: Choice
    standard: StandardSet | None
    walks: tuple[Impedance, ...]
    services: tuple[Service, ...]
    provision: Provision
    spreads: tuple[Spread, ...]
    capacities: tuple[Capacity, ...]
    quality: Quality
    wishes: Told | None = None

    @property
    def district(self) -> District:
        """The district, or the part of it that is reported, with its confirmed registers."""
        return self.study.district

    @property
    def unjudged(self) -> tuple[str, ...]:
        """The names of the kinds chosen that the standard asks nothing of."""
        if self.standard is None:
            return ()
        unjudged = self.standard.asks_nothing_of(self.choice.kinds)
        return tuple(str(self.district.kinds[kind].name) for kind in unjudged)

    @property
    def profile(self) -> Profile:
        """Who walks on the maps and in the summary."""
        return self.walks[0].profile

    @property
    def basis(self) -> str:
        """By what services are judged, in words: the standard, or the minutes."""
        if self.standard is not None:
            return str(self.standard.name)
        return t("details.by_minutes", minutes=f"{self.choice.minutes:g}")

    @property
    def covered(self) -> tuple[tuple[Service, Coverage], ...]:
        """The services that there is data for, with their coverage."""
        return tuple(
            (service, service.coverage)
            for service in self.services
            if isinstance(service.coverage, Coverage)
        )

    @cached_property
    def beside(self) -> dict[str, Bools]:
        """Who lives beside heritage, and along roads that are never widened."""
        return self.study.beside()


def settled(district: District, choice: Choice, standards: Mapping[str, StandardSet]) -> Choice:
    """Return a choice with every default filled in and every name checked.

    Where a standard judges, no kinds are all that it asks for.

    Raises
    ------
    UnknownNameError
        For a kind, profile, area, standard or annex that is not there.
    InputError
        For a limit out of range, or kinds of which the standard asks nothing at all.
    """
    check_minutes([choice.minutes])
    standard = standard_named(dict(standards), choice.standard) if choice.standard else None
    first = usual_profile(district)
    usual = (first, *(name for name in list(district.profiles)[:1] if name != first))
    profiles = choice.profiles or usual
    chosen = tuple(dict.fromkeys(kind_named(district, name).id for name in choice.kinds))
    if standard is None:
        chosen = chosen or tuple(kind.id for kind in district.kinds.values() if kind.service)
    elif chosen and not {asked.kind for asked in standard.defaults}.intersection(chosen):
        raise InputError(
            "kinds_not_asked",
            standard=standard.name,
            names=t("unit.and").join(str(district.kinds[kind].name) for kind in chosen),
            known=", ".join(dict.fromkeys(asked.kind for asked in standard.defaults)),
        )
    if choice.wishes not in list(Wishes):
        raise UnknownNameError("report_wishes", name=choice.wishes, known=", ".join(Wishes))
    for name in (name for name in choice.annexes if name not in ANNEXES):
        raise UnknownNameError("annex", name=name, known=", ".join(ANNEXES))
    return replace(
        choice,
        kinds=chosen,
        annexes=tuple(name for name in ANNEXES if name in choice.annexes),
        profiles=tuple(dict.fromkeys(profile_named(district, name).id for name in profiles)),
        areas=tuple(dict.fromkeys(area_named(district, name).id for name in choice.areas)),
        crs=choice.crs or reference_systems.usual(district),
        language=choice.language if choice.language in LANGUAGES else LANGUAGES[0],
    )


def ask(
    study: Study,
    choice: Choice,
    standards: Mapping[str, StandardSet],
    progress: Callable[[float], bool] | None = None,
) -> Answers:
    """Ask the study for all that a report says.

    Parameters
    ----------
    study
        Of the whole district, with its confirmed registers.
    choice
        As `settled` returns it.
    standards
        The standards of this installation, by id.
    progress
        Called with the share of the work done, 0 to 1; returns whether to go on.

    Raises
    ------
    CancelledError
        When `progress` returned False.
    """
    standard = standard_named(dict(standards), choice.standard) if choice.standard else None
    around = study if choice.areas else None
    study = Study(of_areas(study.district, choice.areas), study.memo)
    questions = _questions(choice, standard)
    services: list[Service] = []
    for done, question in enumerate(questions):
        _go_on(progress, done / (len(questions) + 1))
        services.append(_service(study, choice, question))
    _go_on(progress, len(questions) / (len(questions) + 1))
    answered = [q for q in questions if isinstance(study.coverage(q), Coverage)]
    kinds = dict.fromkeys(question.kind for question in answered)
    spreads = map(study.spread, answered)
    by_minutes = (
        Question.by_minutes(kind, choice.profiles[0], choice.minutes, unverified=choice.unverified)
        for kind in kinds
    )
    return Answers(
        study=study,
        around=around,
        choice=choice,
        standard=standard,
        walks=tuple(study.walk(profile) for profile in choice.profiles),
        services=tuple(services),
        provision=study.together(questions),
        spreads=tuple(spread for spread in spreads if spread is not None),
        capacities=tuple(study.capacity(question) for question in by_minutes),
        quality=study.quality(),
        wishes=wishes.told(study.district, choice.wishes, choice.areas),
    )


def _go_on(progress: Callable[[float], bool] | None, share: float) -> None:
    if progress is not None and not progress(share):
        raise CancelledError


def _questions(choice: Choice, standard: StandardSet | None) -> tuple[Question, ...]:
    """Return what is asked of each service, of the first profile."""
    profile, unverified = choice.profiles[0], choice.unverified
    if standard is None:
        return tuple(
            Question.by_minutes(kind, profile, choice.minutes, unverified=unverified)
            for kind in choice.kinds
        )
    return tuple(
        question
        for question in of_standard(standard, profile, unverified=unverified)
        if not choice.kinds or question.kind in choice.kinds
    )


def _service(study: Study, choice: Choice, question: Question) -> Service:
    requirement = question.criterion.requirement
    return Service(
        key=question.kind if requirement is None else requirement.id,
        name=str(service_name(study.district, question)),
        coverage=study.coverage(question),
        uncertainty=study.uncertainty(question),
        zones=study.gaps(question),
        others=tuple(
            study.coverage(replace(question, profile=profile)) for profile in choice.profiles[1:]
        ),
    )
