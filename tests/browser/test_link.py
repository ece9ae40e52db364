"""A link as a visitor adds it, in a real browser, on a machine of one's own and on a hosted one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import browser, clips, hostile
from tests.support.browser import MovingApp
from tests.support.project import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[hostile.Site]:
    """A site with a film, which the app's processes may reach for once."""
    with hostile.site() as server:
        monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests" / "support" / "opened"))
        monkeypatch.setenv("OUTTAKE_TEST_SERVER", str(server.server_port))
        server.answers["/a_quiet_scene.mp4"] = hostile.file(clips.film(tmp_path / "film.mp4", 2.0).read_bytes())
        yield server


@pytest.fixture
def own_app(home: Path, site: hostile.Site) -> Iterator[str]:
    """The address of an app that may reach the site: its process is told so as it starts."""
    browser.stand_in(home)
    with browser.served(home) as address:
        yield address


def paste(page: Page, link: str) -> None:
    """Paste a link and leave the field, as one does."""
    field = page.get_by_placeholder("Paste a link to a film or TV scene")
    field.fill(link)
    field.press("Enter")


def test_a_link_is_shown_fetched_and_read(chrome: Browser, own_app: str, site: hostile.Site) -> None:
    page, wrong = browser.opened(chrome, own_app)
    expect(page.get_by_role("button", name="His Girl Friday, 1940")).to_be_visible()
    paste(page, site.link("/a_quiet_scene.mp4"))
    expect(page.get_by_text("a_quiet_scene", exact=True)).to_be_visible()
    assert len(site.asked) <= 2, "more than a look"
    page.get_by_role("button", name="Read it").click()

    expect(page.get_by_alt_text("Poster of a_quiet_scene")).to_be_visible()
    browser.settle(page)
    assert wrong == []


def test_a_link_into_this_machine_is_one_sentence_and_so_is_nonsense(
    chrome: Browser, app: MovingApp, home: Path, door: hostile.Door
) -> None:
    app.move_to(home)
    page, _ = browser.opened(chrome, app.address)
    paste(page, f"http://127.0.0.1:{door.port}/a.mp4")
    expect(page.get_by_text("This link leads into a private network")).to_be_visible()
    paste(page, "javascript:alert(1)")
    expect(page.get_by_text("This is not a link to a video page")).to_be_visible()
