"""The audit in words, as it is shown and saved."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from circle.i18n import t

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from circle.store.audit import Entry

_COLUMNS = ("number", "time", "by", "action", "subject", "content")


def entries(written: Iterable[Entry], zone: ZoneInfo) -> pd.DataFrame:
    """Return entries of the audit, one a row, times in a district's zone."""
    rows = [
        (
            entry.number,
            datetime.fromisoformat(entry.time).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            entry.author or t("unit.dash"),
            t(f"audit.action.{entry.action}"),
            entry.subject,
            content(entry),
        )
        for entry in written
    ]
    return pd.DataFrame(rows, columns=[t(f"audit.col_{name}") for name in _COLUMNS])


def content(entry: Entry) -> str:
    """Return what was written with an entry in a line; that it was deleted, where it was."""
    if entry.content is None:
        return t("audit.erased")
    try:
        told = json.loads(entry.content)
    except (ValueError, RecursionError):
        return entry.content
    if not isinstance(told, dict):
        return entry.content
    parts = (f"{name}={_said(value)}" for name, value in told.items() if value not in ("", None))
    return t("unit.semicolon").join(parts)


def _said(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
