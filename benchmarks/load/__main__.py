"""Start the application, send visitors, restart it under them, and say how it was.

``python -m benchmarks.load`` prints what it found; with ``--write`` it goes into
docs/performance.md, too. It ends with 1 where anything went wrong. Only 127.0.0.1
is ever addressed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from benchmarks.load.report import Load, memory, table, verdict
from benchmarks.load.run import Plan, measure
from benchmarks.load.server import ROOT, Server
from benchmarks.page import PAGE, machine, put, versions

MOST_SESSIONS, MOST_MINUTES, MOST_BROWSERS = 500, 10.0, 10
_PACKAGES = ("streamlit", "streamlit-folium", "uvicorn", "numpy", "pandas")
_HEAD = """\
## Many visitors at once

Written by `make load`, which starts the application on 127.0.0.1 as it is deployed and sends
visitors over Streamlit's own websocket, each with a session: they open the page `/{page}`, read,
and ask from another place where residents live, with another pace and other limits. An answer
lasts from the question to the end of the page's run, without the drawing in a browser; hardly
any was asked before, so that it is computed. Then the server is ended and started again under
them. Faults are exceptions, errors that the page shows, lost connections, answers that took more
than 30 s, and errors in the server's log. Visitors and server share the processor.

{machine}; {packages}; {date}; `make load SESSIONS={sessions} MINUTES={minutes:g}`.
{wanted:.1f} processes wanted to run at the end of the asking; during it the server took
{server:.2f} cores and the visitors {visitors:.2f}. An answer weighs {weight:.0f} kB.

{table}

{verdict}

{memory}
Of the first, about 290 MiB are Python with Streamlit, pandas and the geometry libraries, and the
rest the district and the compiled searches. A kept answer takes about 0.2 MiB, and at most 128 of
them are kept (`web/memo.py`); a session's own part is its state and its last messages. Nearly
all of an answer's time is Python's, of which one core runs at a time: where all ask at once,
everybody waits for everybody.
"""


def main() -> int:
    """Measure, print or write; return 1 where anything went wrong."""
    plan, write = _asked(sys.argv[1:])
    with Server() as server:
        found = asyncio.run(measure(server, plan))
    text = _text(plan, found)
    print(text)
    if write:
        put("load", text)
        print(PAGE)
    return 1 if found.faults else 0


def _asked(words: list[str]) -> tuple[Plan, bool]:
    told = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    first = "home" if (ROOT / "pages" / "home.py").is_file() else ""
    told.add_argument("--sessions", type=int, default=50)
    told.add_argument("--minutes", type=float, default=1.0)
    told.add_argument("--browsers", type=int, default=2, help="pages opened in a real browser")
    told.add_argument("--page", default=first, help="its path")
    told.add_argument("--write", action="store_true", help="into docs/performance.md, too")
    asked = told.parse_args(words)
    if not (
        1 <= asked.sessions <= MOST_SESSIONS
        and 0 < asked.minutes <= MOST_MINUTES
        and 0 <= asked.browsers <= MOST_BROWSERS
    ):
        told.error(
            f"from 1 to {MOST_SESSIONS} sessions, at most {MOST_MINUTES:g} minutes "
            f"and {MOST_BROWSERS} browsers"
        )
    return Plan(asked.sessions, 60 * asked.minutes, asked.browsers, asked.page), asked.write


def _text(plan: Plan, found: Load) -> str:
    server, visitors = found.cores
    return _HEAD.format(
        page=plan.page,
        machine=machine(),
        packages=versions(_PACKAGES),
        date=datetime.now(tz=UTC).date().isoformat(),
        sessions=plan.sessions,
        minutes=plan.seconds / 60,
        wanted=found.wanted,
        server=server,
        visitors=visitors,
        weight=found.weight_bytes / 1000,
        table=table(found),
        verdict=verdict(found),
        memory=memory(found),
    )


if __name__ == "__main__":
    sys.exit(main())
