"""A district: its kinds, registers, layers, areas and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from circle.model.kept import Kept
from circle.model.vocabulary import ASK_AT, Completeness, Profile, Text

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from shapely import MultiPolygon, Polygon

    from circle.model.network import WalkNetwork
    from circle.model.scenario import Change


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place: how it is named and drawn.

    `service` is true for the kinds that a life circle is judged by, `first` for the
    one that is looked at where nobody names one.
    """

    id: str
    name: Text
    letter: str
    colour: str
    symbol: str
    service: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """How complete the list of one kind is, as of when, on what basis.

    Attributes
    ----------
    confirmed_by, confirmed_at
        Who confirmed that it is complete, and when (UTC); "" and None where the
        register is as the district's table has it.
    """

    kind: str
    completeness: Completeness
    as_of: str
    basis: Text
    confirmed_by: str = ""
    confirmed_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing from the list: then what it lacks does not exist."""
        return self.completeness is Completeness.COMPLETE


@dataclass(frozen=True, slots=True)
class Layer:
    """Where one layer of a district comes from."""

    id: str
    file: str
    rows: int
    sha256: str
    source: Text
    licence: Text
    observed: str
    trust: Text
    modelled: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A unit of one level: an area (片区), a residents' committee or a grid cell.

    `official` is False for a line drawn by others.
    """

    id: str
    name: Text
    official: bool
    note: Text
    polygon: Polygon | MultiPolygon


def no_figures() -> pd.DataFrame:
    """Return the table of published figures of a district that has none."""
    import pandas as pd  # noqa: PLC0415 - slow to load: whoever has tables has loaded it

    return pd.DataFrame({"key": [], "value": [], "meaning": [], "seed": []})


def no_edits() -> pd.DataFrame:
    """Return the table of street edits of a district that has none."""
    import pandas as pd  # noqa: PLC0415 - the same

    columns = "id act lon lat lon_to lat_to steps hours name author date reason x y outcome"
    return pd.DataFrame({name: [] for name in columns.split()}, dtype=object)


def no_roads() -> pd.DataFrame:
    """Return the table of roads never to be widened of a district that states none."""
    import pandas as pd  # noqa: PLC0415 - the same

    return pd.DataFrame({"name": [], "confidence": []}, dtype=object)


@dataclass(frozen=True, eq=False)
class District:
    """A district and all that the product knows of it.

    Tables (pandas) carry ``lon``, ``lat`` in degrees and ``x``, ``y`` in metres.

    Attributes
    ----------
    boundary, areas
        Polygons in metres of `crs`.
    base_id
        SHA-256 of the folder's content as it was built.
    scenario_id
        The same where nothing is changed; see `circle.model.Scenario`.
    as_built
        The district without the changes that this one carries; None where it
        carries none.
    changes
        What is laid over it.
    kept
        What was derived of it (`circle.model.derived`), shared by all scenarios
        of a base that change neither streets nor residents.
    start
        Longitude and latitude where a visit begins.
    facilities
        Columns id, name, name_en, kind, address, verified (bool), inside
        (bool), position_accuracy_m, position_basis, opened, floor_area_m2,
        capacity, capacity_unit, services (English), services_zh (the same in
        Chinese, where the table has it), hours (as in OpenStreetMap), source;
        phone, website, position_basis_zh and source_zh where the table has them.
    heritage
        Columns id, kind, name, address, batch, built, grade, inside (bool),
        position_accuracy_m, uri; kind_en, batch_en, built_en and grade_en where the
        table has them.
    demand
        Where residents are put on the street (modelled): columns cell, area
        (id of an area or ""), inside (bool), segment (row of the network's
        segments), fraction, off_m (metres from home to the street), and
        `RESIDENT_COLUMNS`; the age groups are NaN where the ages are not known.
    modified
        True when files differ from the hash written when the folder was built.
    never_widened
        Roads that are never to be widened: columns name, confidence; empty when
        the folder has no such table.
    figures
        What was published of the district: columns key, value, meaning, seed;
        empty when the folder has no such table.
    street_edits
        What was mended by hand of the streets, laid over them already: columns id, act
        (`circle.network.edits.Act`), lon, lat, lon_to, lat_to, steps, hours, name, author,
        date, reason, and outcome (`circle.network.edits.Outcome`): whether it fits.
    candidate_rooms
        Rooms where a facility could open: columns id, name, address, floor_area_m2, floor,
        owner, available, and storeys, protected (1 or 0), cost, capacity where the table has
        them; None when the folder has no such table.
    lift_shares
        Who pays how much of a lift, by floor: columns id, storeys, floor, share (per cent),
        source; None when there is no such table.
    gates
        The register of gates: columns id, name, address, state (`circle.model.gates.GateState`
        or a word for it), hours, source, and passes where the table has it; None when the
        folder has no such table.
    lanes
        The register of lanes under renewal: columns id, name, streets, address, state
        (`circle.model.lanes.LaneState` or a word for it, "" where not stated), works, units,
        source, and the others that its table has; None when the folder has no such table.
    doorways
        The register of doorways, one row each: as `circle.load.text_tables` lists, with
        the columns that its table has; None when the folder has no such table.
    elevator_projects
        What was published of lifts added, by compound: columns compound, compound_en,
        position_accuracy_m, doorways, status, source; None when there is no such table.
    part_of
        `scenario_id` of the district that this one is a part of (`circle.places.extract`);
        "" for a whole one.
    ask_at
        Kinds of places and facilities at which residents ask, in this order.
    levels
        The units of each level that is there: "area" always, the same as
        `areas`; "committee" and "grid" where their layer is supplied. `demand`
        has for each a column of that name: the id of a unit, "" for none.
    """

    id: str
    name: Text
    time_zone: str
    crs: str
    observed: str
    base_id: str
    boundary: Polygon | MultiPolygon
    areas: tuple[Area, ...]
    network: WalkNetwork
    facilities: pd.DataFrame
    heritage: pd.DataFrame
    demand: pd.DataFrame
    kinds: dict[str, Kind]
    registers: dict[str, Register]
    profiles: dict[str, Profile]
    layers: tuple[Layer, ...]
    places: pd.DataFrame | None = None
    candidate_rooms: pd.DataFrame | None = None
    lift_shares: pd.DataFrame | None = None
    gates: pd.DataFrame | None = None
    lanes: pd.DataFrame | None = None
    doorways: pd.DataFrame | None = None
    elevator_projects: pd.DataFrame | None = None
    modified: bool = False
    start: tuple[float, float] | None = None
    start_name: Text = field(default_factory=lambda: Text("", ""))
    never_widened: pd.DataFrame = field(default_factory=no_roads)
    figures: pd.DataFrame = field(default_factory=no_figures)
    street_edits: pd.DataFrame = field(default_factory=no_edits)
    levels: dict[str, tuple[Area, ...]] = field(default_factory=dict)
    ask_at: tuple[str, ...] = ASK_AT
    scenario_id: str = ""
    part_of: str = ""
    as_built: District | None = field(default=None, init=False, repr=False)
    changes: tuple[Change, ...] = field(default=(), init=False, repr=False)
    kept: Kept = field(default_factory=Kept, init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the level of areas the same as `areas`; without changes the id is the base's."""
        object.__setattr__(self, "scenario_id", self.scenario_id or self.base_id)
        object.__setattr__(self, "levels", {"area": ()} | self.levels | {"area": self.areas})
