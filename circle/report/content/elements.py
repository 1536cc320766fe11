"""What a report is made of, whatever file it is written to.

`circle.report.content.assemble` fills these; a writer walks over them and computes
nothing. All texts are plain text in the report's language: a writer escapes
them for its format.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    import geopandas as gpd
    from shapely import MultiPolygon, Polygon

    from circle.maps.grades import Grade, Graded
    from circle.model import District, Floats
    from circle.report.content.choices import Crs

_MOST_DECIMALS = 6


class Look(StrEnum):
    """How software for maps draws a layer, from the ground up."""

    CATCHMENT = "catchment"
    STREETS = "streets"
    GAP = "gap"
    BOUNDARY = "boundary"
    OUTLINE = "outline"
    LINKS = "links"
    PEOPLE = "people"
    HERITAGE = "heritage"
    PLACES = "places"
    PLAIN = "plain"


class Tone(StrEnum):
    """What a paragraph is for, which decides how it is set."""

    BODY = "body"
    LEAD = "lead"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a planner chose to report; two equal ones have the same report.

    Attributes
    ----------
    kinds
        Kinds of facilities; () for all services of the district.
    profiles
        Who walks; the first is the one of the maps and of the summary. () for
        the district's slowest and its first.
    minutes
        The limit where no standard judges.
    standard
        Id of a standard set, or "" for `minutes`.
    areas
        Ids of areas that the tables and gap zones are about; () for all.
    annexes
        Some of `ANNEXES`: what documents print behind the report. Files of tables
        hold them all, but for `HERITAGE_PLACES`, which is computed where it is chosen.
    unverified
        Whether facilities with a guessed position count.
    wishes
        One of `choices.Wishes`: which wishes are told of, where the store holds any. A
        report for the public tells of those published alone.
    language
        ``zh`` or ``en``.
    crs
        Reference system of coordinates; None for the usual one of the country.
    paper, landscape
        The sheets of the map files: ``a4`` or ``a3``, landscape or portrait.
    title, period, issuer, version, map_number
        What the cover says; "" where it is not stated. `map_number` is the
        审图号, the approval number of a published map.
    """

    kinds: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    minutes: float = 15.0
    standard: str = ""
    areas: tuple[str, ...] = ()
    annexes: tuple[str, ...] = ()
    unverified: bool = False
    wishes: str = "all"
    language: str = "zh"
    crs: Crs | None = None
    paper: str = "a4"
    landscape: bool = True
    title: str = ""
    period: str = ""
    issuer: str = ""
    version: str = ""
    map_number: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text.

    `see` are ids of tables, maps and sections that documents refer to after it, as far
    as they are printed.
    """

    text: str
    tone: Tone = Tone.BODY
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of plain texts."""

    items: tuple[str, ...]


