"""The fields of what may follow for a wish, and what was typed into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from circle.errors import InputError
from circle.i18n import t
from circle.store import zone
from circle.web import shell
from circle.web import wishes_state as view
from circle.wishes import recording
from circle.wishes.nouns import ANY_AGE, OTHER_KIND, Level, Reason
from circle.wishes.tables import LONGEST_REMARK, LONGEST_TEXT
from circle.words import wish_words

if TYPE_CHECKING:
    from circle.model import District
    from circle.web.wishes_steps import Case
    from circle.wishes.nouns import Wish

_SCRUBBED = "wishes:scrubbed"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a wish's steps; the same fields whatever became of the wish."""

    wish: int

    def key(self, field: str) -> str:
        """Return the key of a field's widget."""
        return f"step:{self.wish}:{field}"

    def text(self, field: str) -> str:
        """Return what stands in a field of text or of choice."""
        held = st.session_state.get(self.key(field))
        return "" if held is None else str(held)

    def number(self, field: str) -> int:
        """Return the number that was chosen; 0 for none."""
        text = self.text(field)
        return int(text) if text.isascii() and text.isdecimal() else 0

    def day(self, field: str) -> date:
        """Return the day that was chosen.

        Raises
        ------
        InputError
            When none was.
        """
        held = st.session_state.get(self.key(field))
        if not isinstance(held, date):
            raise InputError("confirm.day", text="")
        return held

    @property
    def spot(self) -> tuple[float, float] | None:
        """The place that was chosen instead of the one that is there; None for none."""
        held: tuple[float, float] | None = st.session_state.get(self.key("spot"))
        return held

    def edited(self) -> dict[str, Any]:
        """Return what a wish is to say, and where it is about if that is another place."""
        age = self.text("age")
        return {
            "at": self.spot,
            "text": self.text("text"),
            "kind": self.text("kind"),
            "age_group": ANY_AGE if age in {"", wish_words.NO_AGE} else age,
        }

    def all(self) -> dict[str, str]:
        """Return all that was typed of an edit."""
        return {"text": self.text("text"), "kind": self.text("kind"), "age": self.text("age")}

    def forget(self) -> None:
        """Empty the fields."""
        begin = self.key("")
        for key in [str(each) for each in st.session_state]:
            if key.startswith(begin):
                del st.session_state[key]


def said(district: District, field: str, value: str) -> str:
    """Return what stands in a field of an edit, in words."""
    if field == "kind":
        return wish_words.kind_name(district, value)
    if field == "age":
        return wish_words.age_choice_name(value or wish_words.NO_AGE)
    return value


def begin_edit(wish: Wish) -> None:
    """Put into the fields what a wish says."""
    typed = Typed(wish.id)
    st.session_state[typed.key("text")] = wish.text
    st.session_state[typed.key("kind")] = wish.kind
    st.session_state[typed.key("age")] = wish.age_group or wish_words.NO_AGE


def put_spot(district: District, wish: int, at: tuple[float, float]) -> None:
    """Choose another place for a wish; one outside the district is refused."""
    try:
        recording.preview(district, "", at)
    except InputError as error:
        view.refuse(error.message())
        return
    st.session_state[Typed(wish).key("spot")] = (round(at[0], 6), round(at[1], 6))


def unit_to_claim(case: Case) -> None:
    """Ask for a unit that does not have the wish yet."""
    free = [number for number in case.units if number not in case.held]
    if not free:
        st.info(t("wishes.no_units"))
        return
    _unit(case, free)


def unit_and_remark(case: Case) -> None:
    """Ask for one of the units that have the wish, and what it says."""
    _unit(case, list(case.held))
    _remark(case, "remark")


def why(case: Case) -> None:
    """Ask for a reason."""
    _remark(case, "why")


def why_waiting(case: Case) -> None:
    """Ask why the wish waits; nothing means that it does not."""
    key = case.typed.key("remark")
    if key not in st.session_state:
        st.session_state[key] = case.wish.waits
    _remark(case, "waits")


