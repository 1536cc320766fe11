"""What measures cost: a table that somebody states with its sources, never guessed."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("lift", "room", "add_facility", "add_link", "open_gate", "set_steps")
"""What a cost may be stated for: one for all of a kind, or below ``each`` for one id."""
LARGEST_KB = 500
TEMPLATE = """# One cost for all of a kind, or below [each] for one id; none without its source.
currency = "CNY"

[lift]
# cost =
# source = ""

[room]
[add_facility]
[add_link]
[open_gate]
[set_steps]

# [each."id of a doorway, room or edit"]
# cost =
# source = ""
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """A cost, and who says so."""

    cost: float
    source: str


@dataclass(frozen=True, slots=True)
class Costs:
    """Costs by kind, and of single measures by id."""

    currency: str
    kinds: dict[str, Cost]
    each: dict[str, Cost]

    def of(self, kind: str, name: str) -> Cost | None:
        """Return what a measure costs: its own cost, else its kind's; None where none is stated."""
        return self.each.get(name) or self.kinds.get(kind)


def read_costs(path: Path) -> Costs:
    """Read a file of costs.

    Raises
    ------
    DataError
        When it is none, or a cost has no number of 0 or more, or no source.
    """
    if not path.is_file():
        raise DataError("no_file", file=path.name)
    if path.stat().st_size > LARGEST_KB * 1000:
        raise DataError("budget_costs", file=path.name, place="", problem=f"> {LARGEST_KB} KB")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("budget_costs", file=path.name, place="", problem=str(error)) from error
    for name in table:
        if name not in {*KINDS, "each", "currency"}:
            known = ", ".join((*KINDS, "each", "currency"))
            raise DataError("budget_costs", file=path.name, place=name[:80], problem=known)
    kinds = {name: _cost(path, name, table[name]) for name in KINDS if table.get(name)}
    each = table.get("each", {})
    if not isinstance(each, dict):
        raise DataError("budget_costs", file=path.name, place="each", problem=str(each)[:80])
    return Costs(
        currency=str(table.get("currency", ""))[:20],
        kinds=kinds,
        each={name: _cost(path, f"each.{name}", row) for name, row in each.items()},
    )


def _cost(path: Path, place: str, row: Any) -> Cost:  # noqa: ANN401 - what a file holds
    stated: dict[str, Any] = row if isinstance(row, dict) else {}
    cost, source = stated.get("cost"), str(stated.get("source", "")).strip()
    known = isinstance(cost, int | float) and not isinstance(cost, bool)
    number = float(cost) if known and cost is not None else math.nan
    if source and 0 <= number < math.inf:
        return Cost(number, source)
    raise DataError("budget_costs", file=path.name, place=place[:80], problem="cost, source")
