from __future__ import annotations

import pytest
from docx.oxml import OxmlElement

from circle.report import fonts, printable
from tests.report.sample import HOSTILE, LONG_NAME


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("a\x00b\x0bc\x1b\x7f\x9f", "ab c"),
        ("two\r\nlines\tand\u2028more", "two lines and more"),
        ("half \ud800\udfff\ufffe\uffff pair", "half  pair"),
        ("turned \u202etxt.exe\u2066", "turned txt.exe"),
        ("=1+1 <b> & 😀 𠮷 #let", "=1+1 <b> & 😀 𠮷 #let"),
        (12, "12"),
    ],
)
def test_plain(given: object, said: str) -> None:
    assert printable.one_line(given) == said


def test_plain_text_fits_into_xml() -> None:
    everything = printable.one_line("".join(map(chr, range(0x110000))))
    made = OxmlElement("w:t")
    made.text = everything
    assert made.text == everything


def test_a_sign_that_no_font_has_is_named() -> None:
    assert printable.printable("甲😀𠮷㐂龘") == "甲😀𠮷㐂龘"
    assert printable.printable("\U0001f9ea") == "[U+1F9EA]"
    assert printable.printable("\ue123") == "[U+E123]"
    assert printable.printable("❤\ufe0f\U000e0100") in {"❤", "❤\ufe0f"}


def test_a_figure_keeps_its_per_cent() -> None:
    assert printable.breakable("90 % of 4", 20) == "90\u00a0% of 4"


def test_a_sign_only_regular(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"normal": frozenset({0x7532, 0x4E59}), "bold": frozenset({0x7532})}
    monkeypatch.setattr(printable, "_glyphs", held.__getitem__)
    assert printable.never_bold(["甲乙", "乙"]) == "乙"


@pytest.mark.parametrize("text", HOSTILE)
def test_every_printable_sign_has_a_shape(text: str) -> None:
    fonts.faces()
    assert all(ord(sign) in printable._glyphs("normal") for sign in printable.printable(text))  # noqa: SLF001


def test_long_words_may_break_anywhere() -> None:
    assert printable.breakable(f"甲 {LONG_NAME} short", 20).replace("\u200b", "") == (
        f"甲 {LONG_NAME} short"
    )
    assert printable.longest_em(printable.breakable(LONG_NAME, 20)) < 1
    assert printable.breakable("Shanghai 上海市上海市", 20) == "Shanghai 上海市上海市"


def test_widths() -> None:
    assert printable.width_em("上海") == 2
    assert printable.width_em("ab") < 1.5
    assert printable.longest_em("上海 abcdef gh") == printable.width_em("abcdef")


def test_shortened() -> None:
    assert printable.shortened("上海", 2) == "上海"
    assert printable.shortened("上海市区", 3) == "上海…"
    assert printable.width_em(printable.shortened(LONG_NAME, 10)) <= 10
