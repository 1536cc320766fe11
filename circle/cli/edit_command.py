"""The command edit: streets mended by hand, listed, added, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.config import os_user, settings
from circle.errors import InputError
from circle.files import folder_to_write, readable
from circle.load import read_district, street_edits
from circle.load.street_edits import Wanted
from circle.load.versions import Made
from circle.network.edits import Act

if TYPE_CHECKING:
    import argparse

    from circle.load.street_edits import Point

LIST, UNDO = "list", "undo"
ACTIONS = (LIST, *(act.value.replace("_", "-") for act in Act), UNDO)
_ENDS = 2


def edit(options: argparse.Namespace) -> int:
    """List the edits, add one, or take one back."""
    folder = Path(options.district or settings().district)
    if options.action not in ACTIONS:
        raise InputError("edit.action", name=options.action[:80], known=", ".join(ACTIONS))
    if options.action == LIST:
        table = read_district(folder).street_edits.drop(columns=["x", "y"])
        cli.emit(table.astype(object).where(table.notna(), None).to_dict("records"))
        return cli.OK
    if not options.reason.strip():
        raise InputError("version.reason_missing")
    place = folder_to_write(folder)
    made = Made("edit", options.by or os_user(), options.reason.strip())
    with store.noted(made, read_district(place).id):
        if options.action == UNDO:
            name = options.where[0] if options.where else ""
            street_edits.undo(place, name, made)
        else:
            name = street_edits.add(place, _wanted(options), made)
    district = read_district(place)
    cli.emit({"district": readable(place), "id": name, "content_hash": district.base_id})
    return cli.OK


def _wanted(options: argparse.Namespace) -> Wanted:
    points = [_point(text) for text in options.where]
    if not 1 <= len(points) <= _ENDS:
        raise InputError("edit.ends")
    return Wanted(
        act=Act(options.action.replace("-", "_")),
        at=points[0],
        to=points[1] if len(points) == _ENDS else None,
        steps=options.steps,
        hours=options.hours,
        name=options.name,
    )


def _point(text: str) -> Point:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError("point_text", text=text[:80]) from error
    return lon, lat
