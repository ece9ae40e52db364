"""The player on a running app: a shelf of films that say their own pictures' numbers, and how to measure with them."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Locator, Page, expect

from core.store.scenes import Store
from tests.support import browser, reels

END_MS = 4600
"""The last moment that was read; the curves end there, the film goes on."""

REEL = """
() => {
  const shadow = [...document.querySelectorAll(".st-key-player_card *")].find((one) => one.shadowRoot).shadowRoot
  window.reel = (what) => shadow.querySelector(what)
  window.across = () => {
    const box = window.reel("line.grid").getBoundingClientRect()
    return [box.left, box.right, box.top]
  }
}
"""
"""The parts of the player as they are now: the curves are drawn anew whenever their data changes."""

MEASURE = """
async ([number, end_ms, for_ms]) => {
  const read = eval(number)
  const places = []
  const over = performance.now() + for_ms
  await new Promise((done) => {
    const look = () => {
      const [from, to] = window.across()
      const at = ((window.reel(".playhead").getBoundingClientRect().left - from) / (to - from)) * end_ms
      if (at < end_ms) places.push([read(window.reel("video")), at])
      performance.now() < over && at < end_ms ? requestAnimationFrame(look) : done()
    }
    requestAnimationFrame(look)
  })
  return places
}
"""
"""At each turn of the display: the number in the picture, and the time at which the playhead stands."""


class Stage(NamedTuple):
    """A running app with a film, the same film in other formats, and the ids of their scenes."""

    browser: Browser
    address: str
    store: Store
    folder: Path
    scenes: dict[str, int]

    @property
    def home(self) -> Path:
        """The app's own folder."""
        return Path(self.store.url.removeprefix("sqlite:///")).parent

    def opened(self, name: str, more: str = "") -> tuple[Page, list[str]]:
        """A new tab at a scene, once its player shows something."""
        page, wrong = browser.opened(self.browser, f"{self.address}?view=scene&scene={self.scenes[name]}{more}")
        expect(page.locator(".player")).to_have_attribute("data-at", re.compile(r"\d"))
        if name.endswith(("mp4", "webm")):
            page.wait_for_function("video => video.readyState >= 2 && !video.seeking", arg=video(page).element_handle())
        return page, wrong


@contextmanager
def staged(home: Path, folder: Path) -> Iterator[Stage]:
    """An app of its own with such scenes on its shelf, until the block ends."""
    with browser.running(home) as (chrome, address):
        yield fill_stage(chrome, address, home, folder)


def fill_stage(chrome: Browser, address: str, home: Path, folder: Path) -> Stage:
    """Write the films into the folder, and put them on the shelf of the app that runs at the address."""
    store = Store(f"sqlite:///{home / 'outtake.db'}")
    kinds = {"a.mp4": "libx264", "b.webm": "libvpx-vp9", "late.webm": "libvpx-vp9"}
    names = {"libx264": "h264", "libvpx-vp9": "vp9", "mpeg2video": "mpeg2video"}
    scenes: dict[str, int] = {}
    for name, codec in (kinds | {"d.mpg": "mpeg2video"}).items():
        reels.film(folder / name, codec, delay_ms=600 if name == "late.webm" else 0)
        scenes[name] = reels.scene(store, str(folder / name), codec=names[codec])
    return Stage(chrome, address, store, folder, scenes)


def video(page: Page) -> Locator:
    return page.locator("video.film")


def at(page: Page, t_ms: int, spare_ms: int = 1) -> None:
    """The player stands at a moment, and the picture there is shown."""
    page.wait_for_function(
        "([player, at, spare]) => Math.abs(player.dataset.at - at) <= spare",
        arg=[page.locator(".player").element_handle(), t_ms, spare_ms],
    )


def number(page: Page) -> int:
    """The number of the picture on the screen, once no other is on its way."""
    page.wait_for_function("video => !video.seeking", arg=video(page).element_handle())
    page.wait_for_timeout(100)
    return int(video(page).evaluate(reels.NUMBER))


def measured(page: Page, for_ms: int) -> list[list[float]]:
    page.evaluate(REEL)
    return page.evaluate(MEASURE, [f"({reels.NUMBER})", END_MS, for_ms])


def apart_ms(shown: float, playhead_ms: float) -> float:
    """How far the playhead is from the time in which the picture is to be seen."""
    first = shown * reels.FRAME_MS
    return max(first - playhead_ms, playhead_ms - (first + reels.FRAME_MS), 0)


def point(page: Page, share: float) -> None:
    """A press of the mouse on the curves, at a share of their length."""
    page.evaluate(REEL)
    face = page.locator(".strip .face")
    face.scroll_into_view_if_needed()
    left, right, top = page.evaluate("window.across()")
    page.mouse.click(left + share * (right - left), top - 40)


def rss(stage: Stage) -> int:
    """Bytes that the app's server holds."""
    port = stage.address.rstrip("/").rpartition(":")[2]
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        if f"--server.port={port}".encode() in process.read_bytes():
            pages = int((process.parent / "statm").read_text().split()[1])
            return pages * 4096
    raise LookupError(port)


def weighed(stage: Stage, name: str) -> tuple[int, int]:
    """Play a film and fetch it whole: the bytes that came, and the most by which the server has grown, bytes."""
    warm, _ = stage.opened("a.mp4")
    warm.close()
    before = rss(stage)
    page, _ = stage.opened(name)
    page.keyboard.press(" ")
    page.wait_for_function("video => video.currentTime > 0.5", arg=video(page).element_handle())
    most, came = rss(stage), 0
    request = urllib.request.Request(video(page).evaluate("v => v.currentSrc"), headers={"Range": "bytes=0-"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310  # our own server
        while block := answer.read(4_000_000):
            came += len(block)
            most = max(most, rss(stage))
    page.close()
    return came, most - before
