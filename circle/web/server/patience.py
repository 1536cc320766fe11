"""A request that is not there whole within its time ends with its connection.

Uvicorn waits for the rest of a request without a limit, and Streamlit passes it none.
So the protocol that it takes when only h11 is installed is given one here.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

REQUEST_S = 30.0
"""From its first byte, or from the opening of the connection, to its last byte."""
_HALF_OPEN = (h11.IDLE, h11.SEND_BODY)
_deadlines: WeakKeyDictionary[H11Protocol, asyncio.TimerHandle] = WeakKeyDictionary()


def limit_half_open() -> None:
    """Give requests their time; may be called again."""
    if not hasattr(H11Protocol.data_received, "__wrapped__"):
        for event in ("connection_made", "data_received"):
            _follow(event, _watch)
        for event in ("connection_lost", "handle_websocket_upgrade"):
            _follow(event, _forget)


def _follow(event: str, then: Callable[[H11Protocol], None]) -> None:
    """Have something done after a method of the protocol."""
    method = getattr(H11Protocol, event)

    @wraps(method)
    def followed(self: H11Protocol, *given: Any) -> None:  # noqa: ANN401 - whatever uvicorn gives
        method(self, *given)
        then(self)

    setattr(H11Protocol, event, followed)


def _watch(connection: H11Protocol) -> None:
    upgraded = connection.transport.get_protocol() is not connection  # a WebSocket's own from here
    whole = connection.conn.their_state not in _HALF_OPEN
    if whole or upgraded or connection.transport.is_closing():
        _forget(connection)
    elif connection not in _deadlines:
        _deadlines[connection] = connection.loop.call_later(REQUEST_S, connection.transport.abort)


def _forget(connection: H11Protocol) -> None:
    deadline = _deadlines.pop(connection, None)
    if deadline is not None:
        deadline.cancel()
