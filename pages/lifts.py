"""Lifts and lanes 加梯与里弄: the programme, reach from the flat, where a lift is worth most."""

from circle.web.guard import guard

guard("lifts")

from circle.web import failures, lifts_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    lifts_page.show()
