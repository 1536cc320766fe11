"""Grades of residents' points: a measure in a few marks and words.

A scale is a measure's title and its grades, lowest or nearest first. Fills run
evenly in lightness, so that a map printed in grey can be read; who has nothing
is a hollow ring, so that nothing rests on colour alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from circle.i18n import t
from circle.i18n.rounding import percent, short, signed, whole_minutes
from circle.maps.colours import ACCENT, BEYOND, BEYOND_DARK, MIDDLE, PAPER, WISH
from circle.maps.ramp import amount_colours, darker, step_colours, step_limits
from circle.wishes.nouns import State
from circle.words.measured import PER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Bools, Coverage, Floats, Ints

MOST_SERVICES = 8
CLASSES = 4
_CHANCES = (0.05, 0.5, 0.95)
_CHANCE_NAMES = ("not_covered", "rather_not", "rather_covered", "covered")
_EDGE = 1e-9
_SERVED_EDGE = 0.005
"""From nobody, or from all, served so little is not told apart."""
MUCH_MINUTES = 3.0
"""From so many minutes on, what is won or lost is much."""
_WON, _WON_DARK, _WON_LITTLE, _WON_LITTLE_DARK = "#0B5394", "#8FC4F2", "#4E92CB", "#4C86BA"
_LOST, _LOST_DARK, _LOST_LITTLE, _LOST_LITTLE_DARK = "#A84300", "#FFB27A", "#CF7A30", "#C97A3A"
_WRONGLY_OUT = "#2F4A7A"
_AGREED_OUT, _AGREED_OUT_DARK = "#7D776D", "#A8A298"
_TAKEN = "#1F5FA8"
_STATE_STEPS = {
    State.CLAIMED: 1,
    State.IN_PROGRESS: 1,
    State.FULFILLED: 2,
    State.NOT_TAKEN_UP: 3,
}


class Mark(StrEnum):
    """How a point is drawn."""

    DISC = "disc"
    RING = "ring"
    DIAMOND = "diamond"
    CROSS = "cross"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of a measure.

    Attributes
    ----------
    text
        Its words in the legend.
    colour, dark
        Of the fill, or of the line where it is a ring: on paper and on a dark
        ground.
    mark
        Its shape; a ring is hollow.
    tip
        Key of the sentence below the pointer, in which ``%people%`` and
        ``%value%`` stand for the residents of a point and its value.
    values
        What the sentence's other placeholders stand for.
    """

    text: str
    colour: str
    dark: str
    mark: Mark = Mark.DISC
    tip: str = "map.demand"
    values: tuple[tuple[str, str], ...] = ()

    @property
    def fill(self) -> str:
        """The colour inside."""
        return PAPER if self.mark is Mark.RING else self.colour

    @property
    def line(self) -> str:
        """The colour of its outline."""
        return self.colour if self.mark is Mark.RING else darker(self.colour)


@dataclass(frozen=True, slots=True)
class Scale:
    """A measure: its title in the legend and its grades, in order.

    `sized` is False where the size of a mark tells nothing.
    """

    title: str
    grades: tuple[Grade, ...]
    sized: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Graded:
    """Points by a measure.

    Attributes
    ----------
    scale
        The measure.
    step
        Shape (k,): place of each point's grade in `scale`.
    shown
        Length k: its value in words.
    """

    scale: Scale
    step: Ints
    shown: tuple[str, ...]


def minutes(limit: float) -> Scale:
    """Return the grades of a walk: every 5 minutes up to `limit`, and beyond it."""
    limits = step_limits(limit)
    texts = [f"{upper:g}" for upper in limits[:-1]]
    texts.append(t("map.minutes", minutes=f"{limit:g}"))
    fills = step_colours(len(limits))
    near = [Grade(text, fill, fill) for text, fill in zip(texts, fills, strict=True)]
    values = (("limit", f"{limit:g}"),)
    beyond = t("legend.beyond", limit=f"{limit:g}")
    far = _nothing(beyond, "map.demand_beyond", values)
    return Scale(t("legend.minutes"), (*near, far))


