"""Wishes as files, under the names of Open311."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from circle.config import os_user
from circle.i18n import t
from circle.store import audit, opened
from circle.web import downloads, shell
from circle.web import wishes_state as view
from circle.wishes import answers, flow, open311, recording
from circle.words.tables import to_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from circle.model import District
    from circle.wishes.nouns import Wish


def offer(district: District, *, public: bool) -> None:
    """Offer all wishes as files, each made when it is asked for.

    Parameters
    ----------
    district
        Whose.
    public
        Only what the public sees. Else all of them, with their true places for those who
        act on them, and it is written down who took them.
    """
    exact, by = view.may_act(), view.author() or os_user()

    def table(form: str) -> pd.DataFrame:
        made = _table(district, public=public, exact=exact)
        if not public:
            told = {"wishes": len(made), "format": form}
            subject = f"wishes/{district.id}"
            audit.note(opened(), audit.Action.EXPORT, by=by, subject=subject, content=told)
        return made

    makers: dict[str, Callable[[pd.DataFrame], bytes]] = {"csv": to_csv, "geojson": _geojson}
    downloads.made(
        {form: _later(make, table, form) for form, make in makers.items()},
        file=t("wishes.file"),
    )
    shell.notes([t("wishes.files_public" if public else "wishes.files_staff")])


def _later(
    make: Callable[[pd.DataFrame], bytes], table: Callable[[str], pd.DataFrame], form: str
) -> Callable[[], bytes]:
    return lambda: make(table(form))


def _table(district: District, *, public: bool, exact: bool) -> pd.DataFrame:
    store = opened()
    wishes = recording.listed(store, district.id)
    return open311.requests(
        district,
        wishes if public or exact else tuple(map(_masked, wishes)),
        answers.units(store, district.id),
        flow.claims(store, district.id),
        published=public,
    )


def _masked(wish: Wish) -> Wish:
    return replace(wish, lon=wish.shown_lon, lat=wish.shown_lat)


def _geojson(table: pd.DataFrame) -> bytes:
    features: dict[str, Any] = open311.features(table)
    return orjson.dumps(features, option=orjson.OPT_SERIALIZE_NUMPY)
