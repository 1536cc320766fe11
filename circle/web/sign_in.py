"""Who is looking at this session's page, asked anew on every run.

Nothing of it is kept in a cache: what the identity provider signed is in a cookie
of the visitor's own, what a proxy says in the headers of the connection.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from circle.config import ROOT, os_user, proxy_secret, settings
from circle.errors import StoreError
from circle.identity import PAGES, PUBLIC, ROLES, Identity, from_claims, from_headers
from circle.store import audit, opened

if TYPE_CHECKING:
    from circle.config import SignIn

LOCAL_ROLE = "_role"
FAILED = "sign_in"
"""Parameter of the address of someone who came back without being signed in."""
_SINCE, _WHO = "_since", "_who"
_WRITTEN, _TRIED = "_sign_in_written", "_sign_in_tried"
_KEPT = (_SINCE,)
_AGAIN_S = 60.0
_PROXY_MINUTES = 480
_LEAST_SECRET = 32
_log = logging.getLogger(__name__)


def visitor() -> Identity:
    """Return who is looking: in the local mode whoever they choose to be.

    Raises
    ------
    SettingError
        When the settings cannot be used.
    """
    config = settings()
    if config.mode == "local":
        role = st.session_state.get(LOCAL_ROLE)
        return Identity(role if role in ROLES else ROLES[-1])
    if config.sign_in.by == "oidc":
        return from_claims(_claims(), config.sign_in, time.time())
    if config.sign_in.by == "proxy":
        return PUBLIC if _stale(config.sign_in) else _vouched(config.sign_in)
    return PUBLIC


def local_name() -> str:
    """Return who acts where nobody signs in: the account that this runs under."""
    return os_user()


def is_local() -> bool:
    """Return whether this is the local mode."""
    return settings().mode == "local"


def lapsed() -> bool:
    """Return whether the visitor was signed in, but too long ago."""
    rules = settings().sign_in
    if is_local() or visitor().signed_in:
        return False
    if rules.by == "proxy":
        return _vouched(rules).signed_in
    return rules.by == "oidc" and bool(_claims())


def ready() -> bool:
    """Return whether one can sign in here, by a button."""
    return not is_local() and settings().sign_in.by == "oidc" and fault() is None


def fault() -> str | None:
    """Return what keeps people from signing in, for whoever runs the installation.

    Returns
    -------
    str or None
        ``off``: the settings name no way; ``secrets``: there is no identity provider
        among Streamlit's secrets; ``cookie``: the secret that signs cookies could be
        guessed; ``proxy``: there is no secret to know the proxy by. None: nothing.
    """
    by = settings().sign_in.by
    if by == "oidc":
        auth = _provider()
        weak = len(str(auth.get("cookie_secret", ""))) < _LEAST_SECRET
        return "secrets" if not auth else "cookie" if weak else None
    if by == "proxy":
        return None if proxy_secret() else "proxy"
    return "off"


def start() -> bool:
    """Send the visitor to the identity provider; return whether that could be done."""
    try:
        st.login()
    except (StreamlitAPIException, ModuleNotFoundError):
        _log.exception("signing in is not configured; see docs/operations.md")
        return False
    return True


def end() -> None:
    """Sign the visitor out, here and at the identity provider."""
    who = visitor()
    try:
        if opened().in_use:
            told = {"role": who.role}
            audit.note(
                opened(), audit.Action.SIGN_OUT, by=who.name, subject=_subject(), content=told
            )
    except StoreError as error:  # nobody is kept signed in for that
        _log.warning("a sign-out is not in the audit: %s", error)
    st.logout()


def write_sign_in() -> None:
    """Write to the audit that the visitor signed in, once for each sign-in, whatever the page.

    Visitors who are not known by name leave no trace. Where the store is away the page
    goes on, and it is tried again a minute later.
    """
    who = visitor()
    if is_local() or not who.signed_in or st.session_state.get(_WRITTEN) == who.name:
        return
    now = time.monotonic()
    if now - st.session_state.get(_TRIED, -_AGAIN_S) < _AGAIN_S:
        return
    st.session_state[_TRIED] = now
    told = {"role": who.role, "through": settings().sign_in.by}
    try:
        if opened().in_use:
            action, subject = audit.Action.SIGN_IN, _subject()
            audit.note_once(opened(), action, by=who.name, subject=subject, content=told)
        st.session_state[_WRITTEN] = who.name
    except StoreError as error:
        _log.warning("a sign-in is not in the audit yet: %s", error)


def own_session() -> None:
    """Keep a session to one person: what another one left in it is thrown away."""
    name = visitor().name
    if st.session_state.setdefault(_WHO, name) != name:
        kept = {key: st.session_state[key] for key in _KEPT if key in st.session_state}
        st.session_state.clear()
        st.session_state.update(kept)
        st.session_state[_WHO] = name


def existing() -> tuple[str, ...]:
    """Return the pages of the table that there is a file of."""
    return tuple(name for name in PAGES if (ROOT / "pages" / f"{name}.py").is_file())


def _subject() -> str:
    """Return which sign-in it is: that of a token, or by a proxy's word that of a day."""
    if settings().sign_in.by == "oidc":
        claims = _claims()
        told = [str(claims.get(name)) for name in ("iss", "sub", "iat")]
    else:
        told = [visitor().name, datetime.now(UTC).date().isoformat()]
    return f"sign_in/{hashlib.sha256(chr(0).join(told).encode()).hexdigest()[:16]}"


def _claims() -> dict[str, Any]:
    if fault() is not None or st.user.get("is_logged_in") is not True:
        return {}
    return dict(st.user)


def _vouched(rules: SignIn) -> Identity:
    return from_headers(st.context.headers.get_all, rules, proxy_secret())


def _stale(rules: SignIn) -> bool:
    """Tell whether a session is older than the proxy's word may be: it is asked at its begin."""
    now = time.time()
    begun: float = st.session_state.setdefault(_SINCE, now)
    return now > begun + 60 * (rules.session_minutes or _PROXY_MINUTES)


def _provider() -> Mapping[str, Any]:
    with suppress(FileNotFoundError):  # Streamlit's own error of no secrets is one
        section = st.secrets.get("auth")
        return section if isinstance(section, Mapping) else {}
    return {}
