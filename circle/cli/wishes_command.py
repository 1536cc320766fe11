"""Commands on wishes: add one, list and export them."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.config import settings
from circle.load import read_district
from circle.wishes.nouns import AGES, State

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from circle.model import District

_FORMATS = ("csv", "geojson")


def add_to(commands: cli.Commands) -> None:
    """Add these commands to the parser."""
    group = commands.add_parser("wishes", help="wishes: add, list, export")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    add = cli.add_command(actions, "add", "write a wish down", _add, "--district")
    add.add_argument("--text", required=True, help="without names and numbers")
    add.add_argument("--kind", required=True, help="a kind of the district, or other")
    add.add_argument("--at", metavar="LON,LAT", help="default: the whole district")
    add.add_argument("--age", default="", choices=AGES, metavar="GROUP", help=", ".join(AGES[1:]))
    add.add_argument("--by", required=True, metavar="NAME")
    text = "a key of your own: sent twice, it is one wish"
    add.add_argument("--submission", metavar="KEY", help=text)
    listed = cli.add_command(actions, "list", "the wishes, newest first", _list, "--district")
    listed.add_argument("--state", choices=[state.value for state in State])
    listed.add_argument("--kind", default="")
    text = "wishes as Open311 names them"
    export = cli.add_command(actions, "export", text, _export, "--district")
    export.add_argument("--format", choices=_FORMATS, default="csv")
    export.add_argument("--published", action="store_true", help="only what the public sees")


def _district(options: argparse.Namespace) -> District:
    return read_district(options.district or settings().district)


def _add(options: argparse.Namespace) -> int:
    from circle.wishes import recording  # noqa: PLC0415 - SQLAlchemy is slow to load

    wish = recording.add(
        store.opened(),
        _district(options),
        text=options.text,
        kind=options.kind,
        at=cli.point(options.at) if options.at else None,
        age_group=options.age,
        by=options.by,
        submission=options.submission or secrets.token_hex(16),
    )
    cli.emit({"id": wish.id, "state": wish.state, "area": wish.area, "version": wish.version})
    return cli.OK


def _list(options: argparse.Namespace) -> int:
    from circle.wishes import recording  # noqa: PLC0415 - SQLAlchemy is slow to load

    states = None if options.state is None else frozenset({State(options.state)})
    district = _district(options)
    wishes = recording.listed(store.opened(), district.id, states=states, kind=options.kind)
    cli.emit(
        [
            {
                "id": wish.id,
                "state": wish.state,
                "visibility": wish.visibility,
                "kind": wish.kind,
                "area": wish.area,
                "level": wish.level,
                "text": wish.text,
                "expected": wish.expected,
            }
            for wish in wishes
        ]
    )
    return cli.OK


def _export(options: argparse.Namespace) -> int:
    from circle.wishes import answers, flow, open311, recording  # noqa: PLC0415 - as above
    from circle.words.tables import to_csv  # noqa: PLC0415 - only here

    district, kept = _district(options), store.opened()
    table = open311.requests(
        district,
        recording.listed(kept, district.id),
        answers.units(kept, district.id),
        flow.claims(kept, district.id),
        published=options.published,
    )
    if not options.published:
        _note(kept, district, table)
    if options.format == "csv":
        sys.stdout.write(to_csv(table).decode("utf-8-sig").replace("\r\n", "\n"))
    else:
        cli.emit(open311.features(table))
    return cli.OK


def _note(kept: store.Store, district: District, table: pd.DataFrame) -> None:
    from circle.store import audit  # noqa: PLC0415 - SQLAlchemy is slow to load

    if kept.in_use:
        subject = f"wishes/{district.id}"
        told = {"wishes": len(table)}
        audit.note(kept, audit.Action.EXPORT, by=cli.whoever(), subject=subject, content=told)
