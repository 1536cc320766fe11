"""Figures and answers in words: never more certain than the data."""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING

from circle.demand import ages_known, figure_in
from circle.i18n import language, sentences, t
from circle.i18n.rounding import (
    about_short,
    bound,
    is_bound,
    pace,
    people,
    percent,
    ratio,
    time_text,
    whole_minutes,
    whole_percent,
)
from circle.measures.coverage import by_pace
from circle.measures.lifecircle import verified_seconds
from circle.model import NOT_IN_ANY, WHOLE, Rule
from circle.places.facilities import register_of, service_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from circle.measures.access import Capacity
    from circle.measures.uncertainty import Uncertainty
    from circle.model import (
        Coverage,
        District,
        Gap,
        LifeCircle,
        NoData,
        Path,
        Profile,
        Provision,
        Requirement,
        Snapped,
    )

_FIGURE = re.compile(
    r"((?:至少 |at least |约 |about |≥ |≈ )?[0-9][0-9,.]*"
    r"(?: %| 人| people| 分钟| 米(?:/分)?| m/min\b| m\b| min(?:utes)?\b))"
)


def name_of(row: Mapping[str, object] | pd.Series) -> str:
    """Return a place's name in the language in use, as far as it has one."""
    english = row.get("name_en")
    if language() == "en" and isinstance(english, str) and english:
        return english
    return str(row["name"])


def in_own_words(table: pd.DataFrame, column: str) -> list[str]:
    """Return a column of text in the language in use: of ``<column>_zh`` or ``_en`` where it is."""
    texts = table[column].astype(str)
    worded = f"{column}_{language()}"
    if worded in table:
        texts = table[worded].astype(str).where(table[worded].map(has_text), texts)
    return texts.tolist()


def profile_label(profile: Profile) -> str:
    """Return a profile with its speed, as ``成人 · 80 米/分``."""
    return t("common.speed", name=profile.name, speed=pace(profile.speed_m_s))


def inline(name: object) -> str:
    """Return a name as it stands inside a sentence: English ones begin small."""
    text = str(name)
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def listed(words: Iterable[object]) -> str:
    """Return words in a row, as the language joins them."""
    return t("unit.and").join(str(word) for word in words)


def life_circle_sentence(district: District, circle: LifeCircle, place: str) -> str:
    """Return the answer of the Explore page in one sentence, as plain text.

    Only facilities with a verified place count, within the longest limit, and only
    services of which the district has any. Where the list of a missing kind is
    incomplete, the sentence says that none is known.
    """
    limits = [isochrone.minutes for isochrone in circle.isochrones]
    limit = limits[-1]
    listed_kinds = set(district.facilities["kind"])
    services = [k for k in district.kinds.values() if k.service and k.id in listed_kinds]
    verified = circle.nearest[circle.nearest["verified"]].set_index("kind")
    reached = [
        k for k in services if k.id in verified.index and verified.seconds[k.id] <= limit * 60
    ]
    lacking = [k for k in services if k not in reached]
    key = "unlisted" if not services else "all" if not lacking else "some" if reached else "none"
    words = t(
        f"explore.sentence_{key}",
        place=place,
        minutes=f"{limit:g}",
        count=len(services),
        reached=len(reached),
    )
    words += _lacking(district, [kind.id for kind in lacking])
    if reached:
        words += _nearest(district, verified.loc[[kind.id for kind in reached]], limits)
    return words.rstrip("；; ") + ("" if words.rstrip().endswith(("。", ".")) else t("unit.stop"))


def _lacking(district: District, kinds: list[str]) -> str:
    if not kinds:
        return ""
    complete = all(register_of(district, kind).is_complete for kind in kinds)
    key = "explore.sentence_lack" if complete else "explore.sentence_lack_partial"
    return t(key, kinds=listed(inline(district.kinds[kind].name) for kind in kinds))


def _nearest(district: District, reached: pd.DataFrame, limits: Sequence[float]) -> str:
    """Name the nearest facility of one kind: of one that lies outside, else of the farthest."""
    outside = reached[~reached["inside"].astype(bool)]
    row = (outside if len(outside) else reached).sort_values("seconds").iloc[-1]
    beyond = "" if row["inside"] else "_beyond"
    return t(
        f"explore.sentence_nearest{beyond}",
        kind=inline(district.kinds[str(row.name)].name),
        name=name_of(row),
        time=time_text(row["seconds"] / 60, limits),
    )


