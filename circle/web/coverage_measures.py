"""What the Coverage page says by each of its measures.

A measure is one object: its sentence, its cards, the rows of its areas and the
points on the map. ``MEASURES`` holds what makes each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from circle.demand import figure_in, roll_up
from circle.i18n import rounding, t
from circle.maps import grades
from circle.measures.completeness import service_names
from circle.measures.uncertainty import by_verdict
from circle.model import NOT_IN_ANY, WHOLE, NoData
from circle.places.facilities import service_name
from circle.web import memo, shell
from circle.words import measured, tables, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from shapely import MultiPolygon

    from circle.maps.grades import Graded
    from circle.measures.access import Capacity
    from circle.measures.circles import Answer, Comparison
    from circle.measures.uncertainty import Uncertainty
    from circle.model import Coverage, District, Floats, Provision, Question
    from circle.study import Study

SENIORS = "residents_60_plus"
Card = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Asked:
    """What the page was asked, and what the study answered.

    Attributes
    ----------
    study, question, coverage
        Whom is asked, what, and the coverage.
    group
        Of whom the page tells.
    """

    study: Study
    question: Question
    coverage: Coverage
    group: str

    @property
    def district(self) -> District:
        """The district."""
        return self.study.district

    @property
    def people(self) -> tables.People:
        """Where residents live: the points on the map."""
        return tables.people(self.district, "residents")


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area by a measure.

    Attributes
    ----------
    area
        Its id.
    figure, sub
        What its row says.
    share
        How much of the row is shaded, 0 to 1.
    explained
        What is said of it when it is chosen.
    """

    area: str
    figure: str
    sub: str
    share: float
    explained: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Measure:
    """One measure of the page.

    Attributes
    ----------
    sentence, cards
        The answer, and its figures with their labels.
    beside
        The answers of other ways of counting.
    title, areas
        What the figures of the areas are, and the areas, weakest first.
    graded
        The residents' points; None where the map shows the walk instead.
    instead
        Why it does.
    ground
        What a circle or a polygon covers, metres; None for any other measure.
    notes
        What the figures rest on, beside what a coverage rests on.
    """

    sentence: str
    cards: tuple[Card, ...] = ()
    beside: tuple[shell.Row, ...] = ()
    title: str = ""
    areas: tuple[AreaRow, ...] = ()
    graded: Graded | None = None
    instead: str = ""
    ground: MultiPolygon | None = None
    notes: tuple[str, ...] = ()


def by_walk(asked: Asked) -> Measure:
    """Return the coverage: who is within reach."""
    district, coverage, group = asked.district, asked.coverage, asked.group
    sure = asked.study.uncertainty(asked.question)
    known = "_none_known" if coverage.at_least else ""
    areas = []
    for area, row in _by_area(coverage.table, group, "rate"):
        interval = None if sure is None else _interval(sure, group, area)
        sub = t(f"coverage.area_sub{known}", people=rounding.people(row["uncovered"]))
        explained = [wording.area_sentence(district, coverage, area, group)]
        if interval is not None:
            sub += f" · {interval['verdict']}" if interval["verdict"] else ""
            explained.append(t("sure.interval", **interval))
        figure = wording.share(coverage, row["rate"])
        areas.append(AreaRow(area, figure, sub, row["rate"], tuple(explained)))
    return Measure(
        sentence=wording.coverage_sentence(district, coverage, group),
        cards=(*_coverage_cards(asked, sure), *_weakest(district, areas)),
        beside=tuple(_with_and_without_unverified(asked)),
        title=t("coverage.areas_title"),
        areas=tuple(areas),
        graded=grades.by_walk(coverage, asked.people.rows),
    )


