"""Takes a picture of every page and state, light and dark, narrow and wide: ``python -m bench.screens FOLDER``."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from bench.pictures import read_parts, read_whole
from tests.support.browser import chromium, served, settle

THEMES = ("dark", "light")
WIDTHS = {390: 844, 1280: 800, 1920: 1080}
"""Width → height of the window, px; a picture is as tall as its page, where that is taller."""


class Screen(NamedTuple):
    """One page in one state."""

    name: str
    query: str


EMPTY = (
    Screen("shelf-empty", "?view=shelf"),
    Screen("scene-empty", "?view=scene"),
)
FILLED = (
    Screen("shelf", "?view=shelf"),
    Screen("scene", "?view=scene&scene={scene}&t=8200"),
    Screen("scene-few", "?view=scene&scene={scene}&t=14000&show=happy,sad&curve=smoothed"),
    Screen("review", "?view=review&scene={scene}"),
    Screen("faces", "?view=faces&scene={scene}"),
    Screen("faces-none", "?view=faces&scene={scene}&emotion=disgust&span=0-400"),
    Screen("teach", "?view=teach&scene={scene}"),
    Screen("compare", "?view=compare&scenes=1,2"),
)


def take(browser: Browser, address: str, screen: Screen, theme: str, width: int, folder: Path) -> Path:
    """Take one picture of the whole page."""
    page = browser.new_page(viewport={"width": width, "height": WIDTHS[width]}, color_scheme=theme)
    page.goto(address + screen.query)
    settle(page)
    tall = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": max(WIDTHS[width], tall)})
    settle(page)
    path = folder / f"{screen.name}-{theme}-{width}.png"
    page.screenshot(path=path, animations="disabled")
    page.close()
    return path


def take_all(browser: Browser, address: str, screens: tuple[Screen, ...], folder: Path) -> None:
    """Take every screen in every theme and width, naming each as it is done."""
    for screen in screens:
        for theme in THEMES:
            for width in WIDTHS:
                print(take(browser, address, screen, theme, width, folder))


def with_scene(screens: tuple[Screen, ...], scene: int) -> tuple[Screen, ...]:
    """The screens of one scene."""
    return tuple(screen._replace(query=screen.query.format(scene=scene)) for screen in screens)


def main() -> None:
    """An empty shelf first, then the sample clip, really read, in a home of its own."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="where the pictures go")
    folder: Path = asked.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = chromium(playwright)
        with served(Path(home)) as address:
            take_all(browser, address, EMPTY, folder)
            read_parts(Path(home))
            take_all(browser, address, with_scene(FILLED, read_whole(Path(home))), folder)
        browser.close()


if __name__ == "__main__":
    main()
