"""Help 帮助: how to use what there is, and how it is computed."""

from circle.web.guard import guard

guard("help")

from circle.web import failures, help_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    help_page.show()