def by_chance(asked: Asked) -> Measure:
    """Return how sure the coverage is: who is covered in how many of the draws."""
    district, group = asked.district, asked.group
    sure = asked.study.uncertainty(asked.question)
    if sure is None:
        name = wording.inline(service_name(district, asked.question))
        return _without_data(t("measured.chance_none", kind=name))
    at_least = not sure.base.register.is_complete
    low, known = ("_low", "_known") if at_least else ("", "")
    shares = by_verdict(district, sure)
    row = figure_in(shares, group)
    interval = _interval(sure, group)

    def sentence(area: str = WHOLE) -> str:
        return measured.chance_sentence(district, sure.base, shares, group, area)

    areas = []
    for area, part in _by_area(shares, group, "covered"):
        of_area = _interval(sure, group, area)
        sub = t("measured.area_chance", possible=rounding.percent(part["depends"]))
        explained = (_in(district, area, sentence(area)), t("sure.interval", **of_area))
        figure = rounding.bound(part["covered"], at_least=at_least)
        areas.append(AreaRow(area, figure, sub, part["covered"], explained))
    return Measure(
        sentence=sentence(),
        cards=(
            (rounding.bound(row["covered"], at_least=at_least), t(f"measured.figure_sure{low}")),
            (rounding.percent(row["depends"]), t("measured.figure_possible")),
            (rounding.percent(row["lacking"]), t(f"measured.figure_lacking{known}")),
            (t("measured.interval", **interval), t("measured.figure_interval")),
        ),
        title=t("measured.areas_chance"),
        areas=tuple(areas),
        graded=grades.by_probability(sure.probability[asked.people.rows], at_least=at_least),
    )


def by_services(asked: Asked) -> Measure:
    """Return who has all services together, and which one most lack."""
    district, group = asked.district, asked.group
    provision = asked.study.together(memo.services(asked.study, asked.question))
    if provision.table is None:
        return _without_data(t("completeness.none"))
    table, many, basis = provision.table, len(provision.services), basis_of(asked.question)
    at_least = provision.at_least
    low, known = ("_low", "_known") if at_least else ("", "")

    def sentence(area: str = WHOLE) -> str:
        return measured.services_sentence(district, provision, group, basis, area)

    areas = tuple(
        AreaRow(
            area,
            rounding.bound(row["rate"], at_least=at_least),
            measured.most_lacked(district, provision, group, area, key="area_lacked"),
            row["rate"],
            (_in(district, area, sentence(area)),),
        )
        for area, row in _by_area(table, group, "rate")
    )
    none = figure_in(roll_up(district, provision.count == 0), group)["covered"]
    rate = rounding.bound(figure_in(table, group)["rate"], at_least=at_least)
    told_apart = many <= grades.MOST_SERVICES
    return Measure(
        sentence=sentence(),
        cards=(
            (rate, t(f"measured.figure_all{low}", count=many)),
            (rounding.about_short(none), t(f"measured.figure_without_any{known}")),
            *_weakest(district, areas),
        ),
        title=t("measured.areas_services"),
        areas=areas,
        graded=_services_graded(asked, provision) if told_apart else None,
        instead="" if told_apart else t("measured.many", most=grades.MOST_SERVICES),
        notes=services_notes(district, provision),
    )


def by_capacity(asked: Asked) -> Measure:
    """Return the capacity that a thousand residents have within reach."""
    district, group = asked.district, asked.group
    capacity = asked.study.capacity(asked.question)
    if not capacity.is_known:
        return _without_data(wording.capacity_missing(district, capacity))
    rows = list(_by_area(capacity.table, group, "mean"))
    most = max((float(row["mean"]) for _, row in rows), default=0.0) or 1.0
    mark = "≥ " if capacity.supply_at_least else ""
    areas = tuple(
        AreaRow(
            area,
            mark + measured.amount(row["mean"], at_least=capacity.supply_at_least),
            t("measured.area_capacity", people=rounding.people(row["without"])),
            row["mean"] / most,
            (_in(district, area, measured.capacity_sentence(district, capacity, group, area)),),
        )
        for area, row in rows
    )
    amount: Floats = capacity.accessibility[asked.people.rows]
    of_thousand = {"per": f"{measured.PER:,}", "unit": wording.unit_name(capacity.unit)}
    return Measure(
        sentence=measured.capacity_sentence(district, capacity, group),
        cards=_capacity_cards(capacity, group, of_thousand),
        title=t("measured.areas_capacity", **of_thousand),
        areas=areas,
        graded=grades.by_capacity(amount, asked.people.count, of_thousand["unit"]),
        notes=capacity_notes(capacity),
    )


