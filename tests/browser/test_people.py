"""Who is who on a really read scene, in a real browser: name, merge, split, undo, and the curves follow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.__main__ import main
from core.analysis import alike
from core.host import tasks
from core.reading import people
from core.shelf import alike_task
from core.store.scenes import Store
from tests.support import browser
from tests.support.browser import MovingApp

pytestmark = [pytest.mark.browser, pytest.mark.clips, pytest.mark.timeout(1800)]


@pytest.fixture
def page(chrome: Browser, app: MovingApp, home: Path, media: Path) -> Iterator[Page]:
    """The scene page of ``scene.mp4``, read once a second; nothing went wrong in it in the end."""
    said = ["add", str(media / "scene.mp4"), "--every", "1s", "--finder", "mtcnn", "--readers", "builtin"]
    assert main(said) == 0
    app.move_to(home)
    shown, wrong = browser.opened(chrome, f"{app.address}?view=scene&scene=1")
    yield shown
    assert wrong == []


def name(page: Page, person: str) -> Locator:
    """The button that shows a person alone."""
    return page.locator(".st-key-people_card").get_by_role("button", name=person, exact=True)


def curve(page: Page) -> Locator:
    """The line of happy in the player."""
    return page.locator('svg.curves path[data-emotion="happy"]').first


def press(page: Page, button: str) -> None:
    """By keyboard, as one may, once it can be pressed and nothing is drawn anew: that takes the focus with it."""
    browser.settle(page)
    pressed = page.get_by_role("button", name=button, exact=True)
    expect(pressed).to_be_enabled()
    pressed.focus()
    page.keyboard.press("Enter")


def test_people_are_named_merged_split_and_taken_back_and_the_curves_follow(page: Page) -> None:
    everyone = curve(page).get_attribute("d") or ""
    name(page, "Person 1").click()
    expect(page.get_by_text("moments with this person")).to_be_visible()
    expect(curve(page)).not_to_have_attribute("d", everyone)
    browser.settle(page)
    alone, over = curve(page).get_attribute("d") or "", page.get_by_text("moments with this person").inner_text()

    page.get_by_label("Name", exact=True).fill("Anna")
    page.keyboard.press("Enter")
    expect(name(page, "Anna")).to_be_visible()
    expect(page.get_by_label("Person", exact=True).first).to_have_value("Anna")

    press(page, "Merge")
    page.get_by_role("checkbox", name="Person 2", exact=True).focus()
    page.keyboard.press("Space")
    press(page, "Merge these 2")
    expect(page.locator(".st-key-people_card").get_by_text("in 2 shots")).to_be_visible()
    expect(name(page, "Person 2")).to_have_count(0)
    expect(page.get_by_text(over, exact=True)).to_have_count(0)
    expect(curve(page)).not_to_have_attribute("d", alone)

    press(page, "Split")
    page.get_by_role("checkbox", name="0:06.0 to 0:09.0", exact=True).focus()
    page.keyboard.press("Space")
    press(page, "Split off")
    expect(name(page, "Person 2")).to_be_visible()
    expect(page.get_by_text(over, exact=True)).to_be_visible()
    expect(curve(page)).to_have_attribute("d", alone)

    for after in ("in 2 shots", over, "Name Person 1"):
        press(page, "Undo")
        expect(page.get_by_text(after).or_(page.get_by_placeholder(after)).first).to_be_visible()
        browser.settle(page)
    expect(name(page, "Person 1")).to_be_visible()
    assert page.locator('[data-testid="stException"]').count() == 0


def test_who_looks_alike_is_gathered_with_one_press_and_taken_back_with_one(page: Page) -> None:
    """The faces were compared; how far apart they are is given: the man of the first shot comes again in the second."""
    store = Store()
    scene, seen = store.scene(1), people.track_spans(store.timeline(1))
    spans = alike.select_stretches(seen, store.people(1))
    apart = [0.31 if (one, other) == (0, 2) else 0.9 for one, other in combinations(range(len(spans)), 2)]
    tasks.write_status(alike_task.read_status(scene, spans).path, "done", spans=spans, distances=apart)
    card = page.locator(".st-key-people_card")
    before = card.locator('[class*="st-key-who_"]').count()

    press(page, "Gather by appearance")
    expect(card.get_by_text("at most 0.31 apart")).to_be_visible()
    press(page, "Gather these 2 into 1")
    expect(card.get_by_text("in 2 shots")).to_be_visible()
    assert len(store.people(1)) == len(spans) - 1

    press(page, "Undo")
    expect(card.get_by_text("in 2 shots")).to_have_count(0)
    expect(card.locator('[class*="st-key-who_"]')).to_have_count(before)
    assert store.people_decisions(1) == ()
    store.close()
