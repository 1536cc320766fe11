"""What if 推演: edits laid over the district, and what they would change."""

from circle.web.guard import guard

guard("whatif")

from circle.web import failures, whatif_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    whatif_page.show()
