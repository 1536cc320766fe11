"""How long a walk to any point of the map takes, and why it is beyond the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from circle.config import settings
from circle.errors import InputError, NetworkError
from circle.i18n import t
from circle.maps import layers
from circle.measures.lifecircle import origin_at
from circle.reach.travel import path
from circle.web import controls, params, place, shell, state
from circle.words import wording

if TYPE_CHECKING:
    from circle.maps.drawing import Layer
    from circle.model import District, Impedance, LifeCircle, Path
    from circle.web.map_view import Click


class Asked(NamedTuple):
    """The point that was asked about, the walk to it if there is one, and what is said."""

    at: tuple[float, float]
    walk: Path | None
    words: str


def control() -> None:
    """Draw the choice of what a click on the map does."""
    controls.segmented(
        t("point.click"), params.CLICKS, params.click(), lambda does: t(f"point.{does}"),
        titled=True,
    )  # fmt: skip


def asked(
    district: District, impedance: Impedance, circle: LifeCircle, speed_m_s: float
) -> Asked | None:
    """Return the point that is asked about and what is to be said of it; None for none."""
    at = state.value(params.point())
    if at is None or state.value(params.click()) != "ask":
        return None
    try:
        target = origin_at(district, impedance, *at, settings().max_off_street_m)
    except (InputError, NetworkError) as error:
        return Asked(at, None, error.message())
    walk = path(impedance, circle.origin, target)
    return Asked(at, walk, wording.point_sentence(circle, target, walk, speed_m_s))


def show(answer: Asked) -> None:
    """Draw what is said of the point."""
    shell.heading(t("point.title"))
    shell.notes([answer.words])


def drawn(district: District, circle: LifeCircle, answer: Asked) -> list[Layer]:
    """Return the point on the map, and the walk to it."""
    limits = tuple(isochrone.minutes for isochrone in circle.isochrones)
    groups = [layers.lettered(*answer.at, "?")]
    if answer.walk is not None:
        groups.append(layers.path(answer.walk, district.crs, limits))
    return groups


def take_click(district: District, click: Click) -> None:
    """Ask about the point that was clicked where that is chosen; else as on every page."""
    if click.layer == "facility" or state.value(params.click()) != "ask":
        place.take_click(district, click)
    else:
        state.put(params.point(), (round(click.lon, 6), round(click.lat, 6)))
