"""The versions of the data on the Data page: a steward puts one back, others look."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from circle.load import build, read_district, versions
from circle.web.sign_in import LOCAL_ROLE
from tests.app import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest


@pytest.fixture
def changed(
    district_dir: Path, facts_dir: Path, show_district: Callable[[Path], None]
) -> tuple[Path, str]:
    """Give a district folder with two versions, shown, and the identity of the first."""
    first = read_district(district_dir).base_id
    text = (facts_dir / "facilities.csv").read_text("utf-8")
    hostile = "<img src=x onerror=alert(1)>"
    (facts_dir / "facilities.csv").write_text(text.replace("设施market-a", hostile), "utf-8")
    build(facts_dir, district_dir)
    show_district(district_dir)
    return district_dir, first


def test_no_version_explains_itself(
    open_page: Callable[..., AppTest], district_dir: Path, show_district: Callable[[Path], None]
) -> None:
    show_district(district_dir)
    app = open_page("data", part="versions")
    assert reading.failed(app) == []
    assert "数据还没有改过" in reading.text(app)


def test_a_version_is_compared_and_put_back(
    open_page: Callable[..., AppTest], changed: tuple[Path, str]
) -> None:
    folder, first = changed
    app = open_page("data", part="versions")
    assert reading.failed(app) == []
    assert "第 1 版之后" in reading.text(app)
    (send,) = [button for button in app.button if button.label == "恢复第 1 版"]
    send.click().run()
    assert "请写明恢复原因" in " ".join(error.value for error in app.error)
    for label, value in (("恢复人", "王晓明"), ("恢复原因", "导入有误")):
        (field,) = [field for field in app.text_input if field.label == label]
        field.input(value)
    (send,) = [button for button in app.button if button.label == "恢复第 1 版"]
    send.click().run()
    assert reading.failed(app) == []
    assert "已恢复第 1 版" in " ".join(message.value for message in app.success)
    assert read_district(folder).base_id == first
    newest = versions.versions(folder)[-1]
    assert (newest.action, newest.author, newest.reason) == ("restore", "王晓明", "导入有误")


def test_a_planner_looks_and_changes_nothing(
    app: AppTest, open_page: Callable[..., AppTest], changed: tuple[Path, str]
) -> None:
    assert changed
    app.session_state[LOCAL_ROLE] = "planner"
    app = open_page("data", part="versions")
    assert reading.failed(app) == []
    assert "不能恢复版本" in reading.text(app)
    assert not [button for button in app.button if button.label.startswith("恢复第")]


def test_a_damaged_version_is_said(
    open_page: Callable[..., AppTest], changed: tuple[Path, str]
) -> None:
    folder, _ = changed
    shutil.rmtree(versions.place_of(folder) / "files")
    app = open_page("data", part="versions")
    assert "已丢失或损坏" in " ".join(error.value for error in app.error)
