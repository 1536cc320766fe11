"""Run the command line: ``python -m circle``."""

from __future__ import annotations

import sys

from circle.cli import main

if __name__ == "__main__":
    sys.exit(main())
