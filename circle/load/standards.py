"""The standards that coverage can be judged by: one TOML file a set.

A planner's own standard is one more file in the same folder. Files are checked
whole before anything is used: every fault names file, requirement and field.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic import model_validator as validator
from pydantic_core import PydanticCustomError

from circle.errors import DataError, UnknownNameError
from circle.load.meta import parse_toml
from circle.load.text_tables import read_bytes, short
from circle.model import GROUPS, MAX_MINUTES, Finding, Requirement, Rule, StandardSet, Status, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

MOST_FILES = 50
LARGEST_BYTES = 1_000_000
_MOST_REQUIREMENTS = 200
_SAID = {
    "missing": "standard_missing",
    "too_short": "standard_missing",
    "extra_forbidden": "standard_field",
}
_PLAIN = {*_SAID.values(), "standard_limit", "standard_judged"}
_BOUNDS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
_RANGES = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}

_Said = Annotated[str, StringConstraints(max_length=600, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Filled = Annotated[_Said, StringConstraints(min_length=1)]
_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
_Year = Annotated[int, Field(ge=1949, le=2100)]
_Limit = Annotated[float, Field(gt=0, allow_inf_nan=False)]


def _group(name: str) -> str:
    if name not in GROUPS:
        kind = "literal_error"
        raise PydanticCustomError(kind, "no group", {"expected": ", ".join(GROUPS)})
    return name


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Wording(_Strict):
    zh: _Filled
    en: _Filled

    def text(self) -> Text:
        return Text(self.zh, self.en)


class _Asked(_Strict):
    service: _Name | None = None
    name: _Wording
    kind: _Name
    name_has: _Said = ""
    tier: Literal[5, 10, 15]
    minutes: Annotated[_Limit, Field(le=MAX_MINUTES)] | None = None
    metres: Annotated[_Limit, Field(le=10_000)] | None = None
    judged_by: Literal["minutes", "metres"] | None = None
    floor_area_m2: Annotated[_Limit, Field(le=100_000)] | None = None
    profile: _Name | Literal[""] = ""
    group: Annotated[str, AfterValidator(_group)] = "residents"
    document: _Wording | None = None
    clause: _Wording | None = None
    year: _Year | None = None
    source: _Wording
    status: Literal["checked", "secondary", "conflict", "memory"]
    default: bool = True
    note: _Wording | None = None

    @validator(mode="after")
    def _limits(self) -> Self:
        given = {"minutes": self.minutes, "metres": self.metres}
        if self.minutes is None and self.metres is None:
            kind = "standard_limit"
            raise PydanticCustomError(kind, "no limit")
        both = self.minutes is not None and self.metres is not None
        if (both and self.judged_by is None) or (self.judged_by and given[self.judged_by] is None):
            kind = "standard_judged"
            raise PydanticCustomError(kind, "no limit that judges")
        return self

    @property
    def rule(self) -> Rule:
        return Rule(self.judged_by or ("metres" if self.minutes is None else "minutes"))


class _File(_Strict):
    id: _Name
    name: _Wording
    document: _Wording
    year: _Year | None = None
    note: _Wording | None = None
    requirements: Annotated[dict[_Name, _Asked], Field(min_length=1, max_length=_MOST_REQUIREMENTS)]


def standard_sets(folder: str | Path) -> dict[str, StandardSet]:
    """Read every standard of a folder.

    Parameters
    ----------
    folder
        Holds one TOML file (``*.toml``) a set; other files are left alone.

    Returns
    -------
    dict of str to StandardSet
        By the sets' own identifiers, in the order of the file names.

    Raises
    ------
    DataError
        With all findings: the folder is missing, a file is a link, too large or
        no TOML, a field is missing, unknown or out of range, a requirement has
        no limit, or a service has not exactly one default.
    """
    path = Path(folder)
    if not path.is_dir():
        raise DataError("no_folder", folder=path.name)
    files = sorted(islice(path.glob("*.toml"), MOST_FILES + 1))
    if not files:
        raise DataError("standards_none", folder=path.name)
    if len(files) > MOST_FILES:
        raise DataError("standards_many", folder=path.name, most=MOST_FILES)
    standards: dict[str, StandardSet] = {}
    findings: list[Finding] = []
    for file in files:
        standard, faults = _read(file)
        findings += faults
        if standard is not None and standard.id in standards:
            findings.append(_finding(file.name, "standard_twice", "id", value=standard.id))
        elif standard is not None:
            standards[standard.id] = standard
    if findings:
        raise DataError("standards_faulty", findings, folder=path.name, count=len(findings))
    return standards


def standard_named(sets: dict[str, StandardSet], name: str) -> StandardSet:
    """Return the standard called `name`, blanks around it aside.

    Raises
    ------
    UnknownNameError
        With the names that there are.
    """
    standard = sets.get(name.strip())
    if standard is None:
        raise UnknownNameError("standard", name=name.strip(), known=", ".join(sets))
    return standard


def described(asked: Requirement) -> dict[str, Any]:
    """Return a requirement as plain data."""
    return {
        "id": asked.id,
        "set": asked.standard,
        "name": str(asked.name),
        "kind": asked.kind,
        "minutes": asked.minutes,
        "metres": asked.metres,
        "judged_by": asked.judged_by.value,
        "floor_area_m2": asked.floor_area_m2,
        "status": asked.status.value,
    }


def _read(file: Path) -> tuple[StandardSet | None, list[Finding]]:
    name = short(file.name)
    try:
        if file.is_file() and file.stat().st_size > LARGEST_BYTES:
            return None, [_finding(name, "standard_size", None, most=LARGEST_BYTES // 1000)]
        data, findings = read_bytes(file)
    except OSError as error:
        return None, [_finding(name, "standard_unreadable", None, why=error.strerror)]
    raw, broken = ({}, []) if findings else parse_toml(data, name)
    findings = [*findings, *broken]
    if findings:
        return None, findings
    try:
        checked = _File.model_validate(raw)
    except ValidationError as error:
        return None, [_fault(name, detail) for detail in error.errors(include_url=False)]
    standard = _standard(checked)
    findings = list(_disagreements(name, standard.requirements))
    return (None if findings else standard), findings


def _standard(file: _File) -> StandardSet:
    return StandardSet(
        id=file.id,
        name=file.name.text(),
        document=file.document.text(),
        year=file.year,
        note=_text(file.note),
        requirements=tuple(
            _requirement(file, name, asked) for name, asked in file.requirements.items()
        ),
    )


def _requirement(file: _File, name: str, asked: _Asked) -> Requirement:
    """Return a requirement: its fields as they stand, but for those that the file fills in."""
    filled_in = {
        "service": asked.service or name,
        "name": asked.name.text(),
        "judged_by": asked.rule,
        "document": (asked.document or file.document).text(),
        "clause": _text(asked.clause),
        "year": file.year if asked.year is None else asked.year,
        "source": asked.source.text(),
        "status": Status(asked.status),
        "note": _text(asked.note),
    }
    return Requirement(id=name, standard=file.id, **dict(asked) | filled_in)


def _text(wording: _Wording | None) -> Text:
    return Text("", "") if wording is None else wording.text()


def _disagreements(file: str, asked: tuple[Requirement, ...]) -> Iterable[Finding]:
    """Where sources disagree one is the default, and each says what the matter is."""
    counts = Counter(requirement.service for requirement in asked)
    defaults = Counter(requirement.service for requirement in asked if requirement.default)
    for requirement in asked:
        where = f"requirements.{requirement.id}"
        if defaults[requirement.service] != 1:
            value = {"value": requirement.service, "count": defaults[requirement.service]}
            yield _finding(file, "standard_default", f"{where}.default", **value)
        if counts[requirement.service] > 1 and not requirement.note.zh:
            yield _finding(
                file, "standard_disagreement", f"{where}.note", value=requirement.service
            )


def _fault(file: str, detail: ErrorDetails) -> Finding:
    where = ".".join(str(part) for part in detail["loc"] if part != "[key]")
    kind, given = _SAID.get(detail["type"], detail["type"]), short(detail["input"])
    context = detail.get("ctx", {})
    if kind in _PLAIN:
        return _finding(file, kind, where)
    if kind == "literal_error":
        return _finding(file, "standard_word", where, value=given, allowed=context["expected"])
    if kind in _RANGES:
        bounds = " ".join(
            f"{symbol} {context[n]:g}" for n, symbol in _BOUNDS.items() if n in context
        )
        return _finding(file, "standard_range", where, value=given, bounds=bounds)
    return _finding(file, "standard_value", where, value=given)


def _finding(file: str, key: str, column: str | None, **values: object) -> Finding:
    pairs = tuple((name, short(value)) for name, value in values.items())
    return Finding(short(file), key, None, None if column is None else short(column, 160), pairs)
