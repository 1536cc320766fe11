"""Commands on a district folder's versions: history, compare, restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle import store
from circle.cli import arguments as cli
from circle.config import os_user, settings
from circle.files import folder_to_write, readable
from circle.load import changes, read_district, replacing, versions
from circle.load.versions import Made, Version
from circle.words import version_tables

if TYPE_CHECKING:
    import argparse

    from circle.load.changes import LayerChange

_MOST_ROWS = 200


def history(options: argparse.Namespace) -> int:
    """Print the versions."""
    folder = _folder(options)
    known = versions.versions(folder)
    here = versions.present_version(folder, known)
    cli.emit([_described(version) | {"present": version is here} for version in known])
    return cli.OK


def compare(options: argparse.Namespace) -> int:
    """Print what differs."""
    folder = _folder(options)
    before = versions.content_of(folder, versions.version_numbered(folder, options.before))
    after = (
        versions.content_in(folder)
        if options.after is None
        else versions.content_of(folder, versions.version_numbered(folder, options.after))
    )
    then, now = (replacing.district_of(folder, content) for content in (before, after))
    cli.emit(
        {
            "layers": [_layer(change) for change in changes.changes(before, after)],
            "coverage": version_tables.beside(then, now, version_tables.services(now)),
        }
    )
    return cli.OK


def restore(options: argparse.Namespace) -> int:
    """Put a version back."""
    folder = folder_to_write(_folder(options))
    version = versions.version_numbered(folder, options.number)
    made = Made("restore", options.by or os_user(), options.reason)
    with replacing.restoring(folder, version, made) as new:
        district = read_district(new.path)
        with store.noted(made, district.id):
            new.put()
    cli.emit({"district": readable(folder), "content_hash": district.base_id})
    return cli.OK


def _folder(options: argparse.Namespace) -> Path:
    return Path(options.district or settings().district)


def _described(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "time": version.time.isoformat(timespec="seconds"),
        "action": version.action,
        "author": version.author,
        "reason": version.reason,
        "content_hash": version.content_hash,
    }


def _layer(change: LayerChange) -> dict[str, Any]:
    rows = {"added": change.added, "removed": change.removed}
    changed = [{"row": each.row, "values": each.values} for each in change.changed]
    return (
        {"file": change.file, "changed": len(changed)}
        | {name: len(labels) for name, labels in rows.items()}
        | {"rows": {name: labels[:_MOST_ROWS] for name, labels in rows.items()}}
        | {"changes": changed[:_MOST_ROWS]}
    )