def comparison_sentence(district: District, circles: tuple[LifeCircle, LifeCircle]) -> str:
    """Return to how many services the walk is shorter from either of two places, as it reads."""
    limits = [isochrone.minutes for isochrone in circles[0].isochrones]
    services = [kind.id for kind in district.kinds.values() if kind.service]
    first, second = (
        verified_seconds(circle)
        .reindex(services, fill_value=math.inf)
        .map(
            lambda seconds: (
                whole_minutes(seconds / 60, limits) if math.isfinite(seconds) else seconds
            )
        )
        for circle in circles
    )
    return t(
        "compare.sentence",
        count=len(services),
        first=int((first < second).sum()),
        second=int((second < first).sum()),
    )


def point_sentence(circle: LifeCircle, target: Snapped, walk: Path | None, speed_m_s: float) -> str:
    """Return how long the walk to a point is, and beyond the last limit by how much and why.

    Parameters
    ----------
    circle
        Where the walk starts, and the limits.
    target, walk
        The point on its street, and the walk to it; None for no way.
    speed_m_s
        At which the straight line is walked that the walk is compared with.
    """
    if walk is None:
        return t("point.no_way")
    limits = [isochrone.minutes for isochrone in circle.isochrones]
    limit, minutes = limits[-1], walk.seconds / 60
    straight_m = float(math.dist(circle.origin.xy[0], target.xy[0]))
    said = t(
        "point.walk",
        time=time_text(minutes, limits),
        metres=f"{walk.metres:.0f}",
        straight=f"{straight_m:.0f}",
    )
    if minutes <= limit:
        within = min(each for each in limits if minutes <= each)
        return said + t("point.within", minutes=f"{within:g}")
    over = whole_minutes(minutes, limits) - limit
    far = straight_m / speed_m_s > limit * 60
    why = t("point.far" if far else "point.detour", ratio=ratio(walk.metres / straight_m))
    return said + t("point.beyond", minutes=f"{limit:g}", over=f"{over:g}") + why


def yes_or_no(value: object) -> str:
    """Return whether something is so, as a table says it."""
    return t("details.yes" if value else "details.no")


def has_text(value: object) -> bool:
    """Return whether a cell holds more than blanks; empty cells of a table may be NaN."""
    return isinstance(value, str) and bool(value.strip())


def unit_name(unit: str) -> str:
    """Return a unit of capacity in words; as the data has it where the language has none."""
    if not unit:
        return t("capacity_unit.not_stated")
    key = f"capacity_unit.{unit.lower().replace('/', '_').replace(' ', '_')}"
    return t(key) if key in sentences(language()) else unit


def verdict_words(verdict: str, depends_on: str) -> str:
    """Return the verdict of the draws for a column that is titled so; a dash where nobody lives."""
    if not verdict:
        return "—"
    if verdict == "depends" and depends_on:
        return t("sure.word_depends_on", what=t(f"sure.{depends_on}"))
    return t(f"sure.word_{verdict}")


def coverage_sentence(district: District, coverage: Coverage, group: str) -> str:
    """Return the answer of the Coverage page, as plain text."""
    kind = inline(service_name(district, coverage.question))
    verified = t("coverage.any_verified" if coverage.unverified else "coverage.verified")
    row = figure_in(coverage.table, group)
    if (without := without_rate(row, group)) is not None:
        return without
    key = f"coverage.sentence{_known(coverage.at_least, row['rate'])}"
    metres = coverage.question.criterion.metres
    return t(
        key if metres is None else f"{key}_metres",
        group=t(f"group_of.{group}"),
        rate=percent(row["rate"], at_least=coverage.at_least),
        profile=inline(district.profiles[coverage.profile].name),
        minutes=f"{coverage.minutes:g}",
        metres=None if metres is None else f"{metres:,g}",
        verified=verified,
        kind=kind,
        uncovered=people(row["uncovered"]),
    )


