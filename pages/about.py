"""About 关于: sources, licences, version, privacy, accessibility."""

from circle.web.guard import guard

guard("about")

from circle.web import about, calm  # noqa: E402 - nothing before the guard

with calm.failures():
    about.show()
