"""Levels 层级: where wishes are settled, grid, area or subdistrict, and what waits longest."""

from circle.web.guard import guard

guard("levels")

from circle.web import failures, levels_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    levels_page.show()