def by_minutes(walk: Floats, limit: float) -> Graded:
    """Grade points by their walk.

    Parameters
    ----------
    walk
        Shape (k,): minutes; not finite where there is no way.
    limit
        Minutes beyond which a point is a hollow red ring.
    """
    limits = step_limits(limit)
    shown = (
        str(whole_minutes(value, limits)) if math.isfinite(value) else "–"
        for value in walk.tolist()
    )
    return Graded(minutes(limit), _step(walk, limits), tuple(shown))


def by_metres(walk: Floats, limit: float) -> Graded:
    """Grade points by their way along the streets, by thirds of the limit.

    Parameters
    ----------
    walk
        Shape (k,): metres; not finite where there is no way.
    limit
        Metres beyond which a point is a hollow red ring.
    """
    limits = [limit / 3, limit * 2 / 3, limit]
    texts = [f"{limits[0]:.0f}", f"{limits[1]:.0f}", t("unit.metres", n=f"{limit:g}")]
    near = (
        Grade(text, colour, colour, tip="map.demand_metres")
        for text, colour in zip(texts, step_colours(len(limits)), strict=True)
    )
    far = t("legend.beyond_metres", limit=f"{limit:g}")
    scale = Scale(t("legend.metres"), (*near, _nothing(far, "map.demand_metres")))
    shown = (f"{value:.0f}" if math.isfinite(value) else "–" for value in walk.tolist())
    return Graded(scale, _step(walk, limits), tuple(shown))


def by_walk(coverage: Coverage, rows: Bools) -> Graded:
    """Grade the points `rows`, shape (k,), of a coverage by the limit that judges it."""
    metres = coverage.question.criterion.metres
    if metres is not None:
        return by_metres(coverage.metres[rows], metres)
    return by_minutes(coverage.seconds[rows] / 60, coverage.minutes)


def probability(*, at_least: bool) -> Scale:
    """Return the grades of how likely a point is covered, by the known facilities at least."""
    known = "_known" if at_least else ""
    names = (*(f"{name}{known}" for name in _CHANCE_NAMES[:2]), *_CHANCE_NAMES[2:])
    lowest, *texts = (t(f"legend.chance_{name}") for name in names)
    none = _nothing(lowest, "map.demand_chance")
    return Scale(t("legend.chance"), (none, *_amounts(texts, "map.demand_chance")))


def by_probability(chance: Floats, *, at_least: bool = False) -> Graded:
    """Grade points by the probability that they are covered.

    Parameters
    ----------
    chance
        Shape (k,), 0 to 1; up to 0.05 is not covered and from 0.95 covered, as
        in `circle.measures.uncertainty`.
    at_least
        Whether facilities may be missing from the list.
    """
    low, even, high = _CHANCES
    step = (chance > low).astype(np.int32) + (chance >= even) + (chance >= high)
    return Graded(
        probability(at_least=at_least), step.astype(np.int32), tuple(map(percent, chance.tolist()))
    )


def services(total: int) -> Scale:
    """Return the grades of having 0 to `total` services, at most `MOST_SERVICES`.

    Raises
    ------
    ValueError
        When there is no service, or more than colours can keep apart.
    """
    if not 1 <= total <= MOST_SERVICES:
        raise ValueError(total)
    values = (("total", str(total)),)
    none = _nothing("0", "map.demand_services", values)
    amounts = _amounts([str(count) for count in range(1, total + 1)], "map.demand_services", values)
    return Scale(t("legend.services", total=total), (none, *amounts))


def by_services(count: Ints, total: int) -> Graded:
    """Grade points by how many of `total` services they have.

    Parameters
    ----------
    count
        Shape (k,), 0 to `total`.
    total
        As for `services`.
    """
    return Graded(services(total), count.astype(np.int32), tuple(map(str, count.tolist())))


def by_capacity(amount: Floats, residents: Floats, unit: str) -> Graded:
    """Grade points by the capacity that a resident has within reach.

    Parameters
    ----------
    amount
        Shape (k,): capacity for one resident, as `circle.measures.access.Capacity` has it.
    residents
        Shape (k,): each of up to `CLASSES` classes holds about as many of those
        who have some. A value is classed by the two figures that it is shown in.
    unit
        Of the capacity.
    """
    shown = tuple(short(value) for value in (amount * PER).tolist())
    many = np.array(shown, np.float64)
    cuts = _cuts(many, residents)
    step = np.where(many > 0, 1 + np.searchsorted(cuts, many - _EDGE), 0)
    return Graded(_capacity(cuts, unit, any_=bool((many > 0).any())), step.astype(np.int32), shown)


