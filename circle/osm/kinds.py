"""The table that says which tags make which kind (`circle/load/osm_tags.toml`, or one's own)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circle.errors import DataError
from circle.files import shown
from circle.load.facts import package_table
from circle.load.folder import faulty_folder
from circle.load.meta import FaultError, kind_of, parse_toml
from circle.load.text_tables import read_bytes, short
from circle.model import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TABLE = "osm_tags.toml"
NOT_FACILITIES = ("heritage", "metro")
_OF_A_KIND = ("name", "letter", "colour", "symbol", "service", "first")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class TagKind:
    """A kind, the tags that make it (any of `ways`), and the page that says so."""

    id: str
    ways: tuple[Mapping[str, re.Pattern[str]], ...]
    source: str

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Say whether something with these tags is of this kind."""
        return any(
            all(
                (value := tags.get(key)) is not None and pattern.fullmatch(value)
                for key, pattern in way.items()
            )
            for way in self.ways
        )


@dataclass(frozen=True)
class TagTable:
    """Kinds in order, and what about.toml is to say of those that the package does not know."""

    kinds: tuple[TagKind, ...]
    about: Mapping[str, Any]

    def kind_of(self, tags: Mapping[str, str]) -> str:
        """Return the first kind that tags make; "" for none."""
        return next((kind.id for kind in self.kinds if kind.fits(tags)), "")


def tag_table(own: Path | None = None) -> TagTable:
    """Return the package's table, with the tables of one's own file in place of its own.

    Raises
    ------
    DataError
        When the file cannot be read, or a table in it has faults.
    """
    tables = package_table(TABLE)
    if own is not None:
        tables |= _read(own)
    known = package_table("kinds.toml")
    findings, kinds, about = [], [], {}
    for name, table in tables.items():
        try:
            kinds.append(_kind(name, table))
            more = {key: table[key] for key in _OF_A_KIND if key in table}
            if name not in NOT_FACILITIES and (more or name not in known):
                about[name] = {"symbol": "circle", **known.get(name, {}), **more}
                kind_of(name, about[name])
        except FaultError as fault:
            findings.append(fault.finding)
    if findings and own is not None:
        findings = [
            Finding(
                own.name, each.key, None, (each.column or "").removeprefix("kinds."), each.values
            )
            for each in findings
        ]
        raise faulty_folder(shown(own.name), findings)
    return TagTable(tuple(kinds), about)


def _read(own: Path) -> dict[str, Any]:
    if not own.is_file():
        raise DataError("no_file", file=shown(own))
    content, findings = read_bytes(own)
    tables: dict[str, Any] = {}
    if not findings:
        tables, findings = parse_toml(content, own.name)
    if findings:
        raise faulty_folder(shown(own.name), findings)
    return tables


def _kind(name: str, table: object) -> TagKind:
    if not _NAME.fullmatch(name):
        raise FaultError("bad_kind_name", name)
    ways = table.get("tags") if isinstance(table, dict) else None
    source = table.get("source") if isinstance(table, dict) else None
    if not isinstance(ways, list) or not all(isinstance(way, dict) and way for way in ways):
        raise FaultError("missing_key", f"{name}.tags")
    if not isinstance(source, str) or not source.strip():
        raise FaultError("missing_key", f"{name}.source")
    return TagKind(name, tuple(_way(name, way) for way in ways), source)


def _way(name: str, way: Mapping[str, object]) -> dict[str, re.Pattern[str]]:
    for key, value in way.items():
        if not isinstance(value, str) or not value:
            raise FaultError("missing_key", f"{name}.tags.{short(key)}", short(value))
    return {key: _pattern(str(value)) for key, value in way.items()}


def _pattern(value: str) -> re.Pattern[str]:
    """Return what a value matches: one of its words, "*" for any text."""
    words = (
        ".*".join(re.escape(part) for part in re.split(r"\*+", word)) for word in value.split("|")
    )
    return re.compile("|".join(words), re.IGNORECASE | re.DOTALL)
