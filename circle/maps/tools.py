"""What a reader does with a map in the app: copies its link, sees it alone, measures on it."""

from __future__ import annotations

from circle.i18n import t

_WORDS = ("copy", "copied", "not_copied", "full", "measure", "measuring")


def tools() -> dict[str, str]:
    """Return the words of the tools that ``tools.js`` puts on a map, upper right."""
    words = {name: t(f"tools.{name}") for name in _WORDS}
    return words | {"straight": t("tools.straight", metres="%metres%")}