def by_circle(asked: Asked) -> Measure:
    """Return what a circle would say instead of the streets."""
    comparison = asked.study.circles(asked.question)
    return _compared(asked, comparison, comparison.circle, "circle")


def by_polygon(asked: Asked) -> Measure:
    """Return what a drawn polygon would say instead of the streets."""
    comparison = asked.study.circles(asked.question)
    return _compared(asked, comparison, comparison.polygon, "polygon")


MEASURES: dict[str, Callable[[Asked], Measure]] = {
    "walk": by_walk,
    "chance": by_chance,
    "services": by_services,
    "capacity": by_capacity,
    "circle": by_circle,
    "polygon": by_polygon,
}
"""The measures of the page by the value in the address, in their order; the first is usual."""


def basis_of(question: Question) -> str:
    """Return what all services of a question are judged by, in words."""
    asked = memo.standard_of(question)
    if asked is not None:
        return str(asked.name)
    return t("details.by_minutes", minutes=f"{question.criterion.minutes:g}")


def services_notes(district: District, provision: Provision) -> tuple[str, ...]:
    """Return which services count, and which there is no data for."""
    lines = (
        wording.listed(service_names(district, provision)),
        wording.without_data(district, provision),
    )
    return tuple(line for line in lines if line)


def capacity_notes(capacity: Capacity) -> tuple[str, ...]:
    """Return of how many facilities the capacity is known, and how it is shared out."""
    known = wording.capacity_known(capacity)
    how = t(
        "details.capacity_how",
        minutes=f"{capacity.walking.limits_s[-1] / 60:g}",
        metres=f"{capacity.deliver_m:,.0f}",
    )
    return (known, how, *([t("details.capacity_low")] if capacity.supply_at_least else []))


def comparison_note(district: District, comparison: Comparison) -> str:
    """Return what a circle and a polygon are compared by."""
    return t(
        "details.circles_note",
        metres=f"{comparison.radius_m:,.0f}",
        minutes=f"{comparison.network.minutes:g}",
        kind=district.kinds[comparison.network.kind].name,
    )


def interval_words(row: pd.Series) -> dict[str, str]:
    """Return what the draws say: the interval and the verdict, in words."""
    low, high = rounding.ends(row["low"], row["high"])
    return {
        "low": low,
        "high": high,
        "verdict": wording.sure_words(str(row["verdict"]), str(row["depends_on"])),
    }


def _interval(sure: Uncertainty, group: str, area: str = WHOLE) -> dict[str, str]:
    return interval_words(figure_in(sure.table, group, area))


def _without_data(sentence: str) -> Measure:
    return Measure(sentence, instead=t("measured.map_walks"))


def _by_area(
    table: pd.DataFrame, group: str, column: str, *, ascending: bool = True
) -> Iterator[tuple[str, pd.Series]]:
    """Yield the areas where somebody of the group lives with their rows, in the column's order."""
    named = ~table["area"].isin([WHOLE, NOT_IN_ANY])
    rows = table[table["group"].eq(group) & named].dropna(subset=[column])
    for _, row in rows.sort_values(column, ascending=ascending, kind="stable").iterrows():
        yield str(row["area"]), row


def _in(district: District, area: str, sentence: str) -> str:
    name = wording.area_names(district).get(area, area)
    return t("measured.in_area", name=name, sentence=sentence)


def _after(mark: str, figure: str) -> str:
    """Return a figure after "≥ "; the dash of none stands alone."""
    return figure if figure == "—" else mark + figure


def _weakest(district: District, areas: list[AreaRow] | tuple[AreaRow, ...]) -> tuple[Card, ...]:
    """Return the card of the area that comes first."""
    return tuple(
        (
            wording.area_names(district).get(row.area, "—"),
            t("coverage.figure_worst", rate=row.figure),
        )
        for row in areas[:1]
    )


