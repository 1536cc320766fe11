"""Commands on wishes: add one, list and export them."""

from __future__ import annotations

import secrets
import sys
from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.cli.answers import point
from circle.config import os_user, settings
from circle.load import read_district
from circle.wishes.nouns import State

if TYPE_CHECKING:
    import argparse

    import pandas as pd

    from circle.model import District

_FORMATS = ("csv", "geojson")


def _district(options: argparse.Namespace) -> District:
    return read_district(options.district or settings().district)


def add(options: argparse.Namespace) -> int:
    """Write a wish down."""
    from circle.wishes import recording  # noqa: PLC0415 - SQLAlchemy is slow to load

    wish = recording.add(
        store.opened(),
        _district(options),
        text=options.text,
        kind=options.kind,
        at=point(options.at) if options.at else None,
        age_group=options.age,
        by=options.by,
        submission=options.submission or secrets.token_hex(16),
    )
    cli.emit({"id": wish.id, "state": wish.state, "area": wish.area, "version": wish.version})
    return cli.OK


def list_(options: argparse.Namespace) -> int:
    """Print the wishes."""
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


def export(options: argparse.Namespace) -> int:
    """Print the wishes for others."""
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
        audit.note(kept, audit.Action.EXPORT, by=os_user(), subject=subject, content=told)
