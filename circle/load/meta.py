"""district.toml: what a district folder says about itself."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from circle.geo.crs import check_metric
from circle.load.text_tables import LARGEST_MB, PLAIN_NAME, digest, short
from circle.model import ASK_AT, Finding, Kind, Layer, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "district.toml"
MAIN_PIECE = "snap_to_main_piece"
"""Whether residents and facilities are put on the main piece of street alone; false if absent."""
CONTENT = ("id", "time_zone", "crs", "observed", "start")


@dataclass(frozen=True)
class Meta:
    """The contents of district.toml, checked for shape."""

    id: str
    name: Text
    time_zone: str
    crs: str
    observed: str
    content_hash: str
    start: str
    start_name: Text
    snap_to_main_piece: bool
    kinds: dict[str, Kind]
    layers: tuple[Layer, ...]
    ask_at: tuple[str, ...]


class FaultError(Exception):
    """A fault of a table, as the finding that tells it."""

    def __init__(self, key: str, column: str, value: object = "") -> None:
        self.finding = Finding(FILE, key, None, column, (("value", short(value)),))


def parse_toml(data: bytes, file: str) -> tuple[dict[str, Any], list[Finding]]:
    """Return the tables of a TOML file, or a finding that says where it breaks."""
    if len(data) > LARGEST_MB * 10_000:
        values = (("mb", f"{len(data) / 1e6:.0f}"), ("limit", str(LARGEST_MB // 100)))
        return {}, [Finding(file, "too_large", values=values)]
    try:
        return tomllib.loads(data.decode("utf-8-sig")), []
    except (ValueError, RecursionError) as error:
        return {}, [Finding(file, "bad_toml", values=(("why", short(error)),))]


def parse_meta(data: bytes) -> tuple[Meta | None, list[Finding]]:
    """Return the contents of district.toml, or what is wrong with it."""
    raw, findings = parse_toml(data, FILE)
    if findings:
        return None, findings
    try:
        return _meta(raw), []
    except FaultError as fault:
        return None, [fault.finding]


def content_hash(raw: Mapping[str, Any], digests: Mapping[str, str]) -> str:
    """Return the hash of a district: its layers' digests and all else it says.

    Parameters
    ----------
    raw
        The tables of district.toml; its own ``content_hash``, and the digests and
        row counts that it holds, are left out.
    digests
        SHA-256 of each layer's file, by file name.
    """
    hashed = {name: value for name, value in raw.items() if name != "content_hash"}
    left_out = ("sha256", "rows")
    hashed["layers"] = [
        {name: value for name, value in layer.items() if name not in left_out}
        for layer in raw.get("layers", [])
    ]
    text = json.dumps([hashed, dict(digests)], sort_keys=True, ensure_ascii=False, default=str)
    return digest(text.encode())


def text_of(table: Mapping[str, Any], name: str, where: str) -> Text:
    """Return ``{zh, en}`` as `Text`."""
    value = table.get(name)
    if not isinstance(value, dict):
        raise FaultError("missing_key", f"{where}{name}")
    inner = cast("dict[str, Any]", value)
    path = f"{where}{name}."
    return Text(_string(inner, "zh", path), _string(inner, "en", path))


def kind_of(name: str, table: object) -> Kind:
    """Return one ``[kinds.NAME]`` table as `Kind`."""
    where = f"kinds.{name}."
    if not isinstance(table, dict):
        raise FaultError("missing_key", where.rstrip("."))
    fields = cast("dict[str, Any]", table)
    return Kind(
        id=name,
        name=text_of(fields, "name", where),
        letter=_string(fields, "letter", where)[:2],
        colour=_colour(fields, where),
        symbol=_string(fields, "symbol", where),
        service=fields.get("service") is True,
        first=fields.get("first") is True,
    )


def _meta(raw: dict[str, Any]) -> Meta:
    strings = {name: _string(raw, name) for name in (*CONTENT, "content_hash")}
    try:
        check_metric(strings["crs"])
    except ValueError as error:
        raise FaultError("bad_crs", "crs", strings["crs"]) from error
    if not strings["time_zone"].strip():
        raise FaultError("no_time_zone", "time_zone")
    try:
        ZoneInfo(strings["time_zone"])
    except (LookupError, ValueError, OSError) as error:
        raise FaultError("bad_time_zone", "time_zone", strings["time_zone"]) from error
    kinds, layers = raw.get("kinds"), raw.get("layers")
    if not isinstance(kinds, dict):
        raise FaultError("missing_key", "kinds")
    if not isinstance(layers, list) or not all(isinstance(layer, dict) for layer in layers):
        raise FaultError("missing_key", "layers")
    return Meta(
        **strings,
        name=text_of(raw, "name", ""),
        start_name=text_of(raw, "start_name", ""),
        snap_to_main_piece=_choice(raw, MAIN_PIECE),
        kinds={name: kind_of(name, table) for name, table in kinds.items()},
        layers=tuple(_layer(layer) for layer in layers),
        ask_at=_ask_at(raw),
    )


def _ask_at(raw: dict[str, Any]) -> tuple[str, ...]:
    kinds = raw.get("ask_at", list(ASK_AT))
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise FaultError("missing_key", "ask_at")
    return tuple(kinds)


def _layer(table: dict[str, Any]) -> Layer:
    file = _string(table, "file", "layers.")
    if not PLAIN_NAME.fullmatch(file):
        raise FaultError("bad_name", "layers.file", file)
    rows = table.get("rows")
    if not isinstance(rows, int) or isinstance(rows, bool):
        raise FaultError("missing_key", f"layers.{file}.rows")
    where = f"layers.{file}."
    return Layer(
        id=_string(table, "id", where),
        file=file,
        rows=rows,
        sha256=_string(table, "sha256", where),
        source=text_of(table, "source", where),
        licence=text_of(table, "licence", where),
        observed=_string(table, "observed", where),
        trust=text_of(table, "trust", where),
        modelled=table.get("modelled") is True,
    )


def _choice(table: Mapping[str, Any], name: str) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise FaultError("not_true_false", name, value)
    return value


def _string(table: Mapping[str, Any], name: str, where: str = "") -> str:
    value = table.get(name)
    if not isinstance(value, str):
        raise FaultError("missing_key", f"{where}{name}")
    return value


def _colour(table: Mapping[str, Any], where: str) -> str:
    value = _string(table, "colour", where)
    digits = value.removeprefix("#")
    if len(digits) != 6 or not all(c in "0123456789abcdefABCDEF" for c in digits):  # noqa: PLR2004
        raise FaultError("bad_colour", f"{where}colour", value)
    return value
