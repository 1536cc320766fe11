"""What a page says of a district comes from the district's own data."""

from __future__ import annotations

from dataclasses import replace

from circle.i18n import in_language, sentences
from circle.model import Layer, Text
from circle.places.search import example_address, example_street
from circle.study import Study
from circle.web.search_box import hint
from circle.words import wording
from tests import small

DISTRICT = small.district()


def test_services_that_a_district_has_none_of_are_not_counted() -> None:
    """Of three services the district has no clinic; the sure canteen is 1,150 m off."""
    at = (float(DISTRICT.demand["lon"][0]), float(DISTRICT.demand["lat"][0]))
    for minutes, said in ((5.0, "1 of 2 services"), (30.0, "all services listed (2)")):
        circle = Study(DISTRICT).life_circle("adult", at, (minutes,))
        with in_language("en"):
            assert said in wording.life_circle_sentence(DISTRICT, circle, "home")


def test_the_data_of_residents_speak_for_themselves() -> None:
    source, trust = Text("某局网格", "the bureau's cells"), Text("较好", "good")
    layer = Layer("residents", "residents.csv", 1, "", source, Text("", ""), "2026", trust)
    own = replace(DISTRICT, layers=(layer,))
    with in_language("en"):
        assert wording.residents_data(own) == {"source": "the bureau's cells", "trust": "good"}
        assert wording.residents_data(DISTRICT)["trust"] == "not stated"
    for language in ("zh", "en"):
        words = " ".join(sentences(language).values())
        assert not any(name in words for name in ("100 m", "100 米", "Hengshan", "衡山", "永嘉"))


def test_what_may_be_typed_is_a_street_and_an_address_of_the_district() -> None:
    assert example_street(DISTRICT) == "甲路"
    assert example_address(DISTRICT) == "甲路1号"
    bare = replace(DISTRICT, facilities=DISTRICT.facilities.assign(address=""))
    assert example_address(bare) == "甲路"
    with in_language("en"):
        assert hint("explore.search_hint", "甲路").endswith(", e.g. 甲路")
        assert "e.g." not in hint("explore.search_hint", "")
