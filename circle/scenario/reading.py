"""Scenario files: JSON to edits and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from circle.errors import DataError
from circle.load.text_tables import short
from circle.model import Finding
from circle.scenario.edits import ON_FACILITIES, ON_RESIDENTS, ON_STREETS, PlanFile

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

LARGEST_KB = 500
_SAID = {
    "json_invalid": "scenario_json",
    "model_type": "scenario_json",
    "missing": "scenario_missing",
    "string_too_short": "scenario_missing",
    "extra_forbidden": "scenario_field",
    "literal_error": "scenario_word",
    "union_tag_invalid": "scenario_word",
    "union_tag_not_found": "scenario_word",
    "greater_than": "scenario_range",
    "greater_than_equal": "scenario_range",
    "less_than": "scenario_range",
    "less_than_equal": "scenario_range",
    "too_long": "scenario_many",
}
_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
_EDITS = ", ".join(
    repr(edit.model_fields["edit"].default) for edit in (*ON_FACILITIES, *ON_STREETS, *ON_RESIDENTS)
)


def read_plan(path: Path) -> PlanFile:
    """Read a scenario file.

    Raises
    ------
    DataError
        With all findings by edit, when the file is none.
    """
    if not path.is_file():
        raise DataError("no_file", file=path.name)
    if path.stat().st_size > LARGEST_KB * 1000:
        values = (("mb", f"{path.stat().st_size / 1e6:.1f}"), ("limit", f"{LARGEST_KB / 1000:g}"))
        raise _faulty(path.name, [Finding(path.name, "too_large", values=values)])
    return parse_plan(path.read_bytes(), path.name)


def parse_plan(data: bytes, file: str) -> PlanFile:
    """Return the scenario that JSON holds; see `read_plan`."""
    try:
        return PlanFile.model_validate_json(data)
    except ValidationError as error:
        raise _faulty(file, [_finding(detail, file) for detail in error.errors()]) from error


def schema() -> bytes:
    """Return the JSON Schema of scenario files."""
    text = json.dumps(PlanFile.model_json_schema(), indent=2, ensure_ascii=False)
    return (text + "\n").encode()


def dump_plan(plan: PlanFile) -> bytes:
    """Return a scenario as JSON that a person can read; read again it is the same."""
    return (plan.model_dump_json(indent=2, exclude_none=True) + "\n").encode()


def _faulty(file: str, findings: list[Finding]) -> DataError:
    return DataError("scenario_faulty", findings, file=file, count=len(findings))


def _finding(detail: ErrorDetails, file: str) -> Finding:
    location = [part for part in detail["loc"] if part != "edits"]
    row = next((part + 1 for part in location if isinstance(part, int)), None)
    column = str(location[-1]) if location and isinstance(location[-1], str) else None
    key, context = _SAID.get(detail["type"], "scenario_value"), detail.get("ctx", {})
    told = {
        "value": short(detail["input"]),
        "allowed": context.get("expected") or context.get("expected_tags") or _EDITS,
        "bounds": " ".join(f"{sign} {context[n]}" for n, sign in _BOUNDS.items() if n in context),
    }
    return Finding(file, key, row, column, tuple(told.items()))
