"""A moving picture of a page: what is seen after every step, and where it is pressed."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page

WIDTH, HEIGHT = 960, 675
"""Of a picture, px: three quarters of the page's."""

STEP_MS, PRESS_MS, MOVING_MS = 1100, 600, 350
"""So long a picture stands after a step, with the ring of a press, and of what moves by itself."""

RING, RING_PX = "#ff69b4", 16


class Film:
    """Pictures of a page and how long each stands."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pictures: list[tuple[Image.Image, int]] = []

    def until(self, done: Locator) -> None:
        """What goes on by itself until something is there."""
        while not done.is_visible():
            self.still(MOVING_MS)

    def before(self, what: Locator) -> None:
        """Ring what is about to be pressed."""
        what.evaluate("it => it.scrollIntoView({ block: 'nearest' })")
        picture, box = self._seen(), what.bounding_box()
        if box:
            share = WIDTH / self.page.viewport_size["width"] if self.page.viewport_size else 1.0
            x, y = (box["x"] + box["width"] / 2) * share, (box["y"] + box["height"] / 2) * share
            ImageDraw.Draw(picture).ellipse((x - RING_PX, y - RING_PX, x + RING_PX, y + RING_PX), outline=RING, width=3)
        self.pictures.append((picture, PRESS_MS))

    def after(self, step: str) -> None:
        """What is seen after a step."""
        self.page.wait_for_timeout(600)
        self.still(STEP_MS)

    def still(self, for_ms: int) -> None:
        """What is seen now."""
        self.page.wait_for_timeout(400)
        self.pictures.append((self._seen(), for_ms))

    def _seen(self) -> Image.Image:
        whole = Image.open(io.BytesIO(self.page.screenshot(animations="disabled"))).convert("RGB")
        return whole.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def write(self, path: Path) -> Path:
        """Write all of it as an animated WebP that begins again."""
        first, *others = [picture for picture, _ in self.pictures]
        times = [for_ms for _, for_ms in self.pictures]
        first.save(path, save_all=True, append_images=others, duration=times, loop=0, quality=72, method=6)
        return path
