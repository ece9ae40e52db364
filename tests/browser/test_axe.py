"""Every page, in both themes, as the accessibility checker axe sees it in a real browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser

from core.store.scenes import Store
from tests.support import browser, doubtful
from tests.support.browser import MovingApp
from tests.support.project import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
PAGES = tuple(sorted(page.stem for page in (ROOT / "pages").glob("*.py")))
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def filled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    doubtful.scene(store, "Diner")
    doubtful.scene(store, "Rain")
    return home


@pytest.fixture
def filled(app: MovingApp, filled_home: Path) -> str:
    """The address of a shelf with two scenes in which doubtful peaks are planted."""
    app.move_to(filled_home)
    return app.address


@pytest.fixture
def empty(app: MovingApp, tmp_path: Path) -> str:
    """The address of a shelf with nothing on it."""
    app.move_to(tmp_path)
    return app.address


def faults(chrome: Browser, address: str, theme: Any) -> list[dict[str, Any]]:
    """What axe finds wrong with a page, with the first elements that are at fault."""
    page = chrome.new_page(viewport={"width": 1280, "height": 900}, color_scheme=theme)
    page.set_default_timeout(browser.PATIENCE_MS)
    page.goto(address)
    browser.settle(page)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    page.close()
    assert len(found["passes"]) > 5, "the checker looked at a page with something on it"
    return [
        {name: fault[name] for name in ("id", "impact", "help")}
        | {"html": [node["html"] for node in fault["nodes"]][:3]}
        for fault in found["violations"]
    ]


def grave(found: list[dict[str, Any]]) -> str:
    return json.dumps([fault for fault in found if fault["impact"] in GRAVE], indent=1)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("page", [*PAGES, "compare&look=difference"])
def test_nothing_serious_is_wrong_with_a_page_that_has_something_to_show(
    chrome: Browser, filled: str, page: str, theme: str
) -> None:
    assert grave(faults(chrome, f"{filled}?view={page}&scene=1", theme)) == "[]"


@pytest.mark.parametrize("page", PAGES)
def test_nothing_serious_is_wrong_with_a_page_that_has_nothing_to_show(chrome: Browser, empty: str, page: str) -> None:
    assert grave(faults(chrome, f"{empty}?view={page}", "dark")) == "[]"


def test_the_checker_finds_what_is_wrong(chrome: Browser) -> None:
    page = chrome.new_page()
    page.set_content("<html lang='en'><title>x</title><main><img src='data:,'><button></button></main></html>")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    page.close()

    assert {"image-alt", "button-name"} <= {fault["id"] for fault in found}