def no_data_sentence(district: District, no_data: NoData) -> str:
    """Return that a question has no answer."""
    name = service_name(district, no_data.question)
    return t("standard.no_data", name=name) + t("unit.stop")


def without_data(district: District, provision: Provision) -> str:
    """Return which of several services there is no data for; "" where there is for all."""
    if not provision.no_data:
        return ""
    names = listed(service_name(district, each.question) for each in provision.no_data)
    return t("completeness.no_data", n=len(provision.no_data), names=names)


def without_rate(row: pd.Series, group: str) -> str | None:
    """Return why a row of a table has no rate: nobody is there, or no age known; None if it has."""
    if row["residents"] > 0:
        return None
    why = "ages_unknown" if math.isnan(row["residents"]) else "nobody"
    return t(f"coverage.sentence_{why}", group=t(f"group_of.{group}"))


def share(coverage: Coverage, rate: float) -> str:
    """Return a share of a coverage in percent, after "≥" where it is a lower bound."""
    return bound(rate, at_least=coverage.at_least)


def _known(at_least: bool, rate: float) -> str:  # noqa: FBT001 - a value, not a switch
    """Return how the key of a sentence about a rate ends: of all, of at least some, of some."""
    if rate >= 1:
        return "_all"
    return "_at_least" if at_least else ""


def together_sentence(provision: Provision, group: str, basis: str, area: str = WHOLE) -> str:
    """Return what share of a group has all services by a basis, with its full stop.

    Raises
    ------
    ValueError
        When there is data of none.
    """
    if provision.table is None:
        raise ValueError(basis)
    row = figure_in(provision.table, group, area)
    if (without := without_rate(row, group)) is not None:
        return without
    sentence = t(
        f"completeness.all{_known(provision.at_least, row['rate'])}",
        group=t(f"group_of.{group}"),
        rate=percent(row["rate"], at_least=provision.at_least),
        standard=basis,
        count=len(provision.services),
    )
    return sentence + t("unit.stop")


def residents_data(district: District) -> dict[str, str]:
    """Return what the district says of its data of residents: source and trust."""
    layer = next((layer for layer in district.layers if layer.id == "residents"), None)
    if layer is None:
        return dict.fromkeys(("source", "trust"), t("layer.not_stated"))
    return {"source": str(layer.source).rstrip("。."), "trust": str(layer.trust)}


def ages_notes(district: District) -> list[str]:
    """Return of whom figures by age are, where not all ages are known."""
    known, everyone = ages_known(district)
    if known >= everyone:
        return []
    key = "coverage.ages_partly" if known else "coverage.ages_unknown"
    return [t(key, people=people(known), of=people(everyone))]


def trust_notes(district: District, coverage: Coverage) -> list[str]:
    """Return what a coverage rests on: its register, guessed positions, ages that are known."""
    kind, register = inline(district.kinds[coverage.kind].name), coverage.register
    notes = [
        t(
            f"coverage.register_{register.completeness.value}",
            kind=kind,
            as_of=register.as_of or t("register.no_date"),
        ),
        str(register.basis),
    ]
    if coverage.unverified_left_out:
        notes.append(t("coverage.left_out", n=coverage.unverified_left_out))
    if coverage.unverified_counted:
        notes.append(t("coverage.counted_in", n=coverage.unverified_counted))
    notes += ages_notes(district)
    return [note for note in notes if note]


def limit_text(coverage: Coverage) -> str:
    """Return the limit that judges, with its unit."""
    metres = coverage.question.criterion.metres
    if metres is not None:
        return t("unit.metres", n=f"{metres:,g}")
    return t("unit.minutes", n=f"{coverage.minutes:g}")


def gap_name(gap: Gap) -> str:
    """Return a gap zone's name, which no other zone of its coverage has.

    The streets most of its residents live on, else one near by; where others have
    the same, with the side it lies on.
    """
    if gap.streets:
        name = t("unit.dash").join(gap.streets)
        if gap.more_streets:
            name = t("unit.and_more_streets", name=name, n=f"{gap.more_streets:,}")
    else:
        name = t("unit.near", street=gap.near) if gap.near else t("unit.unnamed")
    if not gap.side:
        return name
    number = f" {gap.number}" if gap.number else ""
    return t("unit.on_side", name=name, side=t(f"directions.to_{gap.side}") + number)


