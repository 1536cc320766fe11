"""Streets as they are now, from an Overpass server: an answer that holds, or none.

What an Overpass server says is believed only when nothing speaks against it. An
answer with status 200 may be half of one: with a remark that it ran out of time,
cut off on the way, from an old copy of the map, or empty.
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import httpx2

from circle.errors import FetchError
from circle.files import file_in_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TRIES = 4
DEADLINE_S = 300.0
LARGEST_MB = 400
_FIRST_WAIT_S = 2.0
_SILENCE_S = 60.0
_TOLD_EVERY_S = 0.5
_AGAIN = frozenset({429, 502, 503, 504})
"""Statuses of a server that has no time now; any other but 200 is its last word."""
_AGENT = "circle (15-minute life circle; one request a refresh)"

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, examined.

    Attributes
    ----------
    as_of
        Of what moment the server's map is (UTC).
    ways, nodes
        How many it sent.
    """

    as_of: datetime
    ways: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer must keep to.

    Attributes
    ----------
    least_ways
        Fewer ways are no answer: the streets are known to be more.
    since
        A map of before this moment is older than the one at hand.
    """

    least_ways: int = 1
    since: datetime = datetime(1970, 1, 1, tzinfo=UTC)


def streets(
    server: str,
    bounds: Bounds,
    out: Path,
    expected: Expected = Expected(),
    *,
    deadline_s: float = DEADLINE_S,
    progress: Callable[[int], None] = lambda _: None,
) -> Answer:
    """Fetch all streets within some bounds as OpenStreetMap XML.

    Parameters
    ----------
    server
        Address of the interpreter, such as ``https://overpass.example/api/interpreter``.
    bounds
        West, south, east, north in degrees.
    out
        Where the file is put, once it is known to be whole.
    expected
        What the answer must keep to.
    deadline_s
        After so many seconds of asking and waiting it is given up.
    progress
        Called with the bytes that have come, and while it waits to ask again; it may raise
        to stop.

    Raises
    ------
    FetchError
        When no answer came, or none that holds; `out` is then as it was.
    OutputError
        When the file cannot be written.
    """
    until = time.monotonic() + deadline_s
    with file_in_place(out) as part:
        _fetch(server, query(bounds, deadline_s), part, until, progress)
        return examined(part, server, expected)


def query(bounds: Bounds, deadline_s: float = DEADLINE_S) -> str:
    """Return the question in Overpass QL: every highway within the bounds with its nodes."""
    west, south, east, north = bounds
    box = ",".join(f"{degrees:.7f}" for degrees in (south, west, north, east))
    return f"[out:xml][timeout:{math.ceil(deadline_s)}];way[highway]({box});(._;>;);out body;"


def examined(path: Path, server: str, expected: Expected) -> Answer:
    """Return what an answer holds, when it can be believed.

    Raises
    ------
    FetchError
        When it is no OpenStreetMap XML, cut off, with a remark, of an older map, or
        too small.
    """
    tally = _Tally()
    try:
        for element in _elements(path, server):
            tally.add(element)
    except ET.ParseError as error:
        raise FetchError("truncated", server=server) from error
    if tally.remark:
        raise FetchError("remark", server=server, remark=tally.remark[:300])
    if tally.incomplete:
        raise FetchError("incomplete", server=server, count=tally.incomplete)
    if tally.ways < expected.least_ways:
        raise FetchError("few", server=server, have=tally.ways, least=expected.least_ways)
    moment = _moment(tally.as_of, server)
    if moment < expected.since:
        raise FetchError("older", server=server, have=moment.date(), since=expected.since.date())
    return Answer(moment, tally.ways, len(tally.nodes))


class _Tally:
    """What an answer holds, counted as it is read."""

    def __init__(self) -> None:
        self.remark, self.as_of = "", ""
        self.ways = self.incomplete = 0
        self.nodes: set[str] = set()

    def add(self, element: ET.Element) -> None:
        match element.tag:
            case "remark":
                self.remark = (element.text or "").strip()
            case "meta":
                self.as_of = element.get("osm_base", "")
            case "node":
                self.nodes.add(element.get("id", ""))
            case "way":
                self.ways += 1
                refs = element.iter("nd")
                self.incomplete += any(ref.get("ref") not in self.nodes for ref in refs)


def _elements(path: Path, server: str) -> Iterator[ET.Element]:
    """Yield the elements below the root, each as it ends; nothing is kept of them."""
    with path.open("rb") as file:
        head = file.read(4096)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head or b"<osm" not in head:
            raise FetchError("not_osm", server=server)
    depth, root = 0, None
    for event, element in ET.iterparse(path, ("start", "end")):  # noqa: S314 - no DTD, see above
        if event == "start":
            root = element if root is None else root
            depth += 1
            continue
        depth -= 1
        if depth == 1 and root is not None:
            yield element
            root.clear()


def _moment(text: str, server: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise FetchError("undated", server=server) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _fetch(
    server: str, question: str, part: Path, until: float, progress: Callable[[int], None]
) -> None:
    if not server.startswith(("https://", "http://")):
        raise FetchError("address", server=server[:200])
    wait_s = _FIRST_WAIT_S
    fault = FetchError("late", server=server)
    for attempt in range(TRIES):
        if attempt:
            asked_s = fault.values.get("after_s")
            pause = max(wait_s, float(str(asked_s or 0)))
            if time.monotonic() + pause > until:
                raise fault
            _wait(pause, progress)
            wait_s *= 2
        try:
            _ask(server, question, part, until, progress)
        except _TryAgainError as again:
            fault = again.fault
        else:
            return
    raise fault


def _wait(pause_s: float, progress: Callable[[int], None]) -> None:
    """Wait before asking again; whoever follows is told in between, and may stop it."""
    until = time.monotonic() + pause_s
    while (left_s := until - time.monotonic()) > 0:
        progress(0)
        time.sleep(min(left_s, _TOLD_EVERY_S))


class _TryAgainError(Exception):
    def __init__(self, fault: FetchError) -> None:
        super().__init__(fault)
        self.fault = fault


def _ask(
    server: str, question: str, part: Path, until: float, progress: Callable[[int], None]
) -> None:
    """Ask once and write what comes; a name that is not found is asked of nobody else."""
    left_s = max(until - time.monotonic(), 0.1)
    timeout = httpx2.Timeout(min(left_s, _SILENCE_S))
    headers = {"User-Agent": _AGENT, "Cache-Control": "no-cache", "Accept-Encoding": "gzip"}
    try:
        with (
            httpx2.Client(timeout=timeout, headers=headers, follow_redirects=False) as client,
            client.stream("POST", server, data={"data": question}) as reply,
        ):
            _refuse_status(reply, server)
            _write(reply, part, server, until, progress)
    except httpx2.DecodingError as error:
        raise FetchError("truncated", server=server) from error
    except (httpx2.RemoteProtocolError, httpx2.ReadError) as error:
        raise _TryAgainError(FetchError("truncated", server=server)) from error
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError) as error:
        raise FetchError("address", server=server[:200]) from error
    except httpx2.TimeoutException as error:
        raise _TryAgainError(FetchError("late", server=server)) from error
    except httpx2.HTTPError as error:
        problem = str(error)[:200] or type(error).__name__
        raise _TryAgainError(FetchError("unreachable", server=server, problem=problem)) from error


def _refuse_status(reply: httpx2.Response, server: str) -> None:
    status = reply.status_code
    if status in _AGAIN:
        after_s = _retry_after(reply.headers.get("Retry-After", ""))
        raise _TryAgainError(FetchError("busy", server=server, status=status, after_s=after_s))
    if status != httpx2.codes.OK:
        raise FetchError("status", server=server, status=status)


def _retry_after(text: str) -> int:
    """Return the seconds that a server asks to wait; 0 where it does not say."""
    with suppress(ValueError):
        return max(0, int(text))
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        return max(0, math.ceil((moment - datetime.now(UTC)).total_seconds()))
    return 0


def _write(
    reply: httpx2.Response,
    part: Path,
    server: str,
    until: float,
    progress: Callable[[int], None],
) -> None:
    size = 0
    with part.open("wb") as file:
        for chunk in reply.iter_bytes():
            size += len(chunk)
            if size > LARGEST_MB * 1_000_000:
                raise FetchError("large", server=server, most=LARGEST_MB)
            if time.monotonic() > until:
                raise FetchError("late", server=server)
            file.write(chunk)
            progress(size)
