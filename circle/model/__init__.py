"""The nouns: plain, frozen, without behaviour beyond their own arithmetic.

Units stand in the names: ``_m`` metres, ``_s`` seconds, ``_ms`` milliseconds.
Arrays named ``xy`` are metres in the district's metric reference system,
``lonlat`` are degrees in WGS 84, longitude first.
"""

from circle.model.district import (
    Area,
    District,
    Kind,
    Layer,
    Register,
)
from circle.model.network import (
    Impedance,
    Isochrone,
    Path,
    Reach,
    Snapped,
    WalkNetwork,
)
from circle.model.requirements import Requirement, StandardSet
from circle.model.results import Coverage, Gap, LifeCircle, NoData, Provision
from circle.model.vocabulary import (
    AGE_GROUPS,
    GROUPS,
    LEVEL_FILES,
    NOT_IN_ANY,
    RESIDENT_COLUMNS,
    SENIORS,
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
    "GROUPS",
    "LEVEL_FILES",
    "NOT_IN_ANY",
    "RESIDENT_COLUMNS",
    "SENIORS",
    "SPEED_CV",
    "WHOLE",
    "Area",
    "Bools",
    "Cause",
    "Completeness",
    "Coverage",
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
    "Path",
    "Profile",
    "Provision",
    "Reach",
    "Register",
    "Requirement",
    "Rule",
    "Snapped",
    "StandardSet",
    "Status",
    "Strings",
    "Text",
    "WalkNetwork",
]
