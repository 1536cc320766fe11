"""Back to where a sign-in began: pages of the table and their parameters, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from circle.store import Store, audit
from circle.web.server.sign_in_return import COOKIE, LONGEST, SignInReturn, checked, wanted
from tests.store.test_confirmations import said
from tests.web.asgi import Answer, Inner, ask

if TYPE_CHECKING:
    from pathlib import Path

HERE = "127.0.0.1:8501"
SIGNED_IN = ("set-cookie", "_streamlit_user=InsiZXlKIjoxfSI.x.y; HttpOnly; Path=/")
CLEARED = ("set-cookie", '_streamlit_user=""; Max-Age=0; Path=/')


def begun(referer: str, base: str = "") -> str:
    """Return the cookie that a sign-in from an address sets."""
    app = SignInReturn(Inner(302, ("location", "https://provider.example/")), base)
    found = ask(app, f"{base}/auth/login", ("referer", referer), ("host", HERE))
    assert found.header("location") == ["https://provider.example/"]
    (cookie,) = found.header("set-cookie")
    assert cookie.startswith(f"{COOKIE}=")
    assert f"Path={base or '/'};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    return cookie.partition(";")[0]


def ended(cookie: str, *headers: tuple[str, str], query: str = "state=s", base: str = "") -> Answer:
    app = SignInReturn(Inner(302, ("location", f"{base}/"), *headers), base)
    return ask(app, f"{base}/oauth2callback", ("cookie", cookie), query=query)


@pytest.mark.parametrize("base", ["", "/staff"])
@pytest.mark.parametrize(
    ("place", "landed"),
    [
        ("/coverage?kind=market&within=10", "/coverage?kind=market&within=10"),
        ("/data/", "/data"),
        ("/", "/"),
        ("/?at=121.4%2C31.2", "/?at=121.4%2C31.2"),
        (
            "/explore?q=%E8%A1%A1%E5%B1%B1%E8%B7%AF&to=",
            "/explore?q=%E8%A1%A1%E5%B1%B1%E8%B7%AF&to=",
        ),
        ("/explore?q=%0d%0aSet-Cookie:a=b;%22", "/explore?q=%0D%0ASet-Cookie%3Aa%3Db%3B%22"),
        ("/coverage?sign_in=failed&kind=market", "/coverage?kind=market"),
        ("/welcome", "/"),
        ("/nothing", "/"),
        ("/explore/../../etc", "/"),
        ("//evil.example/explore", "/"),
        ("/explore?" + "&".join("a=1" for _ in range(60)), "/"),
        ("/explore?q=" + "x" * LONGEST, "/"),
    ],
)
def test_one_lands_where_one_wanted(place: str, landed: str, base: str) -> None:
    cookie = begun(f"http://{HERE}{base}{place}", base)
    found = ended(cookie, SIGNED_IN, base=base)
    assert found.header("location") == [base + landed]
    assert any(
        one.startswith(f"{COOKIE}=; ") and "Max-Age=0" in one for one in found.header("set-cookie")
    )


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://evil.example/coverage",
        f"https://evil.example/{HERE}/coverage",
        f"http://{HERE}@evil.example/coverage",
        f"javascript://{HERE}/coverage",
        "http://[/coverage",
        "/coverage",
    ],
)
def test_another_site_leads_nowhere(referer: str) -> None:
    assert wanted(referer, HERE) == ""
    assert ended(begun(referer), SIGNED_IN).header("location") == ["/"]


def test_another_path_of_the_same_host_leads_nowhere() -> None:
    assert wanted(f"http://{HERE}/coverage", HERE, "/staff") == ""
    assert wanted(f"http://{HERE}/staffroom/coverage", HERE, "/staff") == ""
    assert wanted("http:///coverage", "") == ""


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        f"{COOKIE}=https%3A%2F%2Fevil.example",
        f"{COOKIE}=%2Fevil.example%2Fexplore",
        f"{COOKIE}=%5Cevil.example",
        f"{COOKIE}=explore%0d%0aX-Evil%3A%201",
        f"{COOKIE}=explore%2F..%2F..%2Fx",
        f"{COOKIE}=" + "a" * 5000,
        f"a b; ;;=; {COOKIE}",
    ],
)
def test_a_cookie_of_ones_own_making_leads_nowhere(cookie: str) -> None:
    assert ended(cookie, SIGNED_IN).header("location") == ["/"]


@pytest.mark.parametrize("answer", [(), (CLEARED,)])
@pytest.mark.parametrize("query", ["state=s&code=c", "error=access_denied&state=s"])
def test_who_is_not_signed_in_is_told_there(
    answer: tuple[tuple[str, str], ...], query: str
) -> None:
    cookie = begun(f"http://{HERE}/coverage?kind=market")
    (place,) = ended(cookie, *answer, query=query).header("location")
    assert urlsplit(place).path == "/coverage"
    assert parse_qs(urlsplit(place).query) == {"kind": ["market"], "sign_in": ["failed"]}
    assert ended("", *answer, query=query).header("location") == ["/welcome?sign_in=failed"]


def test_a_sign_in_that_failed_is_written_and_others_are_not(store_file: Path) -> None:
    said(Store(str(store_file)))
    ended("", SIGNED_IN)
    ended("", CLEARED, query="")
    ended("", query="error=access_denied&error_description=%3Cb%3E&state=s")
    newest, before = audit.entries(Store(str(store_file)))
    assert (newest.action, newest.author) == ("sign_in_failed", "")
    assert newest.content == '{"reason":"access_denied","times":1}'
    assert before.action == "confirm"


def test_signing_out_comes_back_to_the_first_page() -> None:
    assert ended("", CLEARED, query="").header("location") == ["/"]


def test_other_answers_stay_as_they_are() -> None:
    app = SignInReturn(Inner(200, ("location", "/x")))
    assert ask(app, "/explore").header("location") == ["/x"]
    found = ask(SignInReturn(Inner(400)), "/oauth2callback", query="state=s")
    assert (found.status, found.header("location")) == (400, [])


def test_a_checked_place_stays_the_same() -> None:
    for place in ("", "explore", "coverage?kind=market", "?at=1%2C2"):
        assert checked(place) == place
