"""The whole run: the visitors through every part of it, one after the other."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.load import browser
from benchmarks.load.client import Visitor
from benchmarks.load.report import Load, Memory, times, weight
from benchmarks.load.visitors import (
    ARRIVE_S,
    arrive,
    questions,
    read_and_ask,
    restarted,
    together,
)
from circle.config import settings
from circle.load import read_district

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.load.browser import Look
    from benchmarks.load.client import Answer
    from benchmarks.load.server import Server
    from benchmarks.load.visitors import Return

_WARM_QUESTIONS = 4
_LOOK_S = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for.

    Attributes
    ----------
    sessions
        How many visitors.
    seconds
        How long they read and ask.
    browsers
        How many pages are opened in a real browser meanwhile; 0 for none.
    page
        Path of the page.
    """

    sessions: int = 50
    seconds: float = 60.0
    browsers: int = 2
    page: str = ""


async def measure(server: Server, plan: Plan) -> Load:
    """Send the visitors and restart the server under them."""
    ask = questions(read_district(settings().district)).__next__
    visitors = [Visitor(server.address, plan.page) for _ in range(plan.sessions)]
    await _warm(server, plan.page, ask)
    before = server.memory_bytes()
    come = await arrive(visitors, "", ARRIVE_S)
    held = server.memory_bytes()
    answers, cores = await _watched(server, visitors, ask, plan.seconds)
    wanted = os.getloadavg()[0]
    at_once = await together(visitors, ask)
    full, most = server.memory_bytes(), server.most_memory_bytes()
    looks = await _looked_at(server, visitors, ask, plan)
    back, away_s, lived = await _restarted(server, visitors, ask, plan)
    await asyncio.gather(*(visitor.leave() for visitor in visitors))
    return Load(
        come=times(come),
        asked=times(answers),
        together=times(at_once),
        back=times(back),
        seconds=plan.seconds,
        sessions=plan.sessions,
        memory=Memory(before, held, full, most),
        cores=cores,
        wanted=wanted,
        away_s=away_s,
        weight_bytes=weight(answers),
        looks=looks,
        lived=lived,
        complaints=server.complaints(),
    )


async def _warm(server: Server, page: str, ask: Callable[[], str]) -> None:
    """Have the server read the district and load what is compiled."""
    first = Visitor(server.address, page)
    await first.come()
    for query in ("", *(ask() for _ in range(_WARM_QUESTIONS))):
        await first.ask(query)
    await first.leave()


async def _watched(
    server: Server, visitors: list[Visitor], ask: Callable[[], str], seconds: float
) -> tuple[list[Answer], tuple[float, float]]:
    """Have them read and ask; return the answers, and the cores of server and visitors."""
    start, own, served = time.monotonic(), time.process_time(), server.cpu_s()
    answers = await read_and_ask(visitors, ask, seconds)
    passed = time.monotonic() - start
    return answers, ((server.cpu_s() - served) / passed, (time.process_time() - own) / passed)


async def _looked_at(
    server: Server, visitors: list[Visitor], ask: Callable[[], str], plan: Plan
) -> list[Look]:
    """Open the page in a real browser while the visitors go on."""
    command = browser.chromium() if plan.browsers else None
    if command is None:
        return []
    url = f"http://{server.address}/{plan.page}"
    asked = [ask() for _ in range(plan.browsers)]
    looking = asyncio.to_thread(browser.look, command, url, asked)
    looks, _ = await asyncio.gather(looking, read_and_ask(visitors, ask, _LOOK_S))
    return looks


async def _restarted(
    server: Server, visitors: list[Visitor], ask: Callable[[], str], plan: Plan
) -> tuple[list[Return], float, Look | None]:
    """Restart the server under the visitors, and under a real browser if there is one."""
    command = browser.chromium() if plan.browsers else None
    if command is None:
        return *await restarted(visitors, ask, server.restart), None
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    url = f"http://{server.address}/{plan.page}?{ask()}"

    def drawn() -> None:
        loop.call_soon_threadsafe(ready.set)

    living = asyncio.create_task(asyncio.to_thread(browser.live_through, command, url, drawn))
    opened = asyncio.create_task(ready.wait())
    await asyncio.wait({living, opened}, return_when=asyncio.FIRST_COMPLETED)
    opened.cancel()
    back, away_s = await restarted(visitors, ask, server.restart)
    return back, away_s, await living
