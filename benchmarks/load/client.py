"""A visitor without a browser: Streamlit's own messages over a websocket.

What a browser does is done here: it asks by the page's address, keeps the large
messages of the last answers and says which it has, and goes back to its session
after the connection was lost.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

if TYPE_CHECKING:
    from streamlit.proto.Element_pb2 import Element
    from websockets.asyncio.client import ClientConnection

PATIENCE_S = 30.0
LOST = "the connection was lost"
_PROTOCOL, _UNSIGNED = Subprotocol("streamlit"), Subprotocol("unsigned")
_KEPT_ANSWERS = 2
_AGAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question.

    Attributes
    ----------
    seconds
        From the question to the end of the page's run.
    received
        Bytes of the messages.
    faults
        What went wrong: a lost connection, an exception or an error that the page
        shows; empty where nothing did.
    """

    seconds: float
    received: int = 0
    faults: tuple[str, ...] = ()


@dataclass
class Run:
    """What the server says in answer to one question, message by message.

    Attributes
    ----------
    known
        Hashes of the messages that are kept from earlier answers.
    """

    known: frozenset[str] = frozenset()
    session: str = ""
    script: str = ""
    elements: int = 0
    received: int = 0
    done: bool = False
    kept: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def take(self, raw: bytes | str) -> None:
        """Read a message.

        Raises
        ------
        google.protobuf.message.DecodeError
            When it is none.
        """
        told = ForwardMsg()
        told.ParseFromString(raw.encode() if isinstance(raw, str) else raw)
        self.received += len(raw)
        match told.WhichOneof("type"):
            case "new_session":
                self.session = told.new_session.initialize.session_id
                self.script = told.new_session.page_script_hash
            case "delta":
                self._delta(told)
            case "ref_hash":
                self._again(told.ref_hash)
            case "page_not_found":
                self.faults.append("the page was not found")
            case "script_finished":
                self._finished(told.script_finished)

    def _delta(self, told: ForwardMsg) -> None:
        if told.delta.WhichOneof("type") != "new_element":
            return
        self.elements += 1
        if told.metadata.cacheable:
            self.kept.add(told.hash)
        self.faults += _shown(told.delta.new_element)

    def _again(self, known: str) -> None:
        self.elements += 1
        self.kept.add(known)
        if known not in self.known:
            self.faults.append("a message was not sent")

    def _finished(self, how: ForwardMsg.ScriptFinishedStatus.ValueType) -> None:
        if how == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        self.done = True
        if how == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.faults.append("the page does not compile")
        elif not self.elements:
            self.faults.append("the page is empty")


def _shown(element: Element) -> list[str]:
    if element.HasField("exception"):
        return [f"{element.exception.type}: {element.exception.message}"]
    if element.HasField("alert") and element.alert.format == Alert.ERROR:
        return [element.alert.body]
    return []


class Visitor:
    """One visitor, with one connection and one session.

    Parameters
    ----------
    address
        Of the server: ``127.0.0.1:8501``.
    page
        The page's path; empty for the first page.
    """

    def __init__(self, address: str, page: str) -> None:
        self.address, self.page = address, page
        self._socket: ClientConnection | None = None
        self._session = self._script = ""
        self._kept: deque[set[str]] = deque(maxlen=_KEPT_ANSWERS)

    @property
    def here(self) -> bool:
        """Whether there is a connection."""
        return self._socket is not None and self._socket.close_code is None

    async def come(self, within_s: float = PATIENCE_S) -> bool:
        """Connect, trying again as a browser does; return whether it worked."""
        end = time.monotonic() + within_s
        while not self.here and time.monotonic() < end:
            try:
                self._socket = await self._connect()
            except (OSError, WebSocketException):
                await asyncio.sleep(_AGAIN_S)
        return self.here

    async def leave(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            await self._socket.close()

    async def stay(self, seconds: float) -> None:
        """Wait so long, or until the connection is lost."""
        if self._socket is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._socket.wait_closed(), seconds)

    async def ask(self, query: str) -> Answer:
        """Open the page with these query parameters and wait until it has run."""
        start = time.perf_counter()
        run = Run(frozenset().union(*self._kept))
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._talk(query, run)
        except TimeoutError:
            run.faults.append(f"no answer within {PATIENCE_S:g} s")
            await self.leave()
        except (OSError, WebSocketException):
            run.faults.append(LOST)
        return Answer(time.perf_counter() - start, run.received, tuple(run.faults))

    async def _talk(self, query: str, run: Run) -> None:
        if self._socket is None:
            raise ConnectionError(LOST)
        await self._socket.send(self._question(query))
        while not run.done:
            run.take(await self._socket.recv())
        self._session, self._script = run.session, run.script
        self._kept.append(run.kept)

    def _question(self, query: str) -> bytes:
        asked = BackMsg()
        asked.rerun_script.query_string = query
        asked.rerun_script.page_script_hash = self._script
        asked.rerun_script.page_name = "" if self._script else self.page
        asked.rerun_script.cached_message_hashes.extend(sorted(set().union(*self._kept)))
        asked.rerun_script.context_info.url = f"http://{self.address}/{self.page}"
        asked.rerun_script.context_info.timezone = "UTC"
        asked.rerun_script.context_info.locale = "zh-CN"
        return bytes(asked.SerializeToString())

    async def _connect(self) -> ClientConnection:
        """Connect, and ask for the session of before: a restarted server gives a new one."""
        own = [_PROTOCOL]
        if self._session:
            own += [_UNSIGNED, Subprotocol(self._session)]
        self._script = ""
        self._kept.clear()
        return await connect(
            f"ws://{self.address}/_stcore/stream",
            subprotocols=own,
            compression=None,
            max_size=None,
            max_queue=None,
            proxy=None,
        )
