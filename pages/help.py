"""Help 帮助: how to use what there is, and how it is computed."""

from circle.web.guard import guard

guard("help")

from circle.web import calm  # noqa: E402 - nothing before the guard
from circle.web import help as page  # noqa: E402

with calm.failures():
    page.show()
