"""How good the data is: what was found, against what was published, and how to mend it.

Every figure is computed from the district itself; nothing is estimated.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from circle.demand import residents_unknown
from circle.geo.shapes import points
from circle.load.population import class_weight
from circle.model import AGE_GROUPS
from circle.network.graph import segment_lines
from circle.network.snap import MAX_OFF_STREET_M
from circle.places.facilities import positions, register_of
from circle.quality.findings import Check, Quality, Severity
from circle.quality.flaws import edit_checks, flaw_checks, street_flaws
from circle.quality.pieces import piece_checks, pieces_apart
from circle.quality.published import published_checks

if TYPE_CHECKING:
    from circle.model import District, Floats, Register

FAR_M = 50.0
"""A place farther than this from every street is reported."""
DRAWN_LONGER_M, DRAWN_LONGER_SHARE = 1.0, 0.005
"""A length may be this much below the drawn line: rounding, and the projection's scale."""
MANY_CHORDS = 0.1
"""Share of street length inside, drawn as chords, from which it is a problem."""
AGES_APART = 0.01
"""Share by which total and age groups may differ before it is a problem."""
_HERITAGE = "heritage"


def quality(district: District) -> Quality:
    """Return what is known of the quality of a district's data."""
    registers, far, frontage = _registers(district), far_places(district), _frontage(district)
    apart, flaws = pieces_apart(district), street_flaws(district)
    checks = (
        *_register_checks(district, registers),
        *_position_checks(district, registers, far),
        *_street_checks(district),
        *piece_checks(district, apart),
        *flaw_checks(district, flaws),
        *edit_checks(district),
        *_resident_checks(district, frontage),
        *published_checks(district),
        *_file_checks(district),
    )
    return Quality(registers, checks, far, frontage, apart, flaws)


def missing(district: District) -> tuple[str, ...]:
    """Return what the district has no data of, as keys below ``data.missing``."""
    facilities = district.facilities
    hours = facilities["hours"] if "hours" in facilities else pd.Series([], dtype=object)
    held = {layer.id for layer in district.layers if layer.rows}
    lacks = {
        "buildings": "buildings" not in held,
        "doorways": "doorways" not in held,
        "committees": not district.levels.get("committee"),
        "areas": not all(area.official for area in district.areas) or not district.areas,
        "residents": residents_unknown(district)
        or any(layer.modelled for layer in district.layers if layer.id == "residents"),
        "hours": not hours.astype(str).str.strip().ne("").any(),
    }
    return tuple(key for key, lacking in lacks.items() if lacking)


def far_places(district: District, far_m: float = FAR_M) -> pd.DataFrame:
    """Return the facilities and heritage places over `far_m` metres from every street.

    Returns
    -------
    pandas.DataFrame
        Columns layer (``facilities`` or ``heritage``), name, metres, verified, x, y
        (metres); farthest first. Heritage is placed by its address and is not verified.
    """
    tree = shapely.STRtree(segment_lines(district.network))
    tables = []
    for layer in ("facilities", "heritage"):
        table: pd.DataFrame = getattr(district, layer)
        sure = (
            table["verified"] if "verified" in table else pd.Series(data=False, index=table.index)
        )
        xy = positions(table)
        metres = _to_street(tree, xy)
        rows = pd.DataFrame({"layer": layer, "name": table["name"], "verified": sure})
        rows = rows.assign(x=xy[:, 0], y=xy[:, 1])
        tables.append(rows.assign(metres=metres)[metres > far_m])
    places = pd.concat(tables).astype({"verified": bool})
    order = ["layer", "name", "metres", "verified", "x", "y"]
    return places.sort_values("metres", ascending=False, ignore_index=True)[order]


def _to_street(tree: shapely.STRtree, xy: Floats) -> Floats:
    places = points(xy)
    if not len(places):
        return np.zeros(0)
    nearest = tree.geometries[tree.nearest(places)]
    return np.asarray(shapely.distance(places, nearest), dtype=np.float64)


def _registers(district: District) -> pd.DataFrame:
    rows = []
    for kind in district.kinds:
        register = register_of(district, kind)
        places = district.facilities[district.facilities["kind"].eq(kind)]
        verified, unverified = int(places["verified"].sum()), int((~places["verified"]).sum())
        counts: tuple[Any, ...] = (len(places), verified, unverified)
        if kind == _HERITAGE and places.empty:
            counts = (len(district.heritage), pd.NA, 0)
        rows.append((kind, register.completeness.value, register.as_of, *counts))
    columns = ["kind", "completeness", "as_of", "places", "verified", "unverified"]
    return pd.DataFrame(rows, columns=columns).astype({"verified": "Int64"})


def _register_checks(district: District, table: pd.DataFrame) -> list[Check]:
    checks = []
    for row in table.to_dict("records"):
        kind, register = district.kinds[row["kind"]], register_of(district, row["kind"])
        key, severity = _register_state(register, service=kind.service)
        if kind.service and not row["places"]:
            key, severity = "register_empty", Severity.PROBLEM
        values = (("kind", kind.name), ("as_of", register.as_of or "—"), ("n", row["places"]))
        checks.append(Check("registers", key, severity, values, ours=row["places"], unit="places"))
    return checks


def _register_state(register: Register, *, service: bool) -> tuple[str, Severity]:
    if register.is_complete:
        confirmed = "confirmed" if register.confirmed_by else "complete"
        return f"register_{confirmed}", Severity.OK
    worse = Severity.PROBLEM if service else Severity.NOTE
    return f"register_{register.completeness.value}", worse


