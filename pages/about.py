"""About 关于: sources, licences, version, privacy, accessibility."""

from circle.web.guard import guard

guard("about")

from circle.web import about_page, failures  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    about_page.show()
