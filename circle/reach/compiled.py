"""Inner loops that are compiled when they are first called, and not before.

Numba takes longer to import than a district to read, and what it compiled is loaded
with it. So a program that calls no inner loop loads neither, and one that asks for a
single search of a small network may run the loops as they are written: `as_written`.
"""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circle.i18n import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_as_written: ContextVar[bool] = ContextVar("as_written", default=False)
_lock = threading.RLock()
_loops: list[Loop] = []


class Loop:
    """An inner loop; stands for the compiled function until that is asked for.

    Parameters
    ----------
    function
        As it is written.
    options
        Of ``numba.njit``.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self.function = function
        self.options = options
        self.compiled: Any = None
        update_wrapper(self, function)
        _loops.append(self)

    def __call__(self, *args: Any) -> Any:  # noqa: ANN401 - whatever the loop takes and gives
        """Run it: compiled, or as it is written."""
        if self.compiled is None and _as_written.get():
            return self.function(*args)
        return self.dispatcher()(*args)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever numba's function has
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.dispatcher(), name)

    def dispatcher(self) -> Any:  # noqa: ANN401 - numba has no types
        """Return numba's function, having put all of them in the loops' places."""
        with _lock:
            if self.compiled is None:
                _put_in_place()
        return self.compiled


def njit(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
    """Mark an inner loop; `options` are those of ``numba.njit``."""
    return lambda function: Loop(function, options)


def cache_folder() -> Path:
    """Return the folder that numba keeps what it compiled in."""
    return Path(str(_loops[0].dispatcher().stats.cache_path))


def load_for_once() -> None:
    """Load numba without the linear algebra that it looks for in scipy and no loop needs.

    For a program of one thread that asks once: it saves a quarter of the loading.
    """
    linear_algebra = "scipy.linalg"
    if linear_algebra in sys.modules:
        return
    not_to_be_found: Any = None
    sys.modules[linear_algebra] = not_to_be_found
    try:
        import_module("numba.np.arraymath")
    finally:
        del sys.modules[linear_algebra]


@contextmanager
def as_written() -> Iterator[None]:
    """Run inner loops as they are written in a with block, where none is compiled yet."""
    token = _as_written.set(True)
    try:
        yield
    finally:
        _as_written.reset(token)


def _put_in_place() -> None:
    """Compile all loops, or take what was compiled; loops that call others find them so."""
    import numba  # noqa: PLC0415 - see above
    from numba.core import event  # noqa: PLC0415 - the same

    event.register("numba:compile", _word_listener(event.Listener))  # type: ignore[no-untyped-call]
    for loop in _loops:
        if loop.compiled is None:
            loop.compiled = numba.njit(**loop.options)(loop.function)
    for module in {loop.function.__module__ for loop in _loops}:
        names = vars(sys.modules[module])
        names |= {n: part.compiled for n, part in names.items() if isinstance(part, Loop)}


def _word_listener(base: Any) -> Any:  # noqa: ANN401 - numba has no types
    """Return a listener that says once, to whoever waits, that something is compiled."""

    class Word(base):  # type: ignore[misc]
        said = False

        def on_start(self, event: Any) -> None:  # noqa: ANN401, ARG002 - numba's
            if not self.said:
                self.said = True
                sys.stderr.write(t("cli.compiling") + "\n")

        def on_end(self, event: Any) -> None:  # noqa: ANN401 - numba's
            pass

    return Word()
