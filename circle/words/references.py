"""How a printed figure is found again: the address that asks its question anew.

It names the data by the beginning of their hash, so that a page that is opened by it
months later can say whether they have changed since.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from circle.config import settings

if TYPE_CHECKING:
    from circle.model import District, Question

DATA = "data"
"""The parameter of an address that names the data."""
LENGTH = 12
_ID = re.compile(r"[0-9a-f]{8,64}")


def data_id(district: District) -> str:
    """Return the name of the data that a district is made of, of a part those of the whole."""
    return (district.part_of or district.scenario_id)[:LENGTH]


def address(district: District, question: Question, *, scenario: int = 0, **more: str) -> str:
    """Return the address of the page that answers a question by the present data.

    Parameters
    ----------
    district
        The district, or a part of it.
    question
        What is asked.
    scenario
        The number of a kept scenario of the district, which the page What if opens; 0 for
        the present state, which Coverage answers.
    more
        Further parameters of the page; those that are empty are left out.

    Returns
    -------
    str
        Complete where the installation states its address, else from the page's name on.
    """
    requirement = question.criterion.requirement
    if scenario:
        more = more | {"scenario": str(scenario), "view": "after"}
    asked = {
        "kind": question.kind,
        "profile": question.profile,
        "within": "" if requirement else f"{question.criterion.minutes:g}",
        "standard": f"{requirement.standard}/{requirement.id}" if requirement else "",
        "unverified": "1" if question.unverified else "0",
        **more,
        DATA: data_id(district),
    }
    query = urlencode({name: value for name, value in asked.items() if value}, safe="/")
    page = "whatif" if scenario else "coverage"
    return f"{settings().address.rstrip('/')}/{page}?{query}"


def changed_since(district: District, named: object) -> str | None:
    """Return the name of other data that an address asks for; None where these are the present."""
    if not isinstance(named, str) or not _ID.fullmatch(named):
        return None
    return None if district.scenario_id.startswith(named) else named[:LENGTH]
