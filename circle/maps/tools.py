"""What a reader does with a map in the app: copies its link, sees it alone, measures on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.i18n import t
from circle.maps.element import Call

if TYPE_CHECKING:
    import folium

_WORDS = ("copy", "copied", "not_copied", "full", "measure", "measuring")


def add_tools(map_: folium.Map) -> folium.Map:
    """Put the tools on a map, upper right, and return the map."""
    words = {name: t(f"tools.{name}") for name in _WORDS}
    words["straight"] = t("tools.straight", metres="%metres%")
    map_.add_child(Call("tools", {"words": words}))
    return map_
