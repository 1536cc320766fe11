"""Visitors at once: they come, ask and read; ask in the same moment; live through a restart."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from benchmarks.load.client import LOST, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from benchmarks.load.client import Answer
    from circle.model import District

    Ask = Callable[[], str]

THINK_S = (4.0, 12.0)
ARRIVE_S = 10.0
BACK_S = 90.0
_WITHIN = ("5", "10", "15")


class Return(NamedTuple):
    """How a visitor came back from a restart.

    Attributes
    ----------
    seconds
        From the end of the server until the visitor's page had run again.
    faults
        What went wrong on the way.
    """

    seconds: float
    faults: tuple[str, ...] = ()


def questions(district: District, seed: int = 5) -> Iterator[str]:
    """Return addresses that ask from where residents live, without end.

    Parameters
    ----------
    district
        Where its residents are, and who walks.
    seed
        Of the draws: the same questions each time.
    """
    rng = random.Random(seed)  # noqa: S311 - no secret
    inside = district.demand[district.demand["inside"]]
    places = inside[["lon", "lat"]].to_numpy(float).tolist()
    while True:
        lon, lat = rng.choice(places)
        yield urlencode(
            {
                "at": f"{lon:.6f},{lat:.6f}",
                "profile": rng.choice(list(district.profiles)),
                "within": rng.choice(_WITHIN),
            }
        )


async def arrive(visitors: Sequence[Visitor], query: str, within_s: float) -> list[Answer]:
    """Have the visitors come one after the other, all with the same question."""

    async def one(visitor: Visitor, after_s: float) -> Answer:
        await asyncio.sleep(after_s)
        await visitor.come()
        return await visitor.ask(query)

    apart_s = within_s / len(visitors)
    return await asyncio.gather(*(one(who, i * apart_s) for i, who in enumerate(visitors)))


async def read_and_ask(visitors: Sequence[Visitor], ask: Ask, seconds: float) -> list[Answer]:
    """Have each visitor ask anew every few seconds, so long."""
    end = time.monotonic() + seconds
    found = await asyncio.gather(*(_reader(who, ask, end) for who in visitors))
    return [answer for own in found for answer in own]


async def _reader(visitor: Visitor, ask: Ask, end: float) -> list[Answer]:
    answers: list[Answer] = []
    pause_s = random.uniform(0, THINK_S[1])  # noqa: S311 - no secret
    while time.monotonic() + pause_s < end:
        await visitor.stay(pause_s)
        if not visitor.here:
            await visitor.come()
        answers.append(await visitor.ask(ask()))
        pause_s = random.uniform(*THINK_S)  # noqa: S311 - no secret
    return answers


async def together(visitors: Sequence[Visitor], ask: Ask) -> list[Answer]:
    """Have all visitors ask in the same moment."""
    return await asyncio.gather(*(who.ask(ask()) for who in visitors))


async def restarted(
    visitors: Sequence[Visitor], ask: Ask, restart: Callable[[], None]
) -> tuple[list[Return], float]:
    """Restart the server while its visitors ask and read.

    Returns
    -------
    list of Return
        How each came back.
    float
        How long the server was away, seconds.
    """
    ended: list[float] = []
    staying = [asyncio.create_task(_survivor(who, ask, ended)) for who in visitors]
    await asyncio.sleep(THINK_S[0])
    ended.append(time.monotonic())
    await asyncio.to_thread(restart)
    away_s = time.monotonic() - ended[0]
    return await asyncio.gather(*staying), away_s


async def _survivor(visitor: Visitor, ask: Ask, ended: list[float]) -> Return:
    """Ask and read until the connection goes, then come back with the same question."""
    query, faults = ask(), list[str]()
    while visitor.here:
        answer = await visitor.ask(query)
        faults += _but_lost(answer.faults)
        if visitor.here:
            await visitor.stay(random.uniform(*THINK_S))  # noqa: S311 - no secret
    start = ended[0] if ended else time.monotonic()
    if not await visitor.come(BACK_S):
        return Return(time.monotonic() - start, (*faults, "did not come back"))
    answer = await visitor.ask(query)
    return Return(time.monotonic() - start, (*faults, *answer.faults))


def _but_lost(faults: Iterable[str]) -> list[str]:
    return [fault for fault in faults if fault != LOST]
