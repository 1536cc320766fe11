"""Signing in, against a provider of our own: roles by group, and back to the page wanted."""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from circle.i18n import t
from circle.store import Store, audit
from tests.browser.conftest import ROOT, free_port, serving, started
from tests.browser.looking import FRAME, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse
    from pathlib import Path

    from playwright.sync_api import Locator, Page

WANTED = "/coverage?kind=market&within=10&lang=zh"
CLIENT = "circle-test"
LIFETIME_S = 300


@dataclass(frozen=True)
class Site:
    """The application as it is deployed, and the provider that it trusts."""

    url: str
    provider: str
    log: Path
    hidden: tuple[str, ...]

    def comes(self, *groups: str, **otherwise: object) -> None:
        """Set who comes to the provider next."""
        body = json.dumps({"groups": list(groups), **otherwise}).encode()
        with self._open(urllib.request.Request(f"{self.provider}/control", body)):  # noqa: S310
            pass

    def signed_out(self) -> int:
        """Return how often somebody signed out at the provider."""
        with self._open(urllib.request.Request(f"{self.provider}/control")) as answer:  # noqa: S310
            return int(json.load(answer)["signed_out"])

    def read(self, path: str, page: Page) -> tuple[int, str]:
        """Return status and text of an address, asked for with a page's cookies."""
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        request = urllib.request.Request(self.url + path, headers={"Cookie": cookies})  # noqa: S310
        try:
            with self._open(request) as answer:
                return answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, ""

    @staticmethod
    def _open(request: urllib.request.Request) -> HTTPResponse:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        answer: HTTPResponse = opener.open(request, timeout=5)
        return answer


