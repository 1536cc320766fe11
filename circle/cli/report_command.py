"""The command report: the coverage report in every format a bureau takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.cli import arguments as cli
from circle.cli.options import STATED
from circle.config import os_user
from circle.i18n import in_language, language, t
from circle.reach.compiled import load_for_once
from circle.report.content.choices import ANNEXES, Crs
from circle.report.content.elements import Choice
from circle.study import Study

if TYPE_CHECKING:
    import argparse


def report(options: argparse.Namespace) -> int:
    """Write the report, and print its manifest."""
    from circle.report import bundle  # noqa: PLC0415 - the writers are heavy
    from circle.report.run import run, write_to_audit  # noqa: PLC0415

    load_for_once()
    choice = Choice(
        kinds=_words(options.kinds),
        profiles=_words(options.profiles),
        minutes=cli.minutes_of(options),
        standard=options.standard or "",
        areas=_words(options.areas),
        annexes=ANNEXES if options.annexes == "all" else _words(options.annexes),
        unverified=options.unverified == "include",
        wishes=options.wishes,
        language=options.edition or language(),
        crs=Crs(options.crs) if options.crs else None,
        paper=options.paper,
        landscape=not options.portrait,
        **{name.replace("-", "_"): getattr(options, name.replace("-", "_")) for name in STATED},
    )
    written = run(
        Study(cli.district_of(options)),
        choice,
        cli.standard_sets_here(),
        options.out,
        _words(options.formats) or bundle.FORMATS,
    )
    write_to_audit(written, choice, by=os_user())
    cli.emit(written.as_json())
    with in_language(choice.language):
        cli.print_to_stderr(*_took(written.seconds))
    return cli.OK


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
