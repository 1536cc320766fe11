"""The audit of dependencies never passes for one where nothing was looked up."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests import audit

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"name": "good", "version": "1.0", "vulns": []}
SKIPPED = {"name": "odd", "skip_reason": "Dependency not found on PyPI"}
BAD = {
    "name": "bad",
    "version": "1.0",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]},
        {"id": "PYSEC-2", "fix_versions": []},
    ],
}
TWO = """\
Dependency audit: 2 packages, known vulnerabilities 2.
- bad 1.0: PYSEC-1, mended in 1.1, 2.0
- bad 1.0: PYSEC-2, mended in no version yet"""


@pytest.mark.parametrize(
    ("packages", "text", "bad"),
    [
        ([GOOD], "Dependency audit: 1 packages, known vulnerabilities 0.", False),
        (
            [GOOD, SKIPPED],
            "Dependency audit: 1 packages, known vulnerabilities 0; not looked up: odd.",
            False,
        ),
        (
            [GOOD, BAD],
            TWO,
            True,
        ),
        ([SKIPPED], audit.UNREACHED, False),
        ([], audit.UNREACHED, False),
    ],
)
def test_the_audit_says_what_was_looked_up(
    packages: list[dict[str, Any]],
    text: str,
    bad: bool,  # noqa: FBT001 - a value
) -> None:
    assert audit.told(packages) == (text, bad)


@pytest.mark.parametrize(
    ("said", "code"), [("[GOOD]", 0), ("[GOOD, BAD]", 1), ("[SKIPPED]", 0), (None, 0)]
)
def test_only_a_vulnerability_fails(
    said: str | None, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {"[GOOD]": [GOOD], "[GOOD, BAD]": [GOOD, BAD], "[SKIPPED]": [SKIPPED]}.get(said or "")
    monkeypatch.setattr(audit, "audit", lambda *_: found)
    assert audit.main() == code
    assert (audit.UNREACHED in capsys.readouterr().out) == (said in {"[SKIPPED]", None})


def test_no_answer_in_time_is_no_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("pip-audit", 1)

    monkeypatch.setattr(subprocess, "run", late)
    assert audit.audit(audit.PINS) is None


def test_one_package_tells_whether_the_others_can_be_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("a==1 \\\n    --hash=x \\\n    --hash=y\nb==2 \\\n    --hash=z\n", "utf-8")
    asked: list[str] = []

    def one(files: list[Path]) -> list[dict[str, Any]]:
        asked.append(files[0].read_text(encoding="utf-8"))
        return [GOOD]

    monkeypatch.setattr(audit, "audit", one)
    assert audit.reached(pins)
    assert asked == ["a==1 \\\n    --hash=x \\\n    --hash=y\n"]
