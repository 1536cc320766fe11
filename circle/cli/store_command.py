"""Commands on the store itself, and on its audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.config import os_user
from circle.files import file_in_place, readable
from circle.i18n import t

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from pathlib import Path

    from circle.store.audit import Fault
    from circle.store.backup import Content


def _of(options: argparse.Namespace) -> store.Store:
    return store.opened() if options.url is None else store.Store(options.url)


def upgrade(options: argparse.Namespace) -> int:
    """Bring the store to this version."""
    asked = _of(options)
    before, now = asked.prepare()
    cli.emit({"store": readable(asked.name), "before": before, "version": now})
    return cli.OK


def backup(options: argparse.Namespace) -> int:
    """Write all that it holds."""
    from circle.store import backup  # noqa: PLC0415 - SQLAlchemy is slow to load

    asked = _of(options)
    return _told(asked, options.file, backup.save(asked, options.file))


def restore(options: argparse.Namespace) -> int:
    """Fill an empty store."""
    from circle.store import backup  # noqa: PLC0415 - SQLAlchemy is slow to load

    asked = _of(options)
    return _told(asked, options.file, backup.restore(asked, options.file, by=os_user()))


def _told(asked: store.Store, file: Path, kept: Content) -> int:
    about = {"store": readable(asked.name), "file": readable(file)}
    cli.emit(about | {"version": kept.version, "rows": kept.rows, "sha256": kept.sha256})
    return cli.OK


def verify(options: argparse.Namespace) -> int:
    """Check the chain of the audit."""
    from circle.store import audit  # noqa: PLC0415 - SQLAlchemy is slow to load

    if options.file is None:
        faults, head = audit.verify(audit.lines(store.opened()), options.head)
    else:
        faults, head = audit.verify_file(options.file.read_bytes(), options.head)
    cli.emit(
        {"entries": head.number if head else 0, "head": str(head or ""), "faults": len(faults)}
    )
    cli.print_to_stderr(*_sentences(faults))
    return cli.FAULT if faults else cli.OK


def _sentences(faults: Iterable[Fault]) -> list[str]:
    return [t(f"audit.fault.{fault.key}", number=fault.number) for fault in faults]


def export(options: argparse.Namespace) -> int:
    """Write the audit to a file."""
    from circle.store import audit  # noqa: PLC0415 - SQLAlchemy is slow to load

    kept = store.opened()
    lines = audit.lines(kept)
    with file_in_place(options.file) as part:
        part.touch(mode=0o600)
        part.write_bytes(audit.as_file(lines))
    if kept.in_use:
        audit.note(kept, audit.Action.EXPORT, by=os_user(), subject="audit")
    cli.emit({"file": readable(options.file), "entries": len(lines)})
    return cli.OK
