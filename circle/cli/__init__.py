"""The command line: the same engine for scripts.

JSON or GeoJSON on stdout, problems on stderr. Exit code 0: done; 1: the data
has faults or there is no answer; 2: the call cannot be taken.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from circle.cli.answers import FAULT, OK, USAGE, print_to_stderr
from circle.cli.options import parser
from circle.config import settings
from circle.errors import CircleError, DataError, InputError, NetworkError, OutputError
from circle.files import reason, shown
from circle.i18n import use_language

if TYPE_CHECKING:
    import argparse
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
        print_to_stderr(str(error), *_findings(error))
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
    return parser(__doc__)


def _findings(error: CircleError) -> list[str]:
    """Return the findings of an error as sentences."""
    if not isinstance(error, DataError) or not error.findings:
        return []
    from circle.load import finding_text  # noqa: PLC0415 - only here

    return [finding_text(finding) for finding in error.findings]
