"""What the help page names and does not write down itself: figures, names, settings.

Each comes from where it is set, so that the text cannot say what the program no
longer does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.config import Settings, settings
from circle.i18n import rounding, t
from circle.load.population import CLASS_WEIGHT, PIECE_M
from circle.measures.access import DELIVER_M
from circle.measures.gaps import MOST_OF
from circle.measures.heritage import BESIDE_M
from circle.measures.uncertainty import HIGH, LOW
from circle.model import CAP_MINUTES
from circle.network.snap import MAX_OFF_STREET_M
from circle.places.facilities import usual_profile
from circle.reach.raster import OFF_STREET_M
from circle.study import assumptions
from circle.web import params
from circle.words.wording import inline, listed

if TYPE_CHECKING:
    from circle.model import District

_EXAMPLE_PEOPLE, _EXAMPLE_WALK, _EXAMPLE_LIMIT = 13_512, 15.3, 15


def numbers(district: District) -> dict[str, str]:
    """Return everything but controls that the texts may name, as plain text."""
    return {
        **_walks(district),
        **_draws(),
        **_examples(),
        **{f"setting.{name}": name for name in Settings.model_fields},
        "contact": contact(),
    }


def contact() -> str:
    """Return whom to write to about a mistake, in a sentence."""
    address = " ".join(settings().contact.split())
    return t("about.contact_at", contact=address) if address else t("about.contact_none")


def weights() -> str:
    """Return the weight of a metre of frontage by class of street, heaviest first."""
    lines = [
        f"{listed(name for name, value in CLASS_WEIGHT.items() if value == weight)} {weight:g}"
        for weight in sorted(set(CLASS_WEIGHT.values()), reverse=True)
    ]
    return t("unit.semicolon").join(lines)


def _walks(district: District) -> dict[str, str]:
    config = settings()
    return {
        "limits": listed(f"{limit:g}" for limit in params.LIMITS),
        "most_minutes": f"{params.MOST_MINUTES:g}",
        "slow": inline(district.profiles[usual_profile(district)].name),
        "off_street": f"{config.max_off_street_m:g}",
        "snap": f"{MAX_OFF_STREET_M:g}",
        "holes": f"{config.fill_holes_ha:g}",
        "cell": f"{config.cell_m:g}",
        "spread": f"{OFF_STREET_M:g}",
        "piece": f"{PIECE_M:g}",
        "weights": weights(),
        "deliver": f"{DELIVER_M:,.0f}",
        "beside": f"{BESIDE_M:g}",
        "most_of": rounding.percent(MOST_OF),
        "cap": f"{CAP_MINUTES:g}",
    }


def _draws() -> dict[str, str]:
    assumed = assumptions()
    return {
        "draws": f"{assumed.draws:,}",
        "places": f"{assumed.positions}",
        "chance": rounding.percent(assumed.unverified),
        "target": rounding.percent(assumed.target),
        "low": f"{LOW * 100:g}",
        "high": f"{HIGH * 100:g}",
        "tail": f"{LOW * 100:g}",
        "interval": f"{(HIGH - LOW) * 100:g}",
    }


def _examples() -> dict[str, str]:
    minutes = rounding.whole_minutes(_EXAMPLE_WALK, [_EXAMPLE_LIMIT])
    return {
        "example_count": f"{_EXAMPLE_PEOPLE:,}",
        "example_people": rounding.people(_EXAMPLE_PEOPLE),
        "example_walk": f"{_EXAMPLE_WALK:g}",
        "example_limit": f"{_EXAMPLE_LIMIT:g}",
        "example_minutes": f"{minutes}",
    }
