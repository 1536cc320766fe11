"""The page Overview: shares within reach by service and area, and zones out of reach.

Every count comes from `circle.measures.disclosure`: rounded, none of a few, places by squares.
Questions are few and fixed, so that no two answers differ by a handful of people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from circle.demand import figure_in
from circle.i18n import t
from circle.i18n.rounding import per_cents, rounded
from circle.maps import layers, legend
from circle.measures import disclosure
from circle.measures.disclosure import FEWEST, Count, Published, Shown
from circle.model import NoData, Question
from circle.places.facilities import of_kind
from circle.store import zone
from circle.web import controls, downloads, memo, params, place, shell, state
from circle.web.home_page import apply_home_style
from circle.web.map_view import show_map
from circle.web.part import part
from circle.words import wording

if TYPE_CHECKING:
    from circle.measures.disclosure import Rate, Told, Zone
    from circle.model import Coverage, District
    from circle.study import Study

MINUTES = 15.0
_ONE_PERCENT = 0.01


def show() -> None:
    """Draw the page."""
    district, read = memo.current_or_last()
    apply_home_style()
    shell.header(district.name, t("overview.title"), district.observed)
    if read is not None:
        at = read.astimezone(zone(district)).strftime("%Y-%m-%d %H:%M")
        st.info(t("overview.as_of", time=at))
    part(_answered)


def _answered() -> None:
    study = memo.study(memo.current_or_last()[0])
    district = study.district
    kinds = tuple(kind.id for kind in district.kinds.values() if kind.service)
    if not kinds:
        st.info(t("overview.no_services"))
        return
    with st.container(key="home"):
        left, right = st.container(key="home-left"), st.container(key="home-right")
    with left, st.container(key="overview-choices"):
        kind = controls.chips(
            t("overview.service"),
            kinds,
            _kind(district, kinds),
            lambda name: str(district.kinds[name].name),
        )
        group = params.group(disclosure.TOLD, params.known_group(district, disclosure.SENIORS))
        whose = controls.chips(
            t("overview.group"), disclosure.TOLD, group, lambda name: t(f"group.{name}")
        )
    with st.spinner(t("coverage.loading"), show_time=False):
        coverages = {name: _covered(study, name) for name in kinds}
        told = study.published([coverage.question for coverage in coverages.values()])
    chosen = coverages[kind]
    zones = told[kind].zones if kind in told else ()
    with left:
        if isinstance(chosen, NoData):
            shell.answer(shell.escape(wording.no_data_sentence(district, chosen)))
            shell.notes([t(f"standard.reason.{chosen.reason}")])
        else:
            published = told[kind].shares[whose][0]
            shell.answer(wording.marked(_sentence(district, chosen, published, whose)))
            shell.notes([*wording.trust_notes(district, chosen)])
        _services(district, coverages, told, whose)
        if not isinstance(chosen, NoData):
            _list(district, chosen, zones)
    with right:
        _map(district, kind, zones)
    _below(district, coverages, told, whose)


def _kind(district: District, services: tuple[str, ...]) -> state.Param[str]:
    """Return the service that is shown; by default that of Coverage, where it is one."""
    default = params.kind(district).default
    return state.choice("kind", services, default if default in services else services[0])


def _covered(study: Study, kind: str) -> Coverage | NoData:
    profile = params.slow_profile(study.district).default
    return study.coverage(Question.by_minutes(kind, profile, MINUTES))


def rate_text(rate: Rate | None, *, at_least: bool, least: float | None = None) -> str:
    """Return a published share in whole percent, cut off where it is a lower bound.

    A dash where none is published; less than the whole never reads 100 %. `least` is what
    published counts leave of a lower bound, when it is not the share itself.
    """
    if rate is None:
        return t("unit.dash")
    share = rate.low if least is None else least
    if not rate.exact:
        return t("overview.above", rate=f"{per_cents(share, at_least=True, decimals=0):g} %")
    if share == 1:
        return "100 %"
    if at_least:
        shown = per_cents(share, at_least=True, decimals=0 if share >= _ONE_PERCENT else 1)
        return t("unit.at_least" if shown or not share else "overview.above", rate=f"{shown:g} %")
    if 0 < share < _ONE_PERCENT:
        return t("overview.below", rate="1 %")
    return f"{per_cents(share, decimals=0):g} %"


def people_text(count: Count) -> str:
    """Return a published count of residents."""
    if count.shown is Shown.FEW:
        return t("overview.few", n=FEWEST)
    if count.shown is Shown.WITHHELD:
        return t("overview.withheld")
    if count.shown is Shown.UNKNOWN:
        return t("unit.not_known")
    return t("overview.people", n=rounded(count.value)) if count.value else t("overview.nobody")


def _sentence(district: District, coverage: Coverage, published: Published, group: str) -> str:
    kind = wording.inline(district.kinds[coverage.kind].name)
    without = wording.without_rate(figure_in(coverage.table, group), group)
    if without is not None:
        return without
    if published.rate is None:
        return t("overview.sentence_withheld", kind=kind, n=FEWEST)
    known = "_at_least" if coverage.at_least else ""
    return t(
        f"overview.sentence{'_all' if published.rate.low == 1 else known}",
        group=t(f"group_of.{group}"),
        rate=_rate_of(coverage, published),
        minutes=f"{coverage.minutes:g}",
        profile=wording.inline(district.profiles[coverage.profile].name),
        kind=kind,
        uncovered=people_text(published.uncovered),
    )


def _services(
    district: District, coverages: dict[str, Coverage | NoData], told: dict[str, Told], group: str
) -> None:
    """List every service: its share in the district, and below it that of each area."""
    st.html(f'<h2 class="hm-band">{shell.escape(t("overview.services"))}</h2>')
    names = wording.area_names(district)
    rows = []
    for kind, coverage in coverages.items():
        if isinstance(coverage, NoData):
            share, parts = t("overview.none_listed"), []
        else:
            whole, *areas = told[kind].shares[group]
            share = _rate_of(coverage, whole)
            parts = [
                f"<li><span>{shell.escape(names.get(area.area, area.area))}</span> "
                f"<b>{shell.escape(_rate_of(coverage, area))}</b></li>"
                for area in areas
            ]
        rows.append(
            f'<li class="hm-service"><h3 class="hm-name">'
            f"{shell.sign_image(district.kinds[kind], 'hm-sign')}"
            f"<span>{shell.escape(district.kinds[kind].name)}</span>"
            f'<span class="hm-minutes">{shell.escape(share)}</span></h3>'
            f'<ul class="hm-areas">{"".join(parts)}</ul></li>'
        )
    st.html(f'<ul class="hm-services">{"".join(rows)}</ul>')


def _rate_of(coverage: Coverage, published: Published) -> str:
    least = disclosure.least_of(published) if coverage.at_least and published.rate else None
    return rate_text(published.rate, at_least=coverage.at_least, least=least)


def _list(district: District, coverage: Coverage, zones: tuple[Zone, ...]) -> None:
    known = "_none_known" if coverage.at_least else ""
    st.html(f'<h2 class="hm-band">{shell.escape(t(f"coverage.gaps_title{known}"))}</h2>')
    if not zones:
        shell.notes([t("overview.no_zones", n=FEWEST)])
        return
    shell.rows(
        [
            shell.Row(
                wording.gap_name(zone.gap),
                _zone_line(district, zone),
                wording.gap_beyond(zone.gap),
                rank=zone.rank,
                alarming=True,
            )
            for zone in zones
        ]
    )


def _zone_line(district: District, zone: Zone) -> str:
    parts = [_zone_people(zone)]
    if zone.residents.shown is Shown.VALUE:
        parts.append(t("overview.seniors", people=people_text(zone.seniors)))
    if zone.gap.nearest >= 0:
        nearest = wording.name_of(district.facilities.iloc[zone.gap.nearest])
        parts.append(t("overview.nearest", name=nearest))
    return t("home.join").join(parts)


def _zone_people(zone: Zone) -> str:
    if zone.residents.shown is Shown.WITHHELD:
        return t("overview.zone_withheld")
    return people_text(zone.residents)


def _map(district: District, chosen: str, zones: tuple[Zone, ...]) -> None:
    shell.heading(t("home.map"), anchor="home-map")
    shell.notes([t("overview.map_note", cell=f"{disclosure.CELL_M:g}", n=FEWEST)])
    kind = district.kinds[chosen]
    areas = [
        layers.Area(zone.rank, wording.gap_name(zone.gap), zone.shape, [_zone_people(zone)])
        for zone in zones
        if not zone.shape.is_empty
    ]
    services = [kind for kind in district.kinds.values() if kind.service]
    rows = [legend.gaps_row(), *legend.kind_rows(services)]
    places = place.places(district, of_kind(district, kind.id, unverified=True)["id"])
    show_map(
        district,
        [
            legend.layer(rows, notes=[legend.unverified_note(kind)]),
            layers.gaps(areas, district.crs),
            layers.facilities(places),
        ],
        key="overview",
    )


def _below(
    district: District, coverages: dict[str, Coverage | NoData], told: dict[str, Told], group: str
) -> None:
    with st.container(key="home-below"):
        with st.expander(t("overview.numbers")):
            shown = table(district, coverages, told, group)
            st.dataframe(shown, hide_index=True, width="stretch")
            downloads.files(shown, file=t("overview.file"))
        with st.expander(t("overview.about")):
            shell.notes(
                [
                    t("overview.about_people"),
                    t("overview.about_rounding", n=FEWEST, step=disclosure.STEP),
                    t("overview.about_withheld"),
                    t("overview.about_places", cell=f"{disclosure.CELL_M:g}", n=FEWEST),
                    t("overview.about_lists"),
                ]
            )
        downloads.sources(district)


def table(
    district: District, coverages: dict[str, Coverage | NoData], told: dict[str, Told], group: str
) -> pd.DataFrame:
    """Return what the page publishes as a table of texts, in the language in use."""
    names = wording.area_names(district)
    rows = [
        (
            str(district.kinds[kind].name),
            names.get(published.area, published.area),
            people_text(published.residents),
            people_text(published.uncovered),
            _rate_of(coverage, published),
            t(f"register.{coverage.register.completeness}"),
        )
        for kind, coverage in coverages.items()
        if not isinstance(coverage, NoData)
        for published in told[kind].shares[group]
    ]
    columns = ("service", "area", "residents", "uncovered", "rate", "list")
    return pd.DataFrame(rows, columns=[t(f"overview.col_{name}") for name in columns])
