"""In a browser: six faces teach an emotion, every scene draws its curve, and it goes to another home as a file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support import browser
from tests.support.browser import MovingApp
from tests.support.project import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.clips, pytest.mark.timeout(900)]

SHOWS, SHOWS_NOT = (1627, 2419, 3212), (10427, 12804, 15224)
"""Moments of the clip, ms: she cries up to 5 s and laughs from 10 s on."""


@pytest.fixture
def homes(home: Path, media: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two homes with the same two clips read."""
    for clip in ("crying_to_laughing", "scene"):
        words = ["add", str(media / f"{clip}.mp4"), "--every", "800ms", "--readers", "builtin"]
        subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, check=True, capture_output=True)
    other = tmp_path / "another"
    shutil.copytree(home, other)
    return home, other


def marked(page: Page, side: str, t_ms: int) -> None:
    page.locator(f".st-key-teach_{side}_1-{t_ms}-0_mark button").click()
    page.locator(f".st-key-teach_{side}_1-{t_ms}-0").wait_for()
    browser.settle(page)


def line(page: Page, address: str, scene: int) -> str:
    """The emotion's curve as the player draws it."""
    page.goto(f"{address}?view=scene&scene={scene}")
    browser.settle(page)
    drawn = page.locator('path[data-emotion="crying"]')
    drawn.wait_for(state="attached")
    assert drawn.get_attribute("stroke-dasharray")
    page.locator(".panel .row.own", has_text="crying").wait_for()
    return drawn.get_attribute("d") or ""


def test_six_faces_teach_an_emotion_that_every_scene_then_shows_and_another_home_takes_over(
    chrome: Browser, app: MovingApp, homes: tuple[Path, Path], tmp_path: Path
) -> None:
    one, other = homes
    app.move_to(one)
    page, wrong = browser.opened(chrome, f"{app.address}?view=teach&scene=1&see=All+faces&sort=most+sad")
    for t_ms in SHOWS:
        marked(page, "yes", t_ms)
    _sort(page, "most happy")
    for t_ms in SHOWS_NOT:
        marked(page, "no", t_ms)
    page.get_by_text("Too few people and shots to say").wait_for()
    page.get_by_label("Name", exact=True).fill("crying")
    page.get_by_label("Name", exact=True).press("Enter")
    browser.settle(page)
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as given:
        page.locator(".st-key-file_crying button").click()
    file = tmp_path / "crying.json"
    given.value.save_as(file)
    here = [line(page, app.address, scene) for scene in (1, 2)]
    assert wrong == []
    page.close()

    app.move_to(other)
    page, wrong = browser.opened(chrome, f"{app.address}?view=teach&scene=1")
    page.locator('input[type="file"]').set_input_files(file)
    page.locator(".st-key-file_crying button").wait_for()
    assert [line(page, app.address, scene) for scene in (1, 2)] == here
    assert wrong == []

    assert here[0] != here[1]
    assert min(len(each) for each in here) > 100


def _sort(page: Page, order: str) -> None:
    page.locator(".st-key-sort_choice input").click()
    page.get_by_role("option", name=order).click()
    browser.settle(page)
