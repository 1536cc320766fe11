"""The standards' files: what is read, and what is said of a bad one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from circle.config import ROOT
from circle.errors import DataError
from circle.load import finding_text
from circle.load.standards import MOST_FILES, standard_sets
from circle.model import Rule, Status

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
id = "own"
name = { zh = "自定", en = "Own" }
document = { zh = "方案", en = "Plan" }

[requirements.market]
kind = "market"
name = { zh = "菜市场", en = "Market" }
tier = 10
metres = 700
source = { zh = "本街道", en = "the subdistrict" }
status = "checked"
"""
OTHER = GOOD[GOOD.index("[req") :].replace("[requirements.market]", "[requirements.second]")


def _faults(folder: Path, text: str | bytes) -> list[tuple[str, str | None, str, str]]:
    data = text.encode() if isinstance(text, str) else text
    (folder / "own.toml").write_bytes(data)
    with pytest.raises(DataError) as error:
        standard_sets(folder)
    assert error.value.message("zh") != error.value.message("en")
    found = error.value.findings
    return [
        (one.key, one.column, finding_text(one, "zh"), finding_text(one, "en")) for one in found
    ]


def test_the_four_sets() -> None:
    found = standard_sets(ROOT / "data" / "standards")
    assert set(found) == {"gb50180-2018", "tdt1062-2021", "shanghai-15min", "xuhui-800m"}
    every = [one for own in found.values() for one in own.requirements]
    assert all(one.status is not Status.CHECKED for one in every)  # no official text was at hand
    assert all(one.note.zh and one.note.en and one.source.zh for one in every)
    market, other = (o for o in found["gb50180-2018"].requirements if o.service == "market")
    assert (market.metres, market.default, market.judged_by) == (500, True, Rule.METRES)
    assert (other.metres, other.default) == (1000, False)
    assert found["gb50180-2018"].others(market) == (other,)
    assert other not in found["gb50180-2018"].defaults
    assert [one.metres for one in found["xuhui-800m"].requirements] == [800]
    areas = {one.id: one.floor_area_m2 for one in every if one.floor_area_m2 is not None}
    assert areas == {"canteen": 200, "day-care-300": 350}


def test_a_planners_own(tmp_path: Path) -> None:
    (tmp_path / "我的.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not read")
    (own,) = standard_sets(tmp_path)["own"].requirements
    assert (own.id, own.service, own.kind, own.standard) == ("market", "market", "market", "own")
    assert (own.metres, own.minutes, own.judged_by, own.tier) == (700, None, Rule.METRES, 10)
    assert (own.group, own.profile, own.year, own.clause.zh) == ("residents", "", None, "")
    assert (str(own.document), own.status, own.default) == ("方案", Status.CHECKED, True)


