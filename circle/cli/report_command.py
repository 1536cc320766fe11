"""The command report: the coverage report in every format a bureau takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle import store
from circle.cli import arguments as cli
from circle.config import settings
from circle.i18n import LANGUAGES, in_language, language, t
from circle.report.content.elements import ANNEXES, Choice, Crs
from circle.study import Study

if TYPE_CHECKING:
    import argparse

    from circle.report.bundle import Manifest

_SHARED = ("--minutes", "--standard", "--unverified", "--district")
_ANNEXES = ",".join(ANNEXES)
_STATED = ("title", "period", "issuer", "version", "map-number")


def add_to(commands: cli.Commands) -> None:
    """Add this command to the parser."""
    text = "the coverage report as files, with a manifest"
    parser = cli.add_command(commands, "report", text, _report, *_SHARED)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--formats", metavar="LIST", help="docx,pdf,xlsx,gpkg,geojson,shp,csv,…")
    parser.add_argument("--lang", choices=LANGUAGES, dest="edition", help="language of the report")
    parser.add_argument("--crs", choices=[crs.value for crs in Crs])
    parser.add_argument("--kinds", metavar="LIST", help="default all services")
    parser.add_argument("--profiles", metavar="LIST", help="the first is the one of the maps")
    parser.add_argument("--areas", metavar="LIST", help="tables and gaps of these areas alone")
    parser.add_argument("--annexes", metavar="LIST", help="in Word and PDF: all, or " + _ANNEXES)
    parser.add_argument("--paper", choices=("a4", "a3"), default="a4", help="of the maps")
    parser.add_argument("--portrait", action="store_true", help="maps on standing sheets")
    for name in _STATED:
        parser.add_argument(f"--{name}", default="", help="on the cover")


def _report(options: argparse.Namespace) -> int:
    from circle.report import bundle  # noqa: PLC0415 - the writers are heavy
    from circle.report.run import run  # noqa: PLC0415

    choice = Choice(
        kinds=_words(options.kinds),
        profiles=_words(options.profiles),
        minutes=cli.minutes_of(options),
        standard=options.standard or "",
        areas=_words(options.areas),
        annexes=ANNEXES if options.annexes == "all" else _words(options.annexes),
        unverified=options.unverified == "include",
        language=options.edition or language(),
        crs=Crs(options.crs) if options.crs else None,
        paper=options.paper,
        landscape=not options.portrait,
        **{name.replace("-", "_"): getattr(options, name.replace("-", "_")) for name in _STATED},
    )
    written = run(
        Study(store.open_district(options.district or settings().district)),
        choice,
        cli.standard_sets_here(),
        options.out,
        _words(options.formats) or bundle.FORMATS,
    )
    _note(choice, written)
    cli.emit(written.as_json())
    with in_language(choice.language):
        cli.print_to_stderr(*_took(written.seconds))
    return cli.OK


def _note(choice: Choice, written: Manifest) -> None:
    from circle.store import audit  # noqa: PLC0415 - SQLAlchemy is slow to load

    kept = store.opened()
    if kept.in_use:
        told = {"sha256": written.archive.sha256, "kinds": choice.kinds, "areas": choice.areas}
        subject = f"report/{written.about['district']}"
        audit.note(kept, audit.Action.REPORT, by=cli.whoever(), subject=subject, content=told)


def _took(seconds: dict[str, float]) -> tuple[str, str]:
    """Return how long the parts took, in the language of the report."""
    names = {part: t(f"reporting.part_{part}") for part in seconds}
    parts = t("unit.and").join(f"{names[part]} {took:.1f} s" for part, took in seconds.items())
    total = f"{sum(seconds.values()):.1f}"
    longest = max(seconds, key=lambda part: seconds[part])
    return (
        t("cli.report_took", total=total, parts=parts),
        t("cli.report_longest", part=names[longest]),
    )


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
