"""Open a project with QGIS itself: every layer is there and the sheet is drawn.

Run by the Python that QGIS belongs to, not by that of the tests::

    QT_QPA_PLATFORM=offscreen /usr/bin/python3 tests/qgis/open_project.py PROJECT PICTURES

Pictures of the map and of the sheet are written into the folder PICTURES, to be looked at.
Ends with 1 when a layer cannot be read, has nothing in it or no valid shape.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsApplication,
    QgsLayoutExporter,
    QgsLayoutItemMap,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
)
from qgis.PyQt.QtCore import QSize

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE, HIGH, DPI = 1600, 1200, 120
SHEET_DPI = 130


def faults(project: QgsProject) -> Iterator[str]:
    """Return what is wrong with the layers of a project."""
    layers = project.mapLayers()
    if not layers:
        yield "no layer"
    for name, layer in layers.items():
        if not layer.isValid():
            yield f"{name}: cannot be read from {layer.source()}"
            continue
        if layer.featureCount() < 1:
            yield f"{name}: nothing in it"
        shapes = [feature.geometry() for feature in layer.getFeatures()]
        invalid = sum(not shape.isGeosValid() for shape in shapes)
        if invalid:
            yield f"{name}: {invalid} shapes are not valid"
        if not layer.crs().isValid():
            yield f"{name}: no reference system"


def draw_map(project: QgsProject, path: Path) -> bool:
    """Draw what is switched on as it is first seen; return whether there is a picture."""
    settings = QgsMapSettings()
    root = project.layerTreeRoot()
    settings.setLayers([layer for layer in root.layerOrder() if layer in root.checkedLayers()])
    settings.setDestinationCrs(project.crs())
    settings.setBackgroundColor(project.backgroundColor())
    settings.setOutputSize(QSize(WIDE, HIGH))
    settings.setOutputDpi(DPI)
    settings.setExtent(project.viewSettings().defaultViewExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return not job.errors() and job.renderedImage().save(str(path))


def draw_sheet(project: QgsProject, path: Path) -> bool:
    """Draw the sheet; return whether it has a map and could be drawn."""
    (layout,) = project.layoutManager().layouts()
    maps = [item for item in layout.items() if isinstance(item, QgsLayoutItemMap)]
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = SHEET_DPI
    settings.exportMetadata = False
    done = QgsLayoutExporter(layout).exportToImage(str(path), settings)
    return len(maps) == 1 and done == QgsLayoutExporter.Success


def main(file: Path, pictures: Path) -> int:
    """Open a project, tell what is wrong and draw it."""
    program = QgsApplication([], True)  # noqa: FBT003 - with what draws
    program.initQgis()
    project = QgsProject.instance()
    wrong = [] if project.read(str(file)) else ["the project cannot be read"]
    wrong += faults(project)
    pictures.mkdir(parents=True, exist_ok=True)
    for draw, name in ((draw_map, "map"), (draw_sheet, "sheet")):
        if not draw(project, pictures / f"{file.stem}-{name}.png"):
            wrong.append(f"the {name} cannot be drawn")
    count = len(project.mapLayers())
    sys.stdout.write("\n".join([*wrong, f"{file.name}: {count} layers, {len(wrong)} faults", ""]))
    project.clear()
    program.exitQgis()
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
