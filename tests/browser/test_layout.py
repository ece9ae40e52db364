"""How pages stand in a browser: on one screen, without jumps, in this tab, on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from core.settings import clock
from core.store.scenes import Store
from tests.support import browser, doubtful
from tests.support.browser import Desk, MovingApp

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1800)]

LONG = "A scene whose title is so long that it would never fit on one line of its card, not at all"

SHIFTS = """
window.shifted = []
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const names = shift.sources.map((one) => (one.node?.dataset?.testid ?? one.node?.className ?? "").toString())
    if (!shift.hadRecentInput) window.shifted.push([shift.value, names])
  }
}).observe({ type: "layout-shift", buffered: true })
"""

MOST_SHIFT = 0.1


@pytest.fixture(scope="module")
def desk(chrome: Browser, app: MovingApp, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two scenes with doubts, the newer one with a long title."""
    home = tmp_path_factory.mktemp("home")
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    doubtful.scene(store)
    doubtful.crowd(store, LONG)
    app.move_to(home)
    return Desk(chrome, app.address, store)


def bottom(page: Page, part: str) -> float:
    """Where a part of the page ends, px from the top of the window."""
    box = page.locator(part).first.bounding_box()
    assert box and box["height"] > 0
    return box["y"] + box["height"]


@pytest.mark.parametrize(("width", "height"), [(1366, 700), (1440, 900)])
@pytest.mark.parametrize("scene", [1, 2])
def test_film_panel_and_whole_curves_are_in_sight_together(desk: Desk, width: int, height: int, scene: int) -> None:
    page, wrong = browser.opened(desk.browser, f"{desk.address}?view=scene&scene={scene}", width, height)
    expect(page.locator(".player")).to_have_attribute("data-at", re.compile(r"\d"))

    assert {part: bottom(page, part) for part in (".stage", ".panel", ".strip") if bottom(page, part) > height} == {}
    assert wrong == []
    page.close()


@pytest.mark.parametrize("view", ["shelf", "scene", "review", "faces"])
def test_pages_do_not_jump(desk: Desk, view: str) -> None:
    page = desk.browser.new_page(viewport={"width": 1366, "height": 700}, color_scheme="dark")
    page.set_default_timeout(browser.PATIENCE_MS)
    page.add_init_script(SHIFTS)
    page.goto(f"{desk.address}?view={view}")
    browser.settle(page)
    page.wait_for_timeout(1000)
    shifted = page.evaluate("window.shifted")
    # Streamlit's own empty page is narrow until it hears that this one is wide: nothing stands on it yet.
    ours = [one for one in shifted if one[1] != ["stMainBlockContainer"]]

    assert sum(value for value, _ in ours) <= MOST_SHIFT, sorted(ours, reverse=True)[:5]
    page.close()


def test_a_poster_and_a_face_open_what_they_show_in_this_tab(desk: Desk) -> None:
    page, wrong = desk.opened("")
    page.get_by_alt_text(re.compile("^Poster of Diner")).click()
    expect(page).to_have_title("Scene · Outtake")
    expect(page.locator(".player")).to_have_attribute("data-at", "1600")

    page.get_by_role("link", name="Faces", exact=True).click()
    expect(page).to_have_title("Faces · Outtake")
    browser.settle(page)
    page.get_by_alt_text(re.compile(f"^A face at {clock(3200)}")).click()
    expect(page).to_have_title("Scene · Outtake")
    expect(page.locator(".player")).to_have_attribute("data-at", "3200")

    assert len(page.context.pages) == 1
    assert wrong == []
    page.close()


def test_a_long_title_leaves_more_in_its_card(desk: Desk) -> None:
    page, wrong = desk.opened("")
    card = page.locator(".st-key-card_2").bounding_box()
    more = page.locator(".st-key-card_2").get_by_role("button", name="More").bounding_box()

    assert card and more
    assert more["width"] > 20 and more["x"] + more["width"] <= card["x"] + card["width"] + 1
    assert wrong == []
    page.close()


def test_a_row_of_the_doubtful_peaks_brings_the_film_into_sight(desk: Desk) -> None:
    page, wrong = browser.opened(desk.browser, f"{desk.address}?view=scene&scene=1", 1280, 500)
    row = page.get_by_role("button", name=clock(3200))
    row.last.evaluate("row => row.scrollIntoView({ block: 'start' })")
    assert bottom(page, ".stage") < 250

    row.last.click()
    expect(page.locator(".player")).to_have_attribute("data-at", "3200")
    page.wait_for_function(
        "stage => stage.getBoundingClientRect().top > 0", arg=page.locator(".stage").element_handle()
    )
    assert wrong == []
    page.close()


def test_on_a_phone_the_face_comes_before_the_queue(desk: Desk) -> None:
    page, wrong = browser.opened(desk.browser, f"{desk.address}?view=review&scene=1", 390, 844)
    face, queue = (
        page.get_by_alt_text(re.compile("^Frame at")).bounding_box(),
        page.locator(".st-key-queue").bounding_box(),
    )

    assert face and queue and face["y"] < queue["y"]
    assert wrong == []
    page.close()
