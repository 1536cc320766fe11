"""What a scenario changes, in sentences and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import figure_in
from circle.geo.crs import to_metric
from circle.i18n import rounding, t
from circle.measures.difference import EDITS, REACTS
from circle.model import SHOWN_GROUPS, WHOLE
from circle.places.facilities import service_name
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from circle.measures.difference import Difference, ZoneChange
    from circle.model import Coverage, District
    from circle.scenario import Edit


def sentence(
    district: District,
    difference: Difference,
    interval: pd.DataFrame | None,
    group: str,
    area: str = WHOLE,
) -> str:
    """Return the answer: the rate before and after, how sure the difference is, who gains."""
    rates, people = (
        figure_in(table, group, area) for table in (difference.rates, difference.people)
    )
    after = difference.after
    if (without := wording.without_rate(figure_in(after.table, group, area), group)) is not None:
        return without
    said = t(
        "whatif.sentence",
        group=t(f"group_of.{group}"),
        before=wording.share(difference.before, rates["before"]),
        after=wording.share(after, rates["after"]),
        kind=wording.inline(service_name(district, after.question)),
        limit=wording.limit_text(after),
        profile=wording.inline(district.profiles[after.profile].name),
        change=points(rates["change"]),
        interval=interval_words(interval, group, area),
    )
    return said + t(
        "whatif.who",
        gaining=rounding.people(people["gaining"]),
        losing=rounding.people(people["losing"]),
    )


def points(change: float) -> str:
    """Return a difference of rates in percentage points, with its sign."""
    return t("whatif.points", n=rounding.signed(change * 100, 1))


def interval_words(interval: pd.DataFrame | None, group: str, area: str = WHOLE) -> str:
    """Return the interval of a difference in words; that there is none where there is none."""
    if interval is None:
        return t("whatif.no_interval")
    row = figure_in(interval, group, area)
    low, high = (rounding.signed(row[end] * 100, 1) for end in ("low", "high"))
    return t("whatif.interval", low=low, high=high)


def ends(interval: pd.DataFrame | None, group: str, area: str = WHOLE) -> str:
    """Return the ends of an interval of a difference, in percentage points; "" for none."""
    if interval is None:
        return ""
    row = figure_in(interval, group, area)
    low, high = (rounding.signed(row[end] * 100, 1) for end in ("low", "high"))
    return t("whatif.ends", low=low, high=high)


def edit_line(district: District, edit: Edit) -> str:
    """Return what an edit does, in one line."""
    values = {name: str(value) for name, value in edit.model_dump().items()}
    if "kind" in values:
        kind = district.kinds.get(values["kind"])
        values["kind"] = str(kind.name) if kind else values["kind"]
    if "id" in values:
        rows = district.facilities[district.facilities["id"].eq(values["id"])]
        values["facility"] = wording.name_of(rows.iloc[0]) if len(rows) else values["id"]
    if "start" in values:
        values["time"] = _time(getattr(edit, "start", None), getattr(edit, "end", None))
    if "share" in values:
        values["share"] = rounding.percent(float(values["share"]))
        values["radius_m"] = f"{float(values['radius_m']):g}"
    if "steps" in values:
        steps = int(values["steps"])
        values["steps"] = t("whatif.steps_none") if steps < 0 else t("whatif.steps", n=steps)
    if "residents" in values:
        values["residents"] = rounding.people(float(values["residents"]))
    return t(f"whatif.line.{edit.edit}", **values)


def _time(start: date | None, end: date | None) -> str:
    """Return from when to when an edit holds; "" for good."""
    which = {(True, True): "span", (True, False): "from", (False, True): "until"}
    key = which.get((start is not None, end is not None))
    return "" if key is None else t(f"whatif.time.{key}", start=start, end=end)


def place_of(district: District, edit: Edit, places: pd.DataFrame) -> tuple[float, float] | None:
    """Return where an edit is, in metres; None where its facility is in no row of `places`."""
    lon, lat = getattr(edit, "lon", None), getattr(edit, "lat", None)
    if lon is not None and lat is not None:
        x, y = to_metric(np.array([lon]), np.array([lat]), district.crs)[0]
        return float(x), float(y)
    name = getattr(edit, "id", None)
    if name not in places.index:
        return None
    row = places.loc[name]
    return float(row["x"]), float(row["y"])


def zone_line(change: ZoneChange) -> str:
    """Return what becomes of a gap zone."""
    return t(
        f"whatif.zone.{change.fate.value}",
        before=rounding.people(change.before),
        after=rounding.people(change.after),
    )


def reacts(figure: str) -> str:
    """Return which edits can change a figure, and which cannot."""
    listed = {
        named: wording.listed(t(f"whatif.act.{edit}") for edit in EDITS if among(edit))
        for named, among in (
            ("yes", REACTS[figure].__contains__),
            ("no", lambda edit: edit not in REACTS[figure]),
        )
    }
    many = len(REACTS[figure]) > len(EDITS) / 2
    return t(f"whatif.reacts_{'all_but' if many else 'to'}", **listed)


def by_groups(difference: Difference, interval: pd.DataFrame | None) -> pd.DataFrame:
    """Return the rates before and after by age, with how sure the change is and who gains."""
    return pd.DataFrame(
        [
            _row(t(f"group.{group}"), difference, figure_in(difference.rates, group))
            | _sure(interval, group)
            | _who(figure_in(difference.people, group))
            for group in SHOWN_GROUPS
        ]
    )


def by_areas(
    district: District, difference: Difference, interval: pd.DataFrame | None, group: str
) -> pd.DataFrame:
    """Return the rates before and after by area, with how sure the change is and who gains."""
    named = wording.area_names(district)
    rates = difference.rates[difference.rates["group"].eq(group)].dropna(subset=["change"])
    return pd.DataFrame(
        [
            _row(named[area], difference, figure_in(difference.rates, group, area))
            | _sure(interval, group, area)
            | _who(figure_in(difference.people, group, area))
            for area in rates["area"]
            if area in named
        ]
    )


def by_kinds(
    district: District,
    answers: Sequence[Difference],
    intervals: Sequence[pd.DataFrame | None],
    group: str,
) -> pd.DataFrame:
    """Return the rates of several services before and after, how sure that is, who gains."""
    return pd.DataFrame(
        [
            _row(
                str(service_name(district, answer.after.question)),
                answer,
                figure_in(answer.rates, group),
            )
            | _sure(interval, group)
            | _who(figure_in(answer.people, group))
            for answer, interval in zip(answers, intervals, strict=True)
        ]
    )


def _sure(interval: pd.DataFrame | None, group: str, area: str = WHOLE) -> dict[str, str]:
    return {t("whatif.col_interval"): ends(interval, group, area) or t("unit.dash")}


def _row(name: str, difference: Difference, rates: pd.Series) -> dict[str, str]:
    return {
        t("whatif.col_what"): name,
        t("whatif.before"): wording.share(difference.before, rates["before"]),
        t("whatif.after"): wording.share(difference.after, rates["after"]),
        t("whatif.col_change"): points(rates["change"]),
    }


def _who(people: pd.Series) -> dict[str, str]:
    return {
        t("whatif.col_gain"): rounding.people(people["gaining"]),
        t("whatif.col_lose"): rounding.people(people["losing"]),
    }


def bound_note(coverages: Sequence[Coverage]) -> list[str]:
    """Return that a difference of lower bounds is no bound, where that is so."""
    return [t("whatif.bounds")] if any(coverage.at_least for coverage in coverages) else []
