"""Commands on registers that are brought: import, export, template, geocode."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle import store
from circle.cli import arguments as cli
from circle.config import os_user, settings
from circle.errors import InputError
from circle.files import readable
from circle.i18n import t
from circle.intake.applying import rehearsed
from circle.intake.export import export_layer
from circle.intake.geocoder import geocoder_of, geocoding
from circle.intake.importing import Wishes, prepare
from circle.intake.layers import layer_named
from circle.intake.mending import usual_place, write_bad_rows
from circle.intake.rows import Filled
from circle.intake.template import write_template
from circle.load import read_district
from circle.load.versions import Made
from circle.words import intake_tables, version_tables

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from circle.intake.importing import Prepared
    from circle.intake.merge import Change
    from circle.model import Coverage

    Rates = Mapping[str, tuple[Coverage | None, Coverage | None]]
    """Of each kind the coverage before and after."""

_MOST_TOLD = 20


def import_(options: argparse.Namespace) -> int:
    """Bring a register."""
    folder = Path(options.district or settings().district)
    filled = Filled(options.kind, options.source, options.verified)
    made = Made("import", options.by or os_user(), options.reason or options.file.name)
    wishes = Wishes(
        datum=options.datum,
        columns=options.columns,
        sheet=options.sheet,
        filled=filled,
        whole=options.replace,
        trusted=options.trust_datum,
        made=made,
    )
    prepared = prepare(folder, options.layer, options.file, wishes)
    stopped = prepared.refused or (prepared.bad and not options.accept_good)
    rates: Rates = {}
    content_hash = prepared.district.base_id
    applied = False
    bad_rows = None
    if not prepared.refused:
        with rehearsed(prepared) as new:
            after = read_district(new.path)
            content_hash = after.base_id
            before = version_tables.coverages(prepared.district, prepared.kinds)
            changed = version_tables.coverages(after, prepared.kinds)
            rates = {kind: (before[kind], changed[kind]) for kind in prepared.kinds}
            if not stopped and not options.dry_run:
                if prepared.bad:
                    bad_rows = options.bad_rows or usual_place(prepared, options.file)
                    write_bad_rows(prepared, bad_rows)
                with store.noted(made, after.id):
                    new.put()
                applied = True
    cli.print_to_stderr(*(remark.text() for remark in prepared.remarks))
    answer = _answer(prepared, rates) | {
        "applied": applied,
        "content_hash": content_hash if applied or options.dry_run else prepared.district.base_id,
        "bad_rows": None if bad_rows is None else readable(bad_rows),
    }
    if options.json:
        cli.emit(answer)
    else:
        print("\n".join(_lines(prepared, rates, answer)))
    return cli.FAULT if stopped else cli.OK


def _answer(prepared: Prepared, rates: Rates) -> dict[str, Any]:
    merged, evidence = prepared.merged, prepared.evidence
    return {
        "layer": prepared.layer.id,
        "file": prepared.sheet.file,
        "format": prepared.sheet.format,
        "columns": prepared.columns.as_layout(),
        "datum": prepared.datum or None,
        "evidence": None
        if evidence is None
        else {
            "rows": evidence.rows,
            "east_m": round(evidence.east_m, 1),
            "north_m": round(evidence.north_m, 1),
            "other": evidence.fits or None,
        },
        "rows": intake_tables.counts(prepared),
        "placed_by_address": dict(prepared.by_address),
        "added": [_change(each) for each in merged.added],
        "changed": [_change(each) for each in merged.changed],
        "removed": [_change(each) for each in merged.removed],
        "coverage": {
            kind: {"before": version_tables.figure(then), "after": version_tables.figure(now)}
            for kind, (then, now) in rates.items()
        },
        "remarks": [remark.as_json() for remark in prepared.remarks],
    }


def _change(change: Change) -> dict[str, Any]:
    fields = {name: {"before": old, "after": new} for name, old, new in change.fields}
    return {"id": change.id, "name": change.name, "row": change.row} | (
        {"fields": fields} if fields else {}
    )


def _lines(prepared: Prepared, rates: Rates, answer: dict[str, Any]) -> list[str]:
    """Return the answer in words."""
    merged, gap = prepared.merged, t("unit.semicolon")
    pairs = [f"{name} → {column or '—'}" for name, column in prepared.columns.as_layout().items()]
    lines = [
        t("intake.told.file", file=prepared.sheet.file, format=prepared.sheet.format),
        t("intake.told.columns", columns=gap.join(pairs)),
        t("intake.told.rows", language=None, **intake_tables.counts(prepared)),
    ]
    if prepared.datum:
        lines.append(t("intake.told.datum", datum=prepared.datum))
    if told := intake_tables.evidence(prepared):
        lines.append(told)
    if prepared.by_address:
        methods = [
            f"{t(f'intake.method.{method}')} {count}"
            for method, count in sorted(prepared.by_address.items())
        ]
        lines.append(t("intake.told.by_address", methods=gap.join(methods)))
    for name, changes in (
        ("added", merged.added),
        ("changed", merged.changed),
        ("removed", merged.removed),
    ):
        if changes:
            lines.append(t(f"intake.told.{name}", names=_names(changes)))
    for kind, answers in rates.items():
        before, after = (version_tables.told(each) for each in answers)
        kind_name = prepared.district.kinds[kind].name
        lines.append(t("intake.told.coverage", kind=kind_name, before=before, after=after))
    if answer["bad_rows"]:
        lines.append(t("intake.told.bad_rows", count=len(prepared.bad), file=answer["bad_rows"]))
    lines.append(t("intake.told.applied" if answer["applied"] else "intake.told.not_applied"))
    return lines


def _names(changes: Sequence[Change]) -> str:
    named = [
        each.name + (f" ({', '.join(name for name, _, _ in each.fields)})" if each.fields else "")
        for each in changes[:_MOST_TOLD]
    ]
    rest = len(changes) - len(named)
    return t("unit.semicolon").join(named) + (f" … +{rest}" if rest else "")


def export(options: argparse.Namespace) -> int:
    """Write a layer as a file."""
    folder = Path(options.district or settings().district)
    rows = export_layer(folder, layer_named(options.layer), options.out)
    cli.emit({"file": readable(options.out), "rows": rows})
    return cli.OK


def template(options: argparse.Namespace) -> int:
    """Write a workbook to fill in."""
    columns = write_template(layer_named(options.layer), options.out)
    cli.emit({"file": readable(options.out), "columns": columns})
    return cli.OK


def geocode(options: argparse.Namespace) -> int:
    """Print where an address is."""
    if bool(options.address) == options.measure:
        raise InputError("intake.geocode")
    district = read_district(options.district or settings().district)
    if options.measure:
        cli.emit(
            {
                name: {
                    "addresses": each.addresses,
                    "median_m": round(each.median_m, 1),
                    "p90_m": round(each.p90_m, 1),
                    "within_accuracy": round(each.within, 3),
                }
                for name, each in geocoding(district).items()
            }
        )
        return cli.OK
    found = geocoder_of(district).find(options.address)
    if found is None:
        cli.print_to_stderr(t("intake.no_address", address=options.address))
        return cli.FAULT
    cli.emit(
        {
            "address": options.address,
            "street": found.street,
            "lon": round(found.lon, 6),
            "lat": round(found.lat, 6),
            "method": found.method.value,
            "accuracy_m": found.accuracy_m,
        }
    )
    return cli.OK
