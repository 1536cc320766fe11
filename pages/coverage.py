"""Coverage 覆盖: who is out of reach of a kind of facility, and where."""

from circle.web.guard import guard

guard("coverage")

from circle.web import coverage_page, failures  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    coverage_page.show()
