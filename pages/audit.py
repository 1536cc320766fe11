"""Audit 审计: who did what when, and whether that is as it was written."""

from circle.web.guard import guard

guard("audit")

from circle.web import audit_page, failures  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    audit_page.show()
