"""What this software is made of, and under which licences."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib import metadata

import pandas as pd

from circle.config import ROOT
from circle.i18n import t
from circle.maps.assets import STATIC

_CLASSIFIER = "License :: "
_OSI = "OSI Approved :: "
_LONGEST = 80
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of software: what it is called, its version and its licence ("" if not stated)."""

    name: str
    version: str
    licence: str


def licence_text() -> str:
    """Return the licence of this software."""
    return (ROOT / "LICENSE").read_text(encoding="utf-8")


def bundled() -> tuple[Part, ...]:
    """Return what others made and this package delivers, from the map's VERSIONS.toml."""
    stated = tomllib.loads((STATIC / "VERSIONS.toml").read_text(encoding="utf-8"))
    return tuple(
        Part(name, str(part["version"]), str(part["licence"]).partition(",")[0])
        for name, part in stated.items()
        if name != "circle"
    )


def packages() -> tuple[Part, ...]:
    """Return the pinned Python packages that are installed, by name.

    Versions and licences are those of what is installed: the licence expression of a
    package, else its classifiers, else its short statement.
    """
    parts = []
    pinned = _PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    for name in dict.fromkeys(pinned):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # for another system
            continue
        parts.append(Part(about["Name"], about["Version"], _licence(about)))
    return tuple(sorted(parts, key=lambda part: part.name.lower()))


def table(parts: tuple[Part, ...]) -> pd.DataFrame:
    """Return software as a table in words."""
    return pd.DataFrame(
        {
            t("about.col_name"): [part.name for part in parts],
            t("about.col_version"): [part.version for part in parts],
            t("about.col_licence"): [part.licence or t("about.not_stated") for part in parts],
        }
    )


def _licence(about: metadata.PackageMetadata) -> str:
    if "License-Expression" in about:
        return about["License-Expression"]
    classified = [
        classifier.removeprefix(_CLASSIFIER).removeprefix(_OSI)
        for classifier in about.get_all("Classifier") or ()
        if classifier.startswith(_CLASSIFIER)
    ]
    stated = about["License"].strip() if "License" in about else ""
    if stated and "\n" not in stated and len(stated) <= _LONGEST:
        return stated
    return "; ".join(classified)
