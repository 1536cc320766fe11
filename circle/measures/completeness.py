"""Which of a standard's services residents have within their limits, together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import roll_up
from circle.errors import InputError
from circle.model import Coverage, NoData, Provision, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District


def completeness(district: District, found: Sequence[Coverage | NoData]) -> Provision:
    """Count the services that each demand point has within their limits.

    Parameters
    ----------
    district
        The district.
    found
        The coverage of each service of a standard, for one way of walking and
        one way of counting guessed positions
        (`circle.measures.coverage.coverages_by`).

    Returns
    -------
    Provision
        A service without data is neither had nor lacking: of five services with
        two unknown, n is of three, and the two are told apart.

    Raises
    ------
    InputError
        When the coverages differ in profile or in how guessed positions count.
    """
    if len({(one.profile, one.unverified) for one in found}) > 1:
        raise InputError("mixed")
    services = tuple(one for one in found if isinstance(one, Coverage))
    within = np.zeros((len(district.demand), len(services)), np.bool_)
    for column, one in enumerate(services):
        within[:, column] = one.within
    count = within.sum(axis=1).astype(np.int32)
    return Provision(
        services=services,
        no_data=tuple(one for one in found if isinstance(one, NoData)),
        within=within,
        count=count,
        table=roll_up(district, count == len(services)) if services else None,
        at_least=any(one.at_least for one in services),
    )


def service_names(district: District, found: Provision) -> tuple[Text, ...]:
    """Return what the m services are called, by the standard or else by the kind."""
    return tuple(
        district.kinds[one.kind].name if one.standard is None else one.standard.name
        for one in found.services
    )


def lacking_at(found: Provision, row: int) -> tuple[int, ...]:
    """Return which of the services (their places in `services`) one demand point lacks.

    Where a coverage is a lower bound the service is only not known to be near.
    """
    return tuple(int(i) for i in np.flatnonzero(~found.within[row]))


def lacking(district: District, found: Provision) -> pd.DataFrame:
    """Return what each place lacks.

    Returns
    -------
    pandas.DataFrame
        One row for each demand point inside the district that lacks a service,
        indexed as the demand table: columns area, residents, count (services
        within their limits), lacks (places in `services`).
    """
    demand = district.demand
    short = demand["inside"].to_numpy(np.bool_) & (found.count < len(found.services))
    rows = np.flatnonzero(short)
    table = demand.iloc[rows][["area", "residents"]]
    lacks = pd.Series([lacking_at(found, int(row)) for row in rows], table.index, dtype=object)
    return table.assign(count=found.count[rows], lacks=lacks)


def by_count(district: District, found: Provision) -> pd.DataFrame:
    """Return how many residents have exactly n services, for n from 0 to m.

    Returns
    -------
    pandas.DataFrame
        Index count; columns as `circle.model.GROUPS`. Adds up to all residents
        of the district.
    """
    parts = []
    for count in range(len(found.services) + 1):
        table = roll_up(district, found.count == count)
        whole = table[table["area"].eq("")].set_index("group")["covered"]
        parts.append(whole.rename(count))
    return pd.DataFrame(parts).rename_axis(index="count", columns=None)
