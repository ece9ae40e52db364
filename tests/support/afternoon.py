"""The afternoon that Outtake is made for, as gestures in a browser: every press, key and drop is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from core.faces.deepface_weights import EMOTION, YUNET
from core.faces.downloads import FAILED, Weights
from core.settings import clock
from tests.support import browser

MOST = 2
"""Gestures that a step may take."""


@dataclass
class Hand:
    """What a visitor does to a page, step by step; ``after`` is told of every step that is done."""

    page: Page
    after: Callable[[str], None] = lambda step: None
    before: Callable[[Locator], None] = lambda what: None
    """Told of whatever is about to be pressed."""
    steps: dict[str, list[str]] = field(default_factory=dict)
    """Step → its gestures, in words."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """The gestures of one step; the page has settled in the end."""
        self.steps[name] = []
        yield
        browser.settle(self.page)
        self.after(name)

    def _counted(self, gesture: str) -> None:
        self.steps[list(self.steps)[-1]].append(gesture)

    def press(self, what: Locator) -> None:
        """A press of the mouse."""
        self._counted("press")
        self.before(what)
        what.click()

    def press_at(self, chart: Locator, share: float) -> None:
        """A press in the middle of a chart's height, at a share of its width."""
        self._counted("press")
        browser.click_at(chart, share)

    def press_twice(self, what: Locator) -> None:
        """Two presses in a row, as one opens a file."""
        self._counted("double press")
        self.before(what)
        what.dblclick()

    def key(self, key: str) -> None:
        """A key, wherever the keyboard is."""
        self._counted(f"key {key}")
        self.page.keyboard.press(key)

    def drop(self, path: Path) -> None:
        """A file that is dropped on the shelf."""
        self._counted("drop")
        self.page.set_input_files('input[type="file"]', path)

    def write(self, words: str) -> None:
        """Words, where the cursor stands, and the Enter that ends them."""
        self._counted("write")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def take(self, button: Locator) -> Download:
        """A press on what is to be saved."""
        with self.page.expect_download() as waiting:
            self.press(button)
        return waiting.value


def offline(home: Path) -> None:
    """Have this home know that DeepFace's files cannot be had, so that nothing waits for them."""
    (home / "models").mkdir(parents=True, exist_ok=True)
    for weights in (YUNET, EMOTION):
        mark(home, weights)


def mark(home: Path, weights: Weights) -> None:
    """What a download that failed leaves behind."""
    (home / "models" / f"{weights.model.lower()}.unreachable").write_text(FAILED, "utf-8")


def add(hand: Hand, clip: Path, title: str, meanwhile: Callable[[Locator], None] = lambda card: None) -> None:
    """Drop the clip and have it read; its card is on the shelf in the end. ``meanwhile`` may look on until then."""
    with hand.step("add the clip"):
        hand.drop(clip)
        hand.press(hand.page.get_by_role("button", name="Read it"))
        card = hand.page.get_by_alt_text(f"Poster of {title}")
        meanwhile(card)
        expect(card).to_be_visible()


def densely(hand: Hand, every: str) -> None:
    """Have clips read at another step from now on."""
    with hand.step(f"a moment every {every}"):
        hand.press(hand.page.get_by_role("combobox", name="One moment every"))
        hand.press(hand.page.get_by_role("option", name=every, exact=True))


def open_scene(hand: Hand, title: str) -> None:
    """From the shelf to the scene."""
    with hand.step("open it"):
        hand.press(hand.page.get_by_role("button", name=title, exact=True))
        expect(hand.page.locator(".player")).to_have_attribute("data-at", re.compile(r"\d"))


def pick(hand: Hand, first: str, *others: str) -> None:
    """Three emotions: one alone, and two beside it."""
    chips = hand.page.locator(".chips")
    with hand.step(f"pick {first} alone"):
        hand.press_twice(chips.get_by_role("button", name=first, exact=True))
    with hand.step(f"pick {' and '.join(others)} too"):
        for other in others:
            hand.press(chips.get_by_role("button", name=other, exact=True))


def move_on(hand: Hand) -> None:
    """Look at something else first: the end of the scene."""
    with hand.step("look at the end"):
        hand.press_at(hand.page.locator(".strip .face"), 0.85)
        expect(hand.page.locator(".pin.open.here")).to_have_count(0)


def open_peak(hand: Hand, emotion: str, apex_ms: int) -> None:
    """From the mark above the curves to its frame in the player."""
    pin = hand.page.get_by_role("button", name=re.compile(f"^Doubtful {emotion}.* at {clock(apex_ms)}"))
    with hand.step("open the frame of the senseless peak"):
        hand.press(pin.and_(hand.page.locator(".pin")))
        expect(hand.page.locator(".player")).to_have_attribute("data-at", str(apex_ms))


def drop_peak(hand: Hand) -> None:
    """Do not believe the peak that is looked at."""
    with hand.step("drop it"):
        hand.key("d")
        expect(hand.page.locator(".pin.dropped")).to_have_count(1)


def name_person(hand: Hand, old: str, new: str) -> None:
    """Show one person alone, and give them a name."""
    card = hand.page.locator(".st-key-people_card")
    with hand.step("show the person alone"):
        hand.press(card.get_by_role("button", name=old, exact=True))
        expect(hand.page.get_by_label("Name", exact=True)).to_be_visible()
    with hand.step("name the person"):
        hand.press(hand.page.get_by_label("Name", exact=True))
        hand.write(new)
        expect(card.get_by_role("button", name=new, exact=True)).to_be_visible()


def go_to(hand: Hand, view: str, step: str) -> None:
    """Through the navigation to another page."""
    with hand.step(step):
        hand.press(hand.page.get_by_role("link", name=view, exact=True))
        expect(hand.page).to_have_title(f"{view} · Outtake")


def export(hand: Hand, group: str) -> None:
    """What the scene can leave as, of one group."""
    with hand.step(f"look at what leaves: {group}"):
        hand.press(hand.page.get_by_role("button", name="Export"))
        hand.press(hand.page.get_by_role("radio", name=group, exact=True))


class Story(HTMLParser):
    """A story as a parser sees it: its title, its table, its pictures, its words."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.title, self.text, self.pictures = "", "", []  # type: ignore[var-annotated]
        self.rows: dict[str, list[str]] = {}
        self._open: list[str] = []
        self._row = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag == "img":
            self.pictures.append(dict(attrs)["src"])

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        here = self._open[-1] if self._open else ""
        self.title += data if here == "title" else ""
        self.text += data
        if here == "th" and "tbody" in self._open and data.strip():
            self._row = data.strip()
            self.rows[self._row] = []
        elif here == "td":
            self.rows[self._row].append(data)
