"""Wishes in words: what they are about, how far they are, what was done; for staff and for all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from circle.i18n import t
from circle.store import zone
from circle.wishes.levels import LONG_DAYS
from circle.wishes.nouns import AGES, ANY_AGE, OTHER_KIND, SETTLED, Level, State, Visibility
from circle.words import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from circle.model import District
    from circle.wishes.browsing import Board, Wall
    from circle.wishes.nouns import Event, Unit, Wish
    from circle.wishes.published import Published

NO_AGE = "any"
AGE_CHOICES = (NO_AGE, *(age for age in AGES if age != ANY_AGE))
"""Age groups as something to choose from: widgets know no empty choice."""
_OPEN = frozenset(State) - SETTLED
_TO_DO = frozenset({State.PUBLISHED, State.CLAIMED, State.IN_PROGRESS})
_LONGEST_NAME = 60


def kind_name(district: District, kind: str) -> str:
    """Return what a wish is about; of one that is not told, so."""
    if kind == OTHER_KIND:
        return t("wishes.other")
    known = district.kinds.get(kind)
    return (
        str(known.name)
        if known is not None
        else t("wishes.kind_not_told" if not kind else "wishes.kind_gone")
    )


def area_name(district: District, area: str) -> str:
    """Return where a wish is about."""
    return wording.area_names(district).get(area, "") if area else ""


def age_name(age_group: str) -> str:
    """Return whose wish it is."""
    return t("wishes.any_age") if age_group == ANY_AGE else t(f"group.{age_group}")


def age_choice_name(choice: str) -> str:
    """Return what one of `AGE_CHOICES` is called."""
    return age_name(ANY_AGE if choice == NO_AGE else choice)


def state_name(state: State) -> str:
    """Return how far a wish is."""
    return t(f"wishes.state.{state.value}")


def short(text: str) -> str:
    """Return the begin of a wish."""
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"


def day(district: District, moment: datetime) -> str:
    """Return the day of a moment, as the district counts days."""
    return moment.astimezone(zone(district)).date().isoformat()


def moment_text(district: District, moment: datetime) -> str:
    """Return a moment to the minute, in the district's zone."""
    return moment.astimezone(zone(district)).strftime("%Y-%m-%d %H:%M")


def days_waiting(wish: Wish) -> int:
    """Return for how many days a wish is at its level."""
    return (datetime.now(UTC) - wish.level_since).days


def next_step(wish: Wish, units: Iterable[str]) -> str:
    """Return who has the next step; of what is settled why it was not taken up."""
    names = wording.listed(units)
    if wish.state in SETTLED:
        return "" if wish.reason is None else t(f"wishes.reason.{wish.reason.value}")
    return t(f"wishes.next.{wish.state.value}", units=names or t("wishes.no_unit"))


def board_sentence(board: Board) -> str:
    """Return how the wishes stand, for staff."""
    total = sum(board.by_state.values())
    if not total:
        return t("wishes.board_none")
    return t(
        "wishes.board",
        total=total,
        review=board.by_state[State.RECORDED] + board.by_state[State.REVIEWED],
        todo=sum(board.by_state[state] for state in _TO_DO),
        done=board.by_state[State.FULFILLED],
    ) + (t("wishes.board_long", long=board.long, days=LONG_DAYS) if board.long else "")


def wall_sentence(wall: Wall) -> str:
    """Return how the wishes stand, for everyone."""
    total = sum(wall.by_state.values())
    if not total:
        return t("wishes.wall_none")
    done = wall.by_state[State.FULFILLED]
    return t("wishes.wall" if done else "wishes.wall_open", total=total, done=done)


def staff_line(district: District, wish: Wish, units: Iterable[str]) -> str:
    """Return what staff are to know of a wish in a list."""
    parts = [
        t("wishes.number", number=wish.id),
        kind_name(district, wish.kind),
        area_name(district, wish.area),
        t(f"wishes.level.{wish.level.value}"),
        next_step(wish, units),
    ]
    return " · ".join(part for part in parts if part)


def public_line(district: District, wish: Published, units: Iterable[str]) -> str:
    """Return what everyone is to know of a wish."""
    named = wording.listed(units)
    parts = [
        t("wishes.number", number=wish.id),
        kind_name(district, wish.kind),
        area_name(district, wish.area),
        "" if wish.age_group == ANY_AGE else age_name(wish.age_group),
        t("wishes.since", day=day(district, wish.recorded)),
    ]
    if wish.reason:
        parts.append(t(f"wishes.reason.{wish.reason}"))
    if named:
        parts.append(t("wishes.held_by", units=named))
    if wish.waits:
        parts.append(t("wishes.waits_for", why=wish.waits))
    if wish.expected is not None and wish.state not in SETTLED:
        parts.append(t("wishes.expected_on", day=wish.expected.isoformat()))
    return " · ".join(part for part in parts if part)


def facts(district: District, wish: Wish, units: Iterable[str]) -> list[tuple[str, str]]:
    """Return all that staff are to know of a wish, as names and texts."""
    open_ = wish.state in _OPEN
    since = t("wishes.level_since", level=t(f"wishes.level.{wish.level.value}"),
              day=day(district, wish.level_since), days=days_waiting(wish))  # fmt: skip
    rows = {
        "state": state_name(wish.state),
        "reason": "" if wish.reason is None else t(f"wishes.reason.{wish.reason.value}"),
        "merged": "" if wish.merged_into is None else t("wishes.number", number=wish.merged_into),
        "visibility": t(f"wishes.visibility.{wish.visibility.value}"),
        "units": wording.listed(units),
        "next": next_step(wish, units) if open_ else "",
        "level": since if open_ else t(f"wishes.level.{wish.level.value}"),
        "waits": wish.waits,
        "expected": "" if wish.expected is None else wish.expected.isoformat(),
        "about": kind_name(district, wish.kind),
        "area": area_name(district, wish.area) or t("wishes.everywhere"),
        "age": age_name(wish.age_group),
        "source": t(f"wishes.source.{wish.source.value}"),
        "recorded": day(district, wish.recorded),
    }
    return [(t(f"wishes.fact.{name}"), text) for name, text in rows.items() if text]


def event_line(district: District, event: Event, units: Mapping[int, Unit]) -> str:
    """Return one step of a wish's history."""
    unit = units.get(event.unit) if event.unit is not None else None
    change = _change(event)
    parts = [
        t(f"wishes.event.{event.action}") + (t("unit.colon") + change if change else ""),
        "" if unit is None else unit.name,
        event.remark,
    ]
    what = t("wishes.between").join(part for part in parts if part)
    return t(
        "wishes.event_line",
        time=moment_text(district, event.time),
        who=event.author,
        what=what,
    )


def _change(event: Event) -> str:
    before, after = (_word(event.action, word) for word in (event.before, event.after))
    if not after or before == after:
        return ""
    return t("wishes.from_to", before=before, after=after) if before else after


def _word(action: str, word: str) -> str:
    if word in set(State):
        return t(f"wishes.state.{word}")
    if action == "wish_show" and word in set(Visibility):
        return t(f"wishes.visibility.{word}")
    return t(f"wishes.level.{word}") if action == "wish_level" and word in set(Level) else word
