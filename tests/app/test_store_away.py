"""The database goes away while people are at work: a calm sentence, and then work goes on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from circle.i18n import t
from circle.store import Store, history
from circle.web import memo
from tests.app import reading
from tests.app.test_data import confirm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    Opener = Callable[..., AppTest]


@contextmanager
def away(store_file: Path) -> Iterator[None]:
    """Take the store's file away, so that it cannot be opened."""
    aside = store_file.with_name("aside")
    store_file.rename(aside)
    store_file.mkdir()
    yield
    store_file.rmdir()
    aside.rename(store_file)


def test_what_was_typed_is_kept_and_sent_when_it_is_back(
    open_page: Opener, store_file: Path, district_dir: Path, show_district: Callable[[Path], None]
) -> None:
    show_district(district_dir)
    app = open_page("data", register="canteen")
    confirm(app)
    with away(store_file):
        confirm(app, "李梅", "两家都在")
        (error,) = reading.failed(app)
        assert "无法打开" in error
        app.button(key="again").click().run()
        assert "无法打开" in reading.failed(app)[0]
    app.button(key="again").click().run()
    assert reading.failed(app) == []
    assert "两家都在" in [field.value for field in app.text_input]
    (send,) = [one for one in app.button if one.label == t("confirm.submit")]
    send.click().run()
    rows = history(Store(str(store_file)), "tiny-subdistrict")
    assert [(row.author, row.reason) for row in rows] == [
        ("李梅", "两家都在"),
        ("王晓明", "区卫健委名录"),
    ]


def test_the_public_goes_on_with_what_was_read_last(
    open_page: Opener,
    store_file: Path,
    district_dir: Path,
    show_district: Callable[[Path], None],
) -> None:
    show_district(district_dir)
    confirm(open_page("data", register="health"))
    before = reading.answer(open_page("overview"))
    with away(store_file):
        for _ in range(2):  # the second one does not wait for the store again
            app = open_page("overview")
            assert reading.failed(app) == []
            assert reading.answer(app) == before
            assert "暂时无法读取" in app.info[0].value
        for page in ("coverage", "levels", "audit"):
            (error,) = reading.failed(open_page(page))
            assert "无法打开" in error
    memo._last_read.clear()  # noqa: SLF001 - as if the moment were over
    app = open_page("overview")
    assert not app.info
