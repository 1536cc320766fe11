"""The nouns: plain, frozen, without behaviour beyond their own arithmetic.

Units stand in the names: ``_m`` metres, ``_s`` seconds, ``_ms`` milliseconds.
Arrays named ``xy`` are metres in the district's metric reference system,
``lonlat`` are degrees in WGS 84, longitude first.
"""

from circle.model.district import Area, District, Kind, Layer, Register
from circle.model.kept import derived, derived_of_homes
from circle.model.network import Impedance, Isochrone, Over, Path, Reach, Snapped, WalkNetwork
from circle.model.plain import PlainDistrict
from circle.model.question import Criterion, Question
from circle.model.requirements import Requirement, StandardSet
from circle.model.results import Coverage, Gap, LifeCircle, NoData, Provision
from circle.model.scenario import Change, Scenario
from circle.model.vocabulary import (
    AGE_GROUPS,
    ASK_AT,
    CAP_MINUTES,
    GROUPS,
    LEVEL_FILES,
    MAX_MINUTES,
    NOT_IN_ANY,
    RESIDENT_COLUMNS,
    SENIORS,
    SHOWN_GROUPS,
    SPEED_CV,
    WHOLE,
    Bools,
    Cause,
    Completeness,
    Finding,
    Floats,
    Ints,
    Profile,
    Rule,
    Status,
    Strings,
    Text,
)

__all__ = [
    "AGE_GROUPS",
    "ASK_AT",
    "CAP_MINUTES",
    "GROUPS",
    "LEVEL_FILES",
    "MAX_MINUTES",
    "NOT_IN_ANY",
    "RESIDENT_COLUMNS",
    "SENIORS",
    "SHOWN_GROUPS",
    "SPEED_CV",
    "WHOLE",
    "Area",
    "Bools",
    "Cause",
    "Change",
    "Completeness",
    "Coverage",
    "Criterion",
    "District",
    "Finding",
    "Floats",
    "Gap",
    "Impedance",
    "Ints",
    "Isochrone",
    "Kind",
    "Layer",
    "LifeCircle",
    "NoData",
    "Over",
    "Path",
    "PlainDistrict",
    "Profile",
    "Provision",
    "Question",
    "Reach",
    "Register",
    "Requirement",
    "Rule",
    "Scenario",
    "Snapped",
    "StandardSet",
    "Status",
    "Strings",
    "Text",
    "WalkNetwork",
    "derived",
    "derived_of_homes",
]
