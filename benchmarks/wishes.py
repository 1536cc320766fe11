"""How long the wish wall takes to answer: ``python -m benchmarks.wishes [how many]``.

Wishes are made up, all over the embedded district, and written to a store in a temporary
folder. Each line is the median of five calls, in milliseconds.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from circle.config import ROOT
from circle.geo.crs import to_lonlat
from circle.load import read_district
from circle.store import Store
from circle.wishes import answers, browsing, flow, open311, recording, tables
from circle.wishes.browsing import Filter
from circle.wishes.nouns import AGES, OTHER_KIND, Level, State, UnitKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from circle.model import District

MANY = 10_000
_CALLS = 5
_PAGE = 20


def fill(store: Store, district: District, count: int, seed: int = 0) -> None:
    """Write made-up wishes to an empty store."""
    draw = np.random.default_rng(seed)
    xy = district.network.node_xy
    picked = xy[draw.integers(len(xy), size=(2, count))] + draw.normal(0, 15, (2, count, 2))
    true, shown = (to_lonlat(each, district.crs) for each in picked)
    kinds = [*district.kinds, OTHER_KIND]
    now = datetime.now(UTC).replace(tzinfo=None)
    states = list(State)
    unit = answers.add_unit(store, district.id, "unit", UnitKind.UNIT, by="bench").id
    rows = []
    for number in range(count):
        state = states[draw.integers(len(states))]
        rows.append({
            "id": 1_000 + number, "district": district.id, "version": 1,
            "submission": f"b{number}", "text": f"wish {number}",
            "kind": kinds[draw.integers(len(kinds))],
            "lon": true[number, 0], "lat": true[number, 1],
            "shown_lon": shown[number, 0], "shown_lat": shown[number, 1],
            "area": district.areas[draw.integers(len(district.areas))].id,
            "age_group": AGES[draw.integers(len(AGES))], "source": "resident",
            "state": state.value,
            "visibility": "staff" if state in {State.RECORDED, State.REVIEWED} else "public",
            "reason": "referred" if state is State.NOT_TAKEN_UP else None, "waits": "",
            "level": list(Level)[draw.integers(3)].value,
            "level_since": now - timedelta(days=int(draw.integers(90))),
            "recorded": now, "updated": now,
        })  # fmt: skip
    with store.writing() as connection:
        connection.execute(sa.insert(tables.wishes), rows)
        claimed = [
            {"wish": row["id"], "unit": unit, "at": now}
            for row in rows
            if row["state"] == "claimed"
        ]
        connection.execute(sa.insert(tables.claims), claimed)


def measure(name: str, call: Callable[[], object]) -> None:
    """Print how long a call takes."""
    took = []
    for _ in range(_CALLS):
        begun = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - begun))
    print(f"{statistics.median(took):8.1f} ms  {name}")


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    district = read_district(ROOT / "data" / "tianping")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(str(Path(folder) / "store.sqlite"))
        fill(store, district, count)
        here = (store, district.id)
        long = Filter(waiting_days=30)
        measure("the staff's list, first page", lambda: browsing.board(*here, Filter(), most=_PAGE))
        measure(
            "the same, filtered, last page",
            lambda: browsing.board(*here, long, skip=count // 4, most=_PAGE),
        )
        measure("the staff's map", lambda: browsing.points(*here, Filter()))
        measure("the public's list", lambda: browsing.wall(*here, most=_PAGE))
        measure("the public's map", lambda: browsing.public_points(*here))
        measure("all wishes read whole", lambda: recording.listed(*here))
        measure(
            "the export of all",
            lambda: open311.requests(
                district,
                recording.listed(*here),
                answers.units(*here),
                flow.claims(*here),
                published=False,
            ),
        )
        measure(
            "the public's export",
            lambda: open311.requests(district, recording.listed(*here), published=True),
        )
        pages(store)


def pages(store: Store) -> None:
    """Print how long the page takes to run anew for each: the store read, all of it drawn."""
    from streamlit import config  # noqa: PLC0415 - the rest needs none of it
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - the rest needs none of it

    from circle.config import settings  # noqa: PLC0415 - its environment is set first
    from circle.web.sign_in import LOCAL_ROLE  # noqa: PLC0415 - as above

    os.environ |= {"CIRCLE_STORE": store.address, "CIRCLE_MODE": "local"}
    config.set_option("server.address", "127.0.0.1")
    settings.cache_clear()
    for role in ("public", "steward"):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state[LOCAL_ROLE] = role
        app.switch_page("pages/wishes.py").run()
        if app.exception or app.error:
            raise RuntimeError(app.error, app.exception)
        measure(f"the page, {role}", app.run)
        app.query_params["page"] = "100"
        measure(f"the page, {role}, far down the list", app.run)


if __name__ == "__main__":
    main()
