"""Commands and the places they are told to write to or read from: a sentence, never a traceback."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from circle.cli import FAULT, OK, USAGE, main
from circle.config import ROOT, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CALLS, SEED = 60, 20261127
WALK = ("--from", "121.4438,31.2078", "--to", "121.4418,31.213")


@pytest.fixture(scope="module")
def around(tiny_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a bit of everything that a path may name."""
    folder = tmp_path_factory.mktemp("around")
    (folder / "file").write_text("mine")
    (folder / "bytes").write_bytes(bytes(range(256)))
    (folder / "folder" / "inner").mkdir(parents=True)
    os.mkfifo(folder / "pipe")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "to-device").symlink_to("/dev/null")
    (folder / "district").symlink_to(tiny_once / "tiny")
    return folder


def hostile(around: Path) -> list[str]:
    """Return paths that name something other than a new or a regular file."""
    inside = ["pipe", "loop", "loop/x", "to-device", "file/x", "file/x/y", "bytes/x"]
    names = ["x" * 300, f"{'x' * 300}/y", "长" * 100, f"{'x' * 200}/" * 30]
    return [
        *(str(around / name) for name in (*inside, *names)),
        "/dev/null", "/dev/full", "/dev/stdin", "/proc/none", "/proc/none/x", "/proc/self/mem",
        "/sys/none", "/dev/null/x", str(around / "undecodable\udcff" / "x" / ("x" * 300)),
    ]  # fmt: skip


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return all that lies in a folder: what kind of thing it is, and when it was changed."""
    things = {}
    for path in folder.rglob("*"):
        told = path.lstat()
        things[str(path)] = (stat.S_IFMT(told.st_mode), told.st_mtime_ns)
    return things


def told(capsys: pytest.CaptureFixture[str], words: list[str]) -> tuple[int, str, str]:
    """Run a command; return its status and what it said."""
    try:
        code = main(words)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def calls(around: Path, facts: Path) -> Iterator[list[str]]:
    """Return commands with a hostile path in one place of theirs."""
    for path in hostile(around):
        yield ["export-graphml", path]
        yield ["build", str(facts), path]
        yield ["report", "--out", path]
        yield ["import-graphml", str(around / "streets.graphml"), path]


def other_calls(around: Path, spare: Path) -> Iterator[list[str]]:
    """Return commands that read from a path which is none of theirs."""
    for path in (*hostile(around), str(around / "file"), str(around / "folder")):
        if path in {"/dev/stdin", str(around / "pipe")}:
            continue  # opening them waits
        yield ["build", path, str(spare)]
        yield ["check", path]
        yield ["import-graphml", path, str(spare)]
        yield ["export-graphml", str(spare), "--district", path]
        yield ["coverage", "--district", path]
        yield ["time", "--from=1,1", "--to=1,1", "--district", path]
        yield ["withdraw", "--kind=market", "--by=me", "--district", path]


@pytest.fixture
def streets(
    around: Path, tiny_once: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> Path:
    """Return the tiny district's streets as GraphML; it is the district of commands, too."""
    monkeypatch.setenv("CIRCLE_DISTRICT", str(tiny_once / "tiny"))
    settings.cache_clear()
    file = around / "streets.graphml"
    if not file.exists():
        assert told(capsys, ["export-graphml", str(file)])[0] == OK
    return file


@pytest.mark.usefixtures("streets")
def test_no_hostile_path_ends_in_a_traceback(
    around: Path, tiny_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, spare = tiny_once / "facts", tmp_path / "spare"
    before = state(around)
    writing = list(calls(around, facts))
    chance = random.Random(SEED)  # noqa: S311 - no secret
    for words in (*writing, *other_calls(around, spare)):
        code, out, err = told(capsys, ["--lang", chance.choice(["zh", "en"]), *words])
        call = (code, words, out, err)
        assert code in ({USAGE} if words in writing else {USAGE, FAULT}), call
        assert out == "", call
        assert 0 < len(err.splitlines()) < 60, call
        assert not spare.exists(), call
    assert state(around) == before
    assert not list(tmp_path.glob(".*"))


PARTS = (
    "file",
    "folder",
    "inner",
    "pipe",
    "loop",
    "..",
    ".",
    "new",
    "长" * 86,
    "n" * 255,
    "~",
    " ",
)
COMMANDS = ("export-graphml", "import-graphml", "build")


def test_no_path_put_together_by_chance_ends_in_a_traceback(
    around: Path, tiny_once: Path, streets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    special = {path: kind for path, (kind, _) in state(around).items() if not stat.S_ISREG(kind)}
    ended = Counter[int]()
    for _ in range(CALLS):
        path = "/".join((str(around), *chance.choices(PARTS, k=chance.randint(1, 4))))
        command = chance.choice(COMMANDS)
        source = {"build": [tiny_once / "facts"], "import-graphml": [streets]}.get(command, [])
        code, _, err = told(capsys, [command, *map(str, source), path])
        assert bool(err) == (code != OK), (code, command, path, err)
        ended[code] += 1
        kinds = {name: kind for name, (kind, _) in state(around).items() if name in special}
        assert kinds == special, (command, path)
    assert min(ended[OK], ended[USAGE]) > CALLS // 10


def test_a_reader_that_leaves_ends_the_answer_quietly() -> None:
    ended = subprocess.run(  # noqa: S602
        f"{sys.executable} -m circle coverage --json | true",
        shell=True, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.stderr == ""


def test_an_answer_that_finds_no_room_is_told() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ended = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "circle", "--lang", "en", "time", *WALK],
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert (ended.returncode, "no space is left" in ended.stderr) == (USAGE, True)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("name", "said"), [("none", "没有文件"), ("folder", "不是可读的文件")])
def test_a_graph_that_is_not_there_has_its_sentence(
    around: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    code, out, err = told(capsys, ["import-graphml", str(around / name), str(tmp_path / "facts")])
    assert (code, out) == (FAULT, "")
    assert said in err
    assert str(around / name) in err
