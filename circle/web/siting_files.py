"""What is done with a plan of sites: opened as a scenario, and taken along as files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import streamlit as st

from circle import scenario
from circle.i18n import t
from circle.siting.reading import plan_file
from circle.siting.record import plan_geojson, plan_record
from circle.web import downloads, shell, sign_in, state, whatif_plan, whatif_saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.scenario import PlanFile
    from circle.siting.candidates import Candidates
    from circle.web.siting_jobs import Planned


def show(planned: Planned, candidates: Candidates) -> None:
    """Draw the way to What if, and the plan as files."""
    may_open = sign_in.visitor().may_open("whatif")
    with st.container(horizontal=True):
        if may_open and st.button(
            t("siting.open_scenario"),
            key="siting:open",
            type="primary",
            icon=":material/alt_route:",
            disabled=not (planned.plan.opened or planned.plan.closed),
        ):
            _open(as_scenario(planned, candidates))
        for form, mime, make in _files(planned, candidates):
            downloads.button(t(f"siting.file_{form}"), make, f"{t('siting.file')}.{form}", mime)
    shell.notes([t("siting.scenario_note")])


def as_scenario(planned: Planned, candidates: Candidates) -> PlanFile:
    """Return a plan as a scenario."""
    return plan_file(planned.study, planned.asked.question, planned.plan, candidates)


def _open(plan: PlanFile) -> None:
    """Go on with a plan on the page What if, where it can be undone; no saved one is open then."""
    whatif_plan.take(plan)
    state.put(whatif_saved.open_param(), "")
    st.switch_page("pages/whatif.py")


def _files(planned: Planned, candidates: Candidates) -> list[tuple[str, str, Callable[[], bytes]]]:
    asked = planned.asked
    given = (planned.study, asked.question, planned.plan, candidates, asked.group)

    def json() -> bytes:
        return _dumped(plan_record(*given))

    def geojson() -> bytes:
        return _dumped(plan_geojson(*given))

    def scenario_json() -> bytes:
        return scenario.dump_plan(as_scenario(planned, candidates))

    return [
        ("geojson", "application/geo+json", downloads.made_later(geojson)),
        ("json", "application/json", downloads.made_later(json)),
        ("scenario.json", "application/json", downloads.made_later(scenario_json)),
    ]


def _dumped(told: dict[str, Any]) -> bytes:
    return orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2)
