"""The screen at scale, in Chromium: python -m bench.scale [--write]

An hour at five moments a second with two people (18,000 moments) in the scene page, a pick in it, and a shelf of 500
scenes. Opening is measured by a tab's first look: by the first visitor of a server, and by those after it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from bench import results, scale_home
from bench.environments import cache
from tests.browser import PATIENCE_MS, chromium, served, settle

SCENE_S, PICK_S, SHELF_S = 2.0, 0.5, 1.0
"""The aims: a scene page that answers, a pick that shows, a shelf that stands."""

SERVERS, VISITS = 3, 5
PLACES = (0.31, 0.74, 0.12, 0.55, 0.9, 0.42, 0.05, 0.66, 0.83)
"""Where on the strip the picks are, as shares of its width."""


class Wait(NamedTuple):
    """What somebody waits for, the seconds it took each time, and the aim for its median."""

    what: str
    seconds: Sequence[float]
    aim_s: float

    @property
    def holds(self) -> bool:
        """Whether the median keeps the aim."""
        return statistics.median(self.seconds) <= self.aim_s


def main() -> int:
    """Print the waits; put them into RESULTS.md with --write. Exit code 1 when an aim is missed."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--servers", type=int, default=SERVERS, help="servers whose first visitor is measured")
    made.add_argument("--visits", type=int, default=VISITS)
    made.add_argument("--home", type=Path, help="a home that was filled before, instead of the kept one")
    made.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = made.parse_args()
    load, (home, hour) = os.getloadavg()[0], seeded(asked.home)
    firsts: list[tuple[float, float]] = []
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for turn in range(asked.servers):
            with served(home) as address:
                firsts.append((shelf(browser, address), scene(browser, address, hour)))
                if turn == asked.servers - 1:
                    scenes = [scene(browser, address, hour) for _ in range(asked.visits)]
                    shelves = [shelf(browser, address) for _ in range(asked.visits)]
                    picks = list(picked(browser, address, hour))
        browser.close()
    waits = [
        Wait("scene page of 18,000 moments", scenes, SCENE_S),
        Wait("the same, first visitor of a server", [first for _, first in firsts], SCENE_S),
        Wait("a pick in it", picks, PICK_S),
        Wait("shelf of 500 scenes", shelves, SHELF_S),
        Wait("the same, first visitor of a server", [first for first, _ in firsts], SHELF_S),
    ]
    text = report(waits, load)
    print(text)
    if asked.write:
        results.write("scale", text)
    return int(not all(wait.holds for wait in waits))


def seeded(given: Path | None = None) -> tuple[Path, int]:
    """Return the home and the hour's id in it; made at the first call, which takes minutes."""
    key = sha256(Path(scale_home.__file__).read_bytes()).hexdigest()[:8]
    home = given or cache() / f"scale-{key}"
    home.mkdir(exist_ok=True)
    return home, scale_home.seed(home, scenes=0 if given else scale_home.SCENES)


def scene(browser: Browser, address: str, hour: int) -> float:
    """Open the scene page in a new tab until it answers."""
    return opened(browser, f"{address}?view=scene&scene={hour}", lambda page: None)


def shelf(browser: Browser, address: str) -> float:
    """Open the shelf in a new tab until its cards stand."""
    return opened(browser, address, lambda page: page.wait_for_selector('[class*="st-key-card_"]'))


def opened(browser: Browser, address: str, ready: Callable[[Page], object]) -> float:
    """Return the seconds from asking for an address until its page has settled and is ready."""
    page = tab(browser)
    began = time.monotonic()
    page.goto(address)
    ready(page)
    settle(page)
    took_s = time.monotonic() - began
    page.close()
    return took_s


def tab(browser: Browser) -> Page:
    """Return a new tab without a cache of its own."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    page.set_default_timeout(PATIENCE_MS)
    return page


def picked(browser: Browser, address: str, hour: int) -> Iterator[float]:
    """Yield the seconds from each click on the strip until picture and readings of that moment stand."""
    page = tab(browser)
    page.goto(f"{address}?view=scene&scene={hour}")
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


def report(waits: Sequence[Wait], load: float) -> str:
    """Markdown: the waits beside the aims."""
    lines = [
        "## The screen at scale\n",
        f"Chromium, 1440x900, {len(os.sched_getaffinity(0))} cores for server and browser together, load before "
        f"{load:.1f} (`python -m bench.scale`). An hour at five moments a second: 18,000 moments, two people, two "
        f"readers, pictures kept; 500 scenes beside it. From the address, or the click, until the page stands.\n",
        "| | median | slowest | of | asked | |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for wait in waits:
        median, slowest = statistics.median(wait.seconds), max(wait.seconds)
        holds = "holds" if wait.holds else "**does not hold**"
        lines.append(
            f"| {wait.what} | {median:.2f} s | {slowest:.2f} s | {len(wait.seconds)} | {wait.aim_s} s | {holds} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
