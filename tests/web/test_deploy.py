"""What stands around the server: the proxy's limits, and how make starts it."""

from __future__ import annotations

import re

import pytest

from circle.config import ROOT
from circle.web.server.middleware import SIGN_INS

LOCATION = re.compile(r"location (?:~ (\S+)|(\S+)) \{(.*?)\n    \}", re.DOTALL)


def rules(path: str) -> str:
    """Return what nginx does with a path: the first pattern that fits, else the prefix."""
    locations = LOCATION.findall((ROOT / "deploy" / "nginx.conf").read_text())
    fitting = [body for pattern, _, body in locations if pattern and re.search(pattern, path)]
    usual = [body for _, prefix, body in locations if prefix == "/"]
    return str([*fitting, *usual][0])


@pytest.mark.parametrize("base", ["", "/circle", "/staff/circle"])
def test_the_proxy_s_limits_hold_below_a_base_path_too(base: str) -> None:
    assert "limit_conn circle_open" in rules(f"{base}/_stcore/stream")
    for path in SIGN_INS:
        assert "limit_req zone=circle_sign_in" in rules(base + path)
        assert "access_log off" in rules(base + path)
    for path in ("/", "/explore", "/static/x.js", "/_stcore/health", "/_stcore/stream/x"):
        assert "limit" not in rules(base + path)


def test_no_file_is_watched() -> None:
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", "")
    (start,) = re.findall(r"^START := (.*)", makefile, re.MULTILINE)
    assert "--server.fileWatcherType none" in start
    for target in ("run", "serve"):
        assert re.search(rf"^{target}:.*(\n\t.*)*\$\(START\)", makefile, re.MULTILINE)
