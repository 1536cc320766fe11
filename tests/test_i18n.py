"""Both languages hold the same sentences with the same placeholders."""

from __future__ import annotations

from string import Formatter

import pytest

from circle.i18n import in_language, sentences, t
from circle.model import Text


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_same_keys() -> None:
    assert sentences("zh").keys() == sentences("en").keys()


@pytest.mark.parametrize("key", sorted(sentences("zh")))
def test_same_placeholders(key: str) -> None:
    assert _placeholders(sentences("zh")[key]) == _placeholders(sentences("en")[key])


@pytest.mark.parametrize("code", ["zh", "en"])
def test_plain_tone(code: str) -> None:
    assert not [key for key, said in sentences(code).items() if "!" in said or "！" in said]


def test_values_are_said_in_the_language_in_use() -> None:
    with in_language("en"):
        assert t("error.no_folder", folder=Text("甲", "first")) == "There is no folder first."
    assert t("error.no_folder", folder=Text("甲", "first")) == "文件夹 甲 不存在。"
