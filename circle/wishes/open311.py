"""Wishes under the names of Open311 GeoReport v2, as a table and as GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from circle.i18n import t
from circle.store import zone
from circle.wishes.nouns import OTHER_KIND, SETTLED, Wish
from circle.wishes.published import WITHHELD, Published, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from circle.model import District
    from circle.wishes.nouns import Claim, Unit

COLUMNS = (
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "lat",
    "long",
    "area",
    "age_group",
    "level",
)
"""Open311's names, and three of ours behind them."""


def requests(
    district: District,
    wishes: Sequence[Wish],
    units: Iterable[Unit] = (),
    claims: Iterable[Claim] = (),
    *,
    published: bool,
) -> pd.DataFrame:
    """Return wishes as service requests, one a row.

    Parameters
    ----------
    district
        Whose.
    wishes
        Which.
    units, claims
        Who has them.
    published
        Only what the public sees, days instead of moments; else all, with their true
        places, for staff.

    Returns
    -------
    DataFrame
        With `COLUMNS`; `status` is open or closed, as Open311 knows no other, and
        `status_notes` the state.
    """
    names = {unit.id: unit.name for unit in units}
    holders: dict[int, list[str]] = {}
    for claim in claims:
        holders.setdefault(claim.wish, []).append(names.get(claim.unit, str(claim.unit)))
    rows = [
        _row(district, each, "; ".join(holders.get(each.id, [])))
        for each in (shown(wishes) if published else wishes)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def features(table: pd.DataFrame) -> dict[str, Any]:
    """Return a table of `requests` as a GeoJSON collection; no place is a null geometry."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(row) for row in table.to_dict("records")],
    }


def _feature(row: Mapping[Any, Any]) -> dict[str, Any]:
    properties = {
        name: None if pd.isna(value) else value
        for name, value in row.items()
        if name not in {"lat", "long"}
    }
    place = None
    if not pd.isna(row["long"]):
        place = {"type": "Point", "coordinates": [row["long"], row["lat"]]}
    return {"type": "Feature", "properties": properties, "geometry": place}


def _row(district: District, wish: Wish | Published, agency: str) -> dict[str, object]:
    public = isinstance(wish, Published)
    kind = district.kinds.get(wish.kind)
    name = t("wishes.other") if wish.kind == OTHER_KIND else "" if kind is None else str(kind.name)
    notes = [t(f"wishes.state.{wish.state.value}"), wish.waits]
    if wish.reason:
        notes.insert(1, t(f"wishes.reason.{wish.reason}"))
    area = next((str(each.name) for each in district.areas if each.id == wish.area), "")
    return {
        "service_request_id": wish.id,
        "status": "closed" if wish.state in SETTLED else "open",
        "status_notes": t("wishes.between").join(filter(None, notes)),
        "service_name": name,
        "service_code": wish.kind or WITHHELD,
        "description": wish.text,
        "agency_responsible": agency,
        "requested_datetime": _moment(district, wish.recorded, public=public),
        "updated_datetime": _moment(district, wish.updated, public=public),
        "expected_datetime": wish.expected and f"{wish.expected.isoformat()}",
        "lat": wish.lat,
        "long": wish.lon,
        "area": area,
        "age_group": wish.age_group,
        "level": "" if isinstance(wish, Published) else wish.level.value,
    }


def _moment(district: District, moment: datetime, *, public: bool) -> str:
    """Return a moment in the district's zone; for the public its day alone."""
    local = moment.astimezone(zone(district))
    if public:
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return local.isoformat(timespec="seconds")
