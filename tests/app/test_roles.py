"""Every page and every role: who may not open a page sees nothing of it."""

from __future__ import annotations

import ast
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from streamlit.runtime.context import StreamlitHeaders
from streamlit.testing.v1 import AppTest

from circle.config import settings
from circle.i18n import t
from circle.identity import PAGES, ROLES, SIGN_IN_PAGE, STAFF, Identity
from circle.store import Store, audit
from circle.web import memo, sign_in
from circle.web.sign_in import LOCAL_ROLE
from tests.app.conftest import ROOT
from tests.app.reading import answer, asked, failed, html, maps, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Opener = Callable[..., AppTest]
    SignsIn = Callable[..., None]

FILES = sorted(one.stem for one in (ROOT / "pages").glob("*.py"))
COMERS: dict[str, tuple[str, dict[str, Any] | None]] = {
    "nobody": ("public", None),
    "stranger": ("public", {"groups": ["elsewhere"]}),
    "too late": ("public", {"groups": ["of-steward"], "exp": 1}),
    **{role: (role, {"groups": [f"of-{role}"]}) for role in STAFF},
}
SECRET = "x" * 40


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set up a deployment with sign-in by OpenID Connect, one group a role."""
    groups = ", ".join(f'"{role}": ["of-{role}"]' for role in STAFF)
    monkeypatch.setenv("CIRCLE_MODE", "serve")
    monkeypatch.setenv("CIRCLE_SIGN_IN__BY", "oidc")
    monkeypatch.setenv("CIRCLE_SIGN_IN__ROLES", f"{{{groups}}}")
    monkeypatch.setattr("circle.web.sign_in._provider", lambda: {"cookie_secret": "c" * 40})
    settings.cache_clear()


@pytest.fixture
def signs_in(monkeypatch: pytest.MonkeyPatch, deployed: None) -> SignsIn:  # noqa: ARG001
    """Give ``signs_in(claims)``: the token of whoever looks, or None."""

    def come(claims: dict[str, Any] | None, name: str = "王丽") -> None:
        now = time.time()
        token = {"is_logged_in": True, "name": name, "iat": now, "exp": now + 600}
        found = {"is_logged_in": False} if claims is None else token | claims
        monkeypatch.setattr("streamlit.user", found)

    return come


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the pages of which anything was drawn."""
    found: list[str] = []
    for page in FILES:
        monkeypatch.setattr(f"circle.web.{drawing(page)}", lambda page=page: found.append(page))
    return found


