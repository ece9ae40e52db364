"""One Chromium and one app for all tests in a browser; a test file has a home of its own, not a server of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support import browser
from tests.support.browser import MovingApp


# Of the folder, not of the session: while Playwright runs, no other test of this process could run an event loop.
@pytest.fixture(scope="package")
def chrome() -> Iterator[Browser]:
    """A headless Chromium whose expectations are patient."""
    with sync_playwright() as playwright:
        made = browser.chromium(playwright)
        expect.set_options(timeout=browser.PATIENCE_MS)
        yield made
        made.close()


@pytest.fixture(scope="package")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MovingApp]:
    """The app, wherever it was moved to last."""
    with browser.moving(tmp_path_factory.mktemp("first_home")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_page_is_left(chrome: Browser) -> Iterator[None]:
    """Also after a test that failed, the next one has the browser to itself."""
    yield
    for context in chrome.contexts:
        context.close()
