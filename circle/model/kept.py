"""What is derived of a noun is kept with it, and gone when it is gone.

Of each function the sixteen results last used are kept: more than a district has
levels, profiles or open scenarios.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

P = ParamSpec("P")
T = TypeVar("T")

_MOST = 16
"""Of each function so many results are kept, the longest unused goes first."""


class Kept:
    """Derived values of one object; whoever asks while one is made waits for it.

    Attributes
    ----------
    homes
        Where values are kept that no edit of streets touches (`derived_of_homes`): its
        own, or those of the object whose streets alone were edited.
    """

    def __init__(self, homes: Kept | None = None) -> None:
        self.homes = homes or self
        self._lock = threading.RLock()
        self._values: dict[str, OrderedDict[Hashable, Any]] = {}

    def get(self, name: str, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value called `name` for `key`, made by `make` where it is not kept."""
        with self._lock:
            values = self._values.setdefault(name, OrderedDict())
            if key not in values:
                values[key] = make()
                if len(values) > _MOST:
                    values.popitem(last=False)
            values.move_to_end(key)
            value: T = values[key]
            return value


class Keeper(Protocol):
    """An object that keeps what is derived of it."""

    @property
    def kept(self) -> Kept:
        """Its derived values."""


K = TypeVar("K", bound=Keeper)


def derived(function: Callable[Concatenate[K, P], T]) -> Callable[Concatenate[K, P], T]:
    """Keep a function's result with the object, for each set of arguments, however written.

    A district shares what it keeps with every scenario of its base
    (`circle.model.Scenario`), so a function of a district may only use what no
    change touches: streets, boundary, residents, areas.

    Parameters
    ----------
    function
        Takes the keeper and, by position, values that can be hashed.
    """
    return _once(function, lambda keeper: keeper.kept)


def derived_of_homes(
    function: Callable[Concatenate[K, P], T],
) -> Callable[Concatenate[K, P], T]:
    """Keep a result as `derived` does, for scenarios with other streets too.

    The function uses where residents live and how many, boundary and areas; of the
    streets their names alone.
    """
    return _once(function, lambda keeper: keeper.kept.homes)


def _once(
    function: Callable[Concatenate[K, P], T], kept: Callable[[K], Kept]
) -> Callable[Concatenate[K, P], T]:
    name = f"{function.__module__}.{function.__qualname__}"
    called_with = signature(function)

    @wraps(function)
    def once(keeper: K, /, *args: P.args, **kwargs: P.kwargs) -> T:
        bound = called_with.bind(keeper, *args, **kwargs)
        bound.apply_defaults()
        key = tuple(bound.arguments.items())[1:]
        return kept(keeper).get(name, key, lambda: function(keeper, *args, **kwargs))

    return once
