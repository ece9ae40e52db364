"""Pages on a phone and beside one's hand: nothing is squeezed to a column of words, nothing lies on what is pressed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page

from core.shelf import jobs
from core.store.scenes import Store
from tests.support import browser, doubtful, seed
from tests.support.browser import Desk, MovingApp
from tests.support.builders import strip
from tests.support.emotions import lift

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PHONE = (390, 844)


@pytest.fixture(scope="module")
def desk(chrome: Browser, app: MovingApp, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two scenes, one with doubts and one with people, and a third that was deleted."""
    home = tmp_path_factory.mktemp("home")
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    doubtful.scene(store, "Diner")
    lift(store, seed.scene(store, strip("nnhhnnhh|ssnnssnn|hhnn"), "Rain"))
    app.move_to(home)
    return Desk(chrome, app.address, store)


def box(part: Locator) -> dict[str, float]:
    """Where it lies, px."""
    found = part.bounding_box()
    assert found
    return dict(found)


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    apart = (one["x"] + one["width"] <= other["x"]) or (other["x"] + other["width"] <= one["x"])
    return not apart and one["y"] < other["y"] + other["height"] and other["y"] < one["y"] + one["height"]


@pytest.mark.parametrize("view", ["scene", "faces"])
def test_what_stands_beside_a_persons_faces_goes_below_them_where_there_is_no_room(desk: Desk, view: str) -> None:
    width = PHONE[0] if view == "scene" else 800
    page, wrong = browser.opened(desk.browser, f"{desk.address}?view={view}&scene=2", width, 844)
    line = page.locator(".st-key-people_card").get_by_text("on screen").first
    line.scroll_into_view_if_needed()

    assert box(line)["height"] < 30, "one line"
    assert wrong == []
    page.close()


@pytest.mark.parametrize("view", ["faces", "teach"])
def test_an_order_stands_beside_what_it_is_called(desk: Desk, view: str) -> None:
    page, _ = browser.opened(desk.browser, f"{desk.address}?view={view}&scene=2", *PHONE)
    label = page.get_by_test_id("stCaptionContainer").get_by_text("Sort by", exact=True)
    chooser = page.locator(".st-key-sort_choice")

    assert box(chooser)["y"] < box(label)["y"] + box(label)["height"]
    page.close()


def test_the_button_of_a_picture_that_is_pointed_at_lies_on_no_other(desk: Desk) -> None:
    jobs.delete(1, desk.store)
    page, _ = browser.opened(desk.browser, f"{desk.address}?view=shelf")
    _point_at_the_poster(page)
    toolbar = page.get_by_test_id("stElementToolbar").first
    toolbar.wait_for()

    for name in ("Undo", "Delete for good"):
        assert not overlap(box(toolbar), box(page.get_by_role("button", name=name))), name
    page.close()


def _point_at_the_poster(page: Page) -> None:
    poster = box(page.locator(".st-key-card_2 img").first)
    page.mouse.move(poster["x"] + poster["width"] - 20, poster["y"] + 20)
    page.wait_for_timeout(400)
