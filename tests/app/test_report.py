"""The Report page: the choice, the preview, the files."""

from __future__ import annotations

import gc
import io
import shutil
import time
import zipfile
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from circle.errors import CancelledError
from circle.i18n import t
from circle.scenario import PlanFile
from circle.store import Store, audit
from circle.web import jobs
from circle.web.jobs import WAITING, Job
from circle.web.whatif_plan import Work
from tests.app.reading import answer, text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]

QUICK = {"kinds": "market", "others": "", "formats": "csv,geojson"}


def button(app: AppTest, key: str) -> Any:
    return next(one for one in app.button if one.label == t(key))


def job(app: AppTest) -> Job[Any]:
    found = app.session_state["_report_job"]
    assert isinstance(found, Job)
    return found


def wait(running: Job[Any], seconds: float) -> None:
    end = time.monotonic() + seconds
    while running.running and time.monotonic() < end:
        time.sleep(0.01)


def made(app: AppTest) -> AppTest:
    wait(job(app), 60)
    return app.run()


def test_it_opens_with_the_summary(open_page: Opener) -> None:
    app = open_page("report", **QUICK)
    assert not app.exception
    assert "菜市场" in answer(app)
    assert t("report.caution_people") in "".join(one.value for one in app.warning)
    assert t("reporting.ledger") in text(app)
    assert t("reporting.make") in [one.label for one in app.button]
    assert app.get("image")


def test_the_link_holds_the_choice(open_page: Opener) -> None:
    app = open_page(
        "report", kinds="canteen", profile="adult", others="wheelchair", edition="en", crs="zone",
        sheet="a3-portrait", formats="xlsx", issuer="某局", within="10",
    )  # fmt: skip
    assert not app.exception
    assert "canteen" in answer(app)
    held = app.session_state
    assert held["param:others"] == ["wheelchair"]
    assert held["param:crs"] == "zone"
    assert held["param:formats"] == ["xlsx"]
    assert held["param:issuer"] == "某局"


def test_sets_of_formats_are_chosen_at_one_press(open_page: Opener) -> None:
    app = open_page("report", **QUICK, annexes="quality")
    assert app.session_state["param:annexes"] == ["quality"]
    for name, formats in (("documents", ["docx", "pdf"]), ("gis", ["gpkg", "geojson", "shp"])):
        button(app, f"reporting.preset_{name}").click().run()
        assert app.session_state["param:formats"] == formats
    button(app, "reporting.preset_all").click().run()
    assert "formats" not in app.query_params


def test_the_scenario_of_the_visit_is_reported_where_that_is_chosen(open_page: Opener) -> None:
    app = open_page("report", **QUICK)
    gone = {"name": "试方案", "edits": [{"edit": "close_facility", "id": "wuzhong-market"}]}
    app.session_state["whatif:work"] = Work(PlanFile.model_validate(gone))
    app.run()
    before = answer(app)
    app.toggle(key="param:with_scenario").set_value(True).run()
    assert not app.exception
    assert answer(app) != before
    assert any("试方案" in warning.value for warning in app.warning)


def test_a_report_is_made_and_offered(open_page: Opener, store_file: Path) -> None:
    audit.note(Store(str(store_file)), audit.Action.SIGN_IN, by="a", subject="b")
    head = str(audit.head(Store(str(store_file))))
    app = open_page("report", **QUICK, issuer="某某街道办事处")
    button(app, "reporting.make").click().run()
    app = made(app)
    assert not app.exception
    found = job(app).made
    assert found is not None
    packed = zipfile.ZipFile(io.BytesIO((found.folder / found.archive.file).read_bytes()))
    assert "manifest.json" in packed.namelist()
    assert "某某街道办事处" in packed.read("manifest.json").decode()
    for name in ("manifest.json", "README.txt"):  # of every report, whatever its formats
        assert head in packed.read(name).decode()
    newest = audit.entries(Store(str(store_file)))[0]
    assert (newest.action, newest.subject) == ("report", "report/tianping")
    assert found.archive.sha256 in (newest.content or "")
    offered = [one.proto.label for one in app.get("download_button")]
    assert any(t("reporting.all") in label for label in offered)
    assert t("reporting.make") in [one.label for one in app.button]


def test_a_changed_choice_is_told_from_the_files(open_page: Opener) -> None:
    app = open_page("report", **QUICK)
    button(app, "reporting.make").click().run()
    app = made(app)
    assert t("reporting.older") not in [one.value for one in app.warning]
    app.query_params["within"] = "10"
    app.run()
    assert t("reporting.older") in [one.value for one in app.warning]


