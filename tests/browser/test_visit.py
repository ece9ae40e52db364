"""The main job as a visitor does it, in a real browser: drop a clip, watch it being read, look at what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from core.analysis import tables
from core.charts.palette import PALETTE
from core.model import Face
from core.store.scenes import Store
from tests.support import browser
from tests.support.browser import MovingApp

pytestmark = [pytest.mark.browser, pytest.mark.clips, pytest.mark.timeout(1800)]

READ_S = 900
"""Longest that the clip may take to be read, on a machine that is busy with other things."""


class Visit(NamedTuple):
    """A running app on which a visitor has dropped ``scene.mp4`` and waited until it was read."""

    browser: Browser
    address: str
    home: Path
    progress: list[str]
    wrong: list[str]

    def opened(self, query: str) -> tuple[Page, list[str]]:
        """A new tab at an address of the app, and what goes wrong in it."""
        return browser.opened(self.browser, self.address + query)


@pytest.fixture(scope="module")
def visit(chrome: Browser, app: MovingApp, tmp_path_factory: pytest.TempPathFactory, media: Path) -> Visit:
    """Drop the clip on the empty shelf, note the progress that is shown, and wait until the scene is read."""
    home = tmp_path_factory.mktemp("home")
    browser.stand_in(home)
    app.move_to(home)
    shown = Visit(chrome, app.address, home, [], [])
    page, wrong = shown.opened("")
    page.set_input_files('input[type="file"]', media / "scene.mp4")
    expect(page.get_by_text("scene.mp4").first).to_be_visible()
    page.get_by_text("Finder and reader").click()
    choose(page, "Faces are found by", "MTCNN")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Read it").click()
    live = page.locator('[data-testid="stProgress"]')
    expect(live).to_be_visible()
    while texts := live.all_inner_texts():
        shown.progress.extend(texts)
        page.wait_for_timeout(400)
        assert len(shown.progress) < READ_S / 0.4
    expect(page.get_by_alt_text("Poster of Scene")).to_be_visible()
    browser.settle(page)
    shown.wrong.extend(wrong)
    page.close()
    return shown


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a select box, as one does."""
    page.get_by_label(label).click()
    page.get_by_role("option", name=option, exact=True).click()


def text_of(page: Page, chart: str) -> str:
    """All words and numbers of a chart."""
    return page.locator(f".st-key-{chart} svg.marks").first.text_content() or ""


def test_the_visitor_saw_progress_and_no_error(visit: Visit) -> None:
    told = [int(match[1]) for text in visit.progress if (match := re.search(r"(\d+) of \d+ moments", text))]

    assert len(set(told)) > 1, "it grew before the eyes; a quick machine is done within two or three looks"
    assert told == sorted(told)
    assert visit.wrong == []


def test_seven_curves_the_means_and_both_readers_are_there(visit: Visit) -> None:
    page, wrong = visit.opened("?view=scene&scene=1")
    lines = page.locator(".strip path.full")
    strokes = lines.evaluate_all("paths => paths.map(path => path.getAttribute('stroke'))")

    assert set(PALETTE["dark"].values()) <= set(strokes)
    expect(page.get_by_text("Means of the scene")).to_be_visible()
    assert len(re.findall(r"0\.\d{3}", text_of(page, "means_card"))) == 7 * 4, "three means and the change"
    expect(page.get_by_text("read by DeepFace, checked by the built-in reader")).to_be_visible()
    assert page.locator('[data-testid="stException"]').count() == 0
    assert wrong == []
    page.close()


def test_a_click_on_the_strip_shows_that_frame_with_its_boxes_and_a_reload_too(visit: Visit) -> None:
    page, wrong = visit.opened("?view=scene&scene=1&reader=builtin")
    browser.click_at(page.locator(".strip .face"), 0.5)
    page.wait_for_url(re.compile(r"[?&]t=\d+"))
    t_ms = int(re.search(r"[?&]t=(\d+)", page.url)[1])
    browser.settle(page)
    expect(page.locator(".strip .face")).to_have_attribute(
        "aria-valuetext", re.compile(rf"^Frame at 0:{t_ms // 100 / 10:04.1f}")
    )

    assert 9_000 < t_ms < 13_000  # the middle of a clip of 22.8 s, with room for labels on the right
    assert boxes(page) == len(faces_at(visit, t_ms)) > 0
    assert wrong == []

    before = browser.said(page)
    page.reload()
    browser.settle(page)
    expect(page.locator(".strip .face")).to_have_attribute("aria-valuetext", before)

    assert boxes(page) == len(faces_at(visit, t_ms))
    assert wrong == []
    page.close()


def boxes(page: Page) -> int:
    """How many boxes lie over the picture."""
    page.wait_for_function("video => !video.seeking", arg=page.locator("video.film").element_handle())
    return page.locator(".boxes g").evaluate_all("all => all.filter(one => one.style.display !== 'none').length")


def faces_at(visit: Visit, t_ms: int) -> tuple[Face, ...]:
    """The faces that were read at a moment."""
    store = Store(f"sqlite:///{visit.home / 'outtake.db'}")
    return next(one.faces for one in store.samples(1) if one.t_ms == t_ms)


def test_switching_the_reader_changes_the_numbers_and_reads_nothing_again(visit: Visit) -> None:
    store = Store(f"sqlite:///{visit.home / 'outtake.db'}")
    revision = store.scene(1).revision
    page, wrong = visit.opened("?view=scene&scene=1&t=2000")
    before, means = browser.said(page), text_of(page, "means_card")
    page.get_by_role("radio", name="Built-in").click()
    expect(page.get_by_text("read by the built-in reader, checked by DeepFace")).to_be_visible()
    browser.settle(page)

    assert browser.said(page) != before
    assert browser.said(page).startswith("Frame at 0:02.0: Person 1 happy")
    assert text_of(page, "means_card") != means
    assert "reader=builtin" in page.url
    assert store.scene(1).revision == revision
    assert wrong == []

    page.reload()
    browser.settle(page)

    assert browser.said(page).startswith("Frame at 0:02.0: Person 1 happy")
    page.close()


def test_the_gallery_shows_every_face_and_leads_to_its_moment(visit: Visit) -> None:
    page, wrong = visit.opened("?view=faces&scene=1&reader=builtin&sort=most happy")
    store = Store(f"sqlite:///{visit.home / 'outtake.db'}")
    happiest = (
        tables.faces(store.timeline(1), "builtin").sort_values(["happy", "t_ms"], ascending=[False, True]).iloc[0]
    )
    links = page.locator('[data-testid="stPageLink-NavLink"]').filter(
        visible=True
    )  # each has a twin for narrow screens
    expect(links).to_have_count(28)
    links.first.click()
    page.wait_for_url(re.compile(rf"t={happiest.t_ms}\b"))
    browser.settle(page)

    assert f"happy {happiest.happy:.2f}" in browser.said(page)
    assert wrong == []
    page.close()


def test_the_pages_fit_a_phone(visit: Visit) -> None:
    page, wrong = visit.opened("?view=scene&scene=1")
    page.set_viewport_size({"width": 390, "height": 844})
    for query in ("?view=shelf", "?view=scene&scene=1", "?view=faces&scene=1"):
        page.goto(visit.address + query)
        browser.settle(page)

        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    assert wrong == []
    page.close()
