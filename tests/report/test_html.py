"""The page that is one file: nothing fetched, nothing run but its own, nothing lost."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely

from circle.maps import grades
from circle.report.content.elements import (
    Band,
    Choice,
    Facts,
    Map,
    Pair,
    Paragraph,
    Report,
    Section,
    Zone,
)
from circle.report.webmap.html import page, write
from tests.report.sample_html import imprint, report
from tests.small import SOUTH, WEST, district

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "`${alert(1)}`",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "\u2028alert(1)",
    "<!--",
    "]]>",
    "a\x00b\x1bc",
    "turned \u202eback",
    "🚶 㐂𠮷 " + "长" * 200,
]
_RUNS = re.compile(r"^on|^style$|^srcdoc$", re.IGNORECASE)


class Tags(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inner: dict[str, list[str]] = {"script": [], "style": [], "h1": [], "td": []}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag
        if tag in self.inner:
            self.inner[tag].append("")

    def handle_endtag(self, _: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in self.inner:
            self.inner[self._open][-1] += data


def data_of(text: str) -> dict[str, Any]:
    found = Tags(text).inner["script"][0]
    data: dict[str, Any] = json.loads(found)
    return data


def small_map(name: str = "图", **changes: Any) -> Map:
    own = district()
    ground = shapely.box(WEST, SOUTH, WEST + 90, SOUTH + 90)
    plain: dict[str, Any] = {
        "id": "map",
        "title": name,
        "alt": name,
        "bounds": own.boundary.bounds,
        "places": own.facilities.assign(name=name, name_en=name, address=name),
        "xy": np.array([[WEST + 50, SOUTH], [WEST + 950, SOUTH]]),
        "graded": grades.by_minutes(np.array([3.0, 30.0]), 15),
        "people": np.array([10.4, 20.0]),
        "zones": (Zone(1, name, ground, marked=True, lines=(name,)),),
        "bands": (Band(5, shapely.MultiPolygon([ground])),),
        "heritage": True,
        "roads": True,
        "note": name,
    }
    return Map(**(plain | changes))


def small_report(*maps: Map, word: str = "字", **said: str) -> Report:
    own = replace(
        district(),
        never_widened=pd.DataFrame({"name": ["甲路"], "confidence": [""]}, dtype=object),
    )
    facts = Facts((Pair(word, word),), big=True)
    section = Section("summary", word, (Paragraph("body"), facts, *maps))
    return Report(own, Choice(language="zh"), imprint(own, "zh", **said), (section,), ())


@pytest.mark.parametrize("word", HOSTILE)
def test_no_text_becomes_markup(word: str) -> None:
    plain = Tags(page(small_report(small_map(), small_map())))
    names = ("title", "subtitle", "period", "issuer", "version", "map_number", "summary", "caution")
    text = page(
        small_report(small_map(word), small_map(word), word=word, **dict.fromkeys(names, word))
    )
    found = Tags(text)
    assert [tag for tag, _ in found.elements] == [tag for tag, _ in plain.elements]
    assert not [name for _, attrs in found.elements for name in attrs if _RUNS.match(name)]
    shown = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", word)
    assert found.inner["h1"] == [shown]
    said = data_of(text)["maps"][0]
    assert said["title"] == said["note"] == word
    assert said["zones"] == [{"rank": 1, "name": word, "lines": [word]}]
    assert found.inner["script"][1:] == plain.inner["script"][1:]


def test_the_policy_names_its_own_script_and_style_alone() -> None:
    found = Tags(page(small_report(small_map())))
    policy = next(
        attrs["content"] or "" for tag, attrs in found.elements if tag == "meta" and len(attrs) == 2
        and attrs.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for kind, text in (("script", found.inner["script"][1]), ("style", found.inner["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert len(found.inner["script"]) == 2
    assert len(found.inner["style"]) == 1


def test_nothing_is_fetched() -> None:
    found = Tags(page(report()))
    for tag, attrs in found.elements:
        for name in ("src", "href", "action", "data", "poster", "srcset"):
            assert (attrs.get(name) or "data:").startswith(("data:", "#")), (tag, attrs)
    style = found.inner["style"][0]
    assert "@import" not in style
    assert not re.findall(r"url\((?!data:|#)", style)


def test_points_come_back_as_they_were() -> None:
    data = data_of(page(small_report(small_map())))
    calls = dict(data["maps"][0]["calls"])
    demand = calls["demand"]
    assert demand["people"] == [10, 20]
    assert demand["step"] == "03"
    assert [demand["words"][said] for said in demand["said"]] == ["3", "30"]
    assert list(calls) == [
        "bands", "demand", "gaps", "facilities", "outlines", "heritage", "legend", "picture"
    ]  # fmt: skip
    (south, west), (north, east) = data["maps"][0]["bounds"]
    lon, lat = (np.array(demand["at"][:2]) * 1e-6).tolist()
    assert west < lon < east
    assert south < lat < north


def test_what_maps_share_is_written_once() -> None:
    one = len(page(small_report(small_map())))
    four = len(page(small_report(*[small_map()] * 4)))
    data = data_of(page(small_report(*[small_map()] * 4)))
    assert four - one < 3 * len(json.dumps(data["maps"][0])) + 2000
    assert len({json.dumps(one) for one in data["pool"]}) == len(data["pool"])


def test_a_map_may_be_bare_and_a_report_without_maps() -> None:
    empty = district().facilities.iloc[:0]
    bare = small_map(graded=None, zones=(), bands=(), places=empty, heritage=False, roads=False)
    data = data_of(page(small_report(bare)))
    assert [name for name, _ in data["maps"][0]["calls"]] == [
        "facilities",
        "legend",
        "picture",
    ]
    assert data_of(page(small_report()))["maps"] == []


def test_half_a_sign_breaks_no_file(tmp_path: Path) -> None:
    write(small_report(small_map(), title="half \ud83d sign"), tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert Tags(text).inner["h1"] == ["half ? sign"]


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_of_the_district(language: str, tag: str, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    write(report(language), path)
    assert path.stat().st_size < 1_500_000
    found = Tags(path.read_text(encoding="utf-8"))
    assert found.elements[0] == ("html", {"lang": tag})
    options = [attrs for name, attrs in found.elements if name == "option"]
    assert [one["value"] for one in options] == [str(i) for i in range(9)]
    assert len([name for name, _ in found.elements if name == "optgroup"]) == 3
    assert any("ODbL" in cell for cell in found.inner["td"])


def test_the_same_report_is_the_same_file(tmp_path: Path) -> None:
    write(report(), tmp_path / "a.html")
    write(report(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_failure_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "map.html"
    path.write_text("old", encoding="utf-8")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(small_report(small_map()), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["map.html"]
