"""The command refresh: the streets as they are mapped today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circle import store
from circle.cli import arguments as cli
from circle.config import os_user, settings
from circle.files import folder_to_write, readable
from circle.i18n import t
from circle.load.versions import Made
from circle.network.pieces import pieces_of_street
from circle.osm.refresh import STREETS, refreshed
from circle.words import version_tables

if TYPE_CHECKING:
    import argparse

    from circle.model import District
    from circle.osm.refresh import Refreshed

_MB = 1_000_000


def refresh(options: argparse.Namespace) -> int:
    """Print what the streets of today change, and put them in place where that is agreed."""
    folder = folder_to_write(options.folder)
    made = Made("refresh", options.by or os_user(), options.reason)
    server = options.server or settings().overpass
    with refreshed(folder, server, made, _Progress()) as streets:
        answer = _answer(streets)
        if options.yes:
            with store.noted(made, streets.after.id):
                streets.put()
    cli.emit({"district": readable(folder), "applied": options.yes} | answer)
    if not options.yes:
        cli.print_to_stderr(t("refresh.not_applied"))
    return cli.OK


def _answer(streets: Refreshed) -> dict[str, Any]:
    services = version_tables.services(streets.after)
    return {
        "as_of": streets.answer.as_of.isoformat(),
        "ways": streets.answer.ways,
        "left_out": streets.left_out,
        "files": [
            {"file": change.file, "added": len(change.added), "removed": len(change.removed)}
            | {"changed": len(change.changed)}
            for change in streets.changes
            if change.file in STREETS
        ],
        "pieces": {"before": _pieces(streets.before), "after": _pieces(streets.after)},
        "edits": streets.after.street_edits[["id", "outcome"]].to_dict("records"),
        "coverage": version_tables.beside(streets.before, streets.after, services),
        "content_hash": streets.after.base_id,
    }


def _pieces(district: District) -> int:
    return int(pieces_of_street(district.network).max(initial=-1)) + 1


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
