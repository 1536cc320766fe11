"""The command refresh: the streets as they are mapped today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle import store
from circle.cli import arguments as cli
from circle.config import os_user, settings
from circle.files import folder_to_write, readable
from circle.i18n import t
from circle.load.versions import Made
from circle.network.pieces import piece_count
from circle.osm.refresh import STREETS, fetched, refreshed
from circle.words import version_tables

if TYPE_CHECKING:
    import argparse

    from circle.osm.refresh import Fetched, Refreshed

_MB = 1_000_000


def refresh(options: argparse.Namespace) -> int:
    """Print what the streets of today change, and put them in place where that is agreed."""
    folder = folder_to_write(options.folder)
    made = Made("refresh", options.by or os_user(), options.reason)
    server = options.server or settings().overpass
    streets = fetched(folder, server, _Progress())
    with refreshed(streets, made) as new:
        answer = _answer(streets, new)
        if options.yes:
            with store.noted(made, new.after.id):
                new.put()
    cli.emit({"district": readable(folder), "applied": options.yes} | answer)
    if not options.yes:
        cli.print_to_stderr(t("refresh.not_applied"))
    return cli.OK


def _answer(streets: Fetched, new: Refreshed) -> dict[str, Any]:
    services = version_tables.services(new.after)
    return {
        "as_of": streets.answer.as_of.isoformat(),
        "ways": streets.answer.ways,
        "left_out": streets.left_out,
        "files": [
            {"file": change.file, "added": len(change.added), "removed": len(change.removed)}
            | {"changed": len(change.changed)}
            for change in new.changes
            if change.file in STREETS
        ],
        "pieces": {
            "before": piece_count(streets.before.network),
            "after": piece_count(new.after.network),
        },
        "edits": new.after.street_edits[["id", "outcome"]].to_dict("records"),
        "coverage": version_tables.beside(streets.before, new.after, services),
        "content_hash": new.after.base_id,
    }


class _Progress:
    """Tells what is read; of what is fetched every megabyte."""

    def __init__(self) -> None:
        self.told = 0

    def __call__(self, what: str, count: int) -> None:
        if what == "fetched":
            if count - self.told < _MB:
                return
            self.told = count
        cli.print_to_stderr(t(f"import.{what}", count=count))
