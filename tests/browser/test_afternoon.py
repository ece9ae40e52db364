"""The afternoon that began this, in a real browser on a clip that is really read: every step is a gesture or two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from core.__main__ import main
from core.analysis import means
from core.model import EMOTIONS, Suspect
from core.settings import clock
from core.shelf import review
from core.store.scenes import Store
from tests.support import afternoon, browser
from tests.support.afternoon import Hand, Story
from tests.support.browser import MovingApp

pytestmark = [pytest.mark.browser, pytest.mark.clips, pytest.mark.timeout(1800)]

TITLE = "Crying to laughing"
"""One woman who cries, hides her mouth behind her hand, and laughs."""

WORDS = "Nobody is surprised behind a hand"


class Visit(NamedTuple):
    """A visitor before an app whose shelf holds one scene already."""

    hand: Hand
    store: Store


@pytest.fixture
def visit(chrome: Browser, app: MovingApp, home: Path, media: Path) -> Iterator[Visit]:
    """The second scene was read some other day; nothing went wrong on any page in the end."""
    afternoon.offline(home)
    assert main(["add", str(media / "scene.mp4"), "--title", "Diner", "--end", "0:05"]) == 0
    app.move_to(home)
    page, wrong = browser.opened(chrome, app.address)
    yield Visit(Hand(page), Store(f"sqlite:///{home / 'outtake.db'}"))
    assert page.locator('[data-testid="stException"]').count() == 0
    assert wrong == []


def test_the_afternoon_from_a_clip_to_a_story_in_steps_of_two_gestures(
    visit: Visit, media: Path, tmp_path: Path
) -> None:
    hand, store = visit
    page = hand.page

    afternoon.densely(hand, "100 ms")  # at every 200 ms all peaks of this clip are believed
    afternoon.add(hand, media / "crying_to_laughing.mp4", TITLE)
    afternoon.open_scene(hand, TITLE)
    false, *others = open_peaks(store, 2)
    senseless = false.peak.emotion
    shown = [senseless, *(name for name in ("happy", "sad", "surprise") if name != senseless)][:3]
    afternoon.pick(hand, *shown)
    expect(page.locator(".strip path.full")).to_have_count(3)
    assert unquote(page.url).partition("show=")[2].partition("&")[0].split(",") == sorted(shown, key=EMOTIONS.index)

    count = 1 + len(others)
    expect(page.get_by_text(f"{count} doubtful peak")).to_be_visible()
    expect(page.locator(".strip rect.doubt")).to_have_count(count)
    afternoon.move_on(hand)
    afternoon.open_peak(hand, senseless, false.peak.apex_ms)
    expect(page.locator(".player")).to_have_attribute("data-at", str(false.peak.apex_ms))
    expect(page.get_by_text(f"Do not believe this {senseless}")).to_be_visible()
    page.wait_for_function("video => !video.seeking", arg=page.locator("video.film").element_handle())
    shown_s = page.locator("video.film").evaluate("video => video.currentTime")
    assert abs(shown_s * 1000 - false.peak.apex_ms) < 1000 / 23.98

    before = printed(page)
    afternoon.drop_peak(hand)
    table = left(store, 2)
    assert printed(page) == told(table) != before
    assert table["yours"][senseless] < table["everything"][senseless]

    afternoon.name_person(hand, "Person 1", "Anna")
    assert [person.name for person in store.people(2)] == ["Anna"]
    assert printed(page) == told(table), "she is the only one there"

    afternoon.go_to(hand, "Compare", "compare with the second scene")
    expect(page.get_by_text(f"filled: {TITLE} · dashed: Diner")).to_be_visible()
    gap = left(store, 2)["yours"]["happy"] - left(store, 1)["yours"]["happy"]
    assert f"{gap:+.3f}".replace("-", "−") in words_of(page, "gaps_card")

    afternoon.go_to(hand, "Scene", "back to the scene")
    expect(page.locator(".player")).to_have_attribute("data-at", str(false.peak.apex_ms))
    afternoon.export(hand, "Story")
    with hand.step("give the story a title"):
        hand.press(page.get_by_label("Its title"))
        hand.write(WORDS)
    with hand.step("take the story"):
        download = hand.take(page.get_by_role("button", name="The story (.html)"))
    download.save_as(tmp_path / "story.html")
    story = Story(tmp_path / "story.html")

    assert story.title == WORDS
    assert {name: numbers[:3] for name, numbers in story.rows.items()} == {
        name: numbers[:3] for name, numbers in told(table).items()
    }
    assert f"Anna reads as {senseless}, {false.peak.height:.2f}, at {clock(false.peak.apex_ms)}" in story.text
    moved = " to ".join(f"{table[column][senseless]:.3f}" for column in ("everything", "yours"))
    assert f"It was dropped: that moves the mean of {senseless} from {moved}." in story.text
    assert len(story.pictures) == 2 and all(one.startswith("data:image/jpeg;base64,/9j/") for one in story.pictures)

    counted = {step: len(gestures) for step, gestures in hand.steps.items()}
    assert len(counted) == 15
    assert all(1 <= count <= afternoon.MOST for count in counted.values()), counted


def open_peaks(store: Store, scene_id: int) -> list[Suspect]:
    """The peaks that are more likely false than true."""
    found = review.suspects_of(store, store.scene(scene_id), store.timeline(scene_id), "builtin")
    return [one for one in found if one.doubt >= 0.5]


def left(store: Store, scene_id: int) -> pd.DataFrame:
    """The means as the house works them out."""
    timeline, scene = store.timeline(scene_id), store.scene(scene_id)
    suspects = review.suspects_of(store, scene, timeline, "builtin")
    return means.means_table(timeline, "builtin", suspects, store.verdicts(scene_id)).set_index("emotion")


def told(table: pd.DataFrame) -> dict[str, list[str]]:
    """Every emotion's three means as a page prints them."""
    return {
        name: [f"{row[column]:.3f}" for column in ("everything", "automatic", "yours")]
        for name, row in table.iterrows()
    }


def printed(page: Page) -> dict[str, list[str]]:
    """Emotion → the means of all, without doubtful and after review, as the scene's page prints them."""
    texts = page.locator(".st-key-means_card svg.marks").first.locator("text").evaluate_all(PLACES)
    rows = {text: top for text, top, _ in texts if re.fullmatch("[a-z]{3,8}", text) and text not in HEADS}
    numbers = sorted(
        ((at, text, top) for text, top, at in texts if re.fullmatch(r"0\.\d{3}", text)), key=lambda it: it[0]
    )
    return {name: [text for _, text, top in numbers if abs(top - row) < 4][:3] for name, row in rows.items()}


PLACES = """
all => all.map(one => {
  const box = one.getBoundingClientRect()
  return [one.textContent, box.top, box.left]
})
"""
"""The words of a chart, and where they stand."""

HEADS = ("without", "doubtful", "after", "review", "change", "all")


def words_of(page: Page, card: str) -> str:
    """All words and numbers of a card's chart."""
    return page.locator(f".st-key-{card} svg.marks").first.text_content() or ""
