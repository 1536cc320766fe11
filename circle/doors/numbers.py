"""The numbers that times between flat and street rest on, each with its unit and its source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from circle.model import Text


@dataclass(frozen=True, slots=True)
class Number:
    """A number and what it rests on.

    Attributes
    ----------
    name
        Where it stands in vertical.toml, such as ``lift.wait``.
    low, high
        Between which the draws take it; both `value` where it is not drawn.
    cv
        How much people differ: standard deviation over mean; 0 for what is not a person's.
    status
        ``published``, ``derived`` or ``assumed``.
    profile
        Who goes out, of an outing; else "".
    """

    name: str
    value: float
    low: float
    high: float
    cv: float
    unit: str
    status: str
    source: Text
    profile: str


@cache
def numbers() -> dict[str, Number]:
    """Return all of them by name, in the order of the file."""
    text = files("circle.doors").joinpath("vertical.toml").read_text(encoding="utf-8")
    return dict(_flat("", tomllib.loads(text)))


def _flat(prefix: str, table: dict[str, Any]) -> list[tuple[str, Number]]:
    if "value" in table:
        return [(prefix, _number(prefix, table))]
    return [
        pair
        for name, inner in table.items()
        for pair in _flat(f"{prefix}.{name}" if prefix else name, inner)
    ]


def _number(name: str, table: dict[str, Any]) -> Number:
    value = float(table["value"])
    return Number(
        name=name,
        value=value,
        low=float(table.get("low", value)),
        high=float(table.get("high", value)),
        cv=float(table.get("cv", 0.0)),
        unit=table["unit"],
        status=table["status"],
        source=Text(**table["source"]),
        profile=table.get("profile", ""),
    )
