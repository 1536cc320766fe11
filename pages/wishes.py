"""Wishes 心愿墙: what residents ask for and what becomes of it; opinions and visits for staff."""

from circle.web.guard import guard

guard("wishes")

from circle.web import failures, wishes_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    wishes_page.show()
