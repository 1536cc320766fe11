"""Siting 选址: where the next facilities do most, and why."""

from circle.web.guard import guard

guard("siting")

from circle.web import failures, siting_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    siting_page.show()
