"""What no table holds: names, provenance and wording, from about.toml or the data.

What about.toml does not say is derived from the data; what the data does not say
either is marked as not stated.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from circle.i18n import t
from circle.load.facts import identifier, package_table, people_are_fractions
from circle.load.folder import faulty_folder
from circle.load.meta import MAIN_PIECE
from circle.load.outlines import Outline, metric_crs_of
from circle.load.text_tables import (
    COLUMNS,
    MORE_COLUMNS,
    OPTIONAL,
    OUTLINES,
    TRANSLATED,
    columns_of,
    short,
)
from circle.model import LEVEL_FILES, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from circle.load.facts import Facts

Table = dict[str, Any]
_STREETS = ("junctions.csv", "segments.csv")


def described(facts: Facts, about: Mapping[str, Any], fallback_id: str) -> Table:
    """Return the head of district.toml: all but hash and layers.

    Parameters
    ----------
    facts
        The district's tables.
    about
        The tables of about.toml; may be empty.
    fallback_id
        Identifier to use where neither about.toml nor the outline names one.
    """
    properties = facts.boundary.properties
    crs = metric_crs_of(facts.boundary.polygon)
    local, english = properties.get("name"), properties.get("name_en")
    name = {"zh": local or english or fallback_id, "en": english or local or fallback_id}
    start = about.get("start", _start(facts.tables["facilities.csv"]))
    return {
        "id": about.get("id") or identifier(str(name["en"])) or identifier(fallback_id) or "new",
        "time_zone": about.get("time_zone") or str(properties.get("time_zone", "")),
        "crs": crs,
        "observed": max(observed(file, facts) for file in (OUTLINES[0], *facts.tables)),
        "start": start,
        "name": about.get("name", {key: str(value) for key, value in name.items()}),
        "start_name": about.get("start_name", _named(facts.tables["facilities.csv"], start)),
        "kinds": _kinds(about),
    } | {name: about[name] for name in ("ask_at", MAIN_PIECE) if name in about}


def layer(file: str, facts: Facts, about: Mapping[str, Any]) -> Table:
    """Return source, licence, trust and observation of one layer."""
    stated = _inner(_inner(about, "layers"), file.rsplit(".", 1)[0])
    source, licence = _origin(file, facts)
    derived = file == "demand.csv"
    cells = file == "residents.csv" and people_are_fractions(facts.tables[file])
    trust = "derived_trust" if derived else "cells_trust" if cells else "not_stated"
    default = {
        "source": source,
        "licence": licence,
        "observed": observed(file, facts),
        "trust": in_both_languages(trust),
        "modelled": derived or cells,
    }
    return default | {name: stated[name] for name in default if name in stated}


def observed(file: str, facts: Facts) -> str:
    """Return the newest observation that a layer's own data names; "" for none."""
    if file == OUTLINES[0]:
        return str(facts.boundary.properties.get("observed", ""))
    table = facts.tables.get(file)
    column = {"segments.csv": "observed", "registers.csv": "as_of"}.get(file, "")
    return "" if table is None or column not in table else max(table[column], default="")


def units(facts: Facts, about: Mapping[str, Any], level: str) -> list[Outline]:
    """Return the units of a level with identifier, names, status and note of the format."""
    stem = LEVEL_FILES[level].rsplit(".", 1)[0]
    note = _inner(_inner(about, stem), "note")
    outlines = []
    for number, outline in enumerate(facts.levels.get(level, ()), start=1):
        given = outline.properties
        name = str(given.get("name", number))
        english = str(given.get("name_en", name))
        remark = str(given.get("note", ""))
        properties = {
            "id": identifier(str(given.get("id", "")))
            or identifier(english.removesuffix(" area"))
            or f"{level}-{number}",
            "name_zh": name,
            "name_en": english,
            "official": given.get("status") == "official",
            "note_zh": str(note.get("zh", remark)),
            "note_en": str(note.get("en", remark)),
        }
        outlines.append(Outline(properties, outline.polygon))
    return outlines


def with_rows(facts: Facts, about: Mapping[str, Any], file: str = "about.toml") -> Facts:
    """Return the facts with the rows that about.toml states of tables, after their own.

    ``[[rows.lanes]]`` is one row of lanes.csv: texts and numbers by the names of its columns.

    Raises
    ------
    DataError
        With findings, for a table or a column that there is none of.
    """
    tables, origin, findings = dict(facts.tables), dict(facts.rows), []
    for stem, stated in _inner(about, "rows").items():
        name = f"{stem}.csv"
        rows = stated if isinstance(stated, list) else []
        if name not in OPTIONAL or not rows or not all(isinstance(row, dict) for row in rows):
            findings.append(Finding(file, "bad_name", None, "rows", (("value", short(stem)),)))
            continue
        unknown = sorted({column for row in rows for column in row} - set(columns_of(name)))
        findings += [
            Finding(file, "bad_name", None, f"rows.{stem}", (("value", short(column)),))
            for column in unknown
        ]
        own = tables.get(name, pd.DataFrame(columns=list(COLUMNS[name]), dtype=object))
        texts = pd.DataFrame([{c: str(v) for c, v in row.items()} for row in rows], dtype=object)
        before = origin.get(name, [(name, row + 2) for row in range(len(own))])
        tables[name] = pd.concat([own, texts], ignore_index=True).fillna("")
        origin[name] = [*before, *((file, number) for number in range(1, len(rows) + 1))]
    if findings:
        raise faulty_folder(file, findings)
    return replace(facts, tables=tables, rows=origin)


