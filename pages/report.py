"""Report 报告: the coverage report in every format a bureau takes."""

from circle.web.guard import guard

guard("report")

from circle.web import failures, report_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    report_page.show()
