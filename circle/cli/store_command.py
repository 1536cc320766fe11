"""Commands on the store itself, and on its audit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.files import file_in_place, readable
from circle.i18n import t

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from circle.store.audit import Fault
    from circle.store.backup import Content


def add_to(commands: cli.Commands) -> None:
    """Add these commands to the parser."""
    group = commands.add_parser("store", help="the store: upgrade, backup, restore")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    text = "bring the store to this program's version"
    upgrade = cli.add_command(actions, "upgrade", text, _upgrade)
    text = "write all that it holds to a file; others may write meanwhile"
    backup = cli.add_command(actions, "backup", text, _backup)
    text = "put what such a file holds into an empty store"
    restore = cli.add_command(actions, "restore", text, _restore)
    for parser in (backup, restore):
        parser.add_argument("file", type=Path, metavar="FILE")
    for parser in (upgrade, backup, restore):
        parser.add_argument("--url", help="path or address of the store; default: the setting")
    group = commands.add_parser("audit", help="who did what when: verify, export")
    actions = group.add_subparsers(required=True, metavar="ACTION")
    text = "check the chain of the store's audit, or of a file of it"
    verify = cli.add_command(actions, "verify", text, _verify)
    verify.add_argument("file", type=Path, nargs="?", metavar="FILE")
    text = "a head that a report prints; it must be in the chain"
    verify.add_argument("--head", action="append", default=[], metavar="NUMBER-HASH", help=text)
    export = cli.add_command(actions, "export", "write the audit to a file", _export)
    export.add_argument("file", type=Path, metavar="FILE")


def _of(options: argparse.Namespace) -> store.Store:
    return store.opened() if options.url is None else store.Store(options.url)


def _upgrade(options: argparse.Namespace) -> int:
    asked = _of(options)
    before, now = asked.prepare()
    cli.emit({"store": readable(asked.name), "before": before, "version": now})
    return cli.OK


def _backup(options: argparse.Namespace) -> int:
    from circle.store import backup  # noqa: PLC0415 - SQLAlchemy is slow to load

    asked = _of(options)
    return _told(asked, options.file, backup.save(asked, options.file))


def _restore(options: argparse.Namespace) -> int:
    from circle.store import backup  # noqa: PLC0415 - SQLAlchemy is slow to load

    asked = _of(options)
    return _told(asked, options.file, backup.restore(asked, options.file, by=cli.whoever()))


def _told(asked: store.Store, file: Path, kept: Content) -> int:
    about = {"store": readable(asked.name), "file": readable(file)}
    cli.emit(about | {"version": kept.version, "rows": kept.rows, "sha256": kept.sha256})
    return cli.OK


def _verify(options: argparse.Namespace) -> int:
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


def _export(options: argparse.Namespace) -> int:
    from circle.store import audit  # noqa: PLC0415 - SQLAlchemy is slow to load

    kept = store.opened()
    lines = audit.lines(kept)
    with file_in_place(options.file) as part:
        part.touch(mode=0o600)
        part.write_bytes(audit.as_file(lines))
    if kept.in_use:
        audit.note(kept, audit.Action.EXPORT, by=cli.whoever(), subject="audit")
    cli.emit({"file": readable(options.file), "entries": len(lines)})
    return cli.OK
