"""What folium is given: the map without foreign links, and calls of ``circle.js``.

folium renders each script a second time as a template, and a browser reads it
as HTML: `script_json` writes data so that neither finds anything to run.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, MacroElement
from folium.template import Template

from circle.maps.assets import APP_SCRIPTS, STYLES, links

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TEMPLATE_OPENER = re.compile(r"\{(?=[{%#])")
_ESCAPES = {
    ord(char): f"\\u{ord(char):04x}" for char in ("<", ">", "&", "'", "`", "\u2028", "\u2029")
}


def script_json(data: object) -> str:
    """Return `data` as JSON that is safe in a script, a template and a string.

    Only inside strings can ``{{``, ``{%``, ``{#`` and the escaped characters occur,
    so that the escapes never touch the structure.

    Raises
    ------
    ValueError
        When a number is not finite.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _TEMPLATE_OPENER.sub(r"\\u007b", text.translate(_ESCAPES))


class Call(MacroElement):
    """One call of ``circle.js`` on the element that this is added to.

    Parameters
    ----------
    function
        Name of a function of ``circle.js``.
    data
        What it draws; or text that `script_json` has written of it.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "circle.{{ this.function }}({{ this._parent.get_name() }}, {{ this.json }});"
        "{% endmacro %}"
    )

    def __init__(self, function: str, data: Mapping[str, Any] | str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Call"
        self.function = function
        self.data = data
        self.json = data if isinstance(data, str) else script_json(data)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 - folium's
        """Put the call into the page as it is, without reading it as a template again.

        To read it takes longer than to write it, on every run of a page.
        """
        script = self._template.module.script(self, kwargs)
        figure: Any = self.get_root()
        figure.script.add_child(_Verbatim(script), name=self.get_name())
        return ""


class _Verbatim(Element):
    """Text that is no template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: Any) -> str:  # noqa: ANN401 - folium's
        return self._text


def offline_map(**options: Any) -> folium.Map:  # noqa: ANN401 - Leaflet's
    """Return a folium map whose files are those of this package; `options` as for folium's."""
    map_ = folium.Map(**options)
    map_.default_js, map_.default_css = list(links(APP_SCRIPTS)), list(links(STYLES))
    return map_


def group(function: str, data: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return a feature group that one call of ``circle.js`` fills."""
    feature_group = folium.FeatureGroup(control=False)
    feature_group.add_child(Call(function, data))
    return feature_group


def calls(layers: Iterable[folium.FeatureGroup]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return which function of ``circle.js`` fills each group, and what it is given."""
    children = (child for layer in layers for child in layer._children.values())  # noqa: SLF001
    return [
        (child.function, child.data)
        for child in children
        if isinstance(child, Call) and not isinstance(child.data, str)
    ]
