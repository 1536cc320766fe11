"""What the software is made of: as pinned and installed, with every licence that is stated."""

from __future__ import annotations

from email import message_from_string
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from circle.i18n import t
from circle.web import licences

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

OSI = "Classifier: License :: OSI Approved ::"
STATED = {
    "License-Expression: MIT\nLicense: something else": "MIT",
    "License: BSD-3-Clause": "BSD-3-Clause",
    f"License: BSD\n        A whole text\n{OSI} BSD License": "BSD License",
    f"Classifier: Topic :: X\n{OSI} MIT License\nClassifier: License :: Public Domain": (
        "MIT License; Public Domain"
    ),
    f"License: {'x' * 81}": "",
    "Summary: nothing": "",
}


def use(monkeypatch: pytest.MonkeyPatch, folder: Path, installed: dict[str, str]) -> None:
    """Have `installed` packages, all of them and one more pinned."""

    def found(name: str) -> Message:
        if name not in installed:
            raise metadata.PackageNotFoundError(name)
        return message_from_string(f"Name: {name}\nVersion: 1.2\n{installed[name]}\n")

    lines = [f"{name}==1.2 ; python_version > '3' \\\n    --hash=sha256:0" for name in installed]
    (folder / "requirements.txt").write_text("\n".join([*lines, *lines, "colorama==1 \\"]))
    monkeypatch.setattr(licences, "ROOT", folder)
    monkeypatch.setattr(metadata, "metadata", found)


@pytest.mark.parametrize(("stated", "licence"), STATED.items())
def test_a_licence_is_what_a_package_states(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stated: str, licence: str
) -> None:
    use(monkeypatch, tmp_path, {"x": stated})
    assert licences.packages() == (licences.Part("x", "1.2", licence),)


def test_packages_stand_once_by_name_and_a_missing_licence_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(monkeypatch, tmp_path, {"b": "License: MIT", "A": "Summary: nothing"})
    table = licences.table(licences.packages())
    assert table[t("about.col_name")].tolist() == ["A", "b"]
    assert table[t("about.col_licence")].tolist() == [t("about.not_stated"), "MIT"]


def test_what_is_installed_here_is_told() -> None:
    found = {one.name.lower(): one for one in licences.packages()}
    assert len(found) > 50
    assert found["streamlit"].version == metadata.version("streamlit")
    assert found["streamlit"].licence == "Apache-2.0"
    assert sum(not one.licence for one in found.values()) <= 3


def test_what_is_delivered_with_the_software() -> None:
    leaflet = next(one for one in licences.bundled() if one.name == "leaflet")
    assert leaflet.licence == "BSD-2-Clause"
    assert leaflet.version.count(".") == 2
    assert licences.licence_text().startswith("MIT License")
