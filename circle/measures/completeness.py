"""Which of a standard's services residents have within their limits, together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from circle.demand import roll_up
from circle.errors import InputError
from circle.model import Coverage, NoData, Provision
from circle.places.facilities import service_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circle.model import District, Text


def completeness(district: District, coverages: Sequence[Coverage | NoData]) -> Provision:
    """Count the services that each demand point has within their limits.

    Parameters
    ----------
    district
        The district.
    coverages
        The coverage of each service of a standard, for one way of walking and
        one way of counting guessed positions.

    Returns
    -------
    Provision
        A service without data is neither had nor lacking: of five services with
        two unknown, n is of three, and the two are kept apart.

    Raises
    ------
    InputError
        When the coverages differ in profile or in how guessed positions count.
    """
    if len({(each.question.profile, each.question.unverified) for each in coverages}) > 1:
        raise InputError("mixed")
    services = tuple(each for each in coverages if isinstance(each, Coverage))
    within = np.zeros((len(district.demand), len(services)), np.bool_)
    for column, service in enumerate(services):
        within[:, column] = service.within
    count = within.sum(axis=1).astype(np.int32)
    return Provision(
        services=services,
        no_data=tuple(each for each in coverages if isinstance(each, NoData)),
        within=within,
        count=count,
        table=roll_up(district, count == len(services)) if services else None,
        at_least=any(service.at_least for service in services),
    )


def service_names(district: District, provision: Provision) -> tuple[Text, ...]:
    """Return what the m services are called; see `circle.places.facilities.service_name`."""
    return tuple(service_name(district, service.question) for service in provision.services)


def lacking(district: District, provision: Provision) -> pd.DataFrame:
    """Return what each place lacks.

    Returns
    -------
    pandas.DataFrame
        One row for each demand point inside the district that lacks a service,
        indexed as the demand table: columns area, residents, count (services
        within their limits), lacks (places in `services`). Where a coverage is a
        lower bound the service is only not known to be near.
    """
    demand = district.demand
    short = demand["inside"].to_numpy(np.bool_) & (provision.count < len(provision.services))
    rows = np.flatnonzero(short)
    table = demand.iloc[rows][["area", "residents"]]
    lacks = [tuple(np.flatnonzero(~within).tolist()) for within in provision.within[rows]]
    return table.assign(
        count=provision.count[rows], lacks=pd.Series(lacks, table.index, dtype=object)
    )
