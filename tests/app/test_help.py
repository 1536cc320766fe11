"""The help page: everyone's own, in both languages, true of the settings and the district."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from circle.i18n import LANGUAGES, t
from circle.i18n.help_texts import guide
from circle.web import sign_in
from circle.web.help_page import AUDIENCES, VIEWS
from circle.web.shell import escaped_markdown
from circle.web.sign_in import LOCAL_ROLE
from tests.app.conftest import ROOT
from tests.app.reading import answer, asked, failed, html, text
from tests.app.test_pages import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Opener = Callable[..., AppTest]

_HEADING = re.compile(r'<h2 class="lc-heading"[^>]*>(.*?)</h2>')
_LINK = re.compile(r'<a href="#(part-\d+)">(.*?)</a>')
SHARED = len(guide("everyone", "zh").sections)


def headings(app: AppTest) -> list[str]:
    return [unescape(found) for found in _HEADING.findall(html(app))]


def read(app: AppTest) -> str:
    """Return all that is read on the page."""
    said = " ".join(str(one.value) for one in app.markdown)
    return text(app) + unescape(re.sub("<[^>]+>", "", said)).replace("\\", "")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_each_audience_has_its_own(open_page: Opener, audience: str, view: str, lang: str) -> None:
    app = open_page("help", audience=audience, part=view, lang=lang)
    assert not failed(app)
    said = read(app)
    assert "{{" not in said
    assert t("help.subtitle", language=lang) in said
    parts = headings(app)
    links = [unescape(name) for _, name in _LINK.findall(html(app))]
    assert links == parts[:-2]
    assert len(links) >= 4
    for anchor, _ in _LINK.findall(html(app)):
        assert html(app).count(f'id="{anchor}"') == 1
    method = "method" if audience in {"residents", "officials"} else "formulas"
    own = guide(audience if view == "use" else method, lang)
    assert answer(app) == own.lead
    ends = ("signs", "words") if view == "use" else ("speeds", "trust")
    assert parts[-2:] == [t(f"help.{name}", language=lang) for name in ends]


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        ("public", "residents"),
        ("official", "officials"),
        ("planner", "planners"),
        ("steward", "stewards"),
    ],
)
def test_a_role_sees_its_own_help_first(
    app: AppTest, open_page: Opener, role: str, audience: str
) -> None:
    app.session_state[LOCAL_ROLE] = role
    assert answer(open_page("help")) == guide(audience, "zh").lead


def test_a_choice_is_in_the_link(open_page: Opener) -> None:
    app = open_page("help")
    app.button_group(key="param:audience").set_value("planners").run()
    app.button_group(key="param:part").set_value("method").run()
    assert not failed(app)
    assert asked(app, "audience") == "planners"
    assert asked(app, "part") == "method"
    assert answer(app) == guide("formulas", "zh").lead


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_address_is_the_default(open_page: Opener, raw: object) -> None:
    app = open_page("help", audience=raw, part=raw, lang=raw)
    assert not failed(app)
    assert answer(app) == guide("stewards", "zh").lead
    assert "<script" not in html(app)


def test_controls_are_called_what_they_are_called(open_page: Opener) -> None:
    app = open_page("help", audience="officials", lang="en")
    said = " ".join(str(one.value) for one in app.markdown)
    for key in ("coverage.kind", "coverage.include", "details.zones", "data.quality"):
        assert f'<b class="lc-control">{t(key, language="en")}</b>' in said


def test_a_page_that_is_not_there_is_not_told_of(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "existing", lambda: ("explore", "data", "help", "welcome"))
    told = headings(open_page("help", audience="officials"))
    sections = guide("officials", "zh").sections
    assert [one.title for one in sections if one.page in {"explore", "data"}] == told[:2]
    assert not {one.title for one in sections if one.page == "coverage"} & set(told)


def test_signs_are_those_of_the_map(open_page: Opener) -> None:
    few = html(open_page("help", audience="residents"))
    many = open_page("help", audience="officials")
    assert 8 <= few.count("data:image/svg+xml") < html(many).count("data:image/svg+xml")
    for words in (t("legend.gaps"), t("legend.beyond", limit="15"), t("map.unverified")):
        assert words in text(many)
    assert t("legend.gaps") not in few


def test_figures_follow_the_settings(open_page: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_MAX_OFF_STREET_M", "333")
    monkeypatch.setenv("CIRCLE_FILL_HOLES_HA", "1.5")
    assert "333 米" in read(open_page("help", audience="residents", part="method"))
    assert "1.5 公顷" in read(open_page("help", audience="planners", part="method"))


@pytest.mark.parametrize("view", VIEWS)
def test_another_district_has_its_own_figures(
    open_page: Opener,
    show_district: Callable[[Path], None],
    district_dir: Path,
    view: str,
) -> None:
    profiles = district_dir / "profiles.csv"
    said = profiles.read_text(encoding="utf-8")
    profiles.write_text(said.replace("0.667", "0.5").replace("轮椅", "推车<b>"), encoding="utf-8")
    show_district(district_dir)
    app = open_page("help", audience="planners", part=view)
    assert not failed(app)
    assert "小街道" in text(app)
    assert "天平" not in read(app)
    if view == "method":
        assert "推车<b>" in text(app)
        assert "30 米/分" in text(app)
        assert "推车<b>" not in html(app)


@pytest.mark.parametrize("name", ["help", "about"])
def test_the_contact_is_told_as_text(
    open_page: Opener, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    hostile = "<script>alert(1)</script>\n**x** [a](javascript:alert(1)) $y$"
    monkeypatch.setenv("CIRCLE_CONTACT", hostile)
    app = open_page(name)
    assert not failed(app)
    line = " ".join(hostile.split())
    marked = " ".join(str(one.value) for one in app.markdown)
    assert (escaped_markdown(line) in marked) if name == "help" else (line in text(app))
    assert "<script" not in html(app) + marked.replace("\\<", "")
    assert t("about.contact_none") not in read(app)


@pytest.mark.parametrize("name", ["help", "about"])
def test_a_missing_contact_is_said(open_page: Opener, name: str) -> None:
    assert t("about.contact_none") in read(open_page(name))


@pytest.mark.parametrize("name", ["help", "about"])
def test_a_page_run_alone_is_there(name: str) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert not failed(app)
    assert answer(app).isascii()
