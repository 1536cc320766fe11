"""The gates of a district: those of its register, and those mended by hand of its streets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from circle.model.gates import GateState, Passes, passes_of, state_of
from circle.network.edits import Act, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from circle.model import District

SAME_GATE_M = 15.0
"""A gate of the register and one mended by hand that are so near each other are one."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate 里弄门.

    Attributes
    ----------
    x, y
        Metres in the district's system.
    state
        As the register says it, or as the streets have it.
    hours
        When it is open, as in OpenStreetMap; "" where not stated.
    passes
        Who may pass it while it is open; None where not stated.
    cut
        Whether the streets have it as shut, so that no walk passes it.
    source
        What says so.
    """

    id: str
    name: str
    address: str
    lon: float
    lat: float
    x: float
    y: float
    state: GateState
    hours: str = ""
    passes: Passes | None = None
    cut: bool = False
    source: str = ""


def gates_of(district: District) -> tuple[Gate, ...]:
    """Return the gates of a district, those of its register first, each once."""
    gates = [] if district.gates is None else [_registered(row) for row in _rows(district.gates)]
    edits = district.street_edits
    acts = {Act.GATE.value, Act.GATE_SHUT.value}
    laid = edits[edits["act"].isin(acts) & edits["outcome"].eq(Outcome.FITS.value)]
    more = []
    for row in _rows(laid):
        mended = _mended(row)
        near = _nearest(gates, mended)
        if near is None:
            more.append(mended)
        else:
            gates[near] = _joined(gates[near], mended)
    return (*gates, *more)


def _rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")


def _text(row: Mapping[Any, Any], column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _place(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: float(row[name]) for name in ("lon", "lat", "x", "y")}


def _registered(row: Mapping[Any, Any]) -> Gate:
    return Gate(
        id=_text(row, "id"),
        name=_text(row, "name"),
        address=_text(row, "address"),
        **_place(row),
        state=state_of(_text(row, "state")) or GateState.UNKNOWN,
        hours=_text(row, "hours"),
        passes=passes_of(_text(row, "passes")),
        source=_text(row, "source"),
    )


def _mended(row: Mapping[Any, Any]) -> Gate:
    shut = row["act"] == Act.GATE_SHUT.value
    return Gate(
        id=_text(row, "id"),
        name=_text(row, "name"),
        address="",
        **_place(row),
        state=GateState.CLOSED if shut else GateState.OPEN,
        hours=_text(row, "hours"),
        cut=shut,
        source=": ".join(part for part in (_text(row, "author"), _text(row, "reason")) if part),
    )


def _nearest(gates: list[Gate], gate: Gate) -> int | None:
    away = [float(np.hypot(each.x - gate.x, each.y - gate.y)) for each in gates]
    return int(np.argmin(away)) if away and min(away) <= SAME_GATE_M else None


def _joined(gate: Gate, mended: Gate) -> Gate:
    """Return a gate of the register with what was mended of it by hand."""
    return replace(
        gate,
        name=gate.name or mended.name,
        hours=gate.hours or mended.hours,
        cut=gate.cut or mended.cut,
        state=mended.state if gate.state is GateState.UNKNOWN or mended.cut else gate.state,
    )
