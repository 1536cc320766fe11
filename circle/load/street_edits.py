"""Streets mended by hand: a row added or taken back, residents put on the streets anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pandas as pd

from circle.errors import InputError
from circle.hours.opening_hours import valid
from circle.load import versions
from circle.load.build import demand_anew
from circle.load.folder import faulty_folder, read_folder
from circle.load.plain import EDITS
from circle.load.read import read_district
from circle.load.replacing import staged
from circle.load.rewrite import rewritten
from circle.load.text_tables import columns_of
from circle.network.edits import LONGEST_LINK_M, MOST_OFF_M, Act, Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from circle.load.folder import Folder
    from circle.load.versions import Made
    from circle.model import District

LONGEST_NAME = 80
MOST_STEPS = 2_000
_NUMBER = re.compile(r"edit-(\d{1,9})")
_DEGREES = 7
_LON_MAX, _LAT_MAX = 180.0, 90.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Wanted:
    """An edit that somebody wants.

    Attributes
    ----------
    at, to
        Longitude and latitude, degrees; `to` is the other end of a link.
    steps
        Of a stair or a link that is one: 0 not counted; None for none stated.
    hours
        Of a gate that is open by its hours, as OpenStreetMap writes them.
    name
        Of a link or a gate.

    Raises
    ------
    InputError
        When it is none that can be laid over streets.
    """

    act: Act
    at: Point
    to: Point | None = None
    steps: int | None = None
    hours: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        for point in (self.at, self.to):
            if point is not None and not _on_earth(point):
                raise InputError("point", lon=point[0], lat=point[1])
        if (self.to is None) is (self.act is Act.LINK):
            raise InputError("edit.ends")
        if self.steps is not None and not -1 <= self.steps <= MOST_STEPS:
            raise InputError("edit.steps", most=MOST_STEPS)
        if bool(self.hours.strip()) is not (self.act is Act.GATE) or not valid(self.hours):
            raise InputError("edit.hours")
        if len(self.name) > LONGEST_NAME or not self.name.isprintable():
            raise InputError("edit.name", most=LONGEST_NAME)


def add(path: Path, wanted: Wanted, made: Made) -> str:
    """Lay an edit over the streets of a district folder, and return its id.

    Raises
    ------
    InputError
        When it fits no street.
    DataError
        When the folder has faults, or was changed meanwhile.
    OutputError
        When it cannot be written.
    """
    present, folder = versions.present(path), _sound(path)
    table = _table(folder)
    number = 1 + max(
        (int(told[1]) for name in table["id"] if (told := _NUMBER.fullmatch(name))), default=0
    )
    row = _row(f"edit-{number}", wanted, made, _today(folder))
    table = pd.concat([table, pd.DataFrame([row])], ignore_index=True).fillna("")
    _put(folder, table, made, present, of=row["id"])
    return row["id"]


def undo(path: Path, name: str, made: Made) -> None:
    """Take an edit back; the version before keeps it.

    Raises
    ------
    InputError
        When there is none of that id.
    DataError
        When the folder has faults, or was changed meanwhile.
    OutputError
        When it cannot be written.
    """
    present, folder = versions.present(path), _sound(path)
    table = _table(folder)
    if not table["id"].eq(name).any():
        known = ", ".join(table["id"]) or "–"
        raise InputError("edit.unknown", name=name[:80], known=known)
    _put(folder, table[table["id"].ne(name)].reset_index(drop=True), made, present)


def _on_earth(point: Point) -> bool:
    lon, lat = point
    return abs(lon) <= _LON_MAX and abs(lat) <= _LAT_MAX  # false of what is no number


def _sound(path: Path) -> Folder:
    folder = read_folder(path)
    if folder.findings or folder.meta is None:
        raise faulty_folder(path.name, list(folder.findings))
    return folder


def _table(folder: Folder) -> pd.DataFrame:
    held = folder.tables.get(EDITS)
    return pd.DataFrame(columns=list(columns_of(EDITS)), dtype=object) if held is None else held


def _today(folder: Folder) -> str:
    zone = ZoneInfo(str(folder.raw["time_zone"]))
    return datetime.now(zone).date().isoformat()


def _row(name: str, wanted: Wanted, made: Made, day: str) -> dict[str, str]:
    lon, lat = (f"{value:.{_DEGREES}f}" for value in wanted.at)
    end = wanted.to or ()
    lon_to, lat_to = [f"{value:.{_DEGREES}f}" for value in end] or ["", ""]
    return {
        "id": name,
        "act": wanted.act.value,
        "lon": lon,
        "lat": lat,
        "lon_to": lon_to,
        "lat_to": lat_to,
        "steps": "" if wanted.steps is None else str(wanted.steps),
        "hours": wanted.hours.strip(),
        "name": wanted.name.strip(),
        "author": made.author,
        "date": day,
        "reason": made.reason,
    }


def _put(
    folder: Folder, table: pd.DataFrame, made: Made, present: dict[str, str], of: str = ""
) -> None:
    tables = {EDITS: table}
    content = rewritten(folder, tables | {"demand.csv": demand_anew(folder, tables)}, {})
    with staged(folder.path, content, made, expected=present) as new:
        if of:
            _fits(read_district(new.path), of)
        new.put()


def _fits(district: District, name: str) -> None:
    edits = district.street_edits
    outcome = edits.loc[edits["id"].eq(name), "outcome"].iloc[0]
    if outcome != Outcome.FITS.value:
        most = {Outcome.TOO_LONG.value: LONGEST_LINK_M}.get(outcome, MOST_OFF_M)
        raise InputError(f"edit_unfit.{outcome}", most=f"{most:g}")  # noqa: EM102 - a key, no sentence
