"""A district folder with some of its layers changed: every file anew, nothing else touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import tomli_w

from circle.errors import DataError
from circle.geo.crs import to_metric
from circle.load.about_file import in_both_languages
from circle.load.folder import Folder, files_of
from circle.load.meta import FILE, content_hash
from circle.load.outlines import Outline, feature_collection, in_metres
from circle.load.population import place_areas
from circle.load.text_tables import COLUMNS, OUTLINES, digest, typed
from circle.model import LEVEL_FILES, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


def rewritten(
    folder: Folder,
    tables: Mapping[str, pd.DataFrame],
    levels: Mapping[str, Sequence[Outline]],
    source: str = "",
    observed: Mapping[str, str] | None = None,
) -> dict[str, bytes]:
    """Return every file of a district folder, with some tables or levels in place of its own.

    Parameters
    ----------
    folder
        As it was read; without faults.
    tables
        Tables of text by file name.
    levels
        Outlines of a level, all of them.
    source
        Where a layer is from that was not there before; "" for not stated.
    observed
        The day of what a file holds now, where that is another.

    Raises
    ------
    DataError
        When the folder was changed since it was read.
    """
    held = folder.digests
    content, findings = files_of(folder.path, held, ())
    findings += [
        Finding(name, "layer_hash") for name, data in content.items() if digest(data) != held[name]
    ]
    if findings:
        raise DataError("changed_meanwhile", findings, folder=folder.path.name)
    rows: dict[str, int] = {}
    for level, outlines in levels.items():
        name = LEVEL_FILES[level]
        content[name] = feature_collection(list(outlines))
        rows[name] = len(outlines)
    if "area" in levels and content[LEVEL_FILES["area"]] != _bytes(folder, LEVEL_FILES["area"]):
        tables = {**tables, "demand.csv": _in_areas(folder, levels["area"])}
    for name, table in tables.items():
        content[name] = table.to_csv(index=False, lineterminator="\n").encode()
        rows[name] = len(table)
    content = {name: content[name] for name in (*OUTLINES, *COLUMNS) if name in content}
    digests = {name: digest(data) for name, data in content.items()}
    head = {name: value for name, value in folder.raw.items() if name != "content_hash"}
    layers = _layers(head["layers"], rows, digests, source)
    days = observed or {}
    head["layers"] = [
        layer | {"observed": days.get(layer["file"], layer["observed"])} for layer in layers
    ]
    whole = {"content_hash": content_hash(head, digests), **head}
    return {**content, FILE: tomli_w.dumps(whole).encode()}


def _bytes(folder: Folder, name: str) -> bytes:
    path = folder.path / name
    return path.read_bytes() if path.is_file() else b""


def _in_areas(folder: Folder, areas: Sequence[Outline]) -> pd.DataFrame:
    """Return the demand points with the areas that they lie in now."""
    table = folder.tables["demand.csv"]
    numbers, crs = typed(table, "demand.csv"), str(folder.raw["crs"])
    inside = numbers["inside"].to_numpy(np.float64) > 0
    xy = to_metric(numbers["lon"], numbers["lat"], crs)
    units = [(str(area.properties["id"]), in_metres(area.polygon, crs)) for area in areas]
    area = np.full(len(table), "", dtype=object)
    area[inside] = place_areas(xy[inside], units)
    return table.assign(area=area)


def _layers(
    layers: Sequence[Mapping[str, Any]],
    rows: Mapping[str, int],
    digests: Mapping[str, str],
    source: str,
) -> list[dict[str, Any]]:
    """Return what district.toml says of each layer, those added included."""
    stated = {str(layer["file"]): dict(layer) for layer in layers}
    for name in digests:
        if name not in stated:
            stated[name] = _new_layer(name, source)
    return [
        layer
        | {"rows": rows.get(name, layer["rows"]), "sha256": digests.get(name, layer["sha256"])}
        for name, layer in stated.items()
    ]


def _new_layer(name: str, source: str) -> dict[str, Any]:
    untold = in_both_languages("not_stated")
    return {
        "id": name.rsplit(".", 1)[0],
        "file": name,
        "rows": 0,
        "sha256": "",
        "source": {"zh": source, "en": source} if source else untold,
        "licence": untold,
        "observed": "",
        "trust": untold,
        "modelled": False,
    }
