"""The screen at scale, in Chromium: python -m bench.scale [--write]

Every page on a scene that was really read (``scene.mp4``) and on an hour at five moments a second with two people
(18,000 moments); a shelf of 500 scenes; a pick in the hour. What is waited for is each page's first useful picture, as
``bench/first_picture.py`` has it, by three who wait: somebody who comes from another page of the app; a browser that
opens the address and has been there before, as that of anybody who works with it, which has Streamlit's scripts and
what it compiled of them; and one that has never seen Streamlit, so that all of them are fetched and compiled. Both
browsers are measured in turn with a page of Streamlit that has next to nothing on it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench import results, scale_home, scale_read
from bench.blank_page import blank
from bench.environments import cache
from bench.first_picture import Seen, gone_to, leave, regular, seen, tab
from bench.scale_report import Waits, report
from tests.support.browser import chromium, served, settle

SCENE_S, PICK_S, SHELF_S, PAGE_S = 2.0, 0.5, 1.0, 1.0
"""The aims: any page on the hour, a pick that shows, the shelf, any page on the clip."""

SERVERS, VISITS = 3, 5
BEFORE = 3
"""Visits of a page before the first that is measured: Chromium keeps what it compiled from the second one on."""

REST_MS = 300
"""Between two visits, for Chromium to put away what it keeps."""

PLACES = (0.31, 0.74, 0.12, 0.55, 0.9, 0.42, 0.05, 0.66, 0.83)
"""Where on the strip the picks are, as shares of its width."""

BACK, NEW = "by its address, browser that has been here", "by its address, browser that never saw Streamlit"

PAGES = ("scene", "review", "faces", "compare", "teach")
FROM = {
    "scene": "Teach",
    "review": "Teach",
    "compare": "Teach",
    "faces": "Compare",
    "teach": "Compare",
    "shelf": "Teach",
}
"""Page → the one that somebody comes from: nothing on it can be taken for what is waited for."""


class Home(NamedTuple):
    """A home of the size that is asked for, and what is in it."""

    folder: Path
    hour: int
    clip: int
    """``scene.mp4``, really read."""

    def query(self, page: str, scene: int) -> str:
        """The address of a page that shows a scene, below the app's root; a comparison has another one beside it."""
        if page == "shelf":
            return "?view=shelf"
        if page == "compare":
            return f"?view=compare&scenes={scene},{self.clip if scene == self.hour else 1}"
        return f"?view={page}&scene={scene}"


