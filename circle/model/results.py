"""What is computed of a district."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import shapely

from circle.model.vocabulary import Rule

if TYPE_CHECKING:
    import pandas as pd
    from shapely import MultiPolygon

    from circle.model.district import Register
    from circle.model.network import Isochrone, Snapped
    from circle.model.question import Question
    from circle.model.requirements import Requirement
    from circle.model.vocabulary import Bools, Cause, Floats, Ints, Strings

_CRACK_M = 1e-5


@dataclass(frozen=True, eq=False)
class LifeCircle:
    """What one place has within its walking limits.

    Attributes
    ----------
    origin
        The place, on its street.
    isochrones
        One a limit, ascending.
    residents
        Modelled residents within each limit: index minutes, columns residents
        (NaN where there are no data of residents),
        residents_60_plus, residents_65_plus (all of the district; NaN where
        nobody's age is known) and residents_beyond (outside its boundary, as
        far as the data goes).
    facilities
        All facilities with ``seconds`` from the origin (infinite where there
        is no way), nearest first.
    nearest
        Of these the nearest of every service: the nearest with a verified
        position and, where it is nearer still, one with a guessed position
        after it. A kind without any facility has no row.
    heritage
        Heritage places with ``seconds``, nearest first.
    """

    origin: Snapped
    isochrones: tuple[Isochrone, ...]
    residents: pd.DataFrame
    facilities: pd.DataFrame
    nearest: pd.DataFrame
    heritage: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Coverage:
    """How many residents reach a kind of facility within a limit.

    Attributes
    ----------
    question
        What was asked.
    seconds, metres
        Shape (k,), for each row of the district's demand: time and way along
        the streets to the nearest facility, infinite without one. Where stairs
        or signals cost time these may be two facilities.
    soonest, closest
        Shape (k,): row in the district's facilities of the nearest one by time
        and by way, of equally near ones the first; -1 without one.
    table
        One row for each area and age group, and for the whole (area ""):
        columns area, group, residents, covered, uncovered, rate (NaN where
        nobody lives). Figures of an age group are of the residents whose ages
        are known, all NaN where nobody's are.
    facilities_counted, unverified_counted, unverified_left_out
        How many facilities the figures rest on, how many of these have a
        guessed position, and how many such were left out.
    at_least
        True when the rate is a lower bound: the register is not complete, or
        a facility with a guessed position was left out.
    """

    question: Question
    register: Register
    seconds: Floats
    metres: Floats
    soonest: Ints
    closest: Ints
    table: pd.DataFrame
    facilities_counted: int
    unverified_counted: int
    unverified_left_out: int
    at_least: bool

    @property
    def kind(self) -> str:
        """The kind of facility asked for."""
        return self.question.kind

    @property
    def profile(self) -> str:
        """Who walks."""
        return self.question.profile

    @property
    def minutes(self) -> float:
        """The limit in minutes; see `Criterion.minutes`."""
        return self.question.criterion.minutes

    @property
    def unverified(self) -> bool:
        """Whether facilities with a guessed position count."""
        return self.question.unverified

    @property
    def standard(self) -> Requirement | None:
        """What a standard requires; None for plain minutes."""
        return self.question.criterion.requirement

    @property
    def rule(self) -> Rule:
        """What it is judged by."""
        return self.question.criterion.rule

    @property
    def which(self) -> Ints:
        """Shape (k,): row of the nearest facility by the rule that judges; -1 without one."""
        return self.closest if self.rule is Rule.METRES else self.soonest

    @property
    def within(self) -> Bools:
        """Shape (k,): which demand points are within the limit that judges."""
        return self.question.criterion.within(self.seconds, self.metres)


@dataclass(frozen=True, eq=False)
class NoData:
    """A question without an answer: no facility can be counted, or no resident.

    Attributes
    ----------
    reason
        ``residents``: the district has no data of residents; ``kind``: it does not know
        the kind; ``facilities``: it has none; ``verified``: it has only ones with a
        guessed position, and these were left out.
    left_out
        How many these are.
    """

    question: Question
    reason: str
    left_out: int

    @property
    def standard(self) -> Requirement | None:
        """What a standard requires; None for plain minutes."""
        return self.question.criterion.requirement


@dataclass(frozen=True, eq=False)
class Provision:
    """How many of several services each demand point has within their limits.

    Attributes
    ----------
    services
        The m services that there is data for, one coverage each.
    no_data
        Those without data: in no count, neither as had nor as lacking.
    within
        Shape (k, m): which of them each row of the district's demand has.
    count
        Shape (k,): how many.
    table
        As `Coverage.table`: covered are those who have all m. None when there
        is data for none.
    at_least
        True when one of the coverages is a lower bound: then a service that is
        lacking is only not known.
    """

    services: tuple[Coverage, ...]
    no_data: tuple[NoData, ...]
    within: Bools
    count: Ints
    table: pd.DataFrame | None
    at_least: bool


@dataclass(frozen=True, eq=False)
class Gap:
    """A contiguous zone whose residents are out of reach.

    Attributes
    ----------
    rank
        1 is the worst by resident-minutes beyond the limit; see `circle.measures.gaps.gaps`.
    rows
        Shape (n,): its demand points, as rows of the district's demand. Who is
        in a zone is asked of these, never of its drawing.
    streets
        The streets on which most of its residents live.
    more_streets
        How many other streets its residents live on, where those named stand for few of
        them; else 0.
    residents, residents_60_plus
        How many live there, and how many of those whose ages are known are 60
        or older; NaN where nobody's are.
    residents_without_way
        How many of its residents have no way to any facility.
    minutes_beyond
        Mean over the residents who have a way of the minutes beyond the limit;
        infinite where nobody has.
    metres_beyond
        The same in metres where a limit in metres judges, else None.
    nearest
        Row of the district's facilities that most of the residents who have a
        way would walk to; -1 where nobody has.
    shown
        The ground around each of its demand points; see `geometry`.
    straight_m
        Mean over residents of the straight line to the facility nearest by
        straight line, metres; NaN where there is none.
    detour
        Mean way along the streets over the mean straight line, of the residents
        who have a way; NaN where there is no facility or they live on top of
        it, infinite where nobody has a way.
    cause
        The likely cause; the rule is in docs/methods.md.
    heritage
        Addresses with protected heritage inside `geometry`.
    constrained
        Whether there are such, or residents on a road that is never to be
        widened: what is built here has to respect them.
    near
        The street with a name that is nearest to the mean place of its
        residents; "" when no street has a name.
    side
        Where it lies among the zones of the same streets, a compass point such
        as ``ne``; "" where no other has them.
    number
        1, 2, … among those of the same streets and side; 0 where it is alone.
    """

    rank: int
    rows: Ints
    streets: tuple[str, ...]
    residents: float
    residents_60_plus: float
    residents_without_way: float
    minutes_beyond: float
    metres_beyond: float | None
    nearest: int
    shown: Strings
    straight_m: float
    detour: float
    cause: Cause
    heritage: int
    constrained: bool
    more_streets: int = 0
    near: str = ""
    side: str = ""
    number: int = 0

    @cached_property
    def geometry(self) -> MultiPolygon:
        """The zone in metres, joined when first asked for; holds nobody who is within reach.

        Cracks of a hundredth of a millimetre are closed: cells share their edges up to a
        rounding alone.
        """
        joined = shapely.union_all(self.shown)
        widened = shapely.buffer(joined, _CRACK_M, join_style="mitre")
        parts = shapely.get_parts(shapely.buffer(widened, -_CRACK_M, join_style="mitre"))
        return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])
