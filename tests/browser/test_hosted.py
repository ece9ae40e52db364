"""A shelf that strangers share a machine with, in a real browser: what a page offers to take is really handed out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Download, Page, expect

from core.export import kinds
from core.model import Calm
from core.shelf import review
from core.store.scenes import Store
from core.store.visitors import VisitorStore, new_key
from tests.support import browser, doubtful
from tests.support.afternoon import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

OFFERED = {
    "Tables": ["CSV", "Parquet", "JSON", "Excel", "CSV as fer writes it", "All, CSV", "All, Excel"],
    "Annotations": ["ELAN (.eaf)", "WebVTT (.vtt)"],
    "Pictures": ["Frames with boxes (.zip)", "All charts (.zip)"],
    "Story": ["The story (.html)"],
    "Bundle": ["The bundle (.outtake.zip)"],
}
"""Group of the export → what its buttons are called."""


class Visit(NamedTuple):
    """A running app, and the shelf of one of its visitors."""

    browser: Browser
    address: str
    shelf: VisitorStore

    def opened(self, more: str = "") -> tuple[Page, list[str]]:
        """The page of the visitor's scene, with ``more`` in its address, and what goes wrong in it."""
        mine = self.shelf.scenes()[0].id
        asked = f"?shelf={self.shelf.owner}&view=scene&scene={mine}{more}"
        return browser.opened(self.browser, self.address + asked)


@pytest.fixture(scope="module")
def visit(chrome: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """Two visitors have a scene each."""
    home = tmp_path_factory.mktemp("home")
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    mine, theirs = VisitorStore(store, new_key()), VisitorStore(store, new_key())
    doubtful.scene(theirs, "Their secret")
    doubtful.scene(mine, "Mine")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTTAKE_HOSTED", "1")
        with browser.served(home) as address:
            yield Visit(chrome, address, mine)


def taken(page: Page, label: str) -> Download:
    with page.expect_download() as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    return waiting.value


def look_at(page: Page, group: str) -> None:
    page.get_by_role("radio", name=group, exact=True).click()
    browser.settle(page)


def test_every_file_that_a_scene_can_leave_as_is_handed_out(visit: Visit) -> None:
    page, wrong = visit.opened()
    page.get_by_role("button", name="Export").click()
    files: dict[str, bytes] = {}
    for group, labels in OFFERED.items():
        look_at(page, group)
        files |= {label: Path(taken(page, label).path()).read_bytes() for label in labels}

    scene = visit.shelf.scenes()[0]
    assert all(files.values())
    assert files["CSV"] == kinds.export_scene(visit.shelf, scene, "csv")
    assert files["CSV"].decode().count("\n") == len(review.table(visit.shelf, scene)) + 1
    assert files["WebVTT (.vtt)"] == kinds.export_scene(visit.shelf, scene, "webvtt")
    assert b"Mine" in files["All, CSV"] and b"Their secret" not in files["All, CSV"]
    assert wrong == []
    page.close()


def test_the_changes_from_a_calm_span_are_handed_out(visit: Visit) -> None:
    scene = visit.shelf.scenes()[0]
    visit.shelf.set_baseline(scene.id, Calm(0, 0, 1000))
    page, wrong = visit.opened("&calm=1")
    label = "Table with the changes (CSV)"
    expect(page.get_by_role("button", name=label)).to_be_attached()

    assert b"happy" in Path(taken(page, label).path()).read_bytes()
    assert wrong == []
    page.close()


def test_words_that_the_press_itself_ends_are_in_the_story(visit: Visit) -> None:
    """Who writes and then takes the story leaves the field by that press."""
    page, wrong = visit.opened()
    page.get_by_role("button", name="Export").click()
    look_at(page, "Story")
    for words in ("He bared his teeth", "He screamed"):
        page.get_by_label("Its title").fill(words)

        assert Story(Path(taken(page, "The story (.html)").path())).title == words
        browser.settle(page)
    assert wrong == []
    page.close()