def registers(facts: Facts, about: Mapping[str, Any]) -> pd.DataFrame:
    """Return the registers with the basis in the wording of about.toml, where it has one."""
    stated = _inner(about, "registers")
    table = facts.tables["registers.csv"]
    basis = [
        (str(texts.get("zh", zh)), str(texts.get("en", en)))
        for kind, zh, en in zip(table["kind"], table["basis_zh"], table["basis_en"], strict=True)
        for texts in [_inner(_inner(stated, kind), "basis")]
    ]
    return table.assign(basis_zh=[zh for zh, _ in basis], basis_en=[en for _, en in basis])


def facilities(facts: Facts, about: Mapping[str, Any]) -> pd.DataFrame:
    """Return the facilities with hours, contacts and texts as about.toml says, where it does.

    A column that a table may have or not (`MORE_COLUMNS`) is left out where it is empty.
    """
    table = facts.tables["facilities.csv"]
    stated = _inner(about, "facilities")
    by_facility = [_inner(stated, str(name)) for name in table["id"]]
    may_have = {
        name: table.get(name, pd.Series("", table.index, object))
        for name in MORE_COLUMNS["facilities.csv"]
    }

    def stated_or(wordings: list[Table], key: str, before: pd.Series[str]) -> list[str]:
        return [str(wording.get(key, old)) for wording, old in zip(wordings, before, strict=True)]

    columns = {
        key: stated_or(by_facility, key, table[key] if key in table else may_have[key])
        for key in ("hours", "phone", "website")
    }
    for key in TRANSLATED["facilities.csv"]:
        texts = [_inner(wording, key) for wording in by_facility]
        columns[key] = stated_or(texts, "en", table[key])
        columns[f"{key}_zh"] = stated_or(texts, "zh", may_have[f"{key}_zh"])
    worded = table.assign(**columns)
    return worded.drop(columns=[name for name in may_have if not any(worded[name])])


def translated(file: str, table: pd.DataFrame, about: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with its texts in the other language, where about.toml has any.

    ``[translations.heritage.grade]`` says what each text of that column is called. A
    column that says nothing is left out.
    """
    stated = _inner(_inner(about, "translations"), file.rsplit(".", 1)[0])
    for column, code in TRANSLATED[file].items():
        other, wordings = f"{column}_{code}", _inner(stated, column)
        before = table.get(other, pd.Series("", table.index, object))
        texts = [
            str(wordings.get(text, given))
            for text, given in zip(table[column], before, strict=True)
        ]
        table = table.drop(columns=other, errors="ignore")
        if any(texts):
            table = table.assign(**{other: texts})
    return table


def in_both_languages(key: str) -> Table:
    """Return one sentence of the loader's in both languages."""
    return {code: t(f"layer.{key}", language=code) for code in ("zh", "en")}


def _kinds(about: Mapping[str, Any]) -> Table:
    kinds = package_table("kinds.toml")
    for name, kind in _inner(about, "kinds").items():
        kinds[name] = kinds.get(name, {}) | kind if isinstance(kind, dict) else kind
    return kinds


def _origin(file: str, facts: Facts) -> tuple[Table, Table]:
    if file == "demand.csv":
        return in_both_languages("derived"), in_both_languages("derived_terms")
    mapped = (file in _STREETS and facts.tables["segments.csv"]["osm_ways"].ne("").any()) or (
        file == OUTLINES[0] and "osm_relation" in facts.boundary.properties
    )
    if mapped:
        return in_both_languages("openstreetmap"), in_both_languages("odbl")
    table = facts.tables.get(file)
    if table is not None and "uri" in table:
        hosts = sorted({urlsplit(uri).netloc for uri in table["uri"]} - {""})
        if hosts:
            return dict.fromkeys(("zh", "en"), ", ".join(hosts[:5])), in_both_languages(
                "not_stated"
            )
    return in_both_languages("not_stated"), in_both_languages("not_stated")


def _start(facilities: pd.DataFrame) -> str:
    best = facilities.sort_values(["verified", "inside"], ascending=False, kind="stable")
    return str(best["id"].iloc[0]) if len(best) else ""


def _named(facilities: pd.DataFrame, start: object) -> Table:
    row = facilities[facilities["id"] == start]
    if row.empty:
        return {"zh": "", "en": ""}
    name = str(row["name"].iloc[0])
    return {"zh": name, "en": str(row["name_en"].iloc[0]) or name}


def _inner(table: Mapping[str, Any], name: str) -> Table:
    value = table.get(name)
    return value if isinstance(value, dict) else {}
