"""Takes the README's pictures: the sample clip, really read, in a headless Chromium. ``python -m bench.pictures``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, expect, sync_playwright

from bench.film import Film
from core.store.scenes import Store
from samples.make import CLIP
from tests.support import afternoon
from tests.support.afternoon import Hand
from tests.support.browser import PATIENCE_MS, chromium, opened, served, settle

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
WIDTH = 1280

CHARTS_MS = 3000
"""Charts are drawn after the page has settled."""

PARTS = (("The smile", "0:00", "0:05.6"), ("The frown", "0:12.6", "0:19"))
"""Title, start and end of what is on the shelf before the walk begins."""

TITLE = "Astronaut"
FALSE = ("happy", 15_200)
"""The peak that makes no sense: clenched teeth, of which the clip's truth says what they are meant to be."""


class Shot(NamedTuple):
    """One picture of the README."""

    name: str
    query: str
    theme: str
    tallest_px: int = 1200


SHOTS = (
    Shot("scene", "?view=scene&scene={scene}&t=15200", "dark"),
    Shot("scene-light", "?view=scene&scene={scene}&t=15200", "light"),
    Shot("review", "?view=review&scene={scene}&peak={peak}", "dark", 1100),
    Shot("compare", "?view=compare&scenes=1,2", "dark", 1000),
)


def read_parts(home: Path) -> None:
    """Put parts of the sample on the shelf and read them."""
    for title, start, end in PARTS:
        _read(home, "--title", title, "--start", start, "--end", end)


def read_whole(home: Path) -> int:
    """Put the whole sample beside its parts, read it, and return its number."""
    _read(home, "--title", TITLE)
    return len(PARTS) + 1


def _read(home: Path, *words: str) -> None:
    environment = {**os.environ, "OUTTAKE_HOME": str(home), "DEEPFACE_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "core", "add", str(CLIP), *words], cwd=ROOT, env=environment, check=True)


def walk(browser: Browser, address: str) -> Path:
    """Add the clip, see, drop the false peak, see the means change; return the moving picture of it."""
    page, _ = opened(browser, address)
    film = Film(page)
    hand = Hand(page, film.after, film.before)
    film.still(1200)
    afternoon.add(hand, CLIP, TITLE, film.until)
    afternoon.open_scene(hand, TITLE)
    afternoon.pick(hand, "happy", "sad", "angry")
    page.locator(".st-key-means_card").scroll_into_view_if_needed()
    film.still(2000)
    page.mouse.wheel(0, -4000)
    afternoon.open_peak(hand, *FALSE)
    film.still(1500)
    afternoon.drop_peak(hand)
    page.locator(".st-key-means_card").scroll_into_view_if_needed()
    film.still(3500)
    page.close()
    return film.write(DOCS / "afternoon.webp")


def named(store: Store, scene: int) -> str:
    """The false peak's name in an address."""
    emotion, t_ms = FALSE
    face = next(one for sample in store.samples(scene) if sample.t_ms == t_ms for one in sample.faces)
    return f"{face.track}.{emotion}.{t_ms}"


def take(browser: Browser, address: str, shot: Shot, scene: int, peak: str) -> Path:
    """Take one picture, as tall as its page is."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme=shot.theme)
    page.goto(address + shot.query.format(scene=scene, peak=peak))
    settle(page)
    page.wait_for_timeout(CHARTS_MS)
    height = page.locator('[data-testid="stMainBlockContainer"]').evaluate("it => it.getBoundingClientRect().height")
    page.set_viewport_size({"width": WIDTH, "height": min(shot.tallest_px, round(height) + 8)})
    settle(page)
    page.wait_for_timeout(CHARTS_MS)
    path = DOCS / f"{shot.name}.png"
    page.screenshot(path=path, animations="disabled")
    page.close()
    return path


def main() -> None:
    """Read the sample in a home of its own, walk through it, and take every picture."""
    DOCS.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        read_parts(home)
        scene = len(PARTS) + 1
        with served(home) as address, sync_playwright() as playwright:
            browser = chromium(playwright)
            said(walk(browser, address))
            store = Store(f"sqlite:///{home / 'outtake.db'}")
            store.undo_newest_verdict(scene)  # the pictures show what is still to be decided
            for shot in SHOTS:
                said(take(browser, address, shot, scene, named(store, scene)))
            browser.close()


def said(path: Path) -> None:
    """Say what was written."""
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
