"""The errors of the package, one tree.

::

    CircleError
    ├── SettingError (ValueError)      a setting of this installation
    ├── InputError (ValueError)        what a person typed: a point, a limit, a name
    │   └── UnknownNameError           a profile, kind or area that the district does not have
    ├── DataError (ValueError)         what a file holds; carries the findings, row by row
    ├── CrsError (ValueError)          coordinates in a system that does not fit
    ├── NetworkError (ValueError)      a point that no street of the network is near
    ├── FontError (OSError)            no font of this machine prints Chinese
    ├── StoreError (OSError)           what people say cannot be read or written
    ├── FetchError (OSError)           a server's answer that cannot be believed, or none
    ├── OutputError (OSError)          a file or folder cannot be written
    └── CancelledError                 somebody stopped a report that was being made

An error is a key of the language files and the values that its sentence needs,
so that the same error reads well in every language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.i18n import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import Finding


class CircleError(Exception):
    """An error that a person can mend, in the person's language.

    Parameters
    ----------
    key
        Key of the sentence in the language files, below ``error``.
    **values
        What the sentence's placeholders stand for.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def message(self, language: str | None = None) -> str:
        """Return the sentence in `language` (by default the one in use)."""
        return t(f"error.{self.key}", language=language, **self.values)

    def __str__(self) -> str:
        return self.message()


class SettingError(CircleError, ValueError):
    """A setting of this installation cannot be used."""


class InputError(CircleError, ValueError):
    """What a person typed cannot be used."""


class UnknownNameError(InputError):
    """A profile, kind, area or other name that the district does not have."""


class DataError(CircleError, ValueError):
    """What a file holds cannot be used.

    Parameters
    ----------
    key
        Key of the sentence in the language files, below ``error``.
    findings
        The rows at fault, when the fault is in rows.
    **values
        What the sentence's placeholders stand for.
    """

    def __init__(self, key: str, findings: Sequence[Finding] = (), **values: object) -> None:
        super().__init__(key, **values)
        self.findings = tuple(findings)


class CrsError(CircleError, ValueError):
    """Coordinates are in a reference system that does not fit."""


class NetworkError(CircleError, ValueError):
    """No street of the network is near enough."""


class FontError(CircleError, OSError):
    """No font of this machine can print the report's language."""


class StoreError(CircleError, OSError):
    """The store of confirmations cannot be read or written."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"store.{key}", **values)


class OutputError(CircleError, OSError):
    """What somebody asked for cannot be written where they said."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"output.{key}", **values)


class FetchError(CircleError, OSError):
    """A server gave no answer, or none that can be believed."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"fetch.{key}", **values)


class CancelledError(CircleError):
    """A report was stopped by whoever asked for it."""

    def __init__(self) -> None:
        super().__init__("report.cancelled")