def main() -> int:
    """Print the waits; put them into RESULTS.md with --write. Exit code 1 when an aim is missed."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--servers", type=int, default=SERVERS, help="servers whose first visitor is measured")
    made.add_argument("--visits", type=int, default=VISITS)
    made.add_argument("--home", type=Path, help="a home that was filled before, instead of the kept one")
    made.add_argument("--pages", nargs="*", default=PAGES, help="only these pages besides the shelf")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    load, home = os.getloadavg()[0], seeded(asked.home)
    with sync_playwright() as playwright, regular(playwright) as known:
        browser = chromium(playwright)
        waits = [*firsts(browser, home, asked.servers), *visits(browser, known, home, asked.pages, asked.visits)]
        browser.close()
    text = report(waits, load)
    print(text)
    if asked.write:
        results.write("scale", text)
    return int(not all(wait.holds for wait in waits))


def seeded(given: Path | None = None) -> Home:
    """Return the home and what is in it; made at the first call, which takes minutes."""
    key = sha256(Path(scale_home.__file__).read_bytes()).hexdigest()[:8]
    folder = given or cache() / f"scale-{key}"
    folder.mkdir(exist_ok=True)
    hour = scale_home.seed(folder, scenes=0 if given else scale_home.SCENES)
    scale_read.embed(folder, hour)
    return Home(folder, hour, scale_read.read(folder))


def firsts(browser: Browser, home: Home, servers: int) -> Iterator[Waits]:
    """Yield what the first visitors of servers waited for: on one the shelf and then the hour, on the next the hour."""
    shelves, hours = [], []
    for _ in range(servers):
        with served(home.folder) as address:
            shelves.append(visit(browser, "shelf", address + home.query("shelf", home.hour)))
        with served(home.folder) as address:
            hours.append(visit(browser, "scene", address + home.query("scene", home.hour)))
    yield Waits("shelf of 500 scenes, first visitor of a server", shelves, SHELF_S)
    yield Waits("scene, 18,000 moments, first visitor of a server", hours, SCENE_S)


def visits(browser: Browser, known: BrowserContext, home: Home, pages: Sequence[str], count: int) -> Iterator[Waits]:
    """Yield what later visitors wait for on every page, in turn with a page that has next to nothing on it."""
    with served(home.folder) as address, blank() as empty:
        new: list[Seen] = []
        back: list[Seen] = []
        for page, scene, what, aim_s in _asked(home, pages):
            there = address + home.query(page, scene)
            yield Waits(f"{page}, {what}, from another page", list(walks(browser, there, page, count)), aim_s)
            yield Waits(f"{page}, {what}, {BACK}", _in_turn(known, count, (page, there), empty, back), aim_s)
            yield Waits(f"{page}, {what}, {NEW}", _in_turn(browser, count, (page, there), empty, new), aim_s)
        yield Waits("a pick in it", [Seen(took, took) for took in picked(browser, address, home)], PICK_S)
        yield Waits(f"a page of Streamlit with next to nothing on it, {BACK}", back, None)
        yield Waits(f"a page of Streamlit with next to nothing on it, {NEW}", new, None)


def _in_turn(
    who: Browser | BrowserContext, count: int, page: tuple[str, str], empty: str, floor: list[Seen]
) -> list[Seen]:
    """Return what the visits of a page, its name and its address, took; those of the empty page go to ``floor``."""
    if isinstance(who, BrowserContext):
        for _ in range(BEFORE):
            visit(who, *page)
    waited = []
    for _ in range(count):
        waited.append(visit(who, *page))
        floor.append(visit(who, "blank", empty))
    return waited


def _asked(home: Home, pages: Sequence[str]) -> Iterator[tuple[str, int, str, float]]:
    """Yield each page with the scene it shows, what that is, and the aim."""
    yield "shelf", home.hour, "500 scenes", SHELF_S
    for page in pages:
        yield page, home.clip, "scene.mp4", PAGE_S
    for page in pages:
        yield page, home.hour, "18,000 moments", SCENE_S


def visit(who: Browser | BrowserContext, page: str, address: str) -> Seen:
    """Open a page in a tab of its own: of a browser that has been here, or of one that has seen nothing yet."""
    opened = tab(who)
    found = seen(opened, page, address)
    opened.wait_for_timeout(REST_MS)
    opened.close()
    return found


def walks(browser: Browser, address: str, page: str, count: int) -> Iterator[Seen]:
    """Yield what somebody waits for who goes from another page of the app to this one, again and again."""
    opened = tab(browser)
    seen(opened, page, address)
    for _ in range(count):
        leave(opened, FROM[page])
        yield gone_to(opened, page.capitalize())
    opened.close()


def picked(browser: Browser, address: str, home: Home) -> Iterator[float]:
    """Yield the seconds from each click on the strip until picture and readings of that moment stand."""
    page = tab(browser)
    page.goto(f"{address}?view=scene&scene={home.hour}")
    settle(page)
    face = page.locator(".player .strip .face")
    face.scroll_into_view_if_needed()
    for place in PLACES:
        box, before = face.bounding_box(), page.evaluate(f"({SHOWN})()")
        assert box  # noqa: S101  # a strip that stands has a place
        began = time.monotonic()
        page.mouse.click(box["x"] + place * box["width"], box["y"] + box["height"] / 2)
        page.wait_for_function(ANSWERED, arg=before, polling=20)
        yield time.monotonic() - began
        settle(page)
    page.close()


SHOWN = """() => {
    const roots = [document, ...[...document.querySelectorAll('*')].map(one => one.shadowRoot).filter(Boolean)]
    const player = roots.map(root => root.querySelector('.player')).find(Boolean)
    const still = player.querySelector('img.still')
    return [player.dataset.at, player.querySelector('.panel').textContent, still.complete ? still.src : '']
}"""
"""Where the player stands, what its panel says, and the picture that is there."""

ANSWERED = f"""before => {{
    const now = ({SHOWN})()
    return now.every((part, place) => part && part !== before[place])
}}"""


if __name__ == "__main__":
    sys.exit(main())