def gap_line(district: District, gap: Gap) -> str:
    """Return the line below a gap zone's name: residents, and the nearest facility."""
    counts = {"people": people(gap.residents), "seniors": about_short(gap.residents_60_plus)}
    if gap.nearest < 0:
        return t("coverage.gap_sub_none", **counts)
    nearest = district.facilities.iloc[gap.nearest]
    line = t("coverage.gap_sub", **counts, name=name_of(nearest))
    if gap.residents_without_way:
        line += t("coverage.gap_without_way", people=people(gap.residents_without_way))
    return line


def gap_beyond(gap: Gap) -> str:
    """Return by how much a gap zone misses the limit, in the limit's unit."""
    excess = beyond(gap)
    if excess is None:
        return t("unit.no_way")
    if gap.metres_beyond is not None:
        return t("coverage.gap_beyond_metres", metres=f"{excess:,.0f}")
    return t("coverage.gap_beyond", minutes=f"{excess:g}")


def beyond(gap: Gap) -> float | None:
    """Return by how much a gap zone misses the limit, in the limit's unit; None without a way.

    Whole metres, or minutes to a tenth; never 0.
    """
    if not math.isfinite(gap.minutes_beyond):
        return None
    if gap.metres_beyond is not None:
        return max(1, round(gap.metres_beyond))
    return max(0.1, round(gap.minutes_beyond, 1))


def marked(sentence: str) -> str:
    """Return a sentence as safe HTML with its figures set off.

    Numbers with their units stand out; all else is escaped.
    """
    return _FIGURE.sub(r"<b>\1</b>", escape(sentence, quote=False))


def unbroken(text: str) -> str:
    """Return text as safe HTML in which no line ends between a figure and its unit."""
    return _FIGURE.sub(r'<span class="lc-unbroken">\1</span>', escape(text))


def area_names(district: District, level: str = "area") -> dict[str, str]:
    """Return the names of a level's units by their ids, the whole district last."""
    names = {unit.id: str(unit.name) for unit in district.levels[level]}
    return names | {NOT_IN_ANY: t("unit.not_in_any"), WHOLE: whole_name(district)}


def whole_name(district: District) -> str:
    """Return what the row of a table about all residents is called."""
    return t("common.part_all" if district.part_of else "common.district_all")


def zone_sentence(district: District, coverage: Coverage, gap: Gap) -> str:
    """Explain one gap zone: who, how far, why, and what binds a remedy."""
    known = "_none_known" if coverage.at_least else ""
    parts = [
        t(
            f"explain.zone{known}",
            name=gap_name(gap),
            people=people(gap.residents),
            seniors=people(gap.residents_60_plus),
            kind=inline(service_name(district, coverage.question)),
        )
    ]
    excess = beyond(gap)
    if gap.nearest >= 0 and excess is not None:
        nearest = district.facilities.iloc[gap.nearest]
        unit = "unit.minutes" if gap.metres_beyond is None else "unit.metres"
        parts.append(
            t(
                "explain.nearest",
                name=name_of(nearest),
                beyond=t(unit, n=f"{excess:,g}"),
                limit=limit_text(coverage),
            )
        )
    if gap.residents_without_way:
        parts.append(t("explain.without_way", people=people(gap.residents_without_way)))
    if math.isfinite(gap.detour):
        cause = t(f"explain.cause_{gap.cause.value}{known}", ratio=ratio(gap.detour))
        parts.append(cause)
    if gap.constrained:
        parts.append(t("explain.constrained", n=gap.heritage))
    if coverage.at_least:
        parts.append(t("explain.none_known"))
    return "".join(parts)


def area_sentence(district: District, coverage: Coverage, area: str, group: str) -> str:
    """Explain one area: its rate beside the whole district's."""
    row, whole = figure_in(coverage.table, group, area), figure_in(coverage.table, group)
    low = coverage.at_least
    return t(
        f"explain.area{_known(low, row['rate'])}",
        name=area_names(district).get(area, area),
        group=t(f"group_of.{group}"),
        rate=percent(row["rate"], at_least=low),
        uncovered=people(row["uncovered"]),
        whole=_in_words(whole["rate"], at_least=low),
        share=percent(row["uncovered"] / whole["uncovered"] if whole["uncovered"] else 0.0),
    )


