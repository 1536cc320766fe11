"""What if: a district with some edits laid over it, never written into it.

::

    edits (JSON, or one by one) ── plan_of ──► Plan (a Change) ── Scenario.resolve ──► District
"""

from circle.scenario.edits import (
    AddFacility,
    AddLink,
    AddResidents,
    CloseFacility,
    Edit,
    MoveFacility,
    MoveResidents,
    OpenGate,
    PlanFile,
    ReopenFacility,
    SetCapacity,
    SetHours,
    SetSteps,
    ShutGate,
)
from circle.scenario.plan import Plan, plan_of, resolved, without_plan
from circle.scenario.reading import dump_plan, read_plan

__all__ = [
    "AddFacility",
    "AddLink",
    "AddResidents",
    "CloseFacility",
    "Edit",
    "MoveFacility",
    "MoveResidents",
    "OpenGate",
    "Plan",
    "PlanFile",
    "ReopenFacility",
    "SetCapacity",
    "SetHours",
    "SetSteps",
    "ShutGate",
    "dump_plan",
    "plan_of",
    "read_plan",
    "resolved",
    "without_plan",
]
