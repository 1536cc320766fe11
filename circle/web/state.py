"""The state of a page lives in the address bar: read, checked, written back.

A `Param` says how one query parameter is read and written. Whatever stands in
the address, a value that does not parse is the default. A widget is tied to its
parameter both ways::

    minutes = Param("minutes", number(1, 60), str, 15.0)
    st.slider(..., **tied(minutes))
    limit = value(minutes)

A page that is opened from another one in the same session starts with the values
last chosen; what was not chosen is each page's own default, and an address with
values of its own always wins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from circle.i18n import language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
MAX_LENGTH = 400
_SEPARATOR = ","
_LAST, _PAGE, _ARRIVED = "_state", "_page", "_arrived"
_TYPED = "typed:"
_SEEN, _TOLD_ANEW = "_seen", "_told_anew"
_LON_MAX, _LAT_MAX = 180.0, 90.0
_POINT_DECIMALS = 6


@dataclass(frozen=True)
class Param(Generic[T]):
    """One query parameter.

    Attributes
    ----------
    name
        As in the address.
    parse
        Text to value; raises ``ValueError`` for text that is none.
    format
        Value to text.
    default
        The value of an address without it.
    """

    name: str
    parse: Callable[[str], T]
    format: Callable[[T], str]
    default: T

    def read(self, raw: object) -> T:
        """Return the value of `raw`, or the default when it is none."""
        if not isinstance(raw, str) or len(raw) > MAX_LENGTH:
            return self.default
        try:
            return self.parse(raw)
        except (ValueError, OverflowError):
            return self.default


def choice(name: str, options: Iterable[str], default: str | None = None) -> Param[str]:
    """Return a parameter that is one of `options`, by default the first."""
    known = tuple(options)
    return Param(name, one_of(known), str, known[0] if default is None else default)


def number(low: float, high: float) -> Callable[[str], float]:
    """Return a parser of a finite number from `low` to `high`."""

    def parse(raw: str) -> float:
        found = float(raw)
        if not (math.isfinite(found) and low <= found <= high):
            raise ValueError(raw)
        return found

    return parse


def one_of(options: Iterable[str]) -> Callable[[str], str]:
    """Return a parser of one of `options`."""
    allowed = frozenset(options)

    def parse(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(raw)
        return raw

    return parse


def some_of(options: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    """Return a parser of some of `options`, separated by commas, in their order."""
    allowed = tuple(options)

    def parse(raw: str) -> tuple[str, ...]:
        asked = set(raw.split(_SEPARATOR)) - {""}
        if not asked <= set(allowed):
            raise ValueError(raw)
        return tuple(option for option in allowed if option in asked)

    return parse


def join(values: Iterable[str]) -> str:
    """Write what `some_of` reads."""
    return _SEPARATOR.join(values)


def lonlat(raw: str) -> tuple[float, float]:
    """Parse ``longitude,latitude`` in degrees."""
    lon, lat = (float(part) for part in raw.split(_SEPARATOR))
    if not (abs(lon) <= _LON_MAX and abs(lat) <= _LAT_MAX):
        raise ValueError(raw)
    return lon, lat


def write_lonlat(point: tuple[float, float] | None) -> str:
    """Write what `lonlat` reads; nothing for no point."""
    return "" if point is None else _SEPARATOR.join(f"{x:.{_POINT_DECIMALS}f}" for x in point)


def flag(raw: str) -> bool:
    """Parse ``1`` or ``0``."""
    return one_of(("0", "1"))(raw) == "1"


def write_flag(on: bool) -> str:  # noqa: FBT001 - a value, not a switch
    """Write what `flag` reads."""
    return "1" if on else "0"


def write_number(found: float) -> str:
    """Write a number without needless decimals."""
    return f"{found:g}"


def enter(page: str) -> None:
    """Note which page runs; the first run of another page keeps the last values."""
    st.session_state[_ARRIVED] = st.session_state.get(_PAGE) not in {None, page}
    seen = (page, language())
    st.session_state[_TOLD_ANEW] = st.session_state.get(_SEEN) != seen
    st.session_state[_PAGE], st.session_state[_SEEN] = page, seen


def page() -> str:
    """Return which page runs."""
    return str(st.session_state[_PAGE])


def hold(key: str, held: object) -> None:
    """Set a widget's state to what the address says.

    It is set even to what it held where the page or the language is another: there
    the same key is another widget, or shows the words of the other language.
    """
    if st.session_state.get(_TOLD_ANEW) or st.session_state.get(key) != held:
        st.session_state[key] = held


def value(param: Param[T]) -> T:
    """Return the value in the address, or the last one used on the page before."""
    raw = st.query_params.get(param.name)
    if raw is None and st.session_state.get(_ARRIVED):
        raw = _last().get(param.name)
        if raw is not None:
            _write(param, raw)
    found = param.read(raw)
    if found != param.default:
        _last()[param.name] = param.format(found)
    return found


def put(param: Param[T], new: T) -> None:
    """Set a value: in the address, and in its widget on the next run."""
    raw = param.format(new)
    if new != param.default:
        _last()[param.name] = raw
    else:
        _last().pop(param.name, None)
    _write(param, raw)


def typed(name: str) -> str:
    """Return the key of a widget that somebody types in: see `keep_typed`."""
    return f"{_TYPED}{name}"


def keep_typed() -> None:
    """Keep what was typed on a page that broke off before it drew its forms.

    Streamlit forgets the state of a widget that a run does not draw, unless it is set.
    """
    for key in [key for key in st.session_state if str(key).startswith(_TYPED)]:
        st.session_state[key] = st.session_state[key]


def toggle(param: Param[str], chosen: str) -> None:
    """Choose a value, or none again where it is chosen."""
    put(param, "" if value(param) == chosen else chosen)


def tied(param: Param[Any]) -> dict[str, Any]:
    """Return what ties a widget to its parameter: its key and what a change calls."""
    return {"key": widget_key(param), "on_change": push, "args": (param,)}


def widget_key(param: Param[Any]) -> str:
    """Return the key of a parameter's widget, whose state is set from the address."""
    key = f"param:{param.name}"
    found = value(param)
    hold(key, list(found) if isinstance(found, tuple) else found)
    return key


def push(param: Param[Any]) -> None:
    """Write a widget's new value to the address: its ``on_change``."""
    held = st.session_state.get(f"param:{param.name}")
    if held is None:
        put(param, param.default)
        return
    put(param, tuple(held) if isinstance(held, list) else held)


def _write(param: Param[Any], raw: str) -> None:
    if raw in {"", param.format(param.default)} and raw != _empty_choice(param):
        st.query_params.pop(param.name, None)
    elif st.query_params.get(param.name) != raw:
        st.query_params[param.name] = raw


def _empty_choice(param: Param[Any]) -> str | None:
    """Return "" where an empty choice differs from the default: it must be written."""
    return "" if isinstance(param.default, tuple) and param.default else None


def _last() -> dict[str, str]:
    held: dict[str, str] = st.session_state.setdefault(_LAST, {})
    return held
