"""Who someone is: by groups, by a token's claims, by a proxy's headers; deny by default."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from circle.config import SignIn
from circle.identity import (
    ACTS,
    PAGES,
    PUBLIC,
    ROLES,
    STAFF,
    Identity,
    from_claims,
    from_headers,
    of_groups,
    plain_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = 1_800_000_000.0
RULES = SignIn(
    roles={"official": ("office",), "planner": ("bureau", "team"), "steward": ("stewards",)},
    areas={"office": ("甲片区",), "north": ("乙片区", "丙片区")},
)
SECRET = "x" * 40
HEADERS = {
    "X-Circle-Proxy-Secret": [SECRET],
    "X-Forwarded-User": ["wang.li"],
    "X-Forwarded-Groups": ["bureau, others"],
}


def claims(**changed: Any) -> dict[str, Any]:
    given = {"sub": "1", "name": "王丽", "groups": ["bureau"], "iat": NOW - 60, "exp": NOW + 60}
    return {name: value for name, value in (given | changed).items() if value is not None}


def headers(**changed: Any) -> Callable[[str], list[str]]:
    given = HEADERS | {name.replace("_", "-"): value for name, value in changed.items()}
    return lambda name: given.get(name, [])


def test_what_is_not_in_the_table_is_nobodys() -> None:
    for role in ROLES:
        assert not Identity(role).may_open("admin")
        assert not Identity(role).may_open("")
        assert not Identity(role).may("delete")
    with pytest.raises(ValueError, match="king"):
        Identity("king")


def test_a_role_may_do_all_that_a_lower_one_may() -> None:
    for lower, higher in pairwise(ROLES):
        for page in PAGES:
            assert Identity(higher).may_open(page) >= Identity(lower).may_open(page)
        for act in ACTS:
            assert Identity(higher).may(act) >= Identity(lower).may(act)


def test_who_opens_and_does_what() -> None:
    assert [page for page in PAGES if PUBLIC.may_open(page)] == [
        "home", "overview", "wishes", "lifts", "help", "about", "welcome",
    ]  # fmt: skip
    for role in STAFF:
        closed = {page for page in PAGES if not Identity(role).may_open(page)}
        assert closed == {"steward": set(), "planner": {"audit"}}.get(
            role, {"audit", "whatif", "siting"}
        )
    assert [role for role in ROLES if Identity(role).may("confirm")] == ["steward"]


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ([], "public"),
        (["elsewhere"], "public"),
        (["Stewards"], "public"),
        (["office"], "official"),
        (["team", "office"], "planner"),
        (["office", "stewards", "bureau"], "steward"),
    ],
)
def test_the_highest_role_of_the_groups(groups: list[str], role: str) -> None:
    assert of_groups("n", groups, RULES).role == role


def test_no_group_gives_a_role_where_none_is_set() -> None:
    assert of_groups("n", ["steward", "official", ""], SignIn()).role == "public"


def test_officials_are_limited_to_areas_and_others_are_not() -> None:
    found = of_groups("n", ["office", "north"], RULES)
    assert found.areas == {"丙片区", "乙片区", "甲片区"}
    assert found.may_see("甲片区")
    assert found.may_see("area-1", "甲片区", "Area A")
    assert not found.may_see("丁片区")
    assert of_groups("n", ["bureau", "north"], RULES).areas == frozenset()
    assert Identity("planner").may_see("丁片区")


@pytest.mark.parametrize(
    ("there", "public", "staff"),
    [
        (("explore", "home", "welcome"), "home", "explore"),
        (("explore", "welcome"), "welcome", "explore"),
        (("home", "welcome"), "home", "welcome"),
    ],
)
def test_where_each_starts(there: tuple[str, ...], public: str, staff: str) -> None:
    assert PUBLIC.start(there) == public
    assert Identity("official").start(there) == staff


def test_claims_of_a_token_that_holds() -> None:
    assert from_claims(claims(), RULES, NOW) == Identity("planner", "王丽")
    assert from_claims(claims(groups="stewards"), RULES, NOW).role == "steward"


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": NOW},
        {"exp": NOW - 1},
        {"exp": None},
        {"iat": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": math.nan},
        {"exp": math.inf},
        {"iat": NOW + 121, "exp": NOW + 600},
        {"name": None, "sub": None},
        {"name": " \u202e\n", "sub": ""},
    ],
)
def test_claims_that_are_too_old_or_of_nobody(changed: dict[str, Any]) -> None:
    assert from_claims(claims(**changed), RULES, NOW) == PUBLIC


def test_a_set_time_counts_from_the_sign_in_in_place_of_the_token_s_end() -> None:
    rules = RULES.model_copy(update={"session_minutes": 10})
    for age_s, role in ((0, "planner"), (599, "planner"), (600, "public"), (86_400, "public")):
        found = from_claims(claims(iat=NOW - age_s, exp=NOW - 1), rules, NOW)
        assert found.role == role


@pytest.mark.parametrize("groups", [None, 7, {"bureau": True}, ["x", 7, None], [["bureau"]], ""])
def test_groups_that_are_none_give_no_role(groups: object) -> None:
    found = from_claims(claims(groups=groups), RULES, NOW)
    assert (found.role, found.name) == ("public", "王丽")


def test_claims_of_other_names() -> None:
    rules = RULES.model_copy(update={"groups_claim": "https://x/groups", "name_claim": "nick"})
    given = claims(**{"https://x/groups": ["stewards"], "nick": "小王"})
    assert from_claims(given, rules, NOW) == Identity("steward", "小王")
    found = from_claims(claims(nick=7, preferred_username="wang"), rules, NOW)
    assert found == Identity("public", "wang")


def test_headers_of_the_proxy() -> None:
    assert from_headers(headers(), RULES, SECRET) == Identity("planner", "wang.li")
    as_sent = "王丽".encode().decode("latin-1")
    assert from_headers(headers(X_Forwarded_User=[as_sent]), RULES, SECRET).name == "王丽"


@pytest.mark.parametrize(
    ("changed", "secret"),
    [
        ({}, None),
        ({}, ""),
        ({}, SECRET + "x"),
        ({"X_Circle_Proxy_Secret": []}, SECRET),
        ({"X_Circle_Proxy_Secret": [""]}, SECRET),
        ({"X_Circle_Proxy_Secret": [""]}, ""),
        ({"X_Circle_Proxy_Secret": [SECRET[:-1]]}, SECRET),
        ({"X_Circle_Proxy_Secret": ["\ud800秘"]}, SECRET),
        ({"X_Circle_Proxy_Secret": ["guess", SECRET]}, SECRET),
        ({"X_Circle_Proxy_Secret": [SECRET, SECRET]}, SECRET),
        ({"X_Forwarded_User": []}, SECRET),
        ({"X_Forwarded_User": [" "]}, SECRET),
        ({"X_Forwarded_User": ["wang.li", "admin"]}, SECRET),
        ({"X_Forwarded_Groups": ["others", "stewards"]}, SECRET),
    ],
)
def test_headers_that_are_not_believed(changed: dict[str, Any], secret: str | None) -> None:
    assert from_headers(headers(**changed), RULES, secret) == PUBLIC


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  王  丽\r\nSet-Cookie: a=b ", "王 丽 Set-Cookie: a=b"),
        ("\u202eevil\x00", "evil"),
        ("<b>x</b>", "<b>x</b>"),
        ("长" * 200, "长" * 80),
        (None, ""),
        (["a"], ""),
    ],
)
def test_a_name_is_one_short_line(given: object, name: str) -> None:
    assert plain_name(given) == name
