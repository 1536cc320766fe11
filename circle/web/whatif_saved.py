"""Saved scenarios on the page What if: open, keep, copy, share by link, up to four compared.

The address names the one that is open (``scenario``) and those compared (``compare``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from circle import scenario
from circle.errors import DataError, InputError, StoreError
from circle.i18n import t
from circle.load import fault_text
from circle.store import opened, scenarios, zone
from circle.web import downloads, memo, shell, sign_in, state
from circle.words import scenario_tables, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from circle.model import District, Question
    from circle.scenario import PlanFile
    from circle.store.scenarios import Head, Saved
    from circle.study import Study

    Take = Callable[[PlanFile], None]

MOST_COMPARED = 4
_OPENED, _MESSAGE, _AUTHOR = "whatif:opened", "whatif:saved", "whatif:author"
_MOST_ID = 2**31 - 1


def open_param() -> state.Param[str]:
    """Return the number of the scenario that is open; "" for none."""
    return state.Param("scenario", lambda raw: str(_number(raw)), str, "")


def compare_param() -> state.Param[tuple[str, ...]]:
    """Return the numbers of those that are compared."""

    def parse(raw: str) -> tuple[str, ...]:
        numbers = dict.fromkeys(str(_number(part)) for part in raw.split(",") if part)
        if len(numbers) > MOST_COMPARED:
            raise ValueError(raw)
        return tuple(numbers)

    return state.Param("compare", parse, state.join, ())


def from_address(district: District, take: Take) -> None:
    """Go on with the scenario that the address names, once each time it names another.

    Parameters
    ----------
    district
        Whose.
    take
        Puts a scenario in place of the one that is worked on.
    """
    number = state.value(open_param())
    if st.session_state.get(_OPENED, "") == number:
        return
    st.session_state[_OPENED] = number
    if not number:
        return
    try:
        take(scenarios.get(opened(), district.id, int(number)).plan)
    except (InputError, StoreError) as error:
        st.warning(shell.escaped_markdown(error.message()))
        state.put(open_param(), "")


def show(district: District, plan: PlanFile, question: Question, group: str) -> None:
    """Draw the list of saved scenarios, what keeps this one, and those compared.

    Parameters
    ----------
    district
        The present state.
    plan
        What is worked on.
    question, group
        What the page answers, and of whom.
    """
    shell.heading(t("saved.title"))
    if message := st.session_state.pop(_MESSAGE, None):
        st.success(shell.escaped_markdown(message))
    try:
        heads = scenarios.listed(opened(), district.id)
        saved = _open_one(district, heads)
        if saved is not None:
            _about(district, saved)
        _keep(district, plan, saved)
        _list(district, heads)
        _compared(district, heads, question, group)
    except StoreError as error:
        st.error(shell.escaped_markdown(error.message()))


def _open_one(district: District, heads: Sequence[Head]) -> Saved | None:
    number = state.value(open_param())
    if number not in {str(head.id) for head in heads}:
        return None
    return scenarios.get(opened(), district.id, int(number))


def _about(district: District, saved: Saved) -> None:
    """Say what is open, whose it is, and which of its edits fit the data no longer."""
    head = saved.head
    lines = [t("saved.open", name=head.name, author=head.author)]
    if not saved.may_be_changed_by(_author()):
        lines.append(t("saved.read_only"))
    lines.append(t("saved.link", address=f"?{open_param().name}={head.id}"))
    if head.base != district.base_id:
        findings = scenario.plan_of(saved.plan).findings(district)
        lines.append(t("saved.other_base" if findings else "saved.other_base_fits"))
        lines += [
            t("saved.misfit", n=finding.row or 0, why=fault_text(finding)) for finding in findings
        ]
    shell.notes(lines)


def _keep(district: District, plan: PlanFile, saved: Saved | None) -> None:
    name = st.text_input(t("saved.name"), plan.name, max_chars=scenarios.LONGEST_NAME)
    if not sign_in.visitor().name:
        st.text_input(t("saved.author"), key=_AUTHOR, max_chars=scenarios.LONGEST_AUTHOR)
    by, named = _author(), plan.model_copy(update={"name": name})
    own = saved is not None and saved.may_be_changed_by(by)
    with st.container(horizontal=True):
        new = st.button(t("saved.copy" if saved else "saved.save"), key="whatif-save")
        again = own and st.button(t("saved.change"), key="whatif-change", type="primary")
        gone = own and st.button(t("saved.remove"), key="whatif-remove")
    store = opened()
    if new:
        _write(lambda: scenarios.save(store, district, named, by=by), "saved.kept", name)
    if saved is not None and again:
        _write(lambda: scenarios.change(store, district, saved, named, by=by), "saved.kept", name)
    if saved is not None and gone:
        _write(
            lambda: scenarios.remove(store, district.id, saved.head.id, by=by),
            "saved.removed",
            saved.head.name,
        )


def _author() -> str:
    """Return who keeps it: the name that the person signed in by, else one that is typed."""
    return sign_in.visitor().name or " ".join(str(st.session_state.get(_AUTHOR, "")).split())


def _write(write: Callable[[], Saved | None], key: str, name: str) -> None:
    """Write, open what was written, and draw the page anew; or say why nothing was."""
    try:
        saved = write()
    except (InputError, StoreError) as error:
        st.error(shell.escaped_markdown(error.message()))
        return
    number = "" if saved is None else str(saved.head.id)
    st.session_state[_OPENED] = number  # it is what is worked on already
    state.put(open_param(), number)
    st.session_state[_MESSAGE] = t(key, name=name)
    st.rerun()


def _list(district: District, heads: Sequence[Head]) -> None:
    if not heads:
        shell.notes([t("saved.none_yet")])
        return
    chosen = state.value(open_param())
    with st.expander(t("saved.list", n=len(heads))):
        for head in heads:
            day = head.changed.astimezone(zone(district)).date().isoformat()
            sub = t("saved.row", author=head.author, date=day)
            shell.pick_row(
                shell.Row(
                    head.name, sub, t("saved.edits", n=head.edits), chosen=chosen == str(head.id)
                ),
                t("saved.open_it", name=head.name),
                key=f"saved-{head.id}",
                on_click=state.put,
                args=(open_param(), str(head.id)),
            )


def _compared(district: District, heads: Sequence[Head], question: Question, group: str) -> None:
    """Draw the choice of up to four, and their figures side by side."""
    names = {str(head.id): f"{head.name} ({head.author})" for head in heads}
    param = compare_param()
    if missing := [number for number in state.value(param) if number not in names]:
        state.put(param, tuple(n for n in state.value(param) if n not in missing))
    if not names:
        return
    st.multiselect(
        t("saved.compare"),
        tuple(names),
        format_func=lambda number: names.get(number, number),
        placeholder=t("saved.compare_none"),
        max_selections=MOST_COMPARED,
        **state.tied(param),
    )
    numbers = state.value(param)
    if not numbers:
        return
    before = memo.study(district)
    studies: dict[str, Study | None] = {t("saved.now"): before}
    unfit: list[str] = []
    for number in numbers:
        plan = scenarios.get(opened(), district.id, int(number)).plan
        name = names[number] if names[number] not in studies else f"{names[number]} {number}"
        studies[name] = _laid_over(district, plan)
        unfit += [] if studies[name] is not None else [name]
    services = memo.services(before, question)
    table = scenario_tables.compared(studies, question, services, group)
    downloads.table(table, file=t("saved.file"))
    if unfit:
        shell.notes([t("saved.unfit", names=wording.listed(unfit))])


def _laid_over(district: District, plan: PlanFile) -> Study | None:
    try:
        return memo.study(scenario.resolved(district, scenario.plan_of(plan)))
    except DataError:
        return None


def _number(raw: str) -> int:
    """Return the number of a scenario; none is written otherwise than `str` writes it."""
    if not (raw.isascii() and raw.isdecimal() and 1 <= int(raw[:11]) <= _MOST_ID):
        raise ValueError(raw)
    return int(raw)