class Pair(NamedTuple):
    """A label with its text: a big figure, or a fact."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their texts: a table of two columns without a header.

    `big` is true for three or four figures to be set large.
    """

    pairs: tuple[Pair, ...]
    big: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """A table with a caption.

    Attributes
    ----------
    id
        Stem of its file, name of its sheet in English: lower case, hyphens.
    title
        Short enough for a caption.
    frame
        Columns titled in the report's language with their units; numbers are
        numbers, everything else is text.
    note
        Printed below it; "" for nothing.
    whole
        Shape (n,): which rows are about the whole district and are set off.
    least_decimals
        How many decimals a column has at least, where its values need fewer.
    mixed
        Columns whose rows are of different units: each value has its own decimals.
    decimals
        For each other numeric column how many decimals are written.
    """

    id: str
    title: str
    frame: pd.DataFrame
    note: str = ""
    whole: np.ndarray[tuple[int], np.dtype[np.bool_]] = field(
        default_factory=lambda: np.zeros(0, np.bool_)
    )
    least_decimals: Mapping[str, int] = field(default_factory=dict)
    mixed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Set off no row where none is named."""
        if len(self.whole) != len(self.frame):
            object.__setattr__(self, "whole", np.zeros(len(self.frame), np.bool_))

    @property
    def decimals(self) -> dict[str, int]:
        """For each numeric column of one unit how many decimals its values have."""
        return {
            str(name): max(_decimals(column), self.least_decimals.get(str(name), 0))
            for name, column in self.frame.items()
            if pd.api.types.is_numeric_dtype(column) and name not in self.mixed
        }

    def cells(self) -> Iterator[tuple[str, ...]]:
        """Return the rows as texts: thousands with commas, equal decimals, "—" for nothing."""
        decimals = self.decimals
        columns = [
            [_text(value, decimals.get(str(name))) for value in column]
            for name, column in self.frame.items()
        ]
        return zip(*columns, strict=True)


@dataclass(frozen=True, eq=False)
class Zone:
    """A numbered gap zone on a map.

    `marked` is true for the one that a map is about; `lines` stand below its
    name: residents, minutes beyond the limit.
    """

    rank: int
    name: str
    geometry: MultiPolygon | Polygon
    marked: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Band:
    """The ground within `minutes` of a facility of one kind, in metres."""

    minutes: float
    geometry: MultiPolygon


@dataclass(frozen=True, eq=False)
class Map:
    """A map, in metres of the district's system.

    Attributes
    ----------
    id
        Stem of its file.
    title, alt
        Its caption, and what is seen for those who do not see it.
    bounds
        West, south, east, north that have to be seen.
    xy, graded, people
        Points of residents, shape (k, 2), their grades and how many live at
        each; None and empty where there are none.
    zones, bands
        What is filled: gap zones; isochrones, smallest first.
    places
        Rows of the district's facilities to be drawn with their symbols.
    heritage, roads
        Whether heritage places and never-widened roads are drawn.
    note
        Printed below the legend; "" for nothing.
    detail
        True for one of many that show a part: small in documents, without a
        sheet to itself.
    """

    id: str
    title: str
    alt: str
    bounds: tuple[float, float, float, float]
    places: pd.DataFrame
    xy: Floats = field(default_factory=lambda: np.empty((0, 2)))
    graded: Graded | None = None
    people: Floats = field(default_factory=lambda: np.empty(0))
    zones: tuple[Zone, ...] = ()
    bands: tuple[Band, ...] = ()
    heritage: bool = False
    roads: bool = False
    note: str = ""
    detail: bool = False


Block = Paragraph | Bullets | Facts | Table | Map


@dataclass(frozen=True, eq=False)
class Section:
    """A chapter, or below it a section; `level` 1 begins a chapter.

    `annex` names the one of `ANNEXES` that it belongs to, "" for the body.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    level: int = 1
    annex: str = ""

    @property
    def appendix(self) -> bool:
        """Whether it stands behind the report."""
        return bool(self.annex)


@dataclass(frozen=True, eq=False)
class Layer:
    """A layer for geographic information systems.

    Attributes
    ----------
    id, title
        Name in a GeoPackage (lower case, underscores), and in words.
    frame
        GeoDataFrame in the district's metric system; columns have short English
        names in lower case with units (``walk_min``).
    columns
        What each column means.
    colour
        Column that a style colours by, "" for one colour.
    palette
        A colour ``#RRGGBB`` for each value of `colour`, in the order of a
        legend; the key "" is the colour of everything else.
    labels
        Words of each key of `palette`.
    look
        How it is drawn.
    signs
        For each value of `colour` the signs of its points as SVG: of a verified
        position, and of one that is not.
    """

    id: str
    title: str
    frame: gpd.GeoDataFrame
    columns: dict[str, str]
    colour: str = ""
    palette: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    look: Look = Look.PLAIN
    signs: dict[str, tuple[str, str]] = field(default_factory=dict)


