"""Every sentence of the product, in Chinese and in English.

The language in use is kept per thread and task (a context variable), so that
two sessions never mix. Chinese is the default.
"""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGES = ("zh", "en")
_in_use: ContextVar[str] = ContextVar("language", default="zh")


def language() -> str:
    """Return the language in use."""
    return _in_use.get()


def use_language(code: str) -> None:
    """Set the language in use; an unknown `code` means Chinese."""
    _in_use.set(code if code in LANGUAGES else "zh")


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Use the language `code` inside a with block."""
    token = _in_use.set(code if code in LANGUAGES else "zh")
    try:
        yield
    finally:
        _in_use.reset(token)


@cache
def sentences(code: str) -> dict[str, str]:
    """Return all sentences of one language, by dotted key."""
    text = files("circle.i18n").joinpath(f"{code}.toml").read_text(encoding="utf-8")
    flat: dict[str, str] = {}

    def walk(table: dict[str, object], prefix: str) -> None:
        for name, value in table.items():
            if isinstance(value, dict):
                walk(cast("dict[str, object]", value), f"{prefix}{name}.")
            else:
                flat[f"{prefix}{name}"] = str(value)

    walk(tomllib.loads(text), "")
    return flat


def t(key: str, *, language: str | None = None, **values: object) -> str:
    """Return the sentence for `key`.

    Parameters
    ----------
    key
        Dotted key of the sentence, for instance ``explore.title``.
    language
        ``zh`` or ``en``; by default the language in use.
    **values
        What the sentence's placeholders stand for. A `Text` (anything with
        ``zh`` and ``en``) is put in the same language.

    Returns
    -------
    str
        The sentence with its placeholders filled.

    Raises
    ------
    KeyError
        When no language file holds `key`: a fault in the program.
    """
    code = language or _in_use.get()
    texts = {name: _in(value, code) for name, value in values.items()}
    return sentences(code)[key].format(**texts)


def _in(value: object, code: str) -> object:
    spoken = getattr(value, code, value)
    return spoken if isinstance(spoken, str) else value
