"""A link that names a standard is followed, or the page says that it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from circle.i18n import t
from circle.web import shell
from tests.app.reading import failed

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]


@pytest.mark.parametrize(
    ("kind", "standard", "read"),
    [
        ("market", "gb50180-2018", "gb50180-2018/market-500"),
        ("market", " gb50180-2018 ", "gb50180-2018/market-500"),
        ("party_service", "xuhui-800m", "xuhui-800m/party-service"),
    ],
)
def test_a_link_may_name_the_set_of_a_standard(
    open_page: Opener, kind: str, standard: str, read: str
) -> None:
    app = open_page("coverage", kind=kind, standard=standard)
    assert not failed(app)
    assert app.selectbox(key="param:standard").value == read
    assert not app.warning


@pytest.mark.parametrize("standard", ["xuhui-800m", "<b>none</b>", "gb50180-2018/no", "x" * 500])
def test_what_cannot_be_used_is_said(open_page: Opener, standard: str) -> None:
    app = open_page("coverage", kind="health", standard=standard)
    assert not failed(app)
    assert app.selectbox(key="param:standard").value == ""
    (said,) = (warning.value for warning in app.warning)
    assert shell.escaped_markdown(standard[:60]) in said
    assert "shanghai\\-15min、tdt1062\\-2021" in said


def test_the_report_reads_it_too(open_page: Opener) -> None:
    app = open_page("report", standard="xuhui-800m/party-service")
    assert not failed(app)
    assert app.selectbox(key="param:by").value == "xuhui-800m"
    assert not [warning for warning in app.warning if "xuhui" in warning.value]
    app.selectbox(key="param:by").set_value("").run()
    assert app.selectbox(key="param:by").value == ""


def test_the_report_says_what_it_cannot_use(open_page: Opener) -> None:
    app = open_page("report", standard="no such", kinds="market")
    assert not failed(app)
    known = t("standard.unusable_report", name="no such", known="KNOWN").partition("KNOWN")[0]
    assert known in app.warning[0].value