def _position_checks(district: District, table: pd.DataFrame, far: pd.DataFrame) -> list[Check]:
    checks = []
    for row in table[table["unverified"] > 0].to_dict("records"):
        kind = district.kinds[row["kind"]]
        severity = Severity.PROBLEM if kind.service else Severity.NOTE
        values = (("kind", kind.name), ("n", row["unverified"]), ("all", row["places"]))
        check = Check("positions", "unverified", severity, values, row["unverified"], unit="places")
        checks.append(check)
    if not checks:
        checks.append(Check("positions", "all_verified", Severity.OK, ours=0, unit="places"))
    return checks + [_far_check(far, layer) for layer in ("facilities", "heritage")]


def _far_check(far: pd.DataFrame, layer: str) -> Check:
    places = far[far["layer"].eq(layer)]
    if places.empty:
        values: tuple[tuple[str, Any], ...] = (("metres", f"{FAR_M:.0f}"),)
        return Check("positions", f"near_{layer}", Severity.OK, values, 0, unit="places")
    worst = places.iloc[0]
    lost = Severity.PROBLEM if worst["metres"] > MAX_OFF_STREET_M else Severity.NOTE
    values = (
        ("n", len(places)),
        ("metres", f"{FAR_M:.0f}"),
        ("name", worst["name"]),
        ("most", f"{worst['metres']:.0f}"),
    )
    return Check("positions", f"far_{layer}", lost, values, len(places), unit="places")


def _street_checks(district: District) -> list[Check]:
    network = district.network
    lines, length = segment_lines(network), network.segment_length_m
    drawn_m = shapely.length(lines)
    within = shapely.length(shapely.intersection(lines, district.boundary))
    inside = length * np.divide(within, drawn_m, out=np.zeros_like(drawn_m), where=drawn_m > 0)
    chord = np.asarray(network.segment_shape_kind == "chord")
    share = [_share(metres[chord].sum(), metres.sum()) for metres in (inside, length)]
    count = [int((chord & (metres > 0)).sum()) for metres in (inside, length)]
    severity = Severity.PROBLEM if share[0] >= MANY_CHORDS else Severity.NOTE
    key = "chords" if chord.any() else "no_chords"
    values = tuple(
        (name, value)
        for ending, n, part in zip(("", "_all"), count, share, strict=True)
        for name, value in ((f"n{ending}", n), (f"share{ending}", f"{part * 100:.1f}"))
    )
    best = severity if chord.any() else Severity.OK
    chords = Check("streets", key, best, values, round(share[0] * 100, 2), unit="percent")
    return [chords, _lengths_check(length, drawn_m)]


def _lengths_check(length: Floats, drawn_m: Floats) -> Check:
    over = drawn_m - length
    short = over > np.maximum(DRAWN_LONGER_M, DRAWN_LONGER_SHARE * drawn_m)
    if not short.any():
        return Check("streets", "lengths_fit", Severity.OK, ours=0, unit="segments")
    values = (("n", int(short.sum())), ("most", f"{over[short].max():.1f}"))
    return Check(
        "streets", "lengths_short", Severity.NOTE, values, int(short.sum()), None, "segments"
    )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 0.0


def _frontage(district: District) -> pd.DataFrame:
    inside = district.demand[district.demand["inside"]]
    weight = class_weight(district.network.segment_class)[inside["segment"].to_numpy()]
    people = inside["residents"].groupby(weight).agg(["size", "sum"]).sort_index(ascending=False)
    by_weight = people.rename_axis("weight").reset_index()
    return by_weight.rename(columns={"size": "points", "sum": "residents"})


def _resident_checks(district: District, frontage: pd.DataFrame) -> list[Check]:
    if residents_unknown(district):
        return [Check("residents", "residents_none", Severity.PROBLEM)]
    inside = district.demand[district.demand["inside"]]
    everyone = float(inside["residents"].sum())
    stated = inside[inside[list(AGE_GROUPS)].notna().all(axis=1)]
    total, ages = float(stated["residents"].sum()), float(stated[list(AGE_GROUPS)].to_numpy().sum())
    apart = _share(abs(ages - total), total)
    same = abs(ages - total) < 1
    severity = Severity.OK if same else Severity.NOTE if apart < AGES_APART else Severity.PROBLEM
    values = (
        ("total", f"{total:,.0f}"),
        ("ages", f"{ages:,.0f}"),
        ("by", f"{abs(round(ages) - round(total)):,}"),  # of the figures that are told
    )
    key = "ages_add_up" if same else "ages_differ"
    checks = [Check("residents", key, severity, values, round(ages, 2), round(total, 2), "people")]
    if total < everyone:
        how_many = (("known", f"{total:,.0f}"), ("total", f"{everyone:,.0f}"))
        partly = Check("residents", "ages_partly", Severity.NOTE, how_many, round(total, 2))
        unknown = Check("residents", "ages_unknown", Severity.NOTE)
        checks = [*checks, partly] if total else [unknown]
    lanes = frontage[frontage["weight"] >= 1]
    placed = (
        ("points", f"{frontage['points'].sum():,}"),
        ("n", f"{lanes['points'].sum():,}"),
        ("share", f"{_share(lanes['residents'].sum(), everyone) * 100:.1f}"),
    )
    modelled = any(
        layer.modelled for layer in district.layers if layer.id in {"residents", "demand"}
    )
    how, worst = ("modelled", Severity.NOTE) if modelled else ("placed", Severity.OK)
    points = int(frontage["points"].sum())
    checks.append(Check("residents", f"residents_{how}", worst, placed, points, unit="points"))
    return checks


def _file_checks(district: District) -> list[Check]:
    changed = Severity.PROBLEM if district.modified else Severity.OK
    checks = [Check("files", "files_modified" if district.modified else "files_whole", changed)]
    unofficial = Counter(area.official for area in district.areas)[False]
    if unofficial:
        values = (("n", unofficial),)
        checks.append(Check("files", "areas_unofficial", Severity.NOTE, values))
    return checks
