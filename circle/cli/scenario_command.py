"""The command scenario: does a scenario's file fit a district, and how such files are written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from circle import scenario, store
from circle.cli import arguments as cli
from circle.config import settings
from circle.errors import InputError
from circle.files import readable
from circle.scenario.reading import schema

if TYPE_CHECKING:
    import argparse


def check(options: argparse.Namespace) -> int:
    """Print what a file holds, or every edit that does not fit; or the JSON Schema of such files.

    Raises
    ------
    InputError
        When neither is asked for, or both.
    DataError
        With a finding for each edit that cannot be read, or does not fit.
    """
    if bool(options.schema) == (options.scenario is not None):
        raise InputError("scenario_modes")
    if options.schema:
        sys.stdout.write(schema().decode())
        return cli.OK
    base = store.open_district(options.district or settings().district)
    plan = scenario.read_plan(options.scenario)
    district = scenario.resolved(base, scenario.plan_of(plan, file=options.scenario.name))
    cli.emit(
        {
            "file": readable(options.scenario),
            "name": plan.name,
            "edits": len(plan.edits),
            "same_base": plan.base in {"", base.base_id},
            "scenario": district.scenario_id,
        }
    )
    return cli.OK
