"""The application opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page


def test_opens(page: Page, app_url: str, screenshot: Callable[[Page, str], Path]) -> None:
    page.goto(app_url)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator(".lc-answer")).to_be_visible()
    assert screenshot(page, "smoke").is_file()


def test_opens_on_a_phone(
    phone: Page, app_url: str, screenshot: Callable[[Page, str], Path]
) -> None:
    phone.goto(app_url)
    expect(phone.get_by_role("heading", level=1)).to_be_attached()
    expect(phone.locator(".lc-answer")).to_be_visible()
    assert screenshot(phone, "smoke-phone").is_file()
