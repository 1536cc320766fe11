"""Of each hour of the day, the share of a usual week in which something is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from circle.hours.reading import State, hours_of

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

HOURS = 24
_DAYS, _MINUTES = 7, 60


def closed_by_hour(hours: str, day: date, time_zone: str) -> NDArray[np.float64]:
    """Return the share of each hour in which hours say closed, over the week of a day.

    Parameters
    ----------
    hours
        As in OpenStreetMap.
    day
        Of the week that is taken for a usual one: holidays count as its weekdays.
    time_zone
        The district's.

    Returns
    -------
    ndarray
        Shape (24,): NaN where the hours do not say.
    """
    read = hours_of(hours, time_zone, None)
    if read is None:
        return np.full(HOURS, np.nan)
    monday = day - timedelta(days=day.weekday())
    begin = datetime.combine(monday, time(), ZoneInfo(time_zone))
    closed = np.zeros(_DAYS * HOURS * _MINUTES)
    usual = replace(read, sun=day, festive=False)
    for stretch in usual.stretches(begin, begin + timedelta(days=_DAYS)):
        since, until = (_minute(each - begin) for each in (stretch.since, stretch.until))
        closed[since:until] = _CLOSED[stretch.state]
    share: NDArray[np.float64] = closed.reshape(_DAYS, HOURS, _MINUTES).mean(axis=(0, 2))
    return share


_CLOSED = {State.OPEN: 0.0, State.CLOSED: 1.0, State.UNKNOWN: np.nan}


def _minute(since: timedelta) -> int:
    return round(since.total_seconds() / 60)
