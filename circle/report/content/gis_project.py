"""How a project for software for maps groups and shows the layers of a report."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from circle.i18n import LANGUAGES, language, t
from circle.maps import grades
from circle.maps.ramp import band_colours, step_limits
from circle.report.content.elements import Class, Condition, LayerGroup, LayerView
from circle.report.content.gis_layers import column_of, limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from circle.model import Coverage
    from circle.report.content.answers import Answers, Service
    from circle.report.content.elements import Layer

    Member = LayerGroup | LayerView


def tree(answers: Answers, layers: Iterable[Layer]) -> tuple[Member, ...]:
    """Return the tree of layers, the first member on top.

    Of the services one is seen at first, with its places, gap zones and the ground within
    each limit. A view that would show nothing is left out.

    Parameters
    ----------
    answers
        The answers that the layers are made of.
    layers
        As `gis_layers.layers` returns them.
    """
    by_id = {layer.id: layer for layer in layers}
    services = [
        LayerGroup(service.name, tuple(_service(answers, service, coverage, by_id)), on=row == 0)
        for row, (service, coverage) in enumerate(answers.covered)
    ]
    edits = [LayerView(layer, layer.title) for name, layer in by_id.items() if name == "edits"]
    members: tuple[Member, ...] = (
        LayerGroup(t("project.services"), tuple(services), exclusive=True),
        LayerGroup(t("project.other_places"), tuple(_other_places(answers, by_id)), on=False),
        _count(answers, by_id["demand_points"]),
        *_wishes(by_id),
        *_lifts(by_id),
        *_lanes(by_id),
        *edits,
        LayerView(by_id["heritage"], t("legend.heritage"), label=("name",), on=False),
        LayerView(by_id["areas"], t("layers.areas"), label=_name("areas")),
        LayerView(by_id["boundary"], t("layers.boundary")),
        LayerView(by_id["network"], t("layers.network"), label=("name",)),
    )
    return tuple(member for member in members if _shows(member))


def _wishes(layers: Mapping[str, Layer]) -> Iterator[Member]:
    if "wishes" in layers:
        yield LayerView(layers["wishes"], t("legend.wishes_masked"), on=False)


def _lanes(layers: Mapping[str, Layer]) -> Iterator[Member]:
    for name in ("gates", "missing_links", "lanes"):
        if name in layers:
            yield LayerView(layers[name], t(f"layers.{name}"), on=False)


def _lifts(layers: Mapping[str, Layer]) -> Iterator[Member]:
    for name in ("lift_projects", "doorways"):
        if name in layers:
            yield LayerView(layers[name], layers[name].title, on=False)


def _service(
    answers: Answers, service: Service, coverage: Coverage, layers: Mapping[str, Layer]
) -> Iterator[Member]:
    of_kind = (Condition("kind", "=", coverage.kind),)
    members: tuple[Member, ...] = (
        LayerView(layers["facilities"], t("plate.places"), of_kind, label=_name("facilities")),
        LayerView(
            layers["demand_points"],
            _scale(coverage).title,
            classes=tuple(_by_walk(service, coverage)),
            on=False,
        ),
        LayerView(
            layers["gap_zones"],
            t("plate.zones"),
            (Condition("service", "=", service.key),),
            label=("name",),
        ),
        *_catchments(answers, of_kind, layers["isochrones"]),
    )
    return (member for member in members if _shows(member))


def _catchments(
    answers: Answers, of_kind: tuple[Condition, ...], layer: Layer
) -> Iterator[LayerGroup]:
    """Return for each profile the ground within each limit, the smallest on top."""
    steps = limits(answers.choice.minutes)
    profiles = dict.fromkeys(layer.frame["profile"]) if len(layer.frame) else ()
    for row, profile in enumerate(profiles):
        walker = (*of_kind, Condition("profile", "=", profile))
        views = (
            LayerView(
                layer,
                t("unit.minutes", n=f"{step:g}"),
                (*walker, Condition("minutes", "=", step)),
                colours=colours,
            )
            for step, colours in zip(steps, band_colours(len(steps)), strict=True)
        )
        name = answers.district.profiles[profile].name
        title = t("project.catchment", profile=name)
        yield LayerGroup(title, tuple(view for view in views if _shows(view)), on=row == 0)


def _other_places(answers: Answers, layers: Mapping[str, Layer]) -> Iterator[LayerView]:
    """Return the places of each kind that is no service of the report."""
    told = {coverage.kind for _, coverage in answers.covered}
    layer = layers["facilities"]
    for kind, title in layer.labels.items():
        if kind not in told:
            where = (Condition("kind", "=", kind),)
            yield LayerView(layer, title, where, label=_name("facilities"))


def _count(answers: Answers, layer: Layer) -> LayerView:
    """Return residents by how many services they have."""
    many = len(answers.provision.services)
    scale = grades.services(min(many, grades.MOST_SERVICES)) if many else None
    classes = tuple(
        Class(grade, (Condition("services", "=", count),))
        for count, grade in enumerate(scale.grades if scale else ())
    )
    title = scale.title if scale else layer.title
    return LayerView(layer, title, classes=classes, on=False)


def _by_walk(service: Service, coverage: Coverage) -> Iterator[Class]:
    """Return residents by their walk to a service, by its limit where that is in metres."""
    walk, within = column_of("min", service.key), column_of("in", service.key)
    metres = coverage.question.criterion.metres
    reached = Condition(within, "=", 1)
    *near, far = _scale(coverage).grades
    if metres is None:
        ends = [-np.inf, *step_limits(coverage.minutes)]
        for grade, (above, most) in zip(near, pairwise(ends), strict=True):
            between = (Condition(walk, ">", above), Condition(walk, "<=", most))
            first, last = np.isinf(above), most == ends[-1]
            yield Class(grade, (reached, *between[int(first) : 2 - int(last)]))
    else:
        yield Class(near[-1], (reached,))
    yield Class(far, (Condition(within, "=", 0),))


def _scale(coverage: Coverage) -> grades.Scale:
    nobody = np.zeros(len(coverage.seconds), np.bool_)
    return grades.by_walk(coverage, nobody).scale


def _name(layer: str) -> tuple[str, ...]:
    """Return the columns with names, that of the language in use first."""
    chinese = "name_zh" if layer == "areas" else "name"
    return (chinese,) if language() == LANGUAGES[0] else ("name_en", chinese)


def _shows(member: Member) -> bool:
    """Return whether a member of the tree has anything to show."""
    if isinstance(member, LayerGroup):
        return bool(member.members)
    frame = member.layer.frame
    meets = (
        frame[condition.column].eq(condition.value).to_numpy()
        for condition in member.where
        if len(frame)
    )
    return bool(np.logical_and.reduce([np.ones(len(frame), np.bool_), *meets]).any())
