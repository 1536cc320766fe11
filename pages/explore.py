"""Explore 探索: how far one can walk from a place, and what is there."""

from circle.web.guard import guard

guard("explore")

from circle.web import explore_page, failures  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    explore_page.show()
