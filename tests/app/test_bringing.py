"""Registers brought through the Data page: shown before, written whole, loaded at once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from circle.i18n import in_language, t
from circle.intake.layers import layers
from circle.intake.layouts import remembered
from circle.load import read_district, versions
from circle.web.sign_in import LOCAL_ROLE
from tests.app import reading
from tests.app.working import finished
from tests.intake.corpus import HEAD, csv_file, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Bring = Callable[..., AppTest]


@pytest.fixture
def folder(district_dir: Path, show_district: Callable[[Path], None]) -> Path:
    """Give the district folder that the application shows."""
    show_district(district_dir)
    return district_dir


@pytest.fixture
def bring(open_page: Callable[..., AppTest], folder: Path, tmp_path: Path) -> Bring:
    """Give ``bring(rows, datum=…)``, which sends a file of facilities and has it read."""
    assert folder.is_dir()

    def run(
        rows: Sequence[Any], head: Sequence[str] = HEAD, datum: str = "wgs84", **more: str
    ) -> AppTest:
        data = csv_file(rows, head)(tmp_path).read_bytes()
        with in_language(more.get("lang", "zh")):
            app = open_page("data", part="bring", lang=more.get("lang", "zh"))
            assert reading.failed(app) == []
            app.file_uploader[0].upload(more.get("name", "册.csv"), data, "text/csv").run()
            app.selectbox(key="bringing:datum").select(datum).run()
            return press(app, "bringing.read")

    return run


def press(app: AppTest, key: str, **values: str) -> AppTest:
    (button,) = [each for each in app.button if each.label == t(key, language=None, **values)]
    return finished(button.click().run())


def put(app: AppTest, by: str = "王晓明", reason: str = "名册更新") -> AppTest:
    app.text_input(key="bringing:by").input(by)
    app.text_input(key="bringing:reason").input(reason)
    return press(app, "bringing.put")


def test_good_rows_are_written_alone_where_that_is_chosen(bring: Bring, folder: Path) -> None:
    before = read_district(folder).base_id
    app = bring([row(1), row(2, 类别="<img src=x>")], name="../../<b>册.csv")
    assert reading.failed(app) == []
    assert reading.figures(app)[-5:] == ["2", "1", "0", "0", "1"]
    assert "<b>册" not in reading.html(app)
    (table,) = [frame.value for frame in app.dataframe if t("bringing.col_mend") in frame.value]
    wrong = table[table[t("bringing.col_severity")].eq(t("bringing.severity.error"))]
    assert wrong[t("bringing.col_row")].tolist() == ["3"]
    assert "<img" in wrong[t("bringing.col_value")].iloc[0]
    (button,) = [each for each in app.button if each.label == t("bringing.put")]
    assert button.disabled
    assert read_district(folder).base_id == before
    app.checkbox(key="bringing:accept").check().run()
    app = put(app, reason=" ")
    assert reading.failed(app) == [t("error.version.reason_missing")]
    app = put(app)
    assert reading.failed(app) == []
    assert t("bringing.done", added=1, changed=0, removed=0) in app.success[0].value
    assert {"新市场1"} == set(read_district(folder).facilities["name"]) - {
        f"设施{name}" for name in ("market-a", "market-b", "canteen-a", "health-a")
    }
    newest = versions.versions(folder)[-1]
    assert (newest.action, newest.author, newest.reason) == ("import", "王晓明", "名册更新")
    assert "5 处设施" in reading.answer(app)  # without a restart
    assert not app.file_uploader[0].value


def test_coverage_stands_beside_in_the_language_of_the_page(bring: Bring) -> None:
    app = bring([row(1)], lang="en")
    names = [t(f"history.col_{name}", language="en") for name in ("kind", "before", "after")]
    (table,) = [each.value for each in app.dataframe if list(each.value.columns) == names]
    assert len(table) == 1


def test_a_second_steward_is_told_that_the_data_changed(bring: Bring, folder: Path) -> None:
    app = bring([row(1)])
    (folder / "README.md").write_text("by another", encoding="utf-8")
    changed = versions.present(folder)
    (error,) = reading.failed(put(app))
    assert error.startswith("tiny 的数据在此期间已被他人修改")
    assert versions.present(folder) == changed
    assert not versions.place_of(folder).exists()


def test_columns_are_corrected_and_remembered(bring: Bring, folder: Path) -> None:
    head = ("名称", "类别", "地址", "东", "北")
    app = bring([row(1)], head)
    boxes = {each.label: each for each in app.selectbox}
    assert boxes["东"].value == ""
    boxes["东"].select("lon")
    boxes["北"].select("lat")
    app = press(app, "bringing.again")
    assert reading.figures(app)[-5:] == ["1", "1", "0", "0", "0"]
    assert reading.failed(put(app)) == []
    ((_, layout),) = remembered(folder, layers()["facilities"]).items()
    assert (layout["东"], layout["北"]) == ("lon", "lat")
    app = bring([row(2)], head)
    assert reading.figures(app)[-5:] == ["1", "1", "0", "0", "0"]


def test_what_is_not_stated_is_asked_for_with_the_evidence(bring: Bring) -> None:
    known = [row(n, 名称=f"设施{name}", 地址="横1路1弄2号") for n, name in ((1, "market-a"),)]
    app = bring(known, datum="")
    assert t("bringing.put") not in [each.label for each in app.button]
    assert "未说明坐标系" in "".join(reading.failed(app))
    app = press(app, "bringing.take_datum", datum="WGS 84")
    assert app.selectbox(key="bringing:datum").value == "wgs84"
    assert reading.failed(app) == []


@pytest.mark.parametrize("role", ["official", "planner"])
def test_others_look_only(
    app: AppTest, open_page: Callable[..., AppTest], folder: Path, role: str
) -> None:
    app.session_state[LOCAL_ROLE] = role
    for part in ("bring", "map", "streets"):
        open_page("data", part=part)
        assert reading.failed(app) == [], folder
        assert not app.file_uploader
        assert not [each for each in app.button if each.label == t("bringing.read")]
    open_page("data", part="bring")
    assert t("working.read_only") in reading.text(app)


def test_a_folder_that_may_not_be_written_says_so(
    open_page: Callable[..., AppTest], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: mode == os.R_OK and access(path, mode) and bool(folder)
    )
    app = open_page("data", part="bring")
    assert not app.file_uploader
    assert "无法写入" in app.warning[0].value


def test_a_file_that_cannot_be_read_is_said(
    open_page: Callable[..., AppTest], folder: Path
) -> None:
    assert folder.is_dir()
    app = open_page("data", part="bring")
    app.file_uploader[0].upload("x.zip", b"PK\x03\x04 broken", "application/zip").run()
    app = press(app, "bringing.read")
    (error,) = reading.failed(app)
    assert "x.zip" in error.replace("\\", "")
