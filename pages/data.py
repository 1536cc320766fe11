"""Data 数据: what the figures rest on, and confirming that a list is complete."""

from circle.web.guard import guard

guard("data")

from circle.web import data_page, failures  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    data_page.show()