@pytest.fixture(scope="module")
def site(
    chromium: str,  # noqa: ARG001 - no browser, no server
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """Start a provider and the application, with secrets made for this run."""
    folder = tmp_path_factory.mktemp("deployed")
    port, provider = free_port(), free_port()
    client_secret, cookie_secret = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    file = folder / "secrets.toml"
    file.write_text(
        "[auth]\n"
        f'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n'
        f'cookie_secret = "{cookie_secret}"\n'
        f'client_id = "{CLIENT}"\n'
        f'client_secret = "{client_secret}"\n'
        f'server_metadata_url = "http://127.0.0.1:{provider}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CIRCLE_")}
    given = ours | {
        "CIRCLE_DISTRICT": str(ROOT / "data" / "tianping"),
        "CIRCLE_STORE": str(folder / "store.sqlite"),
        "CIRCLE_SIGN_IN__BY": "oidc",
        "CIRCLE_SIGN_IN__ROLES": json.dumps({"steward": ["stewards"], "planner": ["planners"]}),
        "NO_PROXY": "127.0.0.1",
    }
    command = [sys.executable, "-m", "tests.oidc_provider", str(provider), CLIENT, client_secret]
    with ExitStack() as running:
        log = folder / "app.log"
        running.enter_context(started(command, provider, ours, folder / "provider.log"))
        app = serving(port, secrets_files=str(file))
        running.enter_context(started(app, port, given, log))
        hidden = (client_secret, cookie_secret)
        yield Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{provider}", log, hidden)


def sign_in(page: Page) -> None:
    page.locator(".st-key-sign-in button").click()


def account(page: Page) -> Locator:
    return page.locator(".st-key-account")


def navigation(page: Page) -> list[str]:
    return page.get_by_test_id("stSidebarNavLink").all_inner_texts()


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_every_address_is_a_page_for_everyone(page: Page, site: Site) -> None:
    site.comes("planners")
    page.goto(site.url)  # the public's first page
    expect(page.locator(".st-key-to-sign-in")).to_be_visible()
    assert urlsplit(page.url).path in {"/home", "/welcome"}
    page.goto(f"{site.url}/explore?minutes=7")
    sign_in(page)  # back at a page that is now one's first
    page.wait_for_url(re.compile("/explore"))
    settled(page)
    expect(page.locator(".lc-answer")).to_contain_text("7 分钟")
    for path in ("/", "/explore", "/data", "/welcome"):
        page.goto(site.url + path)
        settled(page)
        expect(account(page)).to_contain_text("Wang Li")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_staff_page_shows_nothing_until_one_signs_in(page: Page, site: Site) -> None:
    site.comes("planners")
    page.goto(site.url + WANTED)
    expect(page.locator(".lc-answer")).to_have_text(t("sign_in.staff_only"))
    expect(page.locator(FRAME)).to_have_count(0)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    assert not {t("explore.title"), t("data.title")} & set(navigation(page))
    sign_in(page)
    page.wait_for_url(re.compile(r"/coverage\?"))
    settled(page)
    expect(page.locator(".lc-answer")).to_contain_text("10 分钟")
    expect(page.locator(".lc-answer")).to_contain_text("菜市场")
    assert urlsplit(page.url).path == "/coverage"
    assert (asked(page)["kind"], asked(page)["within"]) == (["market"], ["10"])
    expect(account(page)).to_contain_text("Wang Li")
    expect(account(page)).to_contain_text(t("shell.role_planner"))
    assert {t("explore.title"), t("coverage.title"), t("data.title")} <= set(navigation(page))
    assert t("welcome.title") not in navigation(page)


def test_the_role_is_what_the_groups_give_at_the_next_sign_in(page: Page, site: Site) -> None:
    site.comes("stewards", "planners")
    page.goto(f"{site.url}/data?register=canteen")
    sign_in(page)
    page.wait_for_url(re.compile("/data"))
    settled(page)
    expect(account(page)).to_contain_text(t("shell.role_steward"))
    expect(page.get_by_text("确认人：Wang Li")).to_be_visible()  # not typed
    sign_out(page, site)
    site.comes("planners")
    page.goto(f"{site.url}/data")
    sign_in(page)
    settled(page)
    expect(account(page)).to_contain_text(t("shell.role_planner"))
    expect(page.get_by_text(t("confirm.read_only"))).to_be_visible()
    expect(page.get_by_test_id("stForm")).to_have_count(0)
    sign_out(page, site)
    site.comes("others")
    page.goto(f"{site.url}/data")
    sign_in(page)
    expect(page.locator(".lc-answer")).to_have_text(t("sign_in.refused_none", name="Wang Li"))
    expect(account(page)).to_contain_text(t("shell.role_public"))
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)


def sign_out(page: Page, site: Site) -> None:
    before = site.signed_out()
    account(page).get_by_role("button").click()
    page.get_by_role("button", name=t("sign_in.sign_out")).click()
    expect(page.locator(".st-key-to-sign-in")).to_be_visible()
    assert site.signed_out() == before + 1
    assert "_streamlit_user" not in {one.get("name") for one in page.context.cookies()}
    assert "sign_in" not in asked(page)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "not-the-one-asked-for"},
        {"age_s": LIFETIME_S + 600},
        {"key": "other"},
        {"audience": "another-client"},
        {"deny": True},
    ],
    ids=["nonce", "expired", "signature", "audience", "denied"],
)
def test_a_token_that_does_not_hold_signs_nobody_in(
    page: Page, site: Site, wrong: dict[str, object]
) -> None:
    site.comes("stewards", **wrong)
    page.goto(site.url + WANTED)
    sign_in(page)
    expect(page.get_by_text(t("sign_in.failed"))).to_be_visible()
    assert urlsplit(page.url).path == "/coverage"
    expect(page.locator(FRAME)).to_have_count(0)
    assert "_streamlit_user" not in {one.get("name") for one in page.context.cookies()}


def test_after_a_sign_in_that_failed_the_next_one_succeeds(page: Page, site: Site) -> None:
    site.comes("stewards", deny=True)
    page.goto(site.url + WANTED)
    sign_in(page)
    expect(page.get_by_text(t("sign_in.failed"))).to_be_visible()
    site.comes("planners")
    sign_in(page)  # back at the same place
    settled(page)
    expect(page.locator(".lc-answer")).to_contain_text("菜市场")
    assert "sign_in" not in asked(page)