def comparison() -> Scale:
    """Return the marks of where a circle or a polygon is right, and where wrong."""
    marks = (
        ("agreed_in", MIDDLE, MIDDLE, Mark.DISC),
        ("agreed_out", _AGREED_OUT, _AGREED_OUT_DARK, Mark.RING),
        ("wrongly_in", BEYOND, BEYOND, Mark.DIAMOND),
        ("wrongly_out", _WRONGLY_OUT, _WRONGLY_OUT, Mark.CROSS),
    )
    grades = (
        Grade(t(f"legend.{name}"), colour, dark, mark, "map.demand_compared")
        for name, colour, dark, mark in marks
    )
    return Scale(t("legend.comparison"), tuple(grades))


def by_comparison(counted: Bools, reached: Bools) -> Graded:
    """Grade points by whether another answer agrees with the walk.

    Parameters
    ----------
    counted
        Shape (k,): whom the circle or polygon counts in.
    reached
        Shape (k,): who is within reach on the network.
    """
    scale = comparison()
    step = np.select([counted & reached, ~counted & ~reached, counted], [0, 1, 2], 3)
    shown = tuple(scale.grades[place].text for place in step.tolist())
    return Graded(scale, step.astype(np.int32), shown)


def wish_states() -> Scale:
    """Return the marks of wishes by how far they are."""
    marks = (
        ("wish_open", WISH, "#F48FB1", Mark.DIAMOND),
        ("wish_taken", _TAKEN, "#7FB3E0", Mark.DISC),
        ("wish_fulfilled", ACCENT, MIDDLE, Mark.CROSS),
        ("wish_not_taken_up", _AGREED_OUT, _AGREED_OUT_DARK, Mark.RING),
    )
    grades = (
        Grade(t(f"legend.{name}"), colour, dark, mark, "map.wish")
        for name, colour, dark, mark in marks
    )
    return Scale(t("legend.wishes_masked"), tuple(grades), sized=False)


def by_wish_state(states: Sequence[State]) -> Graded:
    """Grade wishes by their states, length k."""
    scale = wish_states()
    step = np.array([_STATE_STEPS.get(state, 0) for state in states], np.int32)
    shown = tuple(t(f"wishes.state.{state.value}") for state in states)
    return Graded(scale, step, shown)


def won() -> Scale:
    """Return the marks of minutes won and lost: blue and orange, and by shape."""
    marks = (
        ("won_much", _WON, _WON_DARK, Mark.DISC),
        ("won", _WON_LITTLE, _WON_LITTLE_DARK, Mark.DISC),
        ("won_none", _AGREED_OUT, _AGREED_OUT_DARK, Mark.RING),
        ("lost", _LOST_LITTLE, _LOST_LITTLE_DARK, Mark.DIAMOND),
        ("lost_much", _LOST, _LOST_DARK, Mark.CROSS),
    )
    values = {"much": f"{MUCH_MINUTES:g}"}
    grades = (
        Grade(t(f"legend.{name}", **values), colour, dark, mark, "map.demand_won")
        for name, colour, dark, mark in marks
    )
    return Scale(t("legend.difference"), tuple(grades))


def by_won(minutes: Floats) -> Graded:
    """Grade points by the minutes that a scenario wins them.

    Parameters
    ----------
    minutes
        Shape (k,): below 0 where lost; NaN, for who moves in, reads as no difference.
    """
    told = np.nan_to_num(minutes)
    step = np.select(
        [told >= MUCH_MINUTES, told > 0, told == 0, told > -MUCH_MINUTES], [0, 1, 2, 3], 4
    )
    return Graded(won(), step.astype(np.int32), tuple(signed(value, 1) for value in told.tolist()))


