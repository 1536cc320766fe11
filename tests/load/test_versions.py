"""Versions of a district folder: each is whole, and every one can be had again."""

from __future__ import annotations

import json
import multiprocessing
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from circle import files
from circle.cli import main
from circle.errors import DataError, InputError, OutputError
from circle.load import build, changes, read_district, replacing, versions
from circle.load.versions import Made

if TYPE_CHECKING:
    from collections.abc import Callable

BY = Made("edit", "tester", "because")


def renamed(folder: Path, old: str = "market-a", new: str = "market-z") -> dict[str, bytes]:
    """Return the folder's content with a facility's name changed, as a builder would write it."""
    facts = folder.parent / "facts"
    text = (facts / "facilities.csv").read_text("utf-8")
    (facts / "facilities.csv").write_text(text.replace(f"设施{old}", f"设施{new}"), "utf-8")
    build(facts, facts.parent / "elsewhere")
    content = versions.content_in(facts.parent / "elsewhere")
    (facts / "facilities.csv").write_text(text, "utf-8")
    return content


def test_the_first_change_keeps_what_was_found(district_dir: Path, facts_dir: Path) -> None:
    assert facts_dir.is_dir()
    before = versions.content_in(district_dir)
    assert versions.versions(district_dir) == ()
    replacing.replace_folder(district_dir, renamed(district_dir), BY)
    found, edited = versions.versions(district_dir)
    assert (found.action, found.author, edited.action) == ("found", "", "edit")
    assert (edited.author, edited.reason, edited.number) == ("tester", "because", 2)
    assert edited.content_hash == read_district(district_dir).base_id
    assert versions.content_of(district_dir, found) == before
    assert versions.present_version(district_dir, (found, edited)) is edited


def test_a_version_comes_back_bit_for_bit(district_dir: Path, facts_dir: Path) -> None:
    assert facts_dir.is_dir()
    before = versions.content_in(district_dir)
    base_id = read_district(district_dir).base_id
    replacing.replace_folder(district_dir, renamed(district_dir), BY)
    (district_dir / "README.md").write_text("later")
    replacing.restore(
        district_dir, versions.version_numbered(district_dir, 1), Made("restore", "tester")
    )
    assert versions.content_in(district_dir) == before
    assert read_district(district_dir).base_id == base_id
    # what was changed by hand in between was kept before it went
    assert [each.action for each in versions.versions(district_dir)] == [
        "found",
        "edit",
        "found",
        "restore",
    ]


def test_building_the_same_again_is_no_version(district_dir: Path, facts_dir: Path) -> None:
    build(facts_dir, district_dir)
    assert not versions.place_of(district_dir).exists()


def test_rows_that_differ_are_named(district_dir: Path, facts_dir: Path) -> None:
    assert facts_dir.is_dir()
    before = versions.content_in(district_dir)
    after = renamed(district_dir)
    (facilities,) = (
        each for each in changes.changes(before, after) if each.file == "facilities.csv"
    )
    assert (facilities.added, facilities.removed) == ((), ())
    assert [(each.row, dict(each.values)) for each in facilities.changed] == [
        ("market-a", {"name": ("设施market-a", "设施market-z")})
    ]
    lines = before["facilities.csv"].decode().splitlines(keepends=True)
    fewer = before | {"facilities.csv": "".join(lines[:-1]).encode()}
    (gone,) = changes.changes(before, fewer)
    assert gone.removed == (lines[-1].partition(",")[0],)
    assert changes.changes(before, before) == ()


def test_rows_without_a_key_are_compared_as_they_are() -> None:
    (change,) = changes.changes({"a.csv": b"x\n1\n1\n2\n"}, {"a.csv": b"x\n1\n3\n"})
    assert (sorted(change.removed), change.added) == (["1", "2"], ("3",))


