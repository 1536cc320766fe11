"""The layers of a report for geographic information systems, in metres of the district.

Columns are short and English, so that every format keeps them; what each means
stands in `Layer.columns`, in the language of the report.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from circle.demand import figure_in, with_seniors
from circle.geo.shapes import points
from circle.i18n import rounding, t
from circle.maps import grades
from circle.maps.colours import BEYOND, HERITAGE
from circle.maps.ramp import band_colours
from circle.maps.symbols import colour_of, gable, sign
from circle.network.graph import segment_lines
from circle.places.facilities import of_kind, on_street, parse_capacity, positions
from circle.reach.isochrone import isochrones, properties
from circle.reach.travel import reach_from
from circle.report.content import lifts_chapter
from circle.report.content.elements import Layer, Look
from circle.report.content.wishes import day, masked_xy
from circle.report.tabular.values import finite_or_none
from circle.scenario import without_plan
from circle.wishes.nouns import State
from circle.words import changed, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from circle.model import District, Impedance
    from circle.report.content.answers import Answers

_STEPS = (5.0, 10.0)
_STREET_COLOUR, _LINE_COLOUR, _EDIT_COLOUR = "#8A8578", "#4A4A4A", "#0B5394"
_FACILITY = (
    "id", "name", "name_en", "kind", "address", "verified", "inside", "position_accuracy_m",
    "position_basis", "opened", "floor_area_m2", "capacity", "delivered", "capacity_unit",
    "capacity_text", "services", "hours", "source",
)  # fmt: skip
_TEXTS = ("services", "position_basis", "source")
_HERITAGE_TEXTS = ("kind", "batch", "built", "grade")
_HERITAGE = ("id", "kind", "name", "address", "batch", "built", "grade", "inside", "uri")
_PEOPLE = ("residents", "residents_60_plus", "residents_65_plus")
_SHORT = {"position_accuracy_m": "accuracy_m", "position_basis": "basis"}


def layers(answers: Answers) -> tuple[Layer, ...]:
    """Return all layers of a report.

    Parameters
    ----------
    answers
        The answers; coordinates stay in metres of the district's system.
    """
    return (
        _isochrones(answers),
        _demand(answers),
        _gap_zones(answers),
        _facilities(answers.district),
        _heritage(answers.district),
        _areas(answers),
        _boundary(answers.district),
        _network(answers.district),
        *_wishes(answers),
        *_lifts(answers),
        *_edits((answers.around or answers.study).district),
    )


def limits(minutes: float) -> tuple[float, ...]:
    """Return the limits that isochrones are drawn for: every step below, and the limit."""
    return (*(step for step in _STEPS if step < minutes), minutes)


def _isochrones(answers: Answers) -> Layer:
    """Return the ground within each limit of each facility that counts."""
    district, walk = answers.district, answers.walks[0]
    rows = list(_around(district, walk, answers))
    steps = limits(answers.choice.minutes)
    colours = band_colours(len(steps))
    return layer_of(
        "isochrones",
        rows,
        [row.pop("geometry") for row in rows],
        district,
        look=Look.CATCHMENT,
        colour="minutes",
        legend={
            f"{step:g}": (fill, t("unit.minutes", n=f"{step:g}"))
            for step, (fill, _) in zip(steps, colours, strict=True)
        },
    )


def _around(district: District, walk: Impedance, answers: Answers) -> Iterator[dict[str, Any]]:
    kinds = dict.fromkeys(coverage.kind for _, coverage in answers.covered)
    steps = limits(answers.choice.minutes)
    for kind in kinds:
        places = of_kind(district, kind, unverified=answers.choice.unverified)
        for row, (_, place) in enumerate(places.iterrows()):
            origin = on_street(walk, places.iloc[[row]])
            if origin.segment[0] < 0:
                continue
            reach = reach_from(walk, origin, steps[-1] * 60)
            for isochrone in reversed(isochrones(reach, steps)):
                yield {
                    "facility": place["id"],
                    "name": place["name"],
                    "kind": place["kind"],
                    "verified": bool(place["verified"]),
                    "profile": walk.profile.id,
                    **properties(isochrone),
                    "geometry": isochrone.geometry,
                }


def _demand(answers: Answers) -> Layer:
    """Return where residents are put on the street, with the walk to every service."""
    district = answers.district
    demand = with_seniors(district.demand)
    inside = demand["inside"].to_numpy(np.bool_)
    homes = demand[inside]
    table = homes[["cell", "area", *_PEOPLE]].copy()
    table[list(_PEOPLE)] = table[list(_PEOPLE)].round(2)
    meant = {}
    for service, coverage in answers.covered:
        minutes, within = column_of("min", service.key), column_of("in", service.key)
        walk = coverage.seconds[inside] / 60
        table[minutes] = np.where(np.isfinite(walk), np.round(walk, 2), np.nan)
        table[within] = coverage.within[inside].astype(np.int32)
        meant[minutes] = t("layers.min_to", name=service.name)
        meant[within] = t("layers.in_limit", name=service.name)
    table["services"] = answers.provision.count[inside]
    many = len(answers.provision.services)
    shown = grades.services(min(many, grades.MOST_SERVICES)).grades if many else ()
    return layer_of(
        "demand_points",
        table,
        points(homes[["x", "y"]].to_numpy(np.float64)),
        district,
        meant=meant,
        look=Look.PEOPLE,
        colour="services",
        legend={
            str(count): (grade.colour, t("layers.n_services", n=count))
            for count, grade in enumerate(shown)
        },
    )


def column_of(what: str, key: str) -> str:
    """Return the column that tells something of a service."""
    return f"{what}_{key.lower().replace('-', '_').replace('.', '_')}"


def _gap_zones(answers: Answers) -> Layer:
    district = answers.district
    rows, shapes = [], []
    for service, coverage in answers.covered:
        for zone in service.zones:
            nearest = district.facilities.iloc[zone.nearest]["name"] if zone.nearest >= 0 else ""
            rows.append(
                {
                    "service": service.key,
                    "kind": coverage.kind,
                    "rank": zone.rank,
                    "name": wording.gap_name(zone),
                    "residents": round(zone.residents, 1),
                    "res_60": round(zone.residents_60_plus, 1),
                    "beyond_min": finite_or_none(zone.minutes_beyond, 2),
                    "no_way": round(zone.residents_without_way, 1),
                    "detour": finite_or_none(zone.detour, 3),
                    "cause": zone.cause.value,
                    "nearest": nearest,
                    "heritage": zone.heritage,
                    "bound": zone.constrained,
                    "known": "at_least" if coverage.at_least else "all",
                }
            )
            shapes.append(zone.geometry)
    legend = {"": (BEYOND, t("legend.gaps"))}
    return layer_of("gap_zones", rows, shapes, district, look=Look.GAP, legend=legend)


def _facilities(district: District) -> Layer:
    table = _with_capacity(district.facilities)
    texts = {name: wording.in_own_words(table, name) for name in _TEXTS if name in table}
    table = table.assign(**texts)
    columns = [name for name in _FACILITY if name in table]
    kinds = {kind.id: kind for kind in district.kinds.values() if kind.id in set(table["kind"])}
    return layer_of(
        "facilities",
        table[columns].rename(columns=_SHORT),
        points(positions(table)),
        district,
        look=Look.PLACES,
        colour="kind",
        legend={name: (colour_of(kind), str(kind.name)) for name, kind in kinds.items()},
        signs={name: (sign(kind), sign(kind, verified=False)) for name, kind in kinds.items()},
    )


def _with_capacity(table: pd.DataFrame) -> pd.DataFrame:
    """Return facilities with their capacity as numbers, and as it is listed."""
    if "capacity" not in table:
        return table
    read = [parse_capacity(text) or (np.nan, np.nan) for text in table["capacity"]]
    walk_in, delivered = np.array(read, np.float64).reshape(-1, 2).T
    return table.assign(
        capacity=walk_in,
        delivered=np.where(delivered > 0, delivered, np.nan),
        capacity_text=table["capacity"],
    )


def _heritage(district: District) -> Layer:
    table = district.heritage
    texts = {name: wording.in_own_words(table, name) for name in _HERITAGE_TEXTS if name in table}
    table = table.assign(**texts)
    columns = [name for name in _HERITAGE if name in table]
    legend = {"": (HERITAGE, t("legend.heritage"))}
    return layer_of(
        "heritage",
        table[columns],
        points(positions(table)),
        district,
        look=Look.HERITAGE,
        legend=legend,
        signs={"": (gable(), gable())},
    )


def _areas(answers: Answers) -> Layer:
    """Return the areas with the rates of every service."""
    district, meant = answers.district, {}
    rows = []
    for area in district.areas:
        row: dict[str, Any] = {
            "id": area.id,
            "name_zh": area.name.zh,
            "name_en": area.name.en,
            "official": area.official,
        }
        for service, coverage in answers.covered:
            figures = figure_in(coverage.table, "residents", area.id)
            row["residents"] = round(float(figures["residents"]), 1)
            rate = rounding.fraction(float(figures["rate"]), 4, at_least=coverage.at_least)
            row[column_of("r", service.key)] = rate
            meant[column_of("r", service.key)] = t("layers.rate_of", name=service.name)
        rows.append(row)
    shapes = [area.polygon for area in district.areas]
    legend = {"": (_LINE_COLOUR, t("layers.areas"))}
    return layer_of("areas", rows, shapes, district, look=Look.OUTLINE, meant=meant, legend=legend)


def _boundary(district: District) -> Layer:
    rows = [{"id": district.id, "name_zh": district.name.zh, "name_en": district.name.en}]
    legend = {"": (_LINE_COLOUR, t("layers.boundary"))}
    return layer_of(
        "boundary", rows, [district.boundary], district, look=Look.BOUNDARY, legend=legend
    )


def _network(district: District) -> Layer:
    network = district.network
    steps = pd.Series(network.segment_steps, dtype="Int32")
    table = pd.DataFrame(
        {
            "name": network.segment_name,
            "class": network.segment_class,
            "length_m": np.round(network.segment_length_m, 2),
            "stairs": steps >= 0,
            "steps": steps.mask(steps == 0).clip(lower=0),
            "drawn": network.segment_shape_kind,
        }
    )
    legend = {"": (_STREET_COLOUR, t("layers.network"))}
    return layer_of(
        "network", table, segment_lines(network), district, look=Look.STREETS, legend=legend
    )


def _wishes(answers: Answers) -> Iterator[Layer]:
    """Give the wishes that the report tells of, at their masked places."""
    told = answers.wishes
    if told is None or not told.placed:
        return
    rows = [
        {
            "number": matter.number,
            "kind": matter.kind,
            "state": matter.state.value,
            "level": matter.level,
            "unit": matter.unit,
            "text": matter.text,
            "recorded": day(answers.district, matter.recorded),
            "expected": str(matter.expected or ""),
            "masked": True,
        }
        for matter in told.placed
    ]
    scale = grades.wish_states()
    legend = {
        state.value: (grade.colour, t(f"wishes.state.{state.value}"))
        for state, grade in (
            (state, scale.grades[int(grades.by_wish_state([state]).step[0])]) for state in State
        )
    }
    yield layer_of(
        "wishes",
        rows,
        points(masked_xy(told.placed, answers.district.crs)),
        answers.district,
        look=Look.PLAIN,
        colour="state",
        legend=legend,
    )


def _lifts(answers: Answers) -> Iterator[Layer]:
    """Give the doorways of a register, for staff alone, and the projects that were published."""
    told = lifts_chapter.doorways(answers), lifts_chapter.projects(answers)
    for name, spots in zip(("doorways", "lift_projects"), told, strict=True):
        if spots is not None:
            yield layer_of(
                name,
                spots.rows,
                points(spots.xy),
                answers.district,
                look=Look.PLAIN,
                colour="lift",
                legend=lifts_chapter.legend(spots),
            )


def _edits(district: District) -> Iterator[Layer]:
    """Yield the edits of a scenario, each where it is; nothing where there is no scenario."""
    base, plan = without_plan(district)
    places = pd.concat([base.facilities, district.facilities]).set_index("id")[["x", "y"]]
    places = places[~places.index.duplicated()]
    rows, shapes = [], []
    for number, edit in enumerate(() if plan is None else plan.plan.edits, 1):
        if (xy := changed.place_of(base, edit, places)) is None:
            continue
        line = changed.edit_line(base, edit)
        rows.append({"number": number, "edit": edit.edit, "what": line, "reason": edit.reason})
        shapes.append(shapely.Point(xy))
    if rows:
        legend = {"": (_EDIT_COLOUR, t("layers.edits"))}
        yield layer_of("edits", rows, shapes, district, look=Look.PLAIN, legend=legend)


def layer_of(  # noqa: PLR0913 - named, one for each part of a layer
    name: str,
    rows: pd.DataFrame | list[dict[str, Any]],
    shapes: Any,  # noqa: ANN401 - whatever geopandas takes
    district: District,
    *,
    look: Look,
    legend: Mapping[str, tuple[str, str]],
    meant: Mapping[str, str] = MappingProxyType({}),
    colour: str = "",
    signs: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Layer:
    """Return a layer; `legend` has for each value of the column `colour` its colour and words.

    A text that says nothing is none.
    """
    table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows)
    table = table.reset_index(drop=True).replace({"": None})
    frame = gpd.GeoDataFrame(table, geometry=list(shapes), crs=district.crs)
    meanings = {
        str(column): t(f"layers.column.{column}") for column in table if column not in meant
    }
    return Layer(
        id=name,
        title=t(f"layers.{name}"),
        frame=frame,
        columns=meanings | dict(meant),
        colour=colour,
        palette={key: paint for key, (paint, _) in legend.items()},
        labels={key: words for key, (_, words) in legend.items()},
        look=look,
        signs=dict(signs),
    )