def why_erased(case: Case) -> None:
    """Ask why the wish is deleted, having said what that means."""
    st.warning(t("wishes.erase_meaning"))
    _remark(case, "why")


def reason_and_remark(case: Case) -> None:
    """Ask for one of the reasons, and what is said to it."""
    reasons = [each.value for each in Reason if each is not Reason.DUPLICATE]
    st.selectbox(
        t("wishes.fact.reason"),
        reasons,
        format_func=lambda name: t(f"wishes.reason.{name}"),
        index=None,
        placeholder=t("wishes.choose"),
        key=case.typed.key("reason"),
    )
    _remark(case, "remark_optional")


def into(case: Case) -> None:
    """Ask for the wish that says the same."""
    st.number_input(
        t("wishes.into"), min_value=1, value=None, step=1, key=case.typed.key("into"),
        placeholder=t("wishes.into_hint"),
    )  # fmt: skip


def date_and_reason(case: Case) -> None:
    """Ask when the wish is to be fulfilled; a later day than before needs a reason."""
    today = datetime.now(UTC).astimezone(zone(case.district)).date()
    held = case.wish.expected
    key = case.typed.key("on")
    if key not in st.session_state:
        st.session_state[key] = held or today
    st.date_input(t("wishes.fact.expected"), key=key, format="YYYY-MM-DD")
    _remark(case, "remark_optional" if held is None else "why_later")


def level_and_reason(case: Case) -> None:
    """Ask for another level, and why."""
    others = [each.value for each in Level if each is not case.wish.level]
    st.segmented_control(
        t("wishes.fact.level"),
        others,
        format_func=lambda name: t(f"wishes.level.{name}"),
        key=case.typed.key("level"),
    )
    _remark(case, "why")


def edited(case: Case) -> None:
    """Ask for what the wish is to say."""
    typed, district = case.typed, case.district
    st.text_area(t("wishes.form_text"), key=typed.key("text"), max_chars=LONGEST_TEXT, height=112)
    st.selectbox(
        t("wishes.fact.about"),
        (*district.kinds, OTHER_KIND),
        format_func=lambda kind: wish_words.kind_name(district, kind),
        key=typed.key("kind"),
    )
    st.selectbox(
        t("wishes.fact.age"),
        wish_words.AGE_CHOICES,
        format_func=wish_words.age_choice_name,
        key=typed.key("age"),
    )
    area = case.wish.area
    if typed.spot is not None:
        area = recording.preview(district, "", typed.spot).area
    here = wish_words.area_name(district, area) or str(district.name)
    placed = typed.spot is not None or case.wish.lon is not None
    where = t("wishes.form_spot", area=here) if placed else t("wishes.form_everywhere")
    shell.labelled([t("wishes.form_place"), where])


def note_scrubbed(whole: bool) -> None:  # noqa: FBT001 - what the store said
    """Keep whether what was deleted is gone from the database's own log too."""
    st.session_state[_SCRUBBED] = whole


def erased(wish: Wish) -> view.Said:
    """Return what is said of a wish that was deleted."""
    whole = st.session_state.pop(_SCRUBBED, True)
    return view.Said(t("wishes.erased" if whole else "wishes.erased_log", number=wish.id))


def _unit(case: Case, numbers: list[int]) -> None:
    key = case.typed.key("unit")
    if str(st.session_state.get(key)) not in map(str, numbers):
        st.session_state[key] = numbers[0]
    st.selectbox(
        t("wishes.unit_label"),
        numbers,
        format_func=lambda number: case.units[number].name if number in case.units else str(number),
        key=key,
    )


def _remark(case: Case, label: str) -> None:
    st.text_area(
        t(f"wishes.label.{label}"),
        key=case.typed.key("remark"),
        max_chars=LONGEST_REMARK,
        height=80,
    )
