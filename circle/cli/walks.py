"""What the commands from a place share: the district as arrays, and who walks in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.config import settings
from circle.load.plain import plain, read_plain
from circle.network.speeds import walked
from circle.places.facilities import profile_named, usual_profile

if TYPE_CHECKING:
    import argparse

    from circle.model import Impedance, PlainDistrict


def walk_of(
    options: argparse.Namespace, tables: tuple[str, ...] = ()
) -> tuple[PlainDistrict, Impedance]:
    """Return the district asked for, and its streets as the profile asked for walks them.

    Registers, and so what people confirmed of them, have no part in a walk.

    Parameters
    ----------
    options
        Of the command; a profile not named becomes the usual one.
    tables
        Files of tables wanted beside the streets.

    Raises
    ------
    DataError
        With all findings, when the folder cannot be used.
    UnknownNameError
        When the profile asked for is none of the district's.
    """
    folder = options.district or settings().district
    district = read_plain(folder, tables)
    if district is None:
        from circle.load import read_district  # noqa: PLC0415 - needs pandas

        district = plain(read_district(folder))
    if options.profile is None:
        options.profile = usual_profile(district)
    return district, walked(district.network, profile_named(district, options.profile))
