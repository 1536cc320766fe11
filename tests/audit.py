"""Look the pinned packages up among the known vulnerabilities, where PyPI can be reached.

``python -m tests.audit`` says in a line what was looked up, and ends with 1 where a
package has a known vulnerability. Where PyPI does not answer it says that nothing was
audited, and does not fail. Words after it go to pip-audit: ``--ignore-vuln ID``.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
PINS = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")
LONGEST_S, ANSWER_S = 120, 5
UNREACHED = "Dependency audit: PyPI's advisories cannot be reached; nothing was audited."
_FIRST_PIN = re.compile(r"^\S+==(?:.*\\\n)*.*\n", re.MULTILINE)


def main(words: Sequence[str] = ()) -> int:
    """Audit, print, and return 1 where something vulnerable is pinned."""
    packages = audit(PINS, words) if reached(PINS[0]) else None
    text, bad = UNREACHED, False
    if packages is not None:
        text, bad = told(packages)
    print(text)  # noqa: T201 - what it is for
    return int(bad)


def reached(pins: Path) -> bool:
    """Return whether PyPI answers for the first of the pins.

    To ask for each of the others, to learn the same, takes long.
    """
    first = _FIRST_PIN.search(pins.read_text(encoding="utf-8"))
    if first is None:
        return False
    with TemporaryDirectory() as folder:
        one = Path(folder) / "requirements.txt"
        one.write_text(first[0], encoding="utf-8")
        return any("vulns" in package for package in audit([one]) or ())


def audit(pins: Sequence[Path], words: Sequence[str] = ()) -> list[dict[str, Any]] | None:
    """Return what pip-audit says of each package; None where it came to no answer."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--desc=off", *words]
    command += ["--disable-pip", "--require-hashes", "--progress-spinner=off"]
    command += [f"--timeout={ANSWER_S}", *(f"--requirement={file}" for file in pins)]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return None
    return found


def told(packages: Sequence[dict[str, Any]]) -> tuple[str, bool]:
    """Return the audit in words, and whether a vulnerability is known.

    A package that PyPI did not know was not audited; pip-audit alone would pass it.
    """
    looked_up = [one for one in packages if "vulns" in one]
    if not looked_up:
        return UNREACHED, False
    left = [one["name"] for one in packages if "vulns" not in one]
    lines = [
        f"- {one['name']} {one['version']}: {vuln['id']}, mended in "
        f"{', '.join(vuln['fix_versions']) or 'no version yet'}"
        for one in looked_up
        for vuln in one["vulns"]
    ]
    said = f"Dependency audit: {len(looked_up)} packages, known vulnerabilities {len(lines)}"
    unknown = f"; not looked up: {', '.join(left)}" if left else ""
    return "\n".join([f"{said}{unknown}.", *lines]), bool(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