def _coverage_cards(asked: Asked, sure: Uncertainty | None) -> Iterator[Card]:
    coverage, group = asked.coverage, asked.group
    row, low = figure_in(coverage.table, group), coverage.at_least
    label = t("coverage.figure_rate_low" if low else "coverage.figure_rate")
    if sure is not None and row["residents"] > 0:
        label += t("coverage.interval", **_interval(sure, group))
    yield wording.share(coverage, row["rate"]), label
    out = t("coverage.figure_none_known" if low else "coverage.figure_uncovered")
    for whose in ("residents", SENIORS):
        count = rounding.about_short(figure_in(coverage.table, whose)["uncovered"])
        yield count, t(f"group_of.{whose}") + t("unit.gap") + out


def _with_and_without_unverified(asked: Asked) -> Iterator[shell.Row]:
    """Set the figure with unverified facilities beside the one without."""
    coverage, question = asked.coverage, asked.question
    other = asked.study.coverage(replace(question, unverified=not question.unverified))
    if isinstance(other, NoData):
        return
    verified, both = (other, coverage) if coverage.unverified else (coverage, other)
    if both.unverified_counted == 0:
        return
    for name, counted in (("verified", verified), ("all", both)):
        row = figure_in(counted.table, asked.group)
        what = t(f"coverage.both_{name}", n=counted.facilities_counted)
        rate = wording.share(counted, row["rate"])
        yield shell.Row(what, rounding.people(row["covered"]), rate)


def _services_graded(asked: Asked, provision: Provision) -> Graded:
    return grades.by_services(provision.count[asked.people.rows], len(provision.services))


def _capacity_cards(
    capacity: Capacity, group: str, of_thousand: dict[str, str]
) -> tuple[Card, ...]:
    row = figure_in(capacity.table, group)
    low, mark = ("_low", "≥ ") if capacity.supply_at_least else ("", "")
    total, walk_in, delivered = (
        measured.amount(row[column], at_least=capacity.supply_at_least)
        for column in ("mean", "walk_in", "delivered")
    )
    return (
        (_after(mark, total), t(f"measured.figure_capacity{low}", **of_thousand)),
        (walk_in, t("measured.figure_walk_in")),
        (delivered, t("measured.figure_delivered")),
        (rounding.about_short(row["without"]), t("measured.figure_without")),
    )


def _compared(asked: Asked, comparison: Comparison, answer: Answer, name: str) -> Measure:
    district, group = asked.district, asked.group
    table = comparison.table[comparison.table["answer"].eq(name)]
    table = table.assign(
        wrong=(table["wrongly_in"] + table["wrongly_out"])
        / table["residents"].where(table["residents"] > 0)
    )
    whole, rows = figure_in(table, group), asked.people.rows
    areas = tuple(
        AreaRow(
            area,
            rounding.percent(row["wrong"]),
            _wrongly(row),
            row["wrong"],
            (_in(district, area, measured.compared_sentence(district, comparison, row, group)),),
        )
        for area, row in _by_area(table, group, "wrong", ascending=False)
    )
    return Measure(
        sentence=measured.compared_sentence(district, comparison, whole, group),
        cards=(
            (_counted(comparison, whole, "counted"), t(f"details.answer_{name}")),
            (_counted(comparison, whole, "network"), t("details.answer_network")),
            (rounding.about_short(whole["wrongly_in"]), t("measured.figure_wrongly_in")),
            (rounding.about_short(whole["wrongly_out"]), t("measured.figure_wrongly_out")),
        ),
        title=t("measured.areas_compared"),
        areas=areas,
        graded=grades.by_comparison(answer.counted[rows], comparison.network.within[rows]),
        ground=answer.ground,
        notes=(comparison_note(district, comparison),),
    )


def _wrongly(row: pd.Series) -> str:
    wrongly_in, wrongly_out = (rounding.people(row[f"wrongly_{way}"]) for way in ("in", "out"))
    return t("details.answer_wrong", wrongly_in=wrongly_in, wrongly_out=wrongly_out)


def _counted(comparison: Comparison, row: pd.Series, column: str) -> str:
    residents = row["residents"]
    rate = row[column] / residents if residents > 0 else float("nan")
    return wording.share(comparison.network, rate)
