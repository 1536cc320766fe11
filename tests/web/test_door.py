"""The server's outermost layer: who gets in, how often, and what browsers are told."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from circle.config import settings
from circle.web import uploads
from circle.web.server import headers
from circle.web.server.middleware import MOST_SIGN_INS, AccessControl, Rules, checked, secured
from circle.web.server.rate_limit import Limiter
from tests.web.asgi import Inner, ask

LOCAL, SERVED = Rules(local=True), Rules(local=False)


def test_the_local_mode_answers_this_machine() -> None:
    inner = Inner()
    assert ask(AccessControl(inner, LOCAL)).status == 200
    assert inner.reached == 1


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize(
    ("given", "peer"),
    [
        (("host", "circle.example"), "127.0.0.1"),
        (("x-forwarded-for", "192.0.2.7"), "127.0.0.1"),
        (("accept", "*/*"), "192.0.2.7"),
    ],
)
def test_the_local_mode_refuses_all_others(kind: str, given: tuple[str, str], peer: str) -> None:
    inner = Inner()
    found = ask(AccessControl(inner, LOCAL), "/", given, type=kind, client=(peer, 1))
    assert inner.reached == 0
    assert found.status == (403 if kind == "http" else 1008)
    assert ask(AccessControl(inner, SERVED), "/", given, client=(peer, 1)).status == 200


@pytest.mark.parametrize("base", ["", "/staff"])
@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/interact",
        "/_stcore/agent",
        "/_stcore/script-health-check",
    ],
)
def test_what_nobody_needs_is_shut(path: str, base: str) -> None:
    inner = Inner()
    rules = Rules(local=False, base=base)
    assert ask(AccessControl(inner, rules), base + path).status == 404
    assert inner.reached == 0
    assert ask(AccessControl(inner, rules), f"{base}/_stcore/health").status == 200


@pytest.mark.parametrize("base", ["", "/staff"])
def test_a_file_is_taken_of_none_but_who_was_shown_the_form(
    base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = Inner()
    door = AccessControl(inner, Rules(local=False, base=base))
    address = f"{base}{uploads.ADDRESS}"
    monkeypatch.setattr(
        uploads, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id="steward")
    )
    uploads.allow()
    assert ask(door, f"{address}steward/1", method="PUT").status == 200
    for other in ("planner/1", "/1", "", "steward.x/1"):
        assert ask(door, f"{address}{other}", method="PUT").status == 403
    uploads.keep({"planner"})
    assert ask(door, f"{address}steward/1", method="PUT").status == 403
    uploads.allow()
    uploads.forbid()
    assert ask(door, f"{address}steward/1", method="PUT").status == 403
    assert inner.reached == 1


def test_sign_ins_are_limited_for_each_address() -> None:
    door = AccessControl(Inner(302), SERVED)
    for _ in range(MOST_SIGN_INS):
        assert ask(door, "/auth/login").status == 302
    refused = ask(door, "/auth/login")
    assert refused.status == 429
    assert refused.header("retry-after") == ["60"]
    assert "登录次数过多" in refused.body
    assert ask(door, "/auth/login", client=("192.0.2.7", 1)).status == 302
    assert ask(door, "/oauth2callback").status == 302
    assert ask(door, "/explore").status == 302


def test_the_limit_is_of_a_span_and_of_a_household() -> None:
    limiter = Limiter(2, 60, addresses=2)
    assert [limiter.allows("192.0.2.1", now) for now in (0, 1, 2, 60, 60.5, 61)] == [
        True, True, False, True, False, True,
    ]  # fmt: skip
    assert [limiter.allows(f"2001:db8::{n}", 0) for n in (1, 2, 3)] == [True, True, False]
    assert limiter.allows("192.0.2.2", 61)  # the third address: the first one is forgotten
    assert limiter.allows("192.0.2.1", 61)
    assert limiter.allows(None, 61)


def test_browsers_are_told() -> None:
    found = ask(AccessControl(Inner(200, ("x-frame-options", "DENY")), SERVED))
    for name, value in headers.HEADERS.items():
        if name != "X-Frame-Options":
            assert found.header(name.lower()) == [value]
    assert found.header("x-frame-options") == ["DENY"]  # what the app itself says stays
    (policy,) = found.header("content-security-policy")
    (scripts,) = re.findall("script-src ([^;]*)", policy)
    assert re.fullmatch(r"'self' 'wasm-unsafe-eval'( 'sha256-[\w+/=]+')+", scripts)
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    refused = ask(AccessControl(Inner(), SERVED), "/_stcore/metrics")
    assert refused.header("x-content-type-options") == ["nosniff"]


def test_the_frames_run_no_text_as_code() -> None:
    (policy,) = ask(AccessControl(Inner(), SERVED), "/component/x/index.html").header(
        "content-security-policy"
    )
    assert re.findall("script-src ([^;]*)", policy) == ["'self'"]


@pytest.mark.parametrize(
    ("path", "query", "status", "kept"),
    [
        ("/component/x/circle.js", "v=1234", 200, [headers.FOR_GOOD]),
        ("/component/x/circle.js", "v=1234", 404, []),
        ("/component/x/index.html", "streamlitUrl=x", 200, []),
        ("/media/x.json", "v=1234", 200, ["no-store"]),
        ("/explore", "v=1234", 200, []),
    ],
)
def test_a_file_that_is_named_by_its_content_is_kept_for_good(
    path: str, query: str, status: int, kept: list[str]
) -> None:
    asked = ask(AccessControl(Inner(status), SERVED), path, query=query)
    assert asked.header("cache-control") == kept


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (None, ""),
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example:8443/{z}/{x}/{y}.png", "https://*.tiles.example:8443"),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("https://a.example; script-src */{z}/{x}/{y}", ""),
    ],
)
def test_tiles_are_let_in_by_their_origin(template: str | None, told: str) -> None:
    found = headers.origin(template)
    assert found == told
    assert f"img-src 'self' data: blob:{' ' if told else ''}{told};" in headers.policy("/", found)


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "status"),
    [
        (None, "ws", "circle.example", 200),
        ("http://circle.example", "ws", "circle.example", 200),
        ("http://CIRCLE.example:80", "ws", "circle.example", 200),
        ("https://circle.example", "wss", "circle.example:443", 200),
        ("http://127.0.0.1:8501", "ws", "127.0.0.1:8501", 200),
        ("http://[::1]:8501", "ws", "[::1]:8501", 200),
        ("http://circle.example", "wss", "circle.example", 1008),
        ("https://circle.example", "ws", "circle.example", 1008),
        ("http://127.0.0.1:9999", "ws", "127.0.0.1:8501", 1008),
        ("http://localhost:8501", "ws", "127.0.0.1:8501", 1008),
        ("https://circle.example:8443", "wss", "circle.example", 1008),
        ("http://circle.example.evil.example", "ws", "circle.example", 1008),
        ("http://evil@circle.example", "ws", "circle.example", 1008),
        ("http://circle.example:x", "ws", "circle.example", 1008),
        ("null", "ws", "circle.example", 1008),
        ("", "ws", "", 1008),
    ],
)
def test_websockets_are_of_this_very_site(
    origin: str | None, scheme: str, host: str, status: int
) -> None:
    told = () if origin is None else (("origin", origin),)
    given = (("host", host), *told)
    door = AccessControl(Inner(), SERVED)
    asked = ask(door, "/_stcore/stream", *given, type="websocket", scheme=scheme)
    assert asked.status == status
    if origin:
        twice = ask(door, "/_stcore/stream", *given, *told, type="websocket", scheme=scheme)
        assert twice.status == 1008
    assert ask(door, "/media/x", *given).status == 200


@pytest.mark.parametrize("base", ["", "/staff"])
def test_no_cache_keeps_a_download(base: str) -> None:
    door = AccessControl(Inner(200, ("cache-control", "public")), Rules(local=False, base=base))
    assert ask(door, f"{base}/media/x.pdf").header("cache-control") == ["no-store"]
    assert ask(door, f"{base}/static/x.js").header("cache-control") == ["public"]


def test_cookies_keep_to_encrypted_connections() -> None:
    inner = Inner(200, ("set-cookie", "a=b; Path=/"), ("set-cookie", "c=d; Secure"))
    assert ask(AccessControl(inner, SERVED)).header("set-cookie") == ["a=b; Path=/", "c=d; Secure"]
    found = ask(AccessControl(inner, SERVED), scheme="https").header("set-cookie")
    assert found == ["a=b; Path=/; Secure", "c=d; Secure"]
    assert secured(b"location", b"/") == (b"location", b"/")


@pytest.mark.usefixtures("on_this_machine")
def test_the_local_mode_does_not_start_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit import config  # noqa: PLC0415

    assert checked() == Rules(local=True)
    config.set_option("server.address", "0.0.0.0")  # noqa: S104
    with pytest.raises(SystemExit, match=r"127\.0\.0\.1"):
        checked()
    monkeypatch.setenv("CIRCLE_MODE", "serve")
    settings.cache_clear()
    assert checked() == Rules(local=False)


def test_a_setting_that_cannot_be_used_stops_the_server(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.cache_clear()
    assert not checked().local
    assert "by" in caplog.text  # how to configure signing in
    assert "OpenID Connect" in caplog.text
    monkeypatch.setenv("CIRCLE_SIGN_IN__BY", "proxy")
    monkeypatch.setenv("CIRCLE_PROXY_SECRET", "hunter2")
    settings.cache_clear()
    with pytest.raises(SystemExit, match="CIRCLE_PROXY_SECRET") as caught:
        checked()
    assert "hunter2" not in str(caught.value)
    monkeypatch.setenv("CIRCLE_MODE", "open")
    settings.cache_clear()
    with pytest.raises(SystemExit, match="local, serve"):
        checked()
