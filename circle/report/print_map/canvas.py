"""A figure measured in millimetres from its lower left corner, and what is put on it.

Everything is placed by millimetres and written in hundredths of a point: files stay
small, and a measure on paper is a measure in the code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox

from circle.report.plain import printable
from circle.report.typesetting import PT_PER_MM, font, outlines, width_mm

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.backend_bases import RendererBase

    from circle.model import Floats

INK, QUIET, LINE = "#2B2B2B", "#635E56", "#4A4A4A"
PAPER, GROUND, WHITE = "#FCFBF8", "#F5F2ED", "#FFFFFF"
"""Ground of the district, ground around it, and the sheet."""
_HALO_PER_MM = 0.85
"""How wide the ground of a name is, points a millimetre of its size."""
AT_HALOS, AT_MARGIN = 9.0, 20.0
_BACK = {"left": 0.0, "center": 0.5, "right": 1.0}
_DECIMALS = 2


class Box(NamedTuple):
    """A rectangle of the sheet, millimetres."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right side."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.bottom + self.height

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.left, self.bottom, self.right, self.top

    def parted(self, low_mm: float) -> tuple[Box, Box]:
        """Return what lies above a height over its lower side, and what lies below it."""
        above = Box(self.left, self.bottom + low_mm, self.width, self.height - low_mm)
        return above, Box(self.left, self.bottom, self.width, low_mm)

    def inset(self, by_mm: float) -> Box:
        """Return the rectangle that lies `by_mm` inside, or around it where that is below 0."""
        return Box(
            self.left + by_mm, self.bottom + by_mm, self.width - 2 * by_mm, self.height - 2 * by_mm
        )


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set; `halo` is the colour that lies around its signs, "" for none.

    `role` says what it names: street, area, place, …
    """

    size_mm: float
    colour: str = INK
    bold: bool = False
    halo: str = ""
    role: str = ""


class Outlined(Text):
    """A line of text that is drawn as its outlines in every format, as it was measured.

    No file needs a font, and no setting of matplotlib moves or reads its signs.
    """

    def __init__(
        self, path: Path, at: tuple[float, float], said: str, how: Type, angle: float
    ) -> None:
        super().__init__(
            *at, said, fontproperties=font(how.size_mm, bold=how.bold), color=how.colour,
            horizontalalignment="left", verticalalignment="baseline", rotation=angle,
            rotation_mode="anchor", parse_math=False, label=how.role,
        )  # fmt: skip
        self._path = path

    def draw(self, renderer: RendererBase) -> None:
        """Fill the outlines."""
        gc = renderer.new_gc()
        gc.set_linewidth(0.0)
        renderer.draw_path(gc, self._path, self.get_transform(), to_rgba(str(self.get_color())))
        gc.restore()
        self.stale = False


class Print(Figure):
    """A sheet with its title and what is seen on it, for those who do not see it."""

    title = ""
    alt = ""


class Page:
    """What a map is drawn on.

    Parameters
    ----------
    size_mm
        Width and height.
    """

    def __init__(self, size_mm: tuple[float, float]) -> None:
        width, height = (round(one * PT_PER_MM, _DECIMALS) / 72 for one in size_mm)
        self.size_mm = size_mm
        self.figure = Print((width, height), facecolor=WHITE)
        self._halos: dict[tuple[str, float], list[Path]] = {}
        self._points = Affine2D().scale(1 / 72) + self.figure.dpi_scale_trans

    def shape(
        self,
        shape: Any,  # noqa: ANN401 - any geometry
        zorder: float,
        *,
        clip: Box | None = None,
        **looks: Any,  # noqa: ANN401
    ) -> None:
        """Draw a geometry: polygons with their holes, lines open; nothing for an empty one."""
        path = outline(shape)
        if path is not None:
            self.path(path, zorder, clip=clip, **looks)

    def path(self, path: Path, zorder: float, *, clip: Box | None = None, **looks: Any) -> None:  # noqa: ANN401
        """Draw a path; `looks` are those of a matplotlib patch, without a fill by default."""
        looks.setdefault("facecolor", "none")
        looks.setdefault("edgecolor", "none")
        own = Path(_points(path.vertices), path.codes)
        self._add(PathPatch(own, **looks), zorder, clip)

    def marks(
        self,
        xy: Floats,
        mark: Path,
        size_mm: float,
        zorder: float,
        **looks: Any,  # noqa: ANN401
    ) -> None:
        """Draw one mark, a path of unit width, at each place of shape (k, 2).

        `looks` are fill, line, width (points), and ``clip`` to a box.
        """
        at = _points(xy)
        line = Line2D(
            at[:, 0],
            at[:, 1],
            linestyle="none",
            marker=mark,
            markersize=size_mm * PT_PER_MM * _extent(mark),
            markerfacecolor=looks.get("fill", "none"),
            markeredgecolor=looks.get("line", "none"),
            markeredgewidth=looks.get("width", 0.0),
        )
        self._add(line, zorder, looks.get("clip"))

    def write(
        self,
        text: str,
        at: tuple[float, float],
        how: Type,
        *,
        align: str = "left",
        angle: float = 0.0,
        zorder: float = AT_MARGIN,
    ) -> None:
        """Write one line from, about or up to a place on its base line.

        Signs that no font has are named by their number; dollar signs are dollar signs.
        """
        said, turn = printable(text), math.radians(angle)
        back = width_mm(said, how.size_mm, bold=how.bold) * _BACK[align]
        x, y = _points((at[0] - math.cos(turn) * back, at[1] - math.sin(turn) * back)).tolist()
        shape = outlines(said, bold=how.bold)
        placed = Affine2D().scale(how.size_mm * PT_PER_MM).rotate(turn).translate(x, y)
        path = Path(np.round(placed.transform(shape.vertices), _DECIMALS), shape.codes)
        if how.halo:
            self._halos.setdefault((how.halo, how.size_mm), []).append(path)
        made = Outlined(path, (x, y), said, how, angle)
        self._add(made, zorder, None)

    def finished(self) -> Print:
        """Return the figure, with the ground of all names below every name."""
        for (colour, size_mm), paths in self._halos.items():
            width = size_mm * _HALO_PER_MM
            joined = PathPatch(Path.make_compound_path(*paths), edgecolor=colour, linewidth=width)
            joined.set(facecolor="none", joinstyle="round")
            self._add(joined, AT_HALOS, None)
        self._halos.clear()
        return self.figure

    def _add(self, artist: Artist, zorder: float, clip: Box | None) -> None:
        artist.set_zorder(zorder)
        artist.set_transform(self._points)
        artist.set_figure(self.figure)
        if clip is not None:
            left, bottom, right, top = (one * PT_PER_MM for one in clip.corners)
            artist.set_clip_box(TransformedBbox(Bbox([[left, bottom], [right, top]]), self._points))
        self.figure.add_artist(artist)


def outline(shape: Any) -> Path | None:  # noqa: ANN401 - any geometry
    """Return a shape as one path; None for nothing."""
    parts = shapely.get_parts(shape)
    flat = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - polygons
    flat = shapely.orient_polygons(flat)  # a hole is one where it runs the other way
    lines = parts[shapely.get_dimensions(parts) == 1]
    coords, owner = shapely.get_coordinates(
        np.concatenate([shapely.get_rings(flat), lines]), return_index=True
    )
    if len(coords) == 0:
        return None
    codes = np.full(len(coords), Path.LINETO, Path.code_type)
    codes[np.r_[True, np.diff(owner) > 0]] = Path.MOVETO
    return Path(coords, codes)


def rectangle(box: Box) -> Path:
    """Return a rectangle as a closed path."""
    left, bottom, right, top = box.corners
    return Path(
        [(left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)], closed=True
    )


def line(*places: tuple[float, float]) -> Path:
    """Return an open line through places."""
    return Path(list(places))


def _points(mm: Any) -> Floats:  # noqa: ANN401 - anything like an array
    return np.round(np.asarray(mm, np.float64) * PT_PER_MM, _DECIMALS)


def _extent(mark: Path) -> float:
    """Return what matplotlib takes for the size of a mark: twice its farthest coordinate."""
    return float(2 * np.abs(mark.vertices).max())
