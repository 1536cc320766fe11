"""Sign in 登录: where one signs in, and what is there for whoever did."""

from circle.web.guard import guard

guard("welcome")

from circle.web import failures, welcome_page  # noqa: E402 - nothing before the guard

with failures.errors_shown():
    welcome_page.show()
