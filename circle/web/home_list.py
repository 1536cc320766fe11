"""The places of From my home, nearest first, each with its hours, its offers and the way."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import streamlit as st

from circle.hours.opening_hours import State
from circle.i18n import t
from circle.places import directions, gates
from circle.web import params, shell, state
from circle.words import nearby

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District, Path
    from circle.words.nearby import Nearby

_WAY = "home:way:"


def show(district: District, places: Sequence[Nearby], limit: float, way: Path | None) -> None:
    """Draw the places within a limit, and the nearest beyond of each service that lacks.

    Parameters
    ----------
    district
        The district.
    places
        From `circle.words.nearby.nearby`.
    limit
        Minutes.
    way
        The walk to the place that is picked.
    """
    shown: set[str] = set()
    limits = [minutes for minutes in nearby.LIMITS if minutes <= limit]
    for low, high in pairwise([0.0, *limits]):
        within = [place for place in places if low * 60 < place.seconds <= high * 60]
        within += [place for place in places if low == 0 == place.seconds]
        if within:
            _band(district, within, t("home.band", minutes=f"{high:g}", n=len(within)), way)
            shown |= {place.id for place in within}
    _beyond(district, places, limit, shown, way)
    _picked_elsewhere(district, places, shown, way)


def listed(district: District, places: Sequence[Nearby], limit: float) -> list[Nearby]:
    """Return the places that are drawn: those within the limit, named beyond, or picked."""
    beyond = [place for _, place in nearby.farther(district, places, limit) if place is not None]
    within = [place for place in places if place.within(limit)]
    chosen = picked(district, places)
    return [*within, *beyond, *([chosen] if chosen else [])]


def picked(district: District, places: Sequence[Nearby]) -> Nearby | None:
    """Return the place that the way is shown to; None for none."""
    chosen = state.value(params.to(district))
    return next((place for place in places if place.id == chosen), None)


def _band(district: District, places: Sequence[Nearby], heading: str, way: Path | None) -> None:
    names = " ".join(f"place-{_slug(place.id)}" for place in places)
    st.html(
        f'<h2 class="hm-band">{shell.escape(heading)}</h2>'
        f'<div role="list" aria-label="{shell.escape(heading)}" aria-owns="{names}"></div>'
    )
    for place in places:
        _place(district, place, way)


def _beyond(
    district: District,
    places: Sequence[Nearby],
    limit: float,
    shown: set[str],
    way: Path | None,
) -> None:
    lacking = nearby.farther(district, places, limit)
    beyond: dict[str, Nearby] = {}
    for _, place in lacking:
        if place is not None and place.id not in shown:
            beyond.setdefault(place.id, place)
    if beyond:
        _band(district, list(beyond.values()), t("home.farther", minutes=f"{limit:g}"), way)
        shown |= set(beyond)
    none = [str(kind.name) for kind, place in lacking if place is None]
    if none:
        shell.notes([t("home.none_listed", kinds=t("unit.and").join(none))])


def _picked_elsewhere(
    district: District, places: Sequence[Nearby], shown: set[str], way: Path | None
) -> None:
    """Draw a place that was picked on the map and is in none of the lists."""
    chosen = picked(district, places)
    if chosen is not None and chosen.id not in shown:
        _band(district, [chosen], t("home.picked"), way)


def _place(district: District, place: Nearby, way: Path | None) -> None:
    with st.container(key=f"place-{_slug(place.id)}"):
        st.html(card(place))
        key = _WAY + place.id
        param = params.to(district)
        chosen = state.value(param) == place.id
        state.hold(key, chosen)
        with st.expander(
            t("home.way", name=shell.escaped_markdown(place.name)),
            key=key,
            on_change=state.toggle,
            args=(param, place.id),
        ):
            if chosen and way is not None:
                _way(district, place, way)


def _way(district: District, place: Nearby, way: Path) -> None:
    walk = directions.directions(district.network, way)
    lines = "".join(
        f"<li>{shell.escape(line)}</li>"
        for line in directions.sentences(walk, place.name, gates.passed(district, way))
    )
    said = [t("home.way_from_the_door")] if place.indoors else []
    said += [] if place.verified else [t("home.unverified")]
    notes = "".join(f"<p>{shell.escape(line)}</p>" for line in said)
    st.html(
        f'<div class="hm-way"><p><strong>'
        f"{shell.escape(directions.total(walk, nearby.LIMITS))}</strong></p>"
        f'<ol class="hm-steps">{lines}</ol>{notes}'
        f'<p><a class="hm-jump" href="#home-map">{shell.escape(t("home.see_map"))}</a></p></div>'
    )


def card(place: Nearby) -> str:
    """Return a place as safe HTML: an item of the list that owns it."""
    where = [str(place.kind.name), place.address, "" if place.inside else t("home.beyond")]
    hours = f"{_mark(place.open.state)}{shell.escape(place.open.text)}"
    lines = [
        f'<p class="hm-where">{shell.escape(t("home.join").join(filter(None, where)))}</p>',
        f'<p class="hm-hours hm-{place.open.state}">{hours}</p>',
        *(f'<p class="hm-small">{shell.escape(line)}</p>' for line in place.open.cautions),
    ]
    if place.week:
        week = t("home.join").join(place.week)
        lines.append(f'<p class="hm-small">{shell.escape(week)}</p>')
    if contacts := _contacts(place):
        lines.append(f'<p class="hm-small">{contacts}</p>')
    if place.offers:
        items = "".join(f"<li>{shell.escape(offer)}</li>" for offer in place.offers)
        label = shell.escape(t("home.offers"))
        lines.append(f'<ul class="hm-offers" aria-label="{label}">{items}</ul>')
    if not place.verified:
        lines.append(f'<p class="hm-warn">{shell.escape(t("home.unverified"))}</p>')
    return (
        f'<div class="hm-card" role="listitem" id="place-{_slug(place.id)}">'
        f'<h3 class="hm-name">{shell.sign_image(place.kind, "hm-sign", verified=place.verified)}'
        f"<span>{shell.escape(place.name)}</span>"
        f'<span class="hm-minutes">{shell.escape(place.time)}</span></h3>{"".join(lines)}</div>'
    )


def _contacts(place: Nearby) -> str:
    """Return telephone and website as safe HTML; both are checked (`circle.load.contacts`)."""
    parts = []
    if place.phone:
        number = "".join(c for c in re.split("[^0-9+() /-]", place.phone)[0] if c in "+0123456789")
        phone = shell.escape(t("home.phone", phone=place.phone))
        parts.append(f'<a href="tel:{number}">{phone}</a>')
    if place.website:
        parts.append(
            f'<a href="{shell.escape(place.website)}" target="_blank" rel="noopener noreferrer">'
            f"{shell.escape(t('home.website'))}</a>"
        )
    return shell.escape(t("home.join")).join(parts)


def _mark(open_state: State) -> str:
    sign_of = {State.OPEN: "●", State.CLOSED: "○", State.UNKNOWN: "?"}
    return f'<span class="hm-mark" aria-hidden="true">{sign_of[open_state]}</span>'


def _slug(name: str) -> str:
    """Return an identifier as it may stand in HTML and CSS, whatever it is."""
    return "".join(c if c.isascii() and c.isalnum() else f"-{ord(c):x}-" for c in name)
