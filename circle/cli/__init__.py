"""The command line: the same engine for scripts.

JSON or GeoJSON on stdout, problems on stderr. Exit code 0: done; 1: the data
has faults or there is no answer; 2: the call cannot be taken.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import TYPE_CHECKING

from circle.cli import (
    coverage_command,
    folder_commands,
    gaps_command,
    history_command,
    intake_command,
    register_commands,
    report_command,
    score_command,
    store_command,
    walk_commands,
    wishes_command,
)
from circle.cli.arguments import FAULT, OK, USAGE, print_to_stderr
from circle.config import settings
from circle.errors import CircleError, DataError, InputError, NetworkError, OutputError
from circle.files import reason, shown
from circle.i18n import LANGUAGES, use_language
from circle.load import finding_text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FAULT", "OK", "USAGE", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    logging.getLogger("circle").addHandler(logging.NullHandler())  # errors speak for themselves
    try:
        options = _parser().parse_args(arguments)
        use_language(options.lang or settings().language)
        code: int = options.run(options)
        sys.stdout.flush()
    except CircleError as error:
        findings = error.findings if isinstance(error, DataError) else ()
        print_to_stderr(str(error), *(finding_text(finding) for finding in findings))
        return USAGE if isinstance(error, InputError | NetworkError | OutputError) else FAULT
    except BrokenPipeError:  # whoever read the answer has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAULT
    except OSError as error:
        name = "-" if error.filename is None else shown(error.filename)
        print_to_stderr(InputError("file", file=name, problem=reason(error)).message())
        return USAGE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m circle", description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES, help="language of messages")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for group in (
        folder_commands,
        walk_commands,
        coverage_command,
        gaps_command,
        score_command,
        register_commands,
        history_command,
        intake_command,
        report_command,
        store_command,
        wishes_command,
    ):
        group.add_to(commands)
    return parser
