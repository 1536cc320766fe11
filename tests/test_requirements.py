"""What ships imports only what pyproject.toml asks for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import circle
from circle.config import ROOT

OWN = {"circle", "pages", "app"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> set[str]:
    files = [
        ROOT / "app.py",
        ROOT / "serve.py",
        *(ROOT / "pages").glob("*.py"),
        *(ROOT / "circle").rglob("*.py"),
    ]
    names: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    return names - OWN - set(sys.stdlib_module_names)


def test_every_import_is_a_stated_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = {plain(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in project["dependencies"]}
    homes = packages_distributions()
    used = {name: {plain(home) for home in homes[name]} for name in imported()}
    assert {name for name, home in used.items() if not home & stated} == set()


def test_every_stated_dependency_is_pinned_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    for line in project["dependencies"]:
        name = plain(re.split(r"[^A-Za-z0-9._-]", line)[0])
        assert re.search(rf"^{name}==\S+", pins, re.MULTILINE), name
    assert pins.count("--hash=") > pins.count("==")


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == circle.__version__


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without ``__init__.py`` would escape import-linter's contracts."""
    folders = {file.parent for file in (ROOT / "circle").rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []
