"""No secret is in the repository: every tracked text is looked through, offline.

A line that only looks like one says so: ``# pragma: allowlist secret``.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import default_settings, get_settings

from circle.config import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LONG = (".csv", ".geojson", ".graphml", ".png", ".ttf", ".woff2", "requirements.txt")
"""Tables and pictures, which nobody writes by hand, and the hashes of packages."""
HARMLESS = r"^(content_hash|sha256|integrity) = "
"""What a district's files and the vendored ones are checked by."""
PLAIN = (
    r"(?i)^(?!.*(://|-----|pass|pwd|secret|token|key|auth|sk_live|xox|akia|eyj"
    r"|(?=[\w+/=-]*[a-z])[\w+/=-]*\d[\w+/=-]{7}|['\"][\w+/=-]{16}))"
)
"""Lines without anything to find: no word of the searches, nothing long with a digit or quoted."""


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git is here
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    names = listed.stdout.split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def secrets(folder: Path, names: list[str]) -> list[str]:
    """Return where something looks like a secret: file, line and kind."""
    with default_settings():
        get_settings().filters["detect_secrets.filters.regex.should_exclude_line"] = {
            "pattern": [HARMLESS, PLAIN]
        }
        found = SecretsCollection(root=str(folder))
        for name in names:
            found.scan_file(name)
    return [f"{name}:{one.line_number}: {one.type}" for name, one in found]


def test_no_secret_is_tracked() -> None:
    names = [name for name in tracked() if not name.endswith(LONG)]
    assert len(names) > 100
    assert secrets(ROOT, names) == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("client_secret = '{}'", "Secret Keyword"),
        ("-----BEGIN RSA PRIVATE " + "KEY-----", "Private Key"),
        ("AKIA{}", "AWS Access Key"),
        ("postgresql://user:{}@db/circle", "Basic Auth Credentials"),
        ("token = 'ghp_{}{}'", "GitHub Token"),
    ],
)
def test_a_secret_would_be_found(tmp_path: Path, line: str, kind: str) -> None:
    made_up = "Q7X2M9K4R8T3V6W1"
    (tmp_path / "settings.toml").write_text(line.format(made_up, made_up + "abcd"), "utf-8")
    assert f"settings.toml:1: {kind}" in secrets(tmp_path, ["settings.toml"])


def test_hashes_of_data_are_no_secrets(tmp_path: Path) -> None:
    digest = "0123456789abcdef" * 4
    (tmp_path / "district.toml").write_text(f'sha256 = "{digest}"\nother = "{digest}"\n', "utf-8")
    assert secrets(tmp_path, ["district.toml"]) == ["district.toml:2: Hex High Entropy String"]