@pytest.fixture
def navigation(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give the navigation's last pages, and how visible each is."""
    found: dict[str, str] = {}
    page_of = st.Page

    def keep(script: Any, **given: Any) -> object:
        if isinstance(script, str):
            found[script.removeprefix("pages/").removesuffix(".py")] = given["visibility"]
        return page_of(script, **given)

    monkeypatch.setattr("circle.web.navigation.st.Page", keep)
    return found


def drawing(page: str) -> str:
    """Return what a page calls to draw itself, like ``explore.show``."""
    *_, last = ast.parse((ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8")).body
    assert isinstance(last, ast.With)
    return ast.unparse(last.body[0]).removesuffix("()")


def test_every_page_is_in_the_table() -> None:
    assert set(FILES) <= set(PAGES)
    assert SIGN_IN_PAGE in FILES


@pytest.mark.parametrize("comer", COMERS)
@pytest.mark.parametrize("page", FILES)
def test_every_page_and_every_role(
    open_page: Opener, signs_in: SignsIn, drawn: list[str], page: str, comer: str
) -> None:
    role, claims = COMERS[comer]
    signs_in(claims)
    app = open_page(page)  # the first thing that is opened
    allowed(app, drawn, page, role)


@pytest.mark.parametrize("comer", COMERS)
@pytest.mark.parametrize("page", FILES)
def test_every_page_and_every_role_without_the_entry(
    signs_in: SignsIn, drawn: list[str], page: str, comer: str
) -> None:
    role, claims = COMERS[comer]
    signs_in(claims)
    app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=60)
    allowed(app.run(), drawn, page, role)


def allowed(app: AppTest, drawn: list[str], page: str, role: str) -> None:
    assert not failed(app)
    if role in PAGES[page]:
        assert drawn == [page]
        return
    assert drawn == []
    assert answer(app)
    assert not maps(app)
    assert not app.dataframe
    assert "天平" not in html(app)


@pytest.mark.parametrize("comer", COMERS)
def test_each_role_starts_at_its_own_and_is_shown_its_own(
    app: AppTest,
    signs_in: SignsIn,
    drawn: list[str],
    navigation: dict[str, str],
    comer: str,
) -> None:
    role, claims = COMERS[comer]
    signs_in(claims)
    app.query_params["kind"] = "market"
    app.run()
    assert set(navigation) == set(FILES)
    shown = {page for page, visible in navigation.items() if visible == "visible"}
    own = {page for page in FILES if role in PAGES[page]}
    assert shown - {SIGN_IN_PAGE} == own - {SIGN_IN_PAGE}
    assert drawn == [Identity(role).start(FILES)]
    assert asked(app, "kind") == "market"


def test_who_may_not_is_told_who_they_are(open_page: Opener, signs_in: SignsIn) -> None:
    signs_in({"groups": []}, name="<b>王丽</b>")
    app = open_page("coverage")
    assert answer(app) == t("sign_in.refused_none", name="<b>王丽</b>")
    assert "<b>王丽" not in html(app)
    app.button(key="go-home").click().run()
    assert not failed(app)


def test_who_is_not_signed_in_is_asked_to(
    open_page: Opener, signs_in: SignsIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []
    monkeypatch.setattr("streamlit.login", lambda: begun.append(True))
    signs_in(None)
    app = open_page("coverage", kind="market")
    assert answer(app) == t("sign_in.staff_only")
    app.button(key="sign-in").click().run()
    assert begun == [True]
    signs_in({"groups": ["of-planner"], "exp": 1})
    assert t("sign_in.lapsed") in text(app.run())


def test_a_session_that_changes_hands_keeps_nothing(open_page: Opener, signs_in: SignsIn) -> None:
    signs_in({"groups": ["of-planner"]}, name="王丽")
    app = open_page("data", register="canteen")
    app.session_state["left"] = "by another"
    app.run()
    assert "left" in app.session_state
    signs_in({"groups": ["of-planner"]}, name="李明")
    app.run()
    assert not failed(app)
    assert "left" not in app.session_state


def test_a_name_that_is_signed_in_is_not_typed(
    open_page: Opener, signs_in: SignsIn, store_file: object
) -> None:
    signs_in({"groups": ["of-steward"]}, name="王丽")
    app = open_page("data", register="canteen")
    assert not [one for one in app.text_input if one.label == t("confirm.by")]
    (basis,) = [one for one in app.text_input if one.label == t("confirm.basis_label")]
    basis.input("名录")
    (send,) = [one for one in app.button if one.label == t("confirm.submit")]
    send.click().run()
    assert not failed(app)
    assert "由王丽于" in text(app), store_file


def written(store_file: Path) -> list[tuple[str, str]]:
    """Return who did what by the audit, oldest first, but for what made the store."""
    entries = audit.entries(Store(str(store_file)))[::-1]
    return [(entry.action, entry.author) for entry in entries if entry.action != "import"]


@pytest.mark.usefixtures("drawn")
def test_who_signs_in_and_out_is_written_and_a_visit_is_not(
    open_page: Opener, signs_in: SignsIn, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.note(Store(str(store_file)), audit.Action.IMPORT, by="a", subject="b")
    signs_in(None)
    open_page("home")
    assert written(store_file) == []
    signs_in({"groups": ["of-planner"], "iat": 1, "exp": time.time() + 600, "sub": "7"})
    open_page("home")
    open_page("coverage")
    app = AppTest.from_file(str(ROOT / "pages" / "data.py"), default_timeout=60).run()
    assert not failed(app)  # another tab of the same sign-in
    assert written(store_file) == [("sign_in", "王丽")]
    monkeypatch.setattr("streamlit.logout", lambda: None)
    sign_in.end()
    assert written(store_file)[1:] == [("sign_out", "王丽")]


@pytest.mark.usefixtures("drawn")
def test_a_sign_in_that_cannot_be_written_keeps_nobody_out(
    open_page: Opener, signs_in: SignsIn, store_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store_file.mkdir(parents=True)
    signs_in({"groups": ["of-planner"]})
    assert not failed(open_page("home"))
    assert "not in the audit yet" in caplog.text


def test_an_official_s_own_area_is_explained_first(
    open_page: Opener, signs_in: SignsIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = memo.current().areas[1]
    monkeypatch.setenv("CIRCLE_SIGN_IN__AREAS", json.dumps({"of-official": [own.name.zh]}))
    settings.cache_clear()
    signs_in({"groups": ["of-official"]})
    app = open_page("coverage")
    assert not failed(app)
    assert asked(app, "area") == own.id
    app.button(key=f"area-{own.id}").click().run()
    assert asked(app, "area") is None
    signs_in({"groups": ["of-planner"]}, name="李明")
    assert asked(app.run(), "area") is None


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, "secrets"),
        ({"cookie_secret": "short"}, "cookie"),  # pragma: allowlist secret
    ],
)
def test_a_sign_in_that_is_half_configured_signs_nobody_in(
    open_page: Opener,
    signs_in: SignsIn,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str],
    fault: str,
) -> None:
    monkeypatch.setattr("circle.web.sign_in._provider", lambda: given)
    signs_in({"groups": ["of-steward"]})
    app = open_page("data")
    assert answer(app) == t("sign_in.staff_only")
    assert t(f"sign_in.fault_{fault}") in text(app)
    assert not [one for one in app.button if one.key == "sign-in"]


def test_without_settings_there_is_the_public_part_alone(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MODE", "SIGN_IN__BY"):
        monkeypatch.delenv(f"CIRCLE_{name}", raising=False)
    settings.cache_clear()
    monkeypatch.setattr("streamlit.user", {"is_logged_in": True, "groups": ["of-steward"]})
    app = open_page("explore")
    assert answer(app) == t("sign_in.staff_only")
    assert t("sign_in.closed") in text(app)
    assert t("sign_in.fault_off") in text(app)


def test_the_proxy_s_word(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_MODE", "serve")
    monkeypatch.setenv("CIRCLE_SIGN_IN__BY", "proxy")
    monkeypatch.setenv("CIRCLE_SIGN_IN__ROLES", '{"steward": ["stewards"]}')
    settings.cache_clear()
    given = [("X-Forwarded-User", "wang"), ("X-Forwarded-Groups", "stewards")]
    shown = StreamlitHeaders([*given, ("X-Circle-Proxy-Secret", SECRET)])
    monkeypatch.setattr("streamlit.context", type("Context", (), {"headers": shown}))
    app = open_page("data")  # the installation knows no secret
    assert answer(app) == t("sign_in.staff_only")
    assert t("sign_in.fault_proxy") in text(app)
    monkeypatch.setenv("CIRCLE_PROXY_SECRET", SECRET)
    assert "wang" in text(app.run())
    monkeypatch.setattr(
        "streamlit.context", type("Context", (), {"headers": StreamlitHeaders(given)})
    )
    assert answer(app.run()) == t("sign_in.staff_only")
    monkeypatch.setattr("streamlit.context", type("Context", (), {"headers": shown}))
    assert "wang" in text(app.run())
    later = time.time() + 9 * 3600
    monkeypatch.setattr("circle.web.sign_in.time.time", lambda: later)
    assert t("sign_in.lapsed") in text(app.run())
    assert t("sign_in.lapsed") in text(app.run())


def test_a_secret_that_is_too_short_is_told_but_not_what_it_is(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CIRCLE_MODE", "serve")
    monkeypatch.setenv("CIRCLE_SIGN_IN__BY", "proxy")
    monkeypatch.setenv("CIRCLE_PROXY_SECRET", "hunter2")
    settings.cache_clear()
    app = open_page("data")
    assert "PROXY" in failed(app)[0]
    assert "hunter2" not in failed(app)[0] + caplog.text


@pytest.mark.parametrize("role", ROLES)
def test_the_local_mode_shows_the_app_as_each_role_sees_it(
    app: AppTest, open_page: Opener, drawn: list[str], role: str
) -> None:
    open_page("welcome")
    assert drawn == ["welcome"]
    drawn.clear()
    app.session_state[LOCAL_ROLE] = role
    open_page("data")
    allowed(app, drawn, "data", role)


def test_the_role_is_switched_in_the_bar(app: AppTest) -> None:
    app.run()
    public, official, steward = (
        t(f"shell.role_{one}") for one in ("public", "official", "steward")
    )
    assert app.radio(key="shell:role").value == steward
    app.radio(key="shell:role").set_value(public).run()
    assert answer(app) == t("sign_in.refused_role", role=public)
    app.radio(key="shell:role").set_value(official).run()
    assert answer(app).startswith("从")
    app.session_state[LOCAL_ROLE] = "king"
    assert app.run().radio(key="shell:role").value == steward


def test_the_role_stays_when_the_language_turns(open_page: Opener) -> None:
    app = open_page("welcome")
    app.radio(key="shell:role").set_value(t("shell.role_official")).run()
    app.query_params["lang"] = "en"
    app.run()
    assert app.radio(key="shell:role").value == "Official"
    assert app.session_state[LOCAL_ROLE] == "official"


@pytest.mark.parametrize("address", [None, "0.0.0.0", "192.0.2.7", "circle.example"])  # noqa: S104
def test_the_local_mode_is_for_this_machine_alone(
    open_page: Opener, drawn: list[str], address: str | None
) -> None:
    from streamlit import config  # noqa: PLC0415

    config.set_option("server.address", address)
    app = open_page("explore")
    assert failed(app) == [t("sign_in.not_local")]
    assert drawn == []


@pytest.mark.parametrize(
    "given", [("Host", "circle.example"), ("X-Forwarded-For", "192.0.2.7"), ("Via", "1.1 x")]
)
def test_the_local_mode_refuses_what_a_proxy_passes_on(
    open_page: Opener, drawn: list[str], monkeypatch: pytest.MonkeyPatch, given: tuple[str, str]
) -> None:
    shown = StreamlitHeaders([given])
    monkeypatch.setattr("streamlit.context", type("Context", (), {"headers": shown}))
    app = open_page("explore")
    assert failed(app) == [t("sign_in.not_local")]
    assert drawn == []
