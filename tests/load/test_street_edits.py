"""Streets mended by hand in a district folder: added, told, taken back, each a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from circle.cli import main
from circle.errors import DataError, InputError
from circle.load import check, read_district, replacing, street_edits, versions
from circle.load.street_edits import Wanted
from circle.load.versions import Made
from circle.network.edits import Act
from circle.network.snap import snap
from circle.network.speeds import walked
from circle.places import gates
from circle.reach.travel import path
from tests.conftest import place

if TYPE_CHECKING:
    from pathlib import Path

    from circle.model import District
    from circle.model import Path as Walk

BY = Made("edit", "王晓明", "现场核对")
LINK = Wanted(Act.LINK, place(50, 2), place(50, 100), name="通道")


def walk(district: District, begin: tuple[float, float], end: tuple[float, float]) -> Walk:
    """Return the walk of the first profile between two places, metres from the corner."""
    from circle.geo.crs import to_metric  # noqa: PLC0415 - here alone

    pace = walked(district.network, next(iter(district.profiles.values())))
    ends = np.array([place(*begin), place(*end)])
    xy = to_metric(ends[:, 0], ends[:, 1], district.crs)
    found = path(pace, snap(pace, xy[:1]), snap(pace, xy[1:]))
    assert found is not None
    return found


def test_an_edit_is_a_row_with_its_author_and_can_be_taken_back(district_dir: Path) -> None:
    before = versions.present(district_dir)
    first = street_edits.add(district_dir, LINK, BY)
    second = street_edits.add(district_dir, Wanted(Act.STEPS, place(150, 0), steps=12), BY)
    assert (first, second) == ("edit-1", "edit-2")
    assert check(district_dir) == []
    district = read_district(district_dir)
    table = district.street_edits
    assert table["outcome"].tolist() == ["fits", "fits"]
    first_row = table[["author", "reason", "name"]].to_numpy().tolist()[0]
    assert first_row == ["王晓明", "现场核对", "通道"]
    assert "通道" in district.network.segment_name.tolist()
    assert [each.action for each in versions.versions(district_dir)] == ["found", "edit", "edit"]
    street_edits.undo(district_dir, "edit-1", BY)
    assert read_district(district_dir).street_edits["id"].tolist() == ["edit-2"]
    with pytest.raises(InputError) as told:
        street_edits.undo(district_dir, "edit-1", BY)
    assert told.value.key == "edit.unknown"
    replacing.restore(district_dir, versions.version_numbered(district_dir, 1), BY)
    assert versions.present(district_dir) == before


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (Wanted(Act.LINK, place(50, 50), place(50, 100)), "edit_unfit.off_street"),
        (Wanted(Act.LINK, place(50, 0), place(50.2, 0)), "edit_unfit.same_place"),
        (Wanted(Act.GATE_SHUT, place(100, 0)), "edit_unfit.at_junction"),
        (Wanted(Act.STEPS, place(5000, 0)), "edit_unfit.off_street"),
    ],
)
def test_what_fits_no_street_is_refused(district_dir: Path, wanted: Wanted, key: str) -> None:
    before = versions.present(district_dir)
    with pytest.raises(InputError) as told:
        street_edits.add(district_dir, wanted, BY)
    assert told.value.key == key
    assert told.value.message()
    assert versions.present(district_dir) == before


@pytest.mark.parametrize(
    "given",
    [
        {"act": Act.LINK, "at": (1.0, 2.0)},
        {"act": Act.STEPS, "at": (1.0, 2.0), "to": (1.0, 2.0)},
        {"act": Act.STEPS, "at": (float("nan"), 2.0)},
        {"act": Act.STEPS, "at": (1.0, 91.0)},
        {"act": Act.STEPS, "at": (1.0, 2.0), "steps": -2},
        {"act": Act.STEPS, "at": (1.0, 2.0), "hours": "Mo 08:00-09:00"},
        {"act": Act.GATE, "at": (1.0, 2.0)},
        {"act": Act.GATE, "at": (1.0, 2.0), "hours": "at noon"},
        {"act": Act.GATE_SHUT, "at": (1.0, 2.0), "name": "a\nb"},
        {"act": Act.GATE_SHUT, "at": (1.0, 2.0), "name": "x" * 81},
    ],
)
def test_what_is_no_edit_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(InputError) as told:
        Wanted(**given)  # type: ignore[arg-type]
    assert told.value.message("en")


def test_a_gate_with_hours_is_walked_and_told(district_dir: Path) -> None:
    before = read_district(district_dir)
    gate = Wanted(Act.GATE, place(150, 3), hours="Mo-Su 06:00-22:00", name="北门")
    street_edits.add(district_dir, gate, BY)
    district = read_district(district_dir)
    assert check(district_dir) == []
    assert district.network.segment_length_m.tolist() == before.network.segment_length_m.tolist()
    way = walk(district, (110, 0), (190, 0))
    (sentence,) = gates.passed(district, way)
    assert "北门" in sentence
    assert "06:00–22:00" in sentence
    assert gates.passed(district, walk(district, (110, 0), (140, 0))) == []
    assert gates.passed(district, walk(district, (110, 100), (190, 100))) == []
    assert gates.passed(before, walk(before, (110, 0), (190, 0))) == []


def test_hours_that_cannot_be_read_are_a_fault_of_the_folder(
    district_dir: Path, facts_dir: Path
) -> None:
    from circle.load import build  # noqa: PLC0415 - here alone

    lon, lat = place(150, 0)
    (facts_dir / "street_edits.csv").write_text(
        "id,act,lon,lat,lon_to,lat_to,steps,hours,name,author,date,reason\n"
        f"a,gate,{lon},{lat},,,,at noon,,某人,2026-11-20,\n",
        "utf-8",
    )
    with pytest.raises(DataError) as told:
        build(facts_dir, district_dir)
    assert "bad_hours" in {finding.key for finding in told.value.findings}


def test_the_command(district_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ("--district", str(district_dir))
    ends = [",".join(map(str, place(50, north))) for north in (0, 100)]
    assert main(["edit", "list", *at]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["edit", "link", *ends, "--reason", "核对", "--by", "李梅", *at]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "edit-1"
    assert main(["edit", "list", *at]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["act"], row["author"], row["outcome"]) == ("link", "李梅", "fits")
    assert row["steps"] is None
    assert main(["edit", "undo", "edit-1", "--reason", "重复", *at]) == 0
    capsys.readouterr()
    for words in (
        ["link", ends[0], "--reason", "r"],
        ["fly", ends[0], "--reason", "r"],
        ["steps", "here", "--reason", "r"],
        ["steps", ends[0]],
        ["undo", "--reason", "r"],
    ):
        assert main(["edit", *words, *at]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.strip()
