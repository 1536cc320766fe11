"""The page Audit: the chain's state first, then the entries, for stewards alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circle.i18n import t
from circle.store import Store, audit
from circle.store.audit import Action
from circle.web import audit_page
from tests.app.reading import answer, failed, text
from tests.hostile import SCRIPT
from tests.store import unversioned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]


def fill(store_file: Path) -> Store:
    store = Store(str(store_file))
    for number in range(3):
        audit.note(store, Action.IMPORT, by=f"人{number}", subject=SCRIPT, content={"n": number})
    return store


def test_nothing_written_yet(open_page: Opener, store_file: Path) -> None:
    app = open_page("audit")
    assert not failed(app)
    assert answer(app) == t("audit.none")
    assert t("audit.empty") in text(app)
    assert not store_file.exists()


def numbers(app: AppTest) -> list[int]:
    return list(app.dataframe[0].value[t("audit.col_number")])


def test_entries_are_listed_and_chosen(
    open_page: Opener, store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(store_file)
    monkeypatch.setattr(audit_page, "ROWS", 2)
    app = open_page("audit")
    assert not failed(app)
    assert "共 3 条，链条完整" in answer(app)
    assert str(audit.head(store)) in text(app)
    assert numbers(app) == [3, 2]
    app.button(key="audit:older").click().run()
    assert numbers(app) == [1]
    assert t("audit.none_chosen") in text(open_page("audit", day="2026-01-01"))
    app = open_page("audit", who="人1", act="import", entries="<script>", day="x")
    assert numbers(app) == [2]


def test_all_chosen_are_saved_and_that_is_written(
    open_page: Opener, store_file: Path, files: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fill(store_file)
    monkeypatch.setattr(audit_page, "ROWS", 2)
    open_page("audit", act="import")
    (saved,) = files
    assert saved.decode().count("导入名录") == 3
    newest = audit.entries(store)[0]
    assert (newest.action, newest.subject, newest.content) == ("export", "audit", '{"entries":3}')


def test_a_broken_chain_is_said_first(open_page: Opener, store_file: Path) -> None:
    fill(store_file)
    unversioned.ask(store_file, "DROP TRIGGER audit_no_update")
    unversioned.ask(store_file, "UPDATE audit SET \"by\" = 'x' WHERE number = 2")
    app = open_page("audit", lang="en")
    assert "broken at 1 places, from entry 2" in answer(app)
    assert failed(app) == [t("audit.fault.hash", number=2, language="en")]
