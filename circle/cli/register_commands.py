"""Commands on registers: confirm that a list is complete, and take that back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle import store
from circle.cli.arguments import OK, emit
from circle.config import settings
from circle.load import read_district

if TYPE_CHECKING:
    import argparse

    from circle.model import District


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser("confirm", help="write down that the list of a kind is complete")
    _add_confirmation(parser)
    parser.add_argument("--as-of", required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--basis", required=True, metavar="TEXT")
    parser.set_defaults(run=_confirm)

    parser = commands.add_parser("withdraw", help="take such a confirmation back")
    _add_confirmation(parser)
    parser.add_argument("--basis", default="", metavar="TEXT", help="why")
    parser.set_defaults(run=_withdraw)


def _add_confirmation(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", required=True, metavar="KIND")
    parser.add_argument("--by", required=True, metavar="NAME")
    parser.add_argument("--district", type=Path, metavar="DIR")


def _confirm(options: argparse.Namespace) -> int:
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


def _withdraw(options: argparse.Namespace) -> int:
    district = read_district(options.district or settings().district)
    row = store.withdraw(store.opened(), district, options.kind, by=options.by, basis=options.basis)
    return _report_register(district, row)


def _report_register(district: District, row: store.Confirmation) -> int:
    emit(
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
    return OK