class Condition(NamedTuple):
    """What a column is, as ``minutes <= 5``; `relation` is a sign of SQL."""

    column: str
    relation: str
    value: str | float


@dataclass(frozen=True, eq=False)
class Class:
    """Points that are drawn alike: those that meet all conditions."""

    grade: Grade
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, eq=False)
class LayerView:
    """A part of a layer as a project for software for maps shows it.

    Attributes
    ----------
    layer
        Of `Report.layers`.
    title
        In the tree of layers and in the legend.
    where
        Which of its rows.
    colours
        Of fill and outline; ("", "") where its look needs none.
    classes
        Of points of residents.
    label
        Columns whose text stands beside, the first that says something; () for none.
    on
        Whether it is seen at first.
    """

    layer: Layer
    title: str
    where: tuple[Condition, ...] = ()
    colours: tuple[str, str] = ("", "")
    classes: tuple[Class, ...] = ()
    label: tuple[str, ...] = ()
    on: bool = True


@dataclass(frozen=True, eq=False)
class LayerGroup:
    """A group in the tree of layers; of an `exclusive` one a single member is seen at a time."""

    title: str
    members: tuple[LayerGroup | LayerView, ...]
    on: bool = True
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the cover and every file state about the report itself.

    Attributes
    ----------
    title, subtitle, district, period, issuer, version, map_number
        As on the cover; a text in words where a field was not stated.
    made
        When it was made, in the district's time zone (SOURCE_DATE_EPOCH honoured).
    observed
        Date of the data.
    data_hash
        Hash of the district's content.
    software
        Name and version.
    crs, crs_name
        ``EPSG:…`` of coordinates in the files, and its name.
    map_crs
        Name of the reference system that the maps are drawn in.
    sources
        One line for all maps: whom the data is from.
    summary
        The answer in two or three sentences.
    caution
        One sentence: what is modelled or unverified.
    audit_head
        Newest entry of the store's audit, ``number-hash``; empty where there is none.
    """

    title: str
    subtitle: str
    district: str
    period: str
    issuer: str
    version: str
    map_number: str
    made: datetime
    observed: str
    data_hash: str
    software: str
    crs: str
    crs_name: str
    map_crs: str
    sources: str
    summary: str
    caution: str
    audit_head: str = ""


@dataclass(frozen=True, eq=False)
class Report:
    """The whole report: imprint, chapters in order, layers, and how a project groups these."""

    district: District
    choice: Choice
    imprint: Imprint
    sections: tuple[Section, ...]
    layers: tuple[Layer, ...]
    project: tuple[LayerGroup | LayerView, ...] = ()

    @property
    def printed(self) -> tuple[Section, ...]:
        """What documents print: the body, and the annexes that are chosen."""
        return tuple(
            section
            for section in self.sections
            if not section.appendix or section.annex in self.choice.annexes
        )

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables, in order."""
        return tuple(block for block in self._blocks if isinstance(block, Table))

    @property
    def maps(self) -> tuple[Map, ...]:
        """All maps, in order."""
        return tuple(block for block in self._blocks if isinstance(block, Map))

    @property
    def _blocks(self) -> Iterator[Block]:
        return (block for section in self.sections for block in section.blocks)


def _decimals(column: pd.Series[float]) -> int:
    if pd.api.types.is_integer_dtype(column) or pd.api.types.is_bool_dtype(column):
        return 0
    values = column.astype(float)
    values = values[np.isfinite(values)]
    for decimals in range(_MOST_DECIMALS):
        if np.allclose(values, values.round(decimals), rtol=0, atol=1e-9):
            return decimals
    return _MOST_DECIMALS


def _text(value: object, decimals: int | None) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return "—"
    if decimals is None and not isinstance(value, float):
        return str(value)
    number = float(str(value)) if not isinstance(value, (int, float)) else float(value)
    if not np.isfinite(number):
        return "—"
    return f"{number:,.{_decimals(pd.Series([number])) if decimals is None else decimals}f}"
