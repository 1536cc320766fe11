"""The command report: the coverage report in every format a bureau takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circle import store
from circle.cli.arguments import OK, UNVERIFIED, emit, minutes_of, print_to_stderr
from circle.cli.standard_arguments import standard_sets_here
from circle.config import settings
from circle.i18n import LANGUAGES, language, t
from circle.report.content.elements import Choice, Crs
from circle.study import Study

if TYPE_CHECKING:
    import argparse

_STATED = ("title", "period", "issuer", "version", "map-number")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add this command to the parser."""
    parser = commands.add_parser("report", help="the coverage report as files, with a manifest")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--formats", metavar="LIST", help="docx,pdf,xlsx,gpkg,geojson,shp,csv,…")
    parser.add_argument("--lang", choices=LANGUAGES, dest="edition", help="language of the report")
    parser.add_argument("--crs", choices=[crs.value for crs in Crs], default=Crs.CGCS2000.value)
    parser.add_argument("--minutes", help="default 15")
    parser.add_argument("--standard", metavar="SET", help="judge by a standard instead of minutes")
    parser.add_argument("--kinds", metavar="LIST", help="default all services")
    parser.add_argument("--profiles", metavar="LIST", help="the first is the one of the maps")
    parser.add_argument("--areas", metavar="LIST", help="tables and gaps of these areas alone")
    parser.add_argument("--unverified", choices=UNVERIFIED, default="exclude")
    parser.add_argument("--paper", choices=("a4", "a3"), default="a4", help="of the maps")
    parser.add_argument("--portrait", action="store_true", help="maps on standing sheets")
    for name in _STATED:
        parser.add_argument(f"--{name}", default="", help="on the cover")
    parser.add_argument("--district", type=Path, metavar="DIR")
    parser.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> int:
    from circle.report import bundle  # noqa: PLC0415 - the writers are heavy
    from circle.report.run import run  # noqa: PLC0415

    choice = Choice(
        kinds=_words(options.kinds),
        profiles=_words(options.profiles),
        minutes=minutes_of(options),
        standard=options.standard or "",
        areas=_words(options.areas),
        unverified=options.unverified == "include",
        language=options.edition or language(),
        crs=Crs(options.crs),
        paper=options.paper,
        landscape=not options.portrait,
        **{name.replace("-", "_"): getattr(options, name.replace("-", "_")) for name in _STATED},
    )
    written = run(
        Study(store.open_district(options.district or settings().district)),
        choice,
        standard_sets_here(),
        options.out,
        _words(options.formats) or bundle.FORMATS,
    )
    emit(written.as_json())
    longest = max(written.seconds, key=lambda part: written.seconds[part])
    parts = ", ".join(f"{part} {took:.1f} s" for part, took in written.seconds.items())
    print_to_stderr(t("cli.report_took", total=f"{sum(written.seconds.values()):.1f}", parts=parts))
    print_to_stderr(t("cli.report_longest", part=longest))
    return OK


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (text or "").split(",") if word.strip())
