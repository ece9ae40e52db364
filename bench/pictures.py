"""Takes the README's pictures: the sample clip, really read, in a headless Chromium. ``python -m bench.pictures``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
CLIP = ROOT / "samples" / "astronaut.mp4"
DOCS = ROOT / "docs"
WIDTH = 1280

SCENES = (("The smile", "0:00", "0:05.6"), ("The frown", "0:12.6", "0:19"), ("The sample scene", "0:00", "0:19"))
"""Title, start and end of what is put on the shelf; the last one is what the other pages show."""


class Shot(NamedTuple):
    """One picture of the README."""

    name: str
    query: str
    theme: str
    ready: str
    """What is on the page once it is drawn."""
    tallest_px: int = 1500


CHART, PICTURE = '[data-testid="stVegaLiteChart"] svg', '[data-testid="stImage"] img'
SHOTS = (
    Shot("shelf", "", "dark", PICTURE),
    Shot("scene", "?view=scene&scene={scene}&t=8200", "dark", CHART),
    Shot("scene-light", "?view=scene&scene={scene}&t=4200", "light", CHART),
    Shot("faces", "?view=faces&scene={scene}", "dark", PICTURE, 760),
)


def read_sample(environment: Mapping[str, str]) -> int:
    """Put the sample on the shelf, whole and in parts, read it, and return the number of scenes."""
    for title, start, end in SCENES:
        words = ["add", str(CLIP), "--title", title, "--start", start, "--end", end]
        subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, env=environment, check=True)
    return len(SCENES)


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """The app on a free port, until it is no longer needed; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    server = subprocess.Popen([sys.executable, "-m", *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, seconds: float = 60) -> None:
    """Return when ``address`` answers; TimeoutError when it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own server
                return
        except (URLError, ConnectionError):
            time.sleep(0.2)
    raise TimeoutError(f"{address} did not answer within {seconds:.0f} s")


def take(browser: Browser, address: str, shot: Shot, scene: int) -> Path:
    """Take one picture, as tall as its page is."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme=shot.theme)
    page.goto(address + shot.query.format(scene=scene))
    settle(page, shot.ready)
    height = page.locator('[data-testid="stMainBlockContainer"]').evaluate("it => it.getBoundingClientRect().height")
    page.set_viewport_size({"width": WIDTH, "height": min(shot.tallest_px, round(height) + 8)})
    settle(page, shot.ready)
    path = DOCS / f"{shot.name}.png"
    page.screenshot(path=path, animations="disabled")
    page.close()
    return path


def settle(page: Page, ready: str) -> None:
    """Wait until the page has run and drawn everything."""
    page.wait_for_selector(ready, timeout=60_000)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
    page.wait_for_function("[...document.images].every(it => it.complete)", timeout=60_000)
    page.wait_for_timeout(1500)


def chromium() -> str:
    """Where Chromium is; SystemExit where it is not."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return found or sys.exit("Chromium is not installed. Install the package chromium and run this again.")


def main() -> None:
    """Read the sample in a home of its own and take every picture."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "OUTTAKE_HOME": home}
        scene = read_sample(environment)
        with served(environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
            for shot in SHOTS:
                path = take(browser, address, shot, scene)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e3:.0f} kB")
            browser.close()


if __name__ == "__main__":
    main()
