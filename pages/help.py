"""Help 帮助: how to use what there is, and how it is computed."""

from circle.web.guard import guard

guard("help")

from circle.web import calm, manual  # noqa: E402 - nothing before the guard

with calm.failures():
    manual.show()