def _killed_at(step: int, act: Callable[[], None]) -> None:
    """Run `act`, and end the process for good before its `step`-th write or move."""
    count = 0

    def counted(real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                os._exit(9)
            return real(*args, **kwargs)

        return wrapper

    for name in ("replace", "write_bytes", "mkdir", "unlink", "rmdir"):
        setattr(Path, name, counted(getattr(Path, name)))
    versions.os.fsync = counted(os.fsync)  # type: ignore[attr-defined]
    act()
    os._exit(0)


def test_killed_at_each_single_write_it_is_the_old_or_the_new(
    district_dir: Path, facts_dir: Path
) -> None:
    assert facts_dir.is_dir()
    content = {False: renamed(district_dir), True: versions.content_in(district_dir)}
    ids = {json_hash(each) for each in content.values()}
    fork = multiprocessing.get_context("fork")
    step, seen = 0, set()
    forward = False
    while True:
        step += 1
        process = fork.Process(
            target=_killed_at,
            args=(
                step,
                partial(replacing.replace_folder, district_dir, content[forward], BY),
            ),
        )
        process.start()
        process.join()
        base_id = read_district(district_dir).base_id
        assert base_id in ids
        known = versions.versions(district_dir)
        assert all(versions.content_of(district_dir, each) for each in known)
        seen.add(base_id)
        forward = base_id == json_hash(content[False])  # go the other way next time
        if process.exitcode == 0:
            break
    assert seen == ids
    assert step > 20  # it was killed more often than that
    replacing.replace_folder(district_dir, content[forward], BY)
    assert not list(versions.place_of(district_dir).glob("**/*.part"))
    assert not list(versions.place_of(district_dir).glob("*.pending"))
    assert not list(files.abandoned(district_dir.parent, district_dir.name))


def json_hash(content: dict[str, bytes]) -> str:
    """Return the identity that a folder's content states."""
    line = content["district.toml"].decode().splitlines()[0]
    return line.partition('"')[2].rstrip('"')


def test_two_at_once_wait_for_each_other(
    district_dir: Path, facts_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert facts_dir.is_dir()
    monkeypatch.setattr(versions, "_WAIT_S", 0.1)
    content = renamed(district_dir)
    with versions.changing(district_dir), pytest.raises(OutputError) as told:
        replacing.replace_folder(district_dir, content, BY)
    assert told.value.key == "output.in_use"
    replacing.replace_folder(district_dir, content, BY)


def test_a_change_of_what_was_changed_meanwhile_is_refused(
    district_dir: Path, facts_dir: Path
) -> None:
    assert facts_dir.is_dir()
    seen, content = versions.present(district_dir), renamed(district_dir)
    replacing.replace_folder(district_dir, content, BY)  # another was first
    before = versions.present(district_dir)
    with (
        pytest.raises(DataError) as told,
        replacing.staged(district_dir, content, BY, expected=seen),
    ):
        pass
    assert told.value.key == "changed_meanwhile"
    assert versions.present(district_dir) == before
    with replacing.staged(district_dir, content, BY, expected=before) as new:
        new.put()


WHOLE = {
    "number": 1,
    "time": "2026-01-01T00:00:00+00:00",
    "action": "edit",
    "author": "a",
    "reason": "",
    "content_hash": "",
    "files": {},
}


@pytest.mark.parametrize(
    "record",
    [
        "",
        "[]",
        '{"number": 1}',
        json.dumps(WHOLE | {"number": 2}),
        json.dumps(WHOLE | {"files": {"../out": "0" * 64}}),
        json.dumps(WHOLE | {"files": {"a.csv": "../../out"}}),
        json.dumps(WHOLE | {"time": "never"}),
        json.dumps(WHOLE | {"author": 7}),
    ],
)
def test_a_damaged_record_is_told(district_dir: Path, record: str) -> None:
    place = versions.place_of(district_dir)
    place.mkdir()
    (place / "000001.json").write_text(record)
    with pytest.raises(DataError) as told:
        versions.versions(district_dir)
    assert told.value.key == "version.record"
    assert "000001.json" in told.value.message()


def test_a_damaged_file_is_never_put_back(district_dir: Path, facts_dir: Path) -> None:
    assert facts_dir.is_dir()
    replacing.replace_folder(district_dir, renamed(district_dir), BY)
    version = versions.version_numbered(district_dir, 1)
    path = versions.place_of(district_dir) / "files" / version.files["facilities.csv"]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError) as told:
        replacing.restore(district_dir, version, Made("restore", "tester"))
    assert (told.value.key, told.value.values["file"]) == ("version.file", "facilities.csv")


@pytest.mark.parametrize(("author", "reason"), [("", ""), ("a" * 81, ""), ("a", "b" * 401)])
def test_who_and_why_have_their_limits(author: str, reason: str) -> None:
    with pytest.raises(InputError):
        Made("edit", author, reason)


def test_the_commands(
    district_dir: Path, facts_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert facts_dir.is_dir()
    at = ("--district", str(district_dir))
    assert main(["history", *at]) == 0
    assert json.loads(capsys.readouterr().out) == []
    replacing.replace_folder(district_dir, renamed(district_dir), BY)
    assert main(["compare", "1", *at]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {layer["file"] for layer in told["layers"]} >= {"facilities.csv"}
    assert told["coverage"]["market"]["before"] == told["coverage"]["market"]["after"]
    assert main(["restore", "1", "--by", "a", "--reason", "b", *at]) == 0
    assert main(["history", *at]) == 0
    listed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [each["present"] for each in listed] == [False, False, True]
    assert main(["restore", "7", "--reason", "b", *at]) == 2
    assert "1, 2, 3" in capsys.readouterr().err
