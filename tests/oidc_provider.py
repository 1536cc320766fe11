"""An OpenID Connect provider for tests, a process of its own on 127.0.0.1.

    python -m tests.oidc_provider PORT CLIENT_ID CLIENT_SECRET

It signs with RSA, checks the client's secret, the code, the redirect address and PKCE,
and asks nobody: whoever comes is the person that was set last. ``POST /control`` with a
JSON object sets who that is, and what goes wrong: ``name``, ``groups``, ``lifetime_s``,
``age_s`` (of the token), ``nonce`` (another one than asked for), ``key`` ("other" signs
with a key that is not published), ``audience``, ``deny`` (the person says no).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

DEFAULTS: dict[str, Any] = {
    "name": "Wang Li", "groups": [], "lifetime_s": 300, "age_s": 0,
    "nonce": None, "key": "own", "audience": None, "deny": False,
}  # fmt: skip
KEYS = {name: RSAKey.generate_key(2048, {"kid": "k1"}) for name in ("own", "other")}


class Provider(ThreadingHTTPServer):
    """What the provider knows: its one client, who comes, the codes given out."""

    daemon_threads = True

    def __init__(self, port: int, client: str, secret: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.issuer = f"http://127.0.0.1:{port}"
        self.client, self.secret = client, secret
        self.now: dict[str, Any] = dict(DEFAULTS)
        self.codes: dict[str, dict[str, str]] = {}
        self.signed_out = 0

    def id_token(self, asked: dict[str, str]) -> str:
        """Return a signed token for whoever comes."""
        begun = int(time.time()) - self.now["age_s"]
        claims = {
            "iss": self.issuer,
            "sub": hashlib.sha256(self.now["name"].encode()).hexdigest()[:16],
            "aud": self.now["audience"] or self.client,
            "iat": begun,
            "exp": begun + self.now["lifetime_s"],
            "nonce": self.now["nonce"] or asked.get("nonce", ""),
            "name": self.now["name"],
            "groups": self.now["groups"],
        }
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, KEYS[self.now["key"]])


class Handler(BaseHTTPRequestHandler):
    """The provider's addresses."""

    server: Provider

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        answers = {
            "/.well-known/openid-configuration": lambda: self._json(self._metadata()),
            "/jwks": lambda: self._json({"keys": [KEYS["own"].as_dict(private=False)]}),
            "/authorize": lambda: self._authorize(asked),
            "/end_session": lambda: self._end_session(asked),
            "/control": lambda: self._json({"signed_out": self.server.signed_out}),
        }
        answers.get(parts.path, lambda: self._json({"error": "not_found"}, 404))()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/control":
            self.server.now = DEFAULTS | json.loads(body)
            self._json({})
        elif self.path == "/token":
            form = {name: values[-1] for name, values in parse_qs(body.decode()).items()}
            self._token(form)
        else:
            self._json({"error": "not_found"}, 404)

    def _metadata(self) -> dict[str, object]:
        here = self.server.issuer
        return {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/jwks",
            "end_session_endpoint": f"{here}/end_session",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _authorize(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != self.server.client or "openid" not in asked.get("scope", ""):
            self._json({"error": "invalid_request"}, 400)
            return
        answer = {"state": asked["state"]}
        if self.server.now["deny"]:
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.server.codes[answer["code"]] = asked
        self._redirect(f"{asked['redirect_uri']}?{urlencode(answer)}")

    def _token(self, form: dict[str, str]) -> None:
        asked = self.server.codes.pop(form.get("code", ""), None)
        known = f"{self.server.client}:{self.server.secret}".encode()
        sent = self.headers.get("Authorization", "").removeprefix("Basic ")
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if sent != base64.b64encode(known).decode():
            self._json({"error": "invalid_client"}, 401)
        elif (
            asked is None
            or asked["redirect_uri"] != form.get("redirect_uri")
            or asked.get("code_challenge") != challenge
        ):
            self._json({"error": "invalid_grant"}, 400)
        else:
            token = self.server.id_token(asked)
            self._json({"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _end_session(self, asked: dict[str, str]) -> None:
        self.server.signed_out += 1
        self._redirect(asked["post_logout_redirect_uri"])

    def _redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    Provider(int(sys.argv[1]), sys.argv[2], sys.argv[3]).serve_forever()
