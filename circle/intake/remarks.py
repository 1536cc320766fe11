"""What is said of a file that is brought: where, what, how to mend it, how grave."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from circle.i18n import t
from circle.load.text_tables import short

if TYPE_CHECKING:
    from circle.model import Finding


class Severity(Enum):
    """How grave a remark is."""

    ERROR = "error"
    """The row is not accepted; without a row, the file is not."""
    CHANGED = "changed"
    """The row is accepted, but not as it stands."""
    NOTE = "note"
    """The row is accepted as it stands, or is no row of the layer; worth a look."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark on a file that is brought.

    Attributes
    ----------
    row
        As a spreadsheet counts; None for the file as a whole.
    column
        As the file calls it.
    value
        What stands there.
    key
        Key of its two sentences below ``intake.remark``, or ``finding`` for what the
        check of a district folder finds.
    """

    file: str
    row: int | None
    column: str
    key: str
    severity: Severity
    value: str = ""
    values: tuple[tuple[str, str], ...] = ()
    space: str = "intake.remark"

    def part(self, name: str, language: str | None = None) -> str:
        """Return ``what`` or ``mend`` in a language."""
        values = {"file": self.file, "column": self.column, "value": self.value}
        return t(f"{self.space}.{self.key}.{name}", language=language, **values | dict(self.values))

    def text(self, language: str | None = None) -> str:
        """Return the remark in one line."""
        place = self.file
        if self.row is not None:
            place += " " + t("finding.row", language=language, row=self.row)
        if self.column:
            place += f" [{self.column}]"
        line = t(
            "finding.line",
            language=language,
            place=place,
            what=self.part("what", language),
            mend=self.part("mend", language),
        )
        return t(f"intake.severity.{self.severity.value}", language=language, text=line)

    def as_json(self) -> dict[str, Any]:
        """Return the remark as plain data, its sentences in the language in use."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column or None,
            "value": self.value,
            "key": self.key,
            "severity": self.severity.value,
            "what": self.part("what"),
            "mend": self.part("mend"),
        }


def of_finding(finding: Finding, file: str, row: int | None, column: str) -> Remark:
    """Return what the check of a folder found, as a remark on the file that was brought."""
    value = dict(finding.values).get("value", "")
    return Remark(
        file, row, column, finding.key, Severity.ERROR, value, finding.values, space="finding"
    )


def remark(
    file: str,
    row: int | None,
    key: str,
    severity: Severity,
    column: str = "",
    value: object = "",
    **values: object,
) -> Remark:
    """Return a remark with its value and values in one short line each."""
    pairs = tuple((name, short(each)) for name, each in values.items())
    return Remark(file, row, column, key, severity, short(value), pairs)
