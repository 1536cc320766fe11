"""No figure changes unseen: all measures of the embedded district as they were kept.

``make golden`` compares those of every profile bit for bit. Otherwise two profiles are
compared, the one of most questions and the one that steps bar, and the last bits of a
sum may differ, as they do from one processor to another. After a change that is meant,
keep the new ones with ``python -m tests.golden`` and say in the commit which figures
changed and why.
"""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.golden.measured import measured, study

KEPT = Path(__file__).with_name("tianping.json.gz")
EXACT = "CIRCLE_GOLDEN_EXACT" in os.environ
PROFILES = ("adult", "older_adult", "child_accompanied", "wheelchair")


@cache
def kept() -> dict[str, Any]:
    values: dict[str, Any] = json.loads(gzip.decompress(KEPT.read_bytes()))
    return values


def same(now: Any, before: Any) -> bool:
    if isinstance(now, dict) and isinstance(before, dict):
        return now.keys() == before.keys() and all(same(now[key], before[key]) for key in now)
    if isinstance(now, list) and isinstance(before, list):
        return len(now) == len(before) and all(map(same, now, before))
    if isinstance(now, float) and isinstance(before, float) and not EXACT:
        return now == pytest.approx(before, rel=1e-12, abs=1e-12)
    return type(now) is type(before) and bool(now == before)


def test_every_profile_is_kept() -> None:
    assert tuple(study().district.profiles) == PROFILES


@pytest.mark.parametrize("profile", PROFILES if EXACT else ("older_adult", "wheelchair"))
def test_no_figure_has_changed(profile: str) -> None:
    now = dict(measured(profile))
    before = {name: value for name, value in kept().items() if name.split()[1] == profile}
    assert now.keys() == before.keys()
    assert [name for name in now if not same(now[name], before[name])] == []