def test_a_sign_in_ends_with_its_token(page: Page, site: Site) -> None:
    site.comes("planners", lifetime_s=8)
    page.goto(f"{site.url}/data")
    sign_in(page)
    settled(page)
    expect(account(page)).to_contain_text("Wang Li")
    page.wait_for_timeout(8000)
    page.get_by_text("EN", exact=True).click()  # the next run, in the same session
    expect(page.get_by_text(t("sign_in.lapsed", language="en"))).to_be_visible()
    expect(page.locator(".lc-figure")).to_have_count(0)
    page.reload()  # and in another one, with the same cookie
    expect(page.get_by_text(t("sign_in.lapsed", language="en"))).to_be_visible()


def test_a_cookie_of_ones_own_making_is_nobody(page: Page, site: Site) -> None:
    page.context.add_cookies(
        [{"name": "_streamlit_user", "value": '{"is_logged_in": true}.x.y', "url": site.url}]
    )
    page.goto(site.url + WANTED)
    expect(page.locator(".lc-answer")).to_have_text(t("sign_in.staff_only"))


FILES = (
    "/pages/explore.py", "/data/tianping/demand.csv", "/data/tianping/district.toml",
    "/circle.toml", "/.streamlit/secrets.toml", "/.streamlit/config.toml", "/var/circle.sqlite",
    "/store.sqlite", "/app/static/x.csv", "/app/static/../data/tianping/demand.csv",
    "/component/../../data/tianping/demand.csv", "/component/circle.web.map_view.static/../data.py",
    "/media/0123456789abcdef", "/media/../data/tianping/demand.csv", "/media/%2e%2e/app.py",
    "/_stcore/upload_file/a/b", "/_stcore/metrics", "/_stcore/agent/openapi.json",
    "/_stcore/script-health-check", "//etc/passwd", "/static/../../app.py",
)  # fmt: skip


def test_the_address_of_a_file_tells_nobody_anything(page: Page, site: Site) -> None:
    _, empty = site.read("/", page)
    assert '<div id="root"></div>' in empty
    found: dict[str, set[int]] = {}
    for groups in (None, ["others"], ["planners"], ["stewards"]):
        if groups is not None:
            site.comes(*groups)
            page.goto(f"{site.url}/welcome")
            sign_in(page)
            expect(account(page)).to_contain_text("Wang Li")
        for path in FILES:
            status, text = site.read(path, page)
            assert status >= 400 or text == empty, path
            found.setdefault(path, set()).add(status)
        page.context.clear_cookies()
    assert {path for path, statuses in found.items() if len(statuses) > 1} == set()
    assert found["/_stcore/metrics"] == found["/_stcore/agent/openapi.json"] == {404}


def test_no_secret_is_in_the_log(site: Site) -> None:
    said = site.log.read_text(encoding="utf-8")
    assert not [one for one in (*site.hidden, "eyJ") if one in said]


def test_who_came_and_went_is_in_the_audit(site: Site) -> None:
    """Of all that happened above: sign-ins by name, one that failed of nobody, no visit."""
    store = Store(str(site.log.with_name("store.sqlite")))
    entries = audit.entries(store)
    by_action = {
        action: {entry.author for entry in entries if entry.action == action}
        for action in ("sign_in", "sign_out", "sign_in_failed")
    }
    assert "Wang Li" in by_action["sign_in"] & by_action["sign_out"]
    assert by_action["sign_in_failed"] == {""}
    of_sign_ins = [entry.subject for entry in entries if entry.action == "sign_in"]
    assert len(of_sign_ins) == len(set(of_sign_ins))
    lines = audit.lines(store)
    assert audit.verify(lines)[0] == []
    assert not [secret for secret in site.hidden if secret in "".join(lines)]
