"""What a check of the data found, as it is kept; the words are the pages'."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from circle.model import Text

if TYPE_CHECKING:
    import pandas as pd


class Severity(StrEnum):
    """How much a check matters."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the data-quality panel.

    `key` and `values` make the sentences ``quality.KEY.what`` and
    ``quality.KEY.mend`` of the language files; where the file that is mended needs
    saying on the page, ``quality.KEY.where`` does.

    Attributes
    ----------
    part
        ``registers``, ``positions``, ``streets``, ``residents``, ``published``
        or ``files``.
    ours, published
        What the district's data gives, and the figure that it is held against;
        None where there is none.
    unit
        Key of the unit below ``quality.unit``.
    source
        Where the published figure comes from.
    """

    part: str
    key: str
    severity: Severity
    values: tuple[tuple[str, Any], ...] = ()
    ours: float | None = None
    published: float | None = None
    unit: str = ""
    source: Text = Text("", "")  # noqa: RUF009 - frozen

    @property
    def difference(self) -> float | None:
        """How far apart ours and the published are; None where nothing can be compared."""
        if self.ours is None or self.published is None:
            return None
        return round(abs(self.ours - self.published), 4)


@dataclass(frozen=True, eq=False)
class Quality:
    """What is known of the quality of a district's data.

    Attributes
    ----------
    registers
        One row a kind: kind, completeness, as_of, places, verified (missing for
        heritage, which is placed by its address), unverified.
    checks
        All findings, part by part.
    far
        Places over `FAR_M` from every street: layer, name, metres, verified, x, y;
        farthest first.
    frontage
        Where residents are put, by weight of the street: weight, points,
        residents.
    apart
        Pieces of street that nothing joins to the rest; see
        `circle.quality.pieces.pieces_apart`.
    flaws
        Places where the drawn streets may be wrong; see
        `circle.quality.flaws.street_flaws`.
    """

    registers: pd.DataFrame
    checks: tuple[Check, ...]
    far: pd.DataFrame
    frontage: pd.DataFrame
    apart: pd.DataFrame
    flaws: pd.DataFrame

    @property
    def problems(self) -> int:
        """How many checks found a problem."""
        return sum(check.severity is Severity.PROBLEM for check in self.checks)
