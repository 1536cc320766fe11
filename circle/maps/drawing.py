"""What the drawing script of the map is given: calls of ``circle.js``, as plain data.

What many answers share is a `Shared` of its own, so that it is written once, and an
answer is what differs. A browser may read the data of a page that is one file as HTML:
`script_json` writes them so that it finds nothing to run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ESCAPES = {
    ord(char): f"\\u{ord(char):04x}" for char in ("<", ">", "&", "'", "`", "\u2028", "\u2029")
}


def script_json(data: object) -> str:
    """Return `data` as JSON that is safe in a script and in a string.

    Only inside strings can the escaped characters occur, so that the escapes never
    touch the structure.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES)


@dataclass(frozen=True, eq=False)
class Shared:
    """What many answers show alike: worth keeping, written once.

    Attributes
    ----------
    data
        Part of what a function of ``circle.js`` draws.
    """

    data: Mapping[str, Any]

    @cached_property
    def json(self) -> bytes:
        """The data as JSON."""
        return orjson.dumps(self.data)


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """One call of ``circle.js``.

    Attributes
    ----------
    function
        Its name.
    data
        What it draws, but for what it shares with other answers.
    shared
        That.
    """

    function: str
    data: Mapping[str, Any]
    shared: Shared | None = None

    @property
    def whole(self) -> dict[str, Any]:
        """All that the function is given."""
        return {**(self.shared.data if self.shared else {}), **self.data}


def calls(layers: Iterable[Layer]) -> list[tuple[str, dict[str, Any]]]:
    """Return which function of ``circle.js`` draws each layer, and what it is given."""
    return [(layer.function, layer.whole) for layer in layers]
