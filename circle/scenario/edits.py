"""The edits of a scenario, as they are written: one model each, and the file that holds them.

The schema of the file is `PlanFile.model_json_schema()`.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic reads it
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_EDITS = 200
LONGEST_TEXT = 400
LONGEST_UNIT = 40
_Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
_Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
_Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
_Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
_Count = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


class _Edit(BaseModel):
    """What all edits have: why it is made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: _Text = ""


class AddFacility(_Edit):
    """A facility that is not there yet; its position counts as verified."""

    edit: Literal["add_facility"] = "add_facility"
    id: _Id
    kind: str = Field(min_length=1, max_length=80)
    name: str = Field(min_length=1, max_length=200)
    lon: _Lon
    lat: _Lat
    address: _Text = ""
    capacity: str = Field("", max_length=80)
    capacity_unit: str = Field("", max_length=LONGEST_UNIT)
    hours: _Text = ""


class MoveFacility(_Edit):
    """A facility at another place, which counts as verified."""

    edit: Literal["move_facility"] = "move_facility"
    id: str
    lon: _Lon
    lat: _Lat


class CloseFacility(_Edit):
    """A facility that is closed: for good, or from a day up to and with another."""

    edit: Literal["close_facility"] = "close_facility"
    id: str
    start: date | None = None
    end: date | None = None


class ReopenFacility(_Edit):
    """A facility that an edit before closed, open again: from a day on, or at once."""

    edit: Literal["reopen_facility"] = "reopen_facility"
    id: str
    start: date | None = None


class SetCapacity(_Edit):
    """Another capacity, written as in the facilities' table."""

    edit: Literal["set_capacity"] = "set_capacity"
    id: str
    capacity: str = Field(max_length=80)
    capacity_unit: str | None = Field(None, max_length=LONGEST_UNIT)


class SetHours(_Edit):
    """Other opening hours, written as in OpenStreetMap."""

    edit: Literal["set_hours"] = "set_hours"
    id: str
    hours: _Text


class AddLink(_Edit):
    """A way between two points of streets; with steps, a stair (0: not counted)."""

    edit: Literal["add_link"] = "add_link"
    lon: _Lon
    lat: _Lat
    lon_to: _Lon
    lat_to: _Lat
    name: str = Field("", max_length=200)
    steps: int = Field(-1, ge=-1, le=2000)


class ShutGate(_Edit):
    """A point of a street where nobody passes."""

    edit: Literal["shut_gate"] = "shut_gate"
    lon: _Lon
    lat: _Lat


class OpenGate(_Edit):
    """A gate that the district's data has as shut, open again."""

    edit: Literal["open_gate"] = "open_gate"
    lon: _Lon
    lat: _Lat


class SetSteps(_Edit):
    """The segment at a point has so many steps (0: not counted); -1: none, or a ramp beside."""

    edit: Literal["set_steps"] = "set_steps"
    lon: _Lon
    lat: _Lat
    steps: int = Field(ge=-1, le=2000)


class AddResidents(_Edit):
    """Residents who move in at a point, such as a new building's; ages all known, or none."""

    edit: Literal["add_residents"] = "add_residents"
    lon: _Lon
    lat: _Lat
    residents: _Count
    age_0_14: _Count | None = None
    age_15_59: _Count | None = None
    age_60_64: _Count | None = None
    age_65_plus: _Count | None = None


class MoveResidents(_Edit):
    """A share of those who live around a point, moved to another."""

    edit: Literal["move_residents"] = "move_residents"
    lon: _Lon
    lat: _Lat
    radius_m: float = Field(gt=0, le=2000, allow_inf_nan=False)
    lon_to: _Lon
    lat_to: _Lat
    share: float = Field(1.0, gt=0, le=1, allow_inf_nan=False)


Edit = Annotated[
    AddFacility
    | MoveFacility
    | CloseFacility
    | ReopenFacility
    | SetCapacity
    | SetHours
    | AddLink
    | ShutGate
    | OpenGate
    | SetSteps
    | AddResidents
    | MoveResidents,
    Field(discriminator="edit"),
]
ON_FACILITIES = (
    AddFacility,
    MoveFacility,
    CloseFacility,
    ReopenFacility,
    SetCapacity,
    SetHours,
)
ON_STREETS = (AddLink, ShutGate, OpenGate, SetSteps)
ON_RESIDENTS = (AddResidents, MoveResidents)


class PlanFile(BaseModel):
    """A scenario as a file: what it is called, of which district, and its edits in order.

    Attributes
    ----------
    base
        The district's identity that it was made for; "" for any.
    day
        The day that it is about, for closures that end; None: all of them hold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["circle-scenario-1"] = "circle-scenario-1"
    name: str = Field(min_length=1, max_length=120)
    base: str = Field("", pattern=r"^([0-9a-f]{64})?$")
    author: str = Field("", max_length=80)
    day: date | None = None
    edits: tuple[Edit, ...] = Field(max_length=MOST_EDITS)