def _in_words(rate: float, *, at_least: bool) -> str:
    low = is_bound(rate, at_least=at_least)
    shown = percent(rate, at_least=low)
    return t("unit.at_least", rate=shown) if low else shown


def sure_words(verdict: str, depends_on: str) -> str:
    """Return the verdict of the draws, as ``取决于未核实设施``."""
    if verdict == "depends" and depends_on:
        return t("sure.depends_on", what=t(f"sure.{depends_on}"))
    return t(f"sure.{verdict}")


def capacity_missing(district: District, capacity: Capacity) -> str:
    """Return that too few capacities are known, and what would mend it."""
    kind = inline(district.kinds[capacity.kind].name)
    if capacity.capacity_known == 0:
        return t("details.capacity_none", kind=kind)
    known, count = capacity.capacity_known, capacity.facilities_counted
    return t("report.capacity_few", kind=kind, known=known, count=count)


def capacity_known(capacity: Capacity) -> str:
    """Return of how many facilities the capacity is known, with its unit where that is stated."""
    return t(
        "details.capacity_known" if capacity.unit else "details.capacity_known_no_unit",
        known=capacity.capacity_known,
        count=capacity.facilities_counted,
        unit=unit_name(capacity.unit),
    )


def assumptions(drawn: Uncertainty | None) -> str:
    """Return what an interval knows and what was assumed for it; "" where there is none."""
    if drawn is None:
        return ""
    assumed = drawn.assumed
    return t(
        "sure.assumes",
        draws=f"{assumed.draws:,}",
        chance=f"{assumed.unverified:g}",
        target=whole_percent(assumed.target),
    )


def pace_sentence(district: District, coverage: Coverage, group: str) -> str:
    """Return what the slower and faster of a profile reach; "" where pace decides nothing."""
    profile = district.profiles[coverage.profile]
    paces = by_pace(district, profile, coverage)
    if paces is None:
        return ""
    row = figure_in(paces, group)
    middle = profile.speed_percentile == 50  # noqa: PLR2004 - the median
    return t(
        "sure.paces" if middle else "sure.paces_percentile",
        profile=profile.name,
        slow=whole_percent(row["slow"]),
        fast=whole_percent(row["fast"]),
        spread=f"{profile.speed_cv:g}",
        speed=pace(profile.speed_m_s),
        percentile=f"{profile.speed_percentile:g}",
    )


def rule_notes(asked: Requirement, others: Iterable[Requirement]) -> list[str]:
    """Return what a requirement rests on: its rule, source, status and disagreements."""
    judged = (
        t("standard.judged_metres", metres=f"{asked.metres:g}")
        if asked.judged_by is Rule.METRES
        else t("standard.judged_minutes", minutes=f"{asked.limit_minutes:g}")
    )
    lines = [
        judged,
        t("standard.source", document=asked.document, source=asked.source),
        t("standard.clause", clause=asked.clause) if str(asked.clause) else t("standard.no_clause"),
        t(f"standard.status.{asked.status.value}"),
        str(asked.note),
    ]
    disagreeing = [_other_limit(other) for other in others]
    if disagreeing:
        lines.append(t("standard.disagree", others=listed(disagreeing)))
    return [line for line in lines if line]


def _other_limit(other: Requirement) -> str:
    if other.judged_by is Rule.METRES:
        return t("standard.other_metres", metres=f"{other.metres:g}", source=other.source)
    return t("standard.other_minutes", minutes=f"{other.limit_minutes:g}", source=other.source)


def other_rule(asked: Requirement, rate: str) -> str:
    """Return the rate by the limit that does not judge."""
    if asked.judged_by is Rule.METRES:
        words = t("standard.beside_minutes", minutes=f"{asked.limit_minutes:g}")
    else:
        words = t("standard.beside_metres", metres=f"{asked.metres:g}")
    return f"{words}{t('unit.colon')}{rate}"
