"""The streets of a district folder as they are mapped today, beside those that it has."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from circle.errors import DataError
from circle.geo.crs import to_metric
from circle.geo.meridian import HALF_ROUND
from circle.load import versions
from circle.load.build import demand_anew
from circle.load.changes import LayerChange, changes
from circle.load.facts import facts_of
from circle.load.folder import faulty_folder, read_folder
from circle.load.read import read_district
from circle.load.replacing import staged
from circle.load.rewrite import rewritten
from circle.load.text_tables import typed
from circle.network.overpass import Expected
from circle.network.overpass import streets as fetch_streets
from circle.osm.extract import Frame, read_extract
from circle.osm.streets import streets_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from circle.load.folder import Folder
    from circle.load.replacing import Staged
    from circle.load.versions import Made
    from circle.model import District, Floats
    from circle.network.overpass import Answer

LEAST_SHARE = 0.5
"""Of the ways that the present streets are of, so many must come again to be believed."""
STREETS = ("junctions.csv", "segments.csv")


@dataclass(frozen=True, eq=False)
class Fetched:
    """Streets of today, made into the files of a district folder; nothing is written.

    Attributes
    ----------
    path
        The district folder.
    answer
        What the server sent.
    before
        The district with the present streets.
    content
        The folder's files with the streets of today, by name.
    left_out
        How many ways are not walked, by reason.
    present
        What the folder held when it was read (`circle.load.versions.present`).
    """

    path: Path
    answer: Answer
    before: District
    content: dict[str, bytes]
    left_out: dict[str, int]
    present: dict[str, str]


@dataclass(frozen=True, eq=False)
class Refreshed:
    """Streets of today, written and checked beside the present ones, and not in place.

    Attributes
    ----------
    after
        The district with the streets of today.
    changes
        Which rows of which files differ.
    """

    after: District
    changes: tuple[LayerChange, ...]
    staged: Staged

    def put(self) -> None:
        """Put them in place; what was there is kept as a version."""
        self.staged.put()


def fetched(
    path: Path,
    server: str,
    progress: Callable[[str, int], None] = lambda _what, _count: None,
) -> Fetched:
    """Fetch the streets of a district anew.

    Streets are asked for as far as the present ones reach. Street edits stay and are
    laid over the new streets; residents are put on them anew.

    Parameters
    ----------
    path
        A district folder without faults.
    server
        Address of an Overpass interpreter.
    progress
        Told what is being fetched and read, and how much of it was; it may raise to stop.

    Raises
    ------
    FetchError
        When the server's answer cannot be believed; see `circle.network.overpass`.
    DataError
        When the folder has faults, or no district can be made of the streets.
    """
    present = versions.present(path)
    folder = read_folder(path)
    if folder.findings:
        raise faulty_folder(path.name, list(folder.findings))
    before = read_district(path)
    frame = frame_of(folder)
    with tempfile.TemporaryDirectory(prefix="circle-refresh-") as work:
        file = Path(work) / "streets.osm"
        bounds = (frame.west, frame.south, frame.east, frame.north)
        answer = fetch_streets(
            server,
            bounds,
            file,
            _expected(folder),
            progress=lambda size: progress("fetched", size),
        )
        extract = read_extract(file, frame, progress)

    def to_xy(lonlat: Floats) -> Floats:
        return to_metric(lonlat[:, 0], lonlat[:, 1], before.crs)

    streets = streets_of(extract, to_xy)
    if streets.segments.empty or folder.boundary is None:
        raise DataError("graph_empty")
    raw = {"junctions.csv": streets.junctions, "segments.csv": streets.segments}
    facts = facts_of(raw, folder.boundary, {})
    tables = {name: facts.tables[name] for name in STREETS}
    tables["demand.csv"] = demand_anew(folder, tables)
    day = answer.as_of.date().isoformat()
    content = rewritten(folder, tables, {}, observed=dict.fromkeys(STREETS, day))
    return Fetched(path, answer, before, content, streets.reasons, present)


@contextmanager
def refreshed(streets: Fetched, made: Made) -> Iterator[Refreshed]:
    """Write fetched streets beside the present ones; leaving without `put` changes nothing.

    Raises
    ------
    DataError
        When the folder was changed since, or they make no district.
    OutputError
        When the folder cannot be written.
    """
    held = versions.content_in(streets.path)
    with staged(streets.path, streets.content, made, expected=streets.present) as new:
        after = read_district(new.path)
        yield Refreshed(after, changes(held, versions.content_in(new.path)), new)


def frame_of(folder: Folder) -> Frame:
    """Return the frame of the present streets, in degrees."""
    table = typed(folder.tables["junctions.csv"], "junctions.csv")
    lon, lat = (table[name].to_numpy(np.float64) for name in ("lon", "lat"))
    across = bool(np.ptp(lon) > HALF_ROUND)
    west = lon[lon > 0].min() if across else lon.min()
    east = lon[lon < 0].max() if across else lon.max()
    return Frame(float(west), float(lat.min()), float(east), float(lat.max()))


def _expected(folder: Folder) -> Expected:
    """Return what an answer must keep to: about as many ways as now, of no older map."""
    segments = folder.tables["segments.csv"]
    ways = {way for text in segments["osm_ways"] for way in text.split(";") if way}
    return Expected(max(1, int(len(ways) * LEAST_SHARE)), _since(segments["observed"]))


def _since(observed: object) -> datetime:
    """Return the newest day that the present streets name; of a month or year the first."""
    newest = max((str(text) for text in observed if text), default="")  # type: ignore[attr-defined]
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(newest, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return Expected().since
