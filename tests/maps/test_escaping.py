"""Whatever a name holds, no browser runs it."""

import json
import re

import pytest

from circle.maps import layers
from circle.maps.drawing import script_json
from circle.maps.escaping import escape, tip
from circle.maps.symbols import sign
from circle.model import Kind, Text
from tests.small import district

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "'); alert(1); ('",
    "`${alert(1)}`",
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__mro__ %}{% endfor %}",
    "{# gone #}",
    "{{{{%",
    "\\{{ 7 * 7 }}",
    "\u2028alert(1)",
    "<!--",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_script_json_says_the_same_and_opens_nothing(name: str) -> None:
    written = script_json({"name": name, "deep": [{"a": {}}]})
    assert json.loads(written) == {"name": name, "deep": [{"a": {}}]}
    assert re.search(r"[<>&'`\u2028]", written) is None


def test_script_json_refuses_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        script_json([float("nan")])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_layer_holds_the_name_as_text(name: str) -> None:
    small = district()
    table = small.facilities.assign(name=name, name_en=name, address=name)
    places = json.loads(layers.places(table, small.kinds).json)["places"]
    assert name in places[0]["label"]
    assert places[0]["tip"].startswith(f"<b>{escape(name)}</b>")
    buildings = layers.heritage(small.heritage.assign(name=name, address=name)).whole["places"]
    assert all(place["tip"].startswith(f"<b>{escape(name)}</b>") for place in buildings)


@pytest.mark.parametrize("name", HOSTILE)
def test_tooltips_hold_no_tag_of_the_data(name: str) -> None:
    said = tip(name, name)
    assert re.sub(r"</?b>|<br>", "", said).count("<") == 0
    assert "`" not in said


@pytest.mark.parametrize("word", HOSTILE)
def test_a_sign_takes_no_markup_from_its_kind(word: str) -> None:
    kind = Kind("k", Text("k", "k"), letter="<b", colour=word, symbol=word)
    drawn = sign(kind)
    assert set(re.findall(r"<(\w+)", drawn)) <= {"svg", "path", "text"}
    assert "alert" not in drawn


def test_a_gap_takes_no_markup_from_its_name() -> None:
    small = district()
    zone = layers.Area(1, HOSTILE[0], small.boundary, [HOSTILE[1]])
    said = layers.gaps([zone], small.crs).data["gaps"][0]["tip"]
    assert "<" not in re.sub(r"</?b>|<br>", "", said)
