"""The style sheet is in the page that comes first, and in nothing else."""

from __future__ import annotations

import pytest

from circle.web.server.first_style import FirstStyle
from circle.web.style import style_sheet
from tests.web.asgi import Answer, Inner, ask

HTML = ("content-type", "text/html; charset=utf-8")
PAGE = b"<html><head></head>\n<body>\n<div></div></body></html>"


def answered(
    *headers: tuple[str, str], path: str = "/explore", base: str = "", accept: str = "text/html"
) -> Answer:
    inner = Inner(200, *headers, body=PAGE)
    answer = ask(
        FirstStyle(inner, base), base + path, ("accept", accept), ("accept-encoding", "gzip")
    )
    if "/component/" not in path and accept == "text/html":
        assert inner.asked.count(b"accept-encoding") == 0  # what is packed cannot be added to
    return answer


@pytest.mark.parametrize("base", ["", "/staff"])
def test_a_page_has_the_style_before_all_it_draws(base: str) -> None:
    page = answered(HTML, ("content-length", str(len(PAGE))), ("etag", '"1"'), base=base)
    styled = f"<body><style>{style_sheet()}</style>"
    assert page.body == PAGE.decode().replace("<body>", styled)
    assert page.header("content-length") == [str(len(page.body.encode()))]
    assert not page.header("etag")  # the file's, and not of what was sent


@pytest.mark.parametrize(
    ("path", "kind", "accept"),
    [
        ("/component/x/index.html", "text/html", "text/html"),
        ("/static/a.js", "text/javascript", "*/*"),
        ("/report.html", "application/octet-stream", "text/html"),
    ],
)
def test_what_is_no_page_passes_as_it_is(path: str, kind: str, accept: str) -> None:
    passed = answered(("content-type", kind), ("etag", '"1"'), path=path, accept=accept)
    assert passed.body == PAGE.decode()
    assert passed.header("etag") == ['"1"']
