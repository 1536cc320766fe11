"""Edits of facilities → the facilities' table."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from circle.geo.crs import to_metric
from circle.hours import opening_hours
from circle.model import Finding
from circle.places.facilities import parse_capacity
from circle.scenario.edits import (
    AddFacility,
    CloseFacility,
    MoveFacility,
    ReopenFacility,
    SetCapacity,
    SetHours,
)
from circle.scenario.ground import far_away

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District
    from circle.scenario.edits import Edit

BASIS = ("scenario", "方案假定")
_SURE_M = 0.0


def edited(
    district: District, edits: Sequence[tuple[int, Edit]], day: date | None, file: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the facilities with edits, one after another, and what is wrong with each.

    Parameters
    ----------
    edits
        With their numbers.
    day
        The day that is asked about; None: every closure holds.
    file
        What a finding names.
    """
    work = _Work(district, day, file)
    for number, edit in edits:
        work.apply(number, edit)
    return work.table(), work.findings


class _Work:
    def __init__(self, district: District, day: date | None, file: str) -> None:
        self.district, self.day, self.file = district, day, file
        self.rows: dict[str, dict[str, Any]] = {
            str(row["id"]): {str(name): value for name, value in row.items()}
            for row in district.facilities.to_dict("records")
        }
        self.closures: dict[str, list[tuple[date, date]]] = defaultdict(list)
        self.findings: list[Finding] = []

    def table(self) -> pd.DataFrame:
        """Return the facilities that are open, in their order, new ones last."""
        columns = self.district.facilities.columns
        rows = [row for name, row in self.rows.items() if not self._closed(name)]
        table = pd.DataFrame(rows, columns=columns)
        return table.astype(self.district.facilities.dtypes.to_dict())

    def apply(self, number: int, edit: Edit) -> None:
        match edit:
            case AddFacility():
                self._add(number, edit)
            case MoveFacility():
                self._move(number, edit)
            case CloseFacility():
                self._close(number, edit)
            case ReopenFacility():
                self._reopen(number, edit)
            case SetCapacity():
                self._capacity(number, edit)
            case SetHours():
                if self._known(number, edit.id) and self._hours(number, edit.hours):
                    self.rows[edit.id] |= {"hours": edit.hours}

    def _add(self, number: int, edit: AddFacility) -> None:
        if edit.id in self.rows:
            self._refuse(number, "scenario_taken", "id", id=edit.id)
        elif edit.kind not in self.district.kinds:
            known = ", ".join(self.district.kinds)
            self._refuse(number, "scenario_kind", "kind", kind=edit.kind, known=known)
        elif (
            self._near(number, edit.lon, edit.lat)
            and self._hours(number, edit.hours)
            and self._readable(number, edit.capacity)
        ):
            empty = {
                str(name): np.nan if pd.api.types.is_numeric_dtype(dtype) else ""
                for name, dtype in self.district.facilities.dtypes.items()
            }
            stated = edit.model_dump(include={"id", "kind", "name", "address", "hours"})
            capacity = {"capacity": edit.capacity, "capacity_unit": edit.capacity_unit}
            source = {"name_en": edit.name, "source": BASIS[0], "source_zh": BASIS[1]}
            whole = empty | stated | capacity | source | self._at(edit.lon, edit.lat)
            self.rows[edit.id] = {name: whole[name] for name in empty}

    def _move(self, number: int, edit: MoveFacility) -> None:
        if self._known(number, edit.id) and self._near(number, edit.lon, edit.lat):
            known = self.rows[edit.id]
            known |= {k: v for k, v in self._at(edit.lon, edit.lat).items() if k in known}

    def _close(self, number: int, edit: CloseFacility) -> None:
        if not self._known(number, edit.id):
            return
        if edit.start is not None and edit.end is not None and edit.end < edit.start:
            self._refuse(number, "scenario_days", "end", start=edit.start, end=edit.end)
            return
        first, last = edit.start or date.min, edit.end or date.max
        if any(first <= end and start <= last for start, end in self.closures[edit.id]):
            self._refuse(number, "scenario_closed", "id", id=edit.id)
        else:
            self.closures[edit.id].append((first, last))

    def _reopen(self, number: int, edit: ReopenFacility) -> None:
        if not self._known(number, edit.id):
            return
        closures = self.closures.pop(edit.id, [])
        if not closures:
            self._refuse(number, "scenario_open", "id", id=edit.id)
        elif edit.start is not None and self.day is not None:
            self.closures[edit.id] = [
                (first, min(last, edit.start - timedelta(days=1)))
                for first, last in closures
                if first < edit.start
            ]

    def _closed(self, name: str) -> bool:
        closures = self.closures.get(name, [])
        if self.day is None:
            return bool(closures)
        return any(first <= self.day <= last for first, last in closures)

    def _capacity(self, number: int, edit: SetCapacity) -> None:
        if not (self._known(number, edit.id) and self._readable(number, edit.capacity)):
            return
        unit = {} if edit.capacity_unit is None else {"capacity_unit": edit.capacity_unit}
        self.rows[edit.id] |= {"capacity": edit.capacity} | unit

    def _at(self, lon: float, lat: float) -> dict[str, Any]:
        x, y = to_metric(np.array([lon]), np.array([lat]), self.district.crs)[0]
        inside = bool(self.district.boundary.covers(shapely.Point(x, y)))
        return {
            "lon": lon,
            "lat": lat,
            "x": float(x),
            "y": float(y),
            "inside": inside,
            "verified": True,
            "position_accuracy_m": _SURE_M,
            "position_basis": BASIS[0],
            "position_basis_zh": BASIS[1],
        }

    def _known(self, number: int, name: str) -> bool:
        if name in self.rows:
            return True
        self._refuse(number, "scenario_unknown", "id", id=name)
        return False

    def _near(self, number: int, lon: float, lat: float) -> bool:
        fault = far_away(self.district, lon, lat)
        if fault:
            self._refuse(number, "scenario_far", "lon", **fault)
        return not fault

    def _hours(self, number: int, hours: str) -> bool:
        right = not hours or opening_hours.valid(hours)
        if not right:
            self._refuse(number, "scenario_hours", "hours", hours=hours)
        return right

    def _readable(self, number: int, capacity: str) -> bool:
        right = not capacity or parse_capacity(capacity) is not None
        if not right:
            self._refuse(number, "scenario_capacity", "capacity", capacity=capacity)
        return right

    def _refuse(self, number: int, key: str, column: str, **values: object) -> None:
        told = tuple((name, str(value)) for name, value in values.items())
        self.findings.append(Finding(self.file, key, number, column, told))