def test_it_can_be_cancelled(open_page: Opener) -> None:
    app = open_page("report", **QUICK)
    button(app, "reporting.make").click().run()
    job(app).cancel()
    app = made(app)
    if job(app).made is None:  # it may have been quicker
        assert t("reporting.cancelled") in [one.value for one in app.info]


def test_without_a_format_there_is_nothing_to_make(open_page: Opener) -> None:
    app = open_page("report", kinds="market", formats="")
    assert button(app, "reporting.make").disabled
    assert t("reporting.choose_format") in text(app)


@pytest.mark.parametrize(
    "asked",
    [
        {"formats": "exe"},
        {"kinds": "../../x", "areas": "<script>", "others": "adult,adult,"},
        {"by": "nope", "crs": "99", "sheet": "a0", "edition": "fr", "map": "x"},
        {"title": "x" * 500, "issuer": "a\x00b", "period": "<script>alert(1)</script>"},
    ],
)
def test_hostile_addresses_fall_back(open_page: Opener, asked: dict[str, str]) -> None:
    app = open_page("report", **{"kinds": "market", "others": "", **asked})
    assert not app.exception
    assert answer(app)
    assert "<script>" not in "".join(one.value for one in app.markdown)


def test_a_job_tells_how_far_it_is_and_why_it_failed() -> None:
    told = []

    def make(folder: Any, tell: Any, stop: Any) -> Any:
        tell("pdf", 0.5)
        told.append((folder.parent.is_dir(), stop()))
        raise OSError("full")

    one = Job(make)
    wait(one, 10)
    assert told == [(True, False)]
    assert (one.part, one.share, one.running) == ("pdf", 0.5, False)
    assert isinstance(one.failed, OSError)


MADE: Any = object()


class Connected:
    """A server that knows which sessions have a page."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sessions: set[str] = set()
        self.asking = ""
        monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
        monkeypatch.setattr("streamlit.runtime.get_instance", lambda: self)
        monkeypatch.setattr(
            jobs, "get_script_run_ctx", lambda **_: SimpleNamespace(session_id=self.asking)
        )

    def is_active_session(self, session: str) -> bool:
        return session in self.sessions

    def job(self, session: str, make: Any) -> Job[Any]:
        self.asking = session
        return Job(make)


def until_stopped(folder: Any, tell: Any, stop: Any) -> Any:  # noqa: ARG001
    (folder / "tables").mkdir(parents=True)
    while not stop():
        time.sleep(0.01)
    raise CancelledError


def at_once(folder: Any, tell: Any, stop: Any) -> Any:  # noqa: ARG001
    folder.mkdir()
    return MADE


def test_a_report_whose_visitor_left_makes_way(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Connected(monkeypatch)
    server.sessions = {"here", "left"}
    running = server.job("left", until_stopped)
    waiting = server.job("left too", at_once)
    server.sessions = {"here"}
    time.sleep(0.1)
    assert (running.running, waiting.running) == (True, True)  # in nobody's way
    mine = server.job("here", at_once)
    wait(mine, 10)
    assert mine.made is MADE
    wait(running, 10)
    assert isinstance(running.failed, CancelledError)
    assert waiting.part == WAITING
    server.sessions = {"left too"}  # and comes back
    wait(waiting, 10)
    assert waiting.made is MADE


def test_a_report_ends_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Connected(monkeypatch)
    server.sessions = {"left"}
    running, waiting = server.job("left", until_stopped), server.job("left", at_once)
    other = server.job("other", at_once)
    jobs.keep({"other"})
    for ended in (running, waiting):
        wait(ended, 10)
        assert not ended.folder.exists()
    assert isinstance(running.failed, CancelledError)
    server.sessions = {"other"}
    wait(other, 10)
    assert (other.folder / "report").is_dir()


def test_a_report_that_is_dropped_stops() -> None:
    running = Job(until_stopped)
    thread, folder = running._thread, running.folder  # noqa: SLF001 - it outlives the job
    del running
    gc.collect()
    thread.join(10)
    assert (thread.is_alive(), folder.exists()) == (False, False)


def test_what_killed_servers_left_is_cleared(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    one = Job(at_once)
    wait(one, 10)
    left = one.folder.with_name(f"{one.folder.name[:-8]}abcdefgh")
    shutil.copytree(one.folder, left)
    jobs.clear_leftovers()
    assert [path.name for path in tmp_path.iterdir()] == [one.folder.name]


def test_what_was_made_goes_with_its_session() -> None:
    one = Job(lambda folder, tell, stop: folder.mkdir())  # noqa: ARG005
    wait(one, 10)
    folder = one.folder
    assert (folder / "report").is_dir()
    del one
    gc.collect()
    assert not folder.exists()
