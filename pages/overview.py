"""Overview 服务概览: which services residents reach on foot, told so that nobody is known by it."""

from circle.web.guard import guard

guard("overview")

from circle.web import calm, overview  # noqa: E402 - nothing before the guard

with calm.failures():
    overview.show()