@pytest.mark.parametrize(
    ("old", "new", "key", "column"),
    [
        ('kind = "market"\n', "", "standard_missing", "requirements.market.kind"),
        ("tier = 10", "tier = 7", "standard_word", "requirements.market.tier"),
        ("tier = 10", "tier = 10\nradius = 5", "standard_field", "requirements.market.radius"),
        ("metres = 700", "", "standard_limit", "requirements.market"),
        ("metres = 700", "metres = -1", "standard_range", "requirements.market.metres"),
        ("metres = 700", "metres = inf", "standard_value", "requirements.market.metres"),
        ("metres = 700", "metres = nan", "standard_value", "requirements.market.metres"),
        ("metres = 700", 'metres = "700"', "standard_value", "requirements.market.metres"),
        ("metres = 700", "metres = true", "standard_value", "requirements.market.metres"),
        (
            "metres = 700",
            "metres = 7\nfloor_area_m2 = 0",
            "standard_range",
            "requirements.market.floor_area_m2",
        ),
        ("metres = 700", "minutes = 121", "standard_range", "requirements.market.minutes"),
        ("metres = 700", "metres = 7\nminutes = 9", "standard_judged", "requirements.market"),
        (
            "metres = 700",
            'metres = 7\njudged_by = "minutes"',
            "standard_judged",
            "requirements.market",
        ),
        ("tier = 10", 'tier = 10\ngroup = "dogs"', "standard_word", "requirements.market.group"),
        ('"checked"', '"sure"', "standard_word", "requirements.market.status"),
        ('"checked"', '"checked"\ndefault = false', "standard_default", None),
        ('en = "Plan" }', 'en = "" }', "standard_value", "document.en"),
        ('en = "Plan" }', 'en = "a\\u0000b" }', "standard_value", "document.en"),
        ('en = "Plan" }', f'en = "{"x" * 601}" }}', "standard_value", "document.en"),
        (', en = "Plan" }', " }", "standard_missing", "document.en"),
        ('id = "own"', 'id = "../own"', "standard_value", "id"),
        ("[requirements.market]", '[requirements."a b"]', "standard_value", "requirements.a b"),
        (GOOD[GOOD.index("[req") :], "", "standard_missing", "requirements"),
        (GOOD[GOOD.index("[req") :], "requirements = {}", "standard_missing", "requirements"),
        (GOOD[GOOD.index("[req") :], "requirements = [1]", "standard_value", "requirements"),
    ],
)
def test_a_fault_names_file_requirement_field_and_mend(
    tmp_path: Path, old: str, new: str, key: str, column: str | None
) -> None:
    assert old in GOOD
    found = _faults(tmp_path, GOOD.replace(old, new))
    assert found[0][0] == key
    assert found[0][1] == (column or "requirements.market.default")
    for line in found[0][2:]:
        assert line.startswith("own.toml [")
        assert "{" not in line


def test_disagreeing_sources_need_one_default_and_a_note(tmp_path: Path) -> None:
    two = GOOD.replace("tier = 10", 'tier = 10\nservice = "m"')
    two += OTHER.replace("tier = 10", 'tier = 10\nservice = "m"')
    keys = [key for key, *_ in _faults(tmp_path, two)]
    assert sorted(keys) == ["standard_default"] * 2 + ["standard_disagreement"] * 2
    note = 'note = { zh = "不一", en = "they differ" }\n'
    head, first, second = two.partition("[requirements.second]")
    (tmp_path / "own.toml").write_text(head + note + first + second + "default = false\n" + note)
    assert len(standard_sets(tmp_path)["own"].defaults) == 1


def test_an_identifier_stands_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    assert [key for key, *_ in _faults(tmp_path, GOOD)] == ["standard_twice"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"a = ",
        b"a = " + b"[" * 100_000,
        b"a = 1" + b"0" * 100_000,
        b"[a]\n[a]\n",
    ],
)
def test_what_is_no_toml(tmp_path: Path, data: bytes) -> None:
    assert [key for key, *_ in _faults(tmp_path, data)] == ["bad_toml"]


def test_numbers_beyond_a_float(tmp_path: Path) -> None:
    huge = GOOD.replace("metres = 700", "metres = 1" + "0" * 400)
    assert _faults(tmp_path, huge)[0][0] in {"standard_value", "standard_range"}


def test_too_large(tmp_path: Path) -> None:
    assert _faults(tmp_path, GOOD + "#" * 1_000_001)[0][0] == "standard_size"


def test_links_and_folders_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text(GOOD, encoding="utf-8")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "own.toml").symlink_to(outside)
    with pytest.raises(DataError) as error:
        standard_sets(folder)
    assert [one.key for one in error.value.findings] == ["missing_layer"]
    (folder / "own.toml").unlink()
    (folder / "own.toml").mkdir()
    with pytest.raises(DataError):
        standard_sets(folder)
    (folder / "own.toml").rmdir()
    os.mkfifo(folder / "own.toml")
    with pytest.raises(DataError):
        standard_sets(folder)


def test_folders(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="没有标准"):
        standard_sets(tmp_path)
    with pytest.raises(DataError, match="不存在"):
        standard_sets(tmp_path / "nowhere")
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.toml").touch()
    with pytest.raises(DataError, match=str(MOST_FILES)):
        standard_sets(tmp_path)
