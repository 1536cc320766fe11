"""Commands on registers: confirm that a list is complete, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.config import settings
from circle.load import read_district

if TYPE_CHECKING:
    import argparse

    from circle.model import District


def confirm(options: argparse.Namespace) -> int:
    """Write down a confirmation."""
    district = read_district(options.district or settings().district)
    row = store.confirm(
        store.opened(),
        district,
        options.kind,
        as_of=store.read_day(options.as_of),
        by=options.by,
        basis=options.basis,
    )
    return _report_register(district, row)


def withdraw(options: argparse.Namespace) -> int:
    """Take a confirmation back."""
    district = read_district(options.district or settings().district)
    row = store.withdraw(store.opened(), district, options.kind, by=options.by, basis=options.basis)
    return _report_register(district, row)


def _report_register(district: District, row: store.Confirmation) -> int:
    cli.emit(
        {
            "district": district.id,
            "kind": row.kind,
            "confirmed": row.complete,
            "as_of": row.as_of,
            "by": row.author,
            "basis": row.reason,
            "at": row.time.isoformat(timespec="seconds"),
        }
    )
    return cli.OK
