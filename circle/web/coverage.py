"""The Coverage page: controls, answer, map, gap zones and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from circle.config import settings
from circle.coverage import WHOLE, figure
from circle.demand import with_seniors
from circle.facilities import coverable_kinds
from circle.i18n import figures, t
from circle.maps import layers, legend
from circle.maps.base import district_map
from circle.maps.geometry import feature
from circle.model import NOT_IN_ANY
from circle.web import cache, controls, params, shell, state, tables, wording
from circle.web.mapview import show_map

if TYPE_CHECKING:
    from circle.model import Coverage, District, Gap

_SHOWN_GAPS = 6
_FEW_PEOPLE = 10
_DRAWN_GAPS = 30
_SENIORS = "residents_60_plus"
_GROUPS = ("residents", _SENIORS, "residents_65_plus", "age_0_14", "age_15_59", "age_60_64")


def show() -> None:
    """Draw the page."""
    district = cache.current()
    shell.header(district.name, t("coverage.subtitle"), district.observed)
    question = _controls(district)
    group = state.value(_group())
    with st.spinner(t("coverage.loading"), show_time=False):
        found = cache.covered(district, question)
        zones = cache.gap_zones(district, question)
    other = cache.covered(district, _turned(question))
    stage = shell.stage()
    with stage.lead:
        shell.answer(wording.marked(wording.coverage_sentence(district, found, group)))
        _figures(district, found, group)
        _both(found, other, group)
    with stage.map:
        _map(district, found, zones)
    with stage.side:
        _zones(district, found, zones)
        shell.notes([*wording.trust_notes(district, found), t("coverage.people_note")])
    shell.heading(t("coverage.table_title"))
    file = f"{t('coverage.file')}-{question.kind}-{question.profile}-{question.minutes:g}"
    tables.show(tables.coverage(district, found), file=file)
    tables.show_sources(district)


def _group() -> state.Param[str]:
    return params.group(_GROUPS, _SENIORS)


def _controls(district: District) -> cache.Question:
    kind, profile, limit = params.kind(district), params.slow_profile(district), params.limit()
    unverified = params.flag("unverified", default=False)
    with st.sidebar:
        controls.select(
            t("coverage.kind"),
            coverable_kinds(district),
            kind,
            lambda name: str(district.kinds[name].name),
        )
        controls.minutes(t("coverage.minutes"), limit)
        controls.profile(district, profile)
        controls.select(t("coverage.group"), _GROUPS, _group(), lambda name: t(f"group.{name}"))
        st.segmented_control(
            t("coverage.unverified"),
            [False, True],
            format_func=lambda on: t("coverage.include" if on else "coverage.exclude"),
            key=state.widget_key(unverified),
            on_change=state.push,
            args=(unverified,),
        )
        controls.toggle(t("coverage.show_heritage"), params.flag("heritage", default=False))
        controls.toggle(t("coverage.show_gaps"), params.flag("gaps", default=True))
    return cache.Question(
        kind=state.value(kind),
        profile=state.value(profile),
        minutes=state.value(limit),
        unverified=state.value(unverified),
    )


def _turned(question: cache.Question) -> cache.Question:
    return cache.Question(
        question.kind, question.profile, question.minutes, not question.unverified
    )


def _figures(district: District, found: Coverage, group: str) -> None:
    row = figure(found, group)
    low = found.at_least
    rate = figures.percent(row["rate"])
    cards = [
        (
            f"≥ {rate}" if low else rate,
            t("coverage.figure_rate_low" if low else "coverage.figure_rate"),
        ),
        (
            figures.about_short(row["uncovered"]),
            t("coverage.figure_none_known" if low else "coverage.figure_uncovered"),
        ),
    ]
    named = ~found.table["area"].isin([WHOLE, NOT_IN_ANY])
    areas = found.table[found.table["group"].eq(group) & named].dropna()
    if len(areas):
        worst = areas.sort_values("rate").iloc[0]
        names = {area.id: area.name for area in district.areas}
        cards.append(
            (
                str(names.get(worst["area"], "—")),
                t("coverage.figure_worst", rate=figures.percent(worst["rate"])),
            )
        )
    shell.figures(cards)


def _both(found: Coverage, other: Coverage, group: str) -> None:
    """Set the figure with unverified facilities beside the one without."""
    sure, both = (other, found) if found.unverified else (found, other)
    if both.unverified_counted == 0:
        return
    lines = [
        shell.Row(
            t(f"coverage.both_{name}", n=one.facilities_counted),
            figures.people(figure(one, group)["covered"]),
            ("≥ " if one.at_least else "") + figures.percent(figure(one, group)["rate"]),
        )
        for name, one in (("verified", sure), ("all", both))
    ]
    shell.rows(lines)


def _map(district: District, found: Coverage, zones: tuple[Gap, ...]) -> None:
    made = district_map(
        district,
        tiles=settings().tiles,
        tiles_credit=settings().tiles_attribution,
        data=cache.base(district),
    )
    kind = district.kinds[found.kind]
    rows = [
        legend.demand_row(found.minutes),
        legend.gaps_row(),
        *legend.kind_rows([kind]),
        legend.heritage_row(),
    ]
    legend.add_legend(made, rows, notes=[legend.unverified_note(kind)])
    drawn: list[Any] = []
    if state.value(params.flag("gaps", default=True)):
        drawn.append(
            layers.gaps(_features(district, zones), selected=state.value(params.gap()) or None)
        )
    drawn.append(_points(district, found))
    if state.value(params.flag("heritage", default=False)):
        drawn.append(layers.heritage(district.heritage))
    places = district.facilities[district.facilities["kind"].eq(found.kind)]
    drawn.append(layers.facilities(places, district.kinds))
    click = show_map(made, drawn, key="coverage")
    if click is not None and click.layer == "gap":
        _mark(click.id)
        st.rerun()


def _points(district: District, found: Coverage) -> Any:  # noqa: ANN401 - folium stays in circle.maps
    demand = with_seniors(district.demand)
    own = (demand["inside"] & (demand["residents"] > 0)).to_numpy(np.bool_)
    return layers.demand(
        demand.loc[own, ["lon", "lat"]].to_numpy(np.float64),
        found.seconds[own] / 60,
        demand.loc[own, "residents"].to_numpy(np.float64),
        found.minutes,
    )


def _features(district: District, zones: tuple[Gap, ...]) -> list[dict[str, object]]:
    return [
        feature(
            zone.geometry,
            district.crs,
            id=str(zone.rank),
            rank=zone.rank,
            name=wording.gap_name(zone),
            lines=[wording.gap_line(district, zone), wording.gap_beyond(zone)],
        )
        for zone in zones[:_DRAWN_GAPS]
    ]


def _zones(district: District, found: Coverage, zones: tuple[Gap, ...]) -> None:
    known = "_none_known" if found.at_least else ""
    shell.heading(t(f"coverage.gaps_title{known}"))
    if not zones:
        st.success(t("coverage.gaps_none", minutes=f"{found.minutes:g}"))
        return
    marked = state.value(params.gap())
    shown = [zone for zone in zones if zone.residents >= _FEW_PEOPLE][:_SHOWN_GAPS]
    for zone in shown:
        name = wording.gap_name(zone)
        shell.pick_row(
            shell.Row(
                name,
                wording.gap_line(district, zone),
                wording.gap_beyond(zone),
                rank=zone.rank,
                alarming=True,
                chosen=marked == str(zone.rank),
            ),
            t("coverage.mark", name=name),
            key=f"mark-{zone.rank}",
            on_click=_mark,
            args=(str(zone.rank),),
        )
    rest = [zone for zone in zones if zone not in shown]
    if (left := sum(zone.residents for zone in rest)) >= 1:
        people = figures.people(left)
        shell.notes([t("coverage.gap_more", n=len(rest), people=people)])
    shell.notes([t("coverage.gaps_note")])


def _mark(rank: str) -> None:
    param = params.gap()
    state.put(param, "" if state.value(param) == rank else rank)
