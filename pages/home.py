"""From my home 家门口: what a resident finds on foot, and when it is open."""

from circle.web.guard import guard

guard("home")

from circle.web import failures, home_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    home_page.show()
