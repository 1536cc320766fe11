"""Overview 服务概览: which services residents reach on foot, told so that nobody is known by it."""

from circle.web.guard import guard

guard("overview")

from circle.web import failures, overview_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    overview_page.show()
