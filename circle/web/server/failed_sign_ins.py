"""Sign-ins that failed, in the audit: how many and why, never who tried or with what."""

from __future__ import annotations

import logging
import threading

from circle.errors import CircleError
from circle.store import audit, opened

EVERY_S = 60.0
"""So often one entry is written at most: anybody may fail as often as they like."""
REASONS = frozenset(
    {
        "access_denied",
        "consent_required",
        "interaction_required",
        "invalid_request",
        "invalid_scope",
        "login_required",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_response_type",
    }
)
"""What an identity provider may state; whatever else an address says is "other"."""
_log = logging.getLogger(__name__)


class FailedSignIns:
    """The sign-ins that failed since the last entry."""

    def __init__(self) -> None:
        self._times = 0
        self._written = -EVERY_S
        self._lock = threading.Lock()

    def note(self, reason: str, now: float) -> None:
        """Count one more at `now` (seconds); write all since the last entry if it is time."""
        with self._lock:
            self._times += 1
            if now - self._written < EVERY_S:
                return
            self._written, times = now, self._times
            told = {"times": times, "reason": reason if reason in REASONS else "other"}
            try:
                if opened().in_use:
                    action = audit.Action.SIGN_IN_FAILED
                    audit.note(opened(), action, by="", subject="sign_in", content=told)
                self._times -= times
            except CircleError as error:
                _log.warning("sign-ins that failed are not in the audit yet: %s", error)
