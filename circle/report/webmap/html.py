"""The maps of a report as one HTML file that opens anywhere, without a network.

Scripts, styles and data are within the file, and its content security policy
names them by their hashes: nothing else runs, and nothing is fetched. All texts
are escaped by the template or set as text content by the script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined

from circle.i18n import in_language, t
from circle.maps.assets import contents
from circle.maps.drawing import script_json
from circle.report.content.elements import Facts, Map
from circle.report.file_names import put
from circle.report.metadata import stated
from circle.report.webmap.map_data import scene
from circle.words import data_tables

if TYPE_CHECKING:
    from pathlib import Path

    from circle.report.content.elements import Pair, Report, Section

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TAGS = {"zh": "zh-CN", "en": "en"}
_WORDS = ("turn",)
_HEAD = ("issuer", "period", "version", "observed")
_FOOT = ("made", "map_number", "crs", "software", "data_hash", "audit_head")


class _Chapter(NamedTuple):
    """Maps of one chapter in the list of maps: their places among all, their titles."""

    title: str
    maps: tuple[tuple[int, str], ...]


def write(report: Report, path: Path) -> None:
    """Write the maps of a report as one HTML file.

    Parameters
    ----------
    report
        Its maps, imprint, summary and sources are on the page.
    path
        The file; it is replaced when the new one is whole.

    Raises
    ------
    OSError
        When the file cannot be written; the old one stays.
    """
    put(path, page(report).encode("utf-8", "replace"))


def page(report: Report) -> str:
    """Return the page of a report in its language; equal reports have equal pages."""
    with in_language(report.choice.language):
        template = _environment().get_template("page.html.jinja")
        return template.render(_values(report))


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("circle.report.webmap", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_clean,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["t"] = lambda key, **values: t(f"webmap.{key}", **values)
    return environment


def _values(report: Report) -> dict[str, Any]:
    scripts, styles = contents()
    script, style = scripts + _file("page.js"), styles + _file("page.css")
    return {
        "language": _TAGS[report.choice.language],
        "policy": _policy(script, style),
        "script": script,
        "style": style,
        "data": script_json(scene(report) | {"words": {n: t(f"webmap.{n}") for n in _WORDS}}),
        "imprint": report.imprint,
        "chapters": _chapters(report),
        "several": len(report.maps) > 1,
        "figures": _figures(report.sections),
        "facts": _facts(report),
        "sources": _sources(report),
    }


def _file(name: str) -> str:
    return files("circle.report.webmap").joinpath("page", name).read_text(encoding="utf-8")


def _clean(value: object) -> object:
    """Leave out control characters of a text: HTML has no way to write them."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return _CONTROLS.sub("", value)


def _policy(script: str, style: str) -> str:
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (script, style)
    ]
    return (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _chapters(report: Report) -> list[_Chapter]:
    """Return the maps by the section that they stand in."""
    chapters, place = [], 0
    for section in report.sections:
        maps = [block for block in section.blocks if isinstance(block, Map)]
        if maps:
            titles = tuple((place + i, map_.title) for i, map_ in enumerate(maps))
            chapters.append(_Chapter(section.title, titles))
        place += len(maps)
    return chapters


def _figures(sections: tuple[Section, ...]) -> tuple[Pair, ...]:
    """Return the first big figures."""
    facts = (block for section in sections for block in section.blocks if isinstance(block, Facts))
    return next((block.pairs for block in facts if block.big), ())


def _facts(report: Report) -> dict[str, list[Pair]]:
    """Return the facts about the report above its maps, and below them."""
    made = report.imprint.made.strftime("%Y-%m-%d %H:%M %z")
    return {
        place: stated(report.imprint, "webmap", names, made=made, crs=t("webmap.crs_shown"))
        for place, names in (("head", _HEAD), ("foot", _FOOT))
    }


def _sources(report: Report) -> dict[str, Any]:
    table = data_tables.sources(report.district).drop(columns=t("layer.column.rows"))
    return {"columns": list(table), "rows": table.astype(str).to_numpy().tolist()}
