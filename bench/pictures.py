"""Takes the README's pictures: the sample clip, really read, in a headless Chromium. ``python -m bench.pictures``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium, served, settle

ROOT = Path(__file__).parents[1]
CLIP = ROOT / "samples" / "astronaut.mp4"
DOCS = ROOT / "docs"
WIDTH = 1280

CHARTS_MS = 3000
"""Charts are drawn after the page has settled."""

SCENES = (("The smile", "0:00", "0:05.6"), ("The frown", "0:12.6", "0:19"), ("The sample scene", "0:00", "0:19"))
"""Title, start and end of what is put on the shelf; the last one is what the other pages show."""


class Shot(NamedTuple):
    """One picture of the README."""

    name: str
    query: str
    theme: str
    tallest_px: int = 1500


SHOTS = (
    Shot("shelf", "", "dark"),
    Shot("scene", "?view=scene&scene={scene}&t=8200", "dark"),
    Shot("scene-light", "?view=scene&scene={scene}&t=4200", "light"),
    Shot("faces", "?view=faces&scene={scene}", "dark", 760),
)


def read_sample(home: Path) -> int:
    """Put the sample on the shelf, whole and in parts, read it, and return the number of scenes."""
    environment = {**os.environ, "OUTTAKE_HOME": str(home), "DEEPFACE_HOME": str(home)}
    for title, start, end in SCENES:
        words = ["add", str(CLIP), "--title", title, "--start", start, "--end", end]
        subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, env=environment, check=True)
    return len(SCENES)


def take(browser: Browser, address: str, shot: Shot, scene: int) -> Path:
    """Take one picture, as tall as its page is."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme=shot.theme)
    page.goto(address + shot.query.format(scene=scene))
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
    """Read the sample in a home of its own and take every picture."""
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        scene = read_sample(home)
        with served(home) as address, sync_playwright() as playwright:
            browser = chromium(playwright)
            for shot in SHOTS:
                path = take(browser, address, shot, scene)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e3:.0f} kB")
            browser.close()


if __name__ == "__main__":
    main()