def sited() -> Scale:
    """Return the marks of whom a plan of sites brings within reach: by colour, and by shape."""
    marks = (
        ("sited_kept", ACCENT, MIDDLE, Mark.DISC),
        ("sited_new", _WON_LITTLE, _WON_LITTLE_DARK, Mark.DIAMOND),
        ("sited_out", BEYOND, BEYOND_DARK, Mark.RING),
        ("sited_lost", _LOST, _LOST_DARK, Mark.CROSS),
    )
    grades = (
        Grade(t(f"legend.{name}"), colour, dark, mark, "map.demand_sited")
        for name, colour, dark, mark in marks
    )
    return Scale(t("legend.sited"), tuple(grades))


def by_sited(before: Bools, after: Bools) -> Graded:
    """Grade points by whether they are within reach before and after a plan, shapes (k,)."""
    scale = sited()
    step = np.select([before & after, after, ~before], [0, 1, 2], 3)
    shown = tuple(scale.grades[place].text for place in step.tolist())
    return Graded(scale, step.astype(np.int32), shown)


def served() -> Scale:
    """Return the marks of who is served on the spot, by delivery, in part or not."""
    marks = (
        ("served_seated", ACCENT, MIDDLE, Mark.DISC),
        ("served_delivered", _WON_LITTLE, _WON_LITTLE_DARK, Mark.DIAMOND),
        ("served_part", _LOST_LITTLE, _LOST_LITTLE_DARK, Mark.CROSS),
        ("served_none", BEYOND, BEYOND_DARK, Mark.RING),
    )
    grades = (
        Grade(t(f"legend.{name}"), colour, dark, mark, "map.demand_served")
        for name, colour, dark, mark in marks
    )
    return Scale(t("legend.served"), tuple(grades))


def by_served(seated: Floats, delivered: Floats, demanded: Floats) -> Graded:
    """Grade points by how those who come are served, shapes (k,): by what serves most of them."""
    share = (seated + delivered) / np.maximum(demanded, _EDGE)
    whole = share >= 1 - _SERVED_EDGE
    none = share <= _SERVED_EDGE
    step = np.select([none, ~whole, seated >= delivered], [3, 2, 0], 1)
    return Graded(served(), step.astype(np.int32), tuple(map(percent, share.tolist())))


def _step(walk: Floats, limits: Sequence[float]) -> Ints:
    """Return the first of `limits` that each walk keeps; their number where it keeps none."""
    walked = np.nan_to_num(walk, nan=np.inf, posinf=np.inf)
    return np.searchsorted(limits, walked - _EDGE).astype(np.int32)


def _cuts(many: Floats, residents: Floats) -> list[float]:
    """Return where the classes of what is above 0 end, but for the last."""
    having = (many > 0) & (residents > 0)
    if not having.any():
        return []
    order = np.argsort(many[having])
    values, weights = many[having][order], residents[having][order].cumsum()
    ends = weights[-1] * np.arange(1, CLASSES) / CLASSES
    cuts = np.unique(values[np.searchsorted(weights, ends)])
    return [float(cut) for cut in cuts if cut < values[-1]]


def _capacity(cuts: Sequence[float], unit: str, *, any_: bool) -> Scale:
    texts = [f"≤ {short(cut)}" for cut in cuts]
    if any_:
        texts.append(f"> {short(cuts[-1])}" if cuts else t("legend.capacity_some"))
    values = (("unit", unit), ("per", f"{PER:,}"))
    none = _nothing(t("legend.capacity_none"), "map.demand_capacity_none")
    classes = _amounts(texts, "map.demand_capacity", values)
    return Scale(t("legend.capacity", unit=unit, per=f"{PER:,}"), (none, *classes))


def _nothing(text: str, tip: str, values: tuple[tuple[str, str], ...] = ()) -> Grade:
    return Grade(text, BEYOND, BEYOND_DARK, Mark.RING, tip, values)


def _amounts(
    texts: Sequence[str], tip: str, values: tuple[tuple[str, str], ...] = ()
) -> list[Grade]:
    colours = amount_colours(len(texts))
    return [
        Grade(text, paper, dark, tip=tip, values=values)
        for text, (paper, dark) in zip(texts, colours, strict=True)
    ]
