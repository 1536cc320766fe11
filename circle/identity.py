"""Who someone is here, and what that lets them do: deny by default.

One table says which pages there are and who may open them, another who may do
what changes something. What stands in neither is nobody's. An `Identity` is made
of what the identity provider signed (`from_claims`), or of what a proxy in front
vouches for (`from_headers`); anyone else is the public.
"""

from __future__ import annotations

import hmac
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from circle.config import SignIn

ROLES = ("public", "official", "planner", "steward")
"""From who may do least to who may do most."""
STAFF = ROLES[1:]
PAGES: Mapping[str, tuple[str, ...]] = {
    "explore": STAFF,
    "coverage": STAFF,
    "whatif": ("planner", "steward"),
    "report": STAFF,
    "data": STAFF,
    "levels": STAFF,
    "lifts": ROLES,
    "audit": ("steward",),
    "home": ROLES,
    "overview": ROLES,
    "wishes": ROLES,
    "help": ROLES,
    "about": ROLES,
    "welcome": ROLES,
}
"""The pages, in the order of the navigation, and who may open each."""
_STEWARD = ("steward",)
ACTS: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("confirm", "restore", "import", "refresh", "edit", "true_places", "wish"), _STEWARD
)
"""What changes something for others or shows what is told to few, and who may do it."""
SIGN_IN_PAGE = "welcome"
"""Where one signs in; it is there whatever other pages there are."""
LONGEST_NAME = 80
_MOST_GROUPS = 500
_SKEW_S = 120.0
_LIMITED = ("official",)
_NAMES = ("preferred_username", "email", "sub")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who someone is.

    Attributes
    ----------
    role
        One of `ROLES`.
    name
        By which staff are known; empty where nobody signed in.
    areas
        Names of the areas that the person works for; empty for all of them.
    """

    role: str
    name: str = ""
    areas: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(self.role)

    @property
    def signed_in(self) -> bool:
        """Whether the person is known by name."""
        return bool(self.name)

    def may_open(self, page: str) -> bool:
        """Return whether the person may open a page; an unknown page is nobody's."""
        return self.role in PAGES.get(page, ())

    def may(self, act: str) -> bool:
        """Return whether the person may do something; an unknown act is nobody's."""
        return self.role in ACTS.get(act, ())

    def may_see(self, *names: str) -> bool:
        """Return whether an area, by any of its names, is one that the person works for."""
        return not self.areas or not self.areas.isdisjoint(names)

    def start(self, existing: Iterable[str]) -> str:
        """Return the page that is opened first, among those that exist.

        Staff start at Explore and the public at its home; where that page does not
        exist, at the page to sign in.
        """
        first = "home" if self.role == "public" else "explore"
        return first if first in existing and self.may_open(first) else SIGN_IN_PAGE


PUBLIC = Identity("public")


def of_groups(name: str, groups: Sequence[str], rules: SignIn) -> Identity:
    """Return who a person of some groups is: the highest role that any of them gives.

    Parameters
    ----------
    name
        By which the person is known.
    groups
        As the provider or the proxy names them.
    rules
        Which groups give which role, and which are limited to which areas.
    """
    held = frozenset(groups[:_MOST_GROUPS])
    role = next(
        (
            staff_role
            for staff_role in reversed(STAFF)
            if held & set(rules.roles.get(staff_role, ()))
        ),
        "public",
    )
    areas: set[str] = set()
    if role in _LIMITED:
        areas.update(area for group in held for area in rules.areas.get(group, ()))
    return Identity(role, name, frozenset(areas))


def from_claims(claims: Mapping[str, Any], rules: SignIn, now: float) -> Identity:
    """Return who the claims of an ID token say that someone is.

    The token's signature, issuer, audience and nonce were checked when it was taken;
    its age is checked here, every time, since the cookie that keeps it lives longer.

    Parameters
    ----------
    claims
        Of the token.
    rules
        Names of the claims, and what the groups give.
    now
        Seconds since 1970.

    Returns
    -------
    Identity
        The public for claims that are too old, or that name nobody.
    """
    name = next(
        filter(None, (plain_name(claims.get(claim)) for claim in (rules.name_claim, *_NAMES))), ""
    )
    if not name or not _fresh(claims, rules.session_minutes, now):
        return PUBLIC
    return of_groups(name, _listed(claims.get(rules.groups_claim)), rules)


def from_headers(
    values: Callable[[str], Sequence[str]], rules: SignIn, secret: str | None
) -> Identity:
    """Return who a proxy in front says that someone is.

    Parameters
    ----------
    values
        All values of a request's header, by its name.
    rules
        Names of the headers, and what the groups give.
    secret
        What the proxy alone knows and sends along; None: no header is believed.

    Returns
    -------
    Identity
        The public for a request that does not carry the secret, exactly once, or
        that names nobody or more than one.
    """
    shown = values(rules.secret_header)
    if not secret or len(shown) != 1 or not _same(shown[0], secret):
        return PUBLIC
    users, groups = values(rules.user_header), values(rules.groups_header)
    name = plain_name(_utf8(users[0])) if len(users) == 1 else ""
    if not name or len(groups) > 1:
        return PUBLIC
    return of_groups(name, [group for line in groups for group in _parted(_utf8(line))], rules)


def plain_name(given: object) -> str:
    """Return a name in one line of at most 80 printable characters, or ""."""
    if not isinstance(given, str):
        return ""
    line = "".join(c if c.isprintable() else " " for c in given)
    return " ".join(line.split())[:LONGEST_NAME].strip()


def _fresh(claims: Mapping[str, Any], minutes: int | None, now: float) -> bool:
    """Return whether a sign-in still counts: until the token's end, or for so many minutes."""
    begun, ends = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if begun is None or ends is None or begun > now + _SKEW_S:
        return False
    return now < (ends if minutes is None else begun + 60 * minutes)


def _seconds(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return float(given) if math.isfinite(given) else None


def _listed(given: object) -> list[str]:
    if isinstance(given, str):
        return [given]
    return [item for item in given if isinstance(item, str)] if isinstance(given, list) else []


def _parted(line: str) -> list[str]:
    return [part.strip() for part in line.split(",") if part.strip()]


def _same(shown: str, secret: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="replace"), secret.encode())


def _utf8(value: str) -> str:
    """Return a header's value as the proxy wrote it: servers read bytes as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
